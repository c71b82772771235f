"""The State of a case's page: what its applicant sees of it, and does with it while it runs."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

import reflex as rx

from app import case_views, form_answers, views
from app.case_story import StoryRow, story
from app.case_views import Code, Owed, Part, Promise, Question, Wrong
from app.form_answers import AnswerRow
from app.form_views import Asked, for_inputs, to_form
from app.live import follow
from app.material_cards import MaterialCard, material_cards
from app.pages.case_mend import Mending, errors_of, with_one_less, with_one_more
from app.text import Language, dates, local, say
from app.text.errors import sentence
from app.visitor import Visitor, answering, asked, signed_in_db
from backend import applications, case_acts, divisions, documents, form_values, forms
from backend.errors import Invalid
from components.types import FieldError, OptionGroup

_OPEN = ("in_progress", "waiting_for_citizen", "suspended")
# As on the page of a draft: the form's version, then how often this page answered at it.
_ANSWERS = 1000


class Case(Visitor):
    """What the case's applicant sees."""

    application_id: str = ""
    is_ready: bool = False
    is_found: bool = False
    is_open: bool = False
    acts: list[str] = []
    title: str = ""
    receipt_number: str = ""
    code: Code = Code()
    tag: str = ""
    tone: str = "they"
    turn_note: str = ""
    stands: str = ""
    next_note: str = ""
    promise: Promise = Promise()
    rows: list[StoryRow] = []
    answers: list[AnswerRow] = []
    materials: list[MaterialCard] = []
    refusal: list[AnswerRow] = []
    returned: list[str] = []
    result_name: str = ""
    result_note: str = ""
    parts: list[Part] = []
    parts_note: str = ""
    is_refused: bool = False
    receipt: list[AnswerRow] = []
    questions: list[Question] = []
    owed: list[Owed] = []
    is_return_asked: bool = False
    notice_id: str = ""
    notice_due: str = ""
    is_notice_late: bool = False
    mend_note: str = ""
    mend_progress: str = ""
    mend_received: str = ""
    wrongs: list[Wrong] = []
    errors: list[FieldError] = []
    attempt: int = 0
    is_replying: bool = False
    form_receipt: int = 0
    last_receipt: int = 0
    incoming: dict[str, Any] = {}
    places: list[OptionGroup] = []
    gone_from: str = ""
    gone_title: str = ""
    following: int = 0
    _version: int = 0
    _service_code: str = ""
    _mending: Mending = Mending()
    _owed_problems: dict[str, str] = {}
    _last_event: str = ""

    @rx.event
    @answering
    async def load(self):
        """Show the case the address names. After a lost connection it is loaded around the inputs
        as they stand."""
        wanted = asked(self, "id")
        is_again = self.is_found and wanted == self.application_id
        self.is_found, self.application_id = is_again, wanted
        who = await signed_in_db(self)
        self.is_signed_in = True
        found = await applications.page(who.db, wanted)
        if not found["is_owner"]:
            return rx.redirect(f"/desk/?id={wanted}")
        if found["case"]["status"] == "draft":
            return rx.redirect(f"/apply/?id={wanted}")
        if not is_again:
            self._mending, self._owed_problems, self.errors = Mending(), {}, []
            self._version, self.notice_id, self._last_event = 0, "", ""
        self._mending.divisions = await divisions.every(who.db)
        self.places = form_answers.division_groups(self.reads, self._mending.divisions)
        self._show(found)
        self.is_found = True
        return Case.follow_case

    def _show(self, found: dict[str, Any]) -> None:
        reads, case = self.reads, found["case"]
        self.title = local(reads, case["service"])
        self.acts, self._service_code = found["acts"], case["service_code"]
        self.receipt_number = views.grouped(case["receipt_number"])
        self.is_open = case["status"] in _OPEN
        self.code = case_views.code(reads, found["case_code"] if self.is_open else None)
        self.promise = case_views.promise(reads, case) if self.is_open else Promise()
        self.tag, self.tone = views.turn(reads, case)
        self.turn_note = case_views.who_now(reads, found) if self.is_open else ""
        self.stands = views.why_it_stands(reads, case)
        self._show_story(reads, found)
        self._show_end(reads, found)
        self.materials = material_cards(reads, found["materials"])
        names = form_answers.division_names(reads, self._mending.divisions)
        self.answers = form_answers.answers(reads, found["form_schema"], found["form"], names)
        self.parts = case_views.parts(reads, found)
        self.parts_note = case_views.progress_of_parts(reads, found)
        self.questions = case_views.questions(reads, found)
        self.owed = case_views.owed(reads, found, self._owed_problems)
        self.receipt = case_views.receipt(reads, found, self.tag)
        self.is_return_asked = bool(found["return_asked_at"]) and self.is_open
        self._show_notice(reads, found)

    def _show_story(self, reads: Language, found: dict[str, Any]) -> None:
        self.rows = story(reads, found)
        coming = [row.title for row in self.rows if row.state == "todo"]
        self.next_note = say(reads, "case.next", what=coming[0]) if coming else ""
        step = found["case"]["step"] or {}
        referred = views.referred(reads, step.get("referral"))
        self.next_note = referred or self.next_note
        events = found["events"]
        last = events[-1]["id"] if events else ""
        if self._last_event and last != self._last_event:
            news = [row.title for row in self.rows if row.id == last]
            self.announcement = say(reads, "case.moved", tag=news[0] if news else self.tag)
        self._last_event = last

    def _show_end(self, reads: Language, found: dict[str, Any]) -> None:
        status, decision = found["case"]["status"], found["decision"] or {}
        is_bundle = bool(found["parts"])
        self.is_refused = status == "refused" or any(
            part["state"] == "refused" for part in found["parts"]
        )
        self.refusal = (
            [] if is_bundle or status != "refused" else case_views.refusal(reads, decision)
        )
        is_approved = status == "approved" and not is_bundle
        self.result_name = local(reads, found["result"]["name"]) if is_approved else ""
        self.result_note = local(reads, found["result"].get("note"))
        self.returned = []
        if status == "returned":
            reason = say(reads, "case.returned_reason", text=decision["reason"])
            self.returned = [say(reads, f"case.returned_{decision['cause']}"), reason]

    def _show_notice(self, reads: Language, found: dict[str, Any]) -> None:
        mending, notice = self._mending, found["notice"]
        mending.take(found)
        self.wrongs = case_views.wrongs(reads, found, self._asked())
        self.mend_received = ""
        if notice is None:
            self.notice_id, self.errors = "", []
            self._say_received(reads, found)
            return
        if notice["id"] != self.notice_id:
            self.notice_id, self._version = notice["id"], found["form_version"]
            self.form_receipt = self.last_receipt = self._version * _ANSWERS
        done = sum(wrong.is_done for wrong in self.wrongs)
        self.notice_due = dates.day(reads, notice["due_at"])
        self.is_notice_late = notice["is_late"]
        self.mend_note = say(reads, "mend.note", count=len(self.wrongs))
        self.mend_progress = say(reads, "mend.progress", count=len(self.wrongs), done=done)

    def _asked(self) -> Asked:
        mending = self._mending
        return Asked(
            self.reads,
            mending.schema,
            mending.form,
            errors=mending.errors,
            warnings=forms.warnings(mending.schema, mending.form),
        )

    def _say_received(self, reads: Language, found: dict[str, Any]) -> None:
        """The answer stands there as long as the case runs, also when the first word was lost."""
        notices, case = found["notices"], found["case"]
        if case["status"] == "in_progress" and notices and notices[-1]["replied_at"]:
            last = notices[-1]
            self.mend_received = say(
                reads,
                "mend.received_late" if last["is_late"] else "mend.received",
                at=dates.moment(reads, last["replied_at"]),
                day=dates.day(reads, case["promised_at"]),
            )

    async def _read(self, db: Any) -> None:
        self._show(await applications.page(db, self.application_id))

    async def read_again(self) -> None:
        """The case moved: show it, and say so; what another phone wrote goes into the inputs."""
        who = await signed_in_db(self)
        found = await applications.page(who.db, self.application_id)
        before = dict(self._mending.form)
        is_same = self.notice_id and found["notice"] and found["notice"]["id"] == self.notice_id
        self._show(found)
        if is_same and found["form_version"] > self._version:
            self._version = found["form_version"]
            self._send_in(
                [n for n in self._mending.fields if before.get(n) != found["form"].get(n)]
            )
            self.announcement = say(self.reads, "mend.changed_elsewhere")

    @rx.event(background=True)
    async def follow_case(self):
        """Watch the case while its page is open."""
        async with self:
            topics = [("case", self.application_id)]
        await follow(self, topics)

    def _send_in(self, names: list[str], *, is_forced: bool = False) -> None:
        values: dict[str, Any] = {}
        for name in names:
            values |= for_inputs(self._mending.schema, name, self._mending.form.get(name))
        turn = self.incoming.get("turn", 0) + 1
        self.incoming = {"turn": turn, "values": values, "is_forced": is_forced}

    @rx.event
    @answering
    async def save(self, values: dict[str, Any], base_version: int):
        """Keep what was typed into the fields of the notice; say at its field what is wrong."""
        mending = self._mending
        if not self.notice_id:
            return
        who = await signed_in_db(self)
        typed = to_form(mending.schema, values, mending.form)
        changes = {
            name: value
            for name, value in typed.items()
            if name in mending.fields and value != mending.form.get(name)
        }
        if changes:
            await self._keep(who.db, changes, max(base_version // _ANSWERS, self._version))
        self.last_receipt = max(self.last_receipt + 1, self._version * _ANSWERS)

    async def _keep(self, db: Any, changes: dict[str, Any], base: int) -> None:
        mending = self._mending
        kept = {n: v for n, v in changes.items() if form_values.is_keepable(v)}
        saved = await applications.save_draft(db, self.application_id, kept, base_version=base)
        self._version = saved.version
        mending.judge(changes)
        self.errors = [e for e in self.errors if not any(forms.is_of(e.field, n) for n in changes)]
        await self._read(db)

    @rx.event
    def restored(self, values: dict[str, Any]):
        """Text that had not reached us was put back by the browser."""
        if values:
            self.announcement = say(self.reads, "apply.restored")

    async def _put(self, name: str, value: Any) -> None:
        who = await signed_in_db(self)
        await self._keep(who.db, {name: value}, self._version)
        self._send_in([name], is_forced=True)

    @rx.event
    @answering
    async def add_item(self, name: str):
        """One more of a group that the notice names."""
        items = with_one_more(self._mending, name)
        if items is not None:
            await self._put(name, items)

    @rx.event
    @answering
    async def remove_item(self, name: str, place: int):
        """Take one out of a group that the notice names; it can be brought back."""
        items = with_one_less(self._mending, name, place)
        if items is not None:
            path = f"{name}.{place}"
            self.gone_from = name
            self.gone_title = form_answers.label_of(self.reads, self._mending.schema, path)
            await self._put(name, items)

    @rx.event
    @answering
    async def put_back(self):
        """Bring back what was taken out last."""
        if self._mending.gone is not None:
            (name, items), self._mending.gone = self._mending.gone, None
            self.gone_from = ""
            await self._put(name, items)

    @rx.event
    @answering
    async def photo_done(self, document_id: str):
        """A photo was verified: show it."""
        who = await signed_in_db(self)
        self.errors = [e for e in self.errors if not e.field.startswith("material-")]
        self._owed_problems = {}
        await self._read(who.db)

    @rx.event
    @answering
    async def remove_photo(self, document_id: str):
        """Take a photo out that was not handed in yet."""
        who = await signed_in_db(self)
        await documents.remove(who.db, document_id)
        await self._read(who.db)

    @rx.event
    @answering
    async def reply(self):
        """Hand the answer in; pressed twice, or after a lost answer, it is one answer."""
        if not self.notice_id:
            return
        self.is_replying = True
        try:
            who = await signed_in_db(self)
            mending = self._mending
            wrong = forms.problems(mending.schema, mending.form, today=dates.today())
            wrong = {path: code for path, code in wrong.items() if mending.is_asked(path)}
            if wrong:
                self._list_errors(wrong, [])
                return
            key = str(uuid5(NAMESPACE_URL, f"onetrip:{self.notice_id}"))
            await case_acts.reply(who.db, self.application_id, submission_key=key)
        except case_acts.NoticeUnanswered as error:
            self._list_errors({}, error.items)
            return
        except applications.FormIncomplete as error:
            self._list_errors(error.problems, [])
            return
        finally:
            self.is_replying = False
        await self._read(who.db)

    def _list_errors(self, problems: dict[str, str], items: list[str]) -> None:
        self._mending.errors = dict(problems)
        self.errors = errors_of(self.reads, self._mending.schema, problems, self.wrongs, items)
        self.attempt += 1
        asked = self._asked()
        self.wrongs = [case_views.asked_again(wrong, asked) for wrong in self.wrongs]

    @rx.event
    @answering
    async def hand_in_owed(self, owed_id: str):
        """Hand in a material that the approval waits for."""
        who = await signed_in_db(self)
        self._owed_problems = {}
        try:
            await case_acts.hand_in_owed(who.db, owed_id)
        except Invalid as error:
            self._owed_problems = {owed_id: sentence(self.reads, error)}
        await self._read(who.db)

    @rx.event
    @answering
    async def ask_return(self):
        """Ask the desk to send the case back."""
        who = await signed_in_db(self)
        await case_acts.ask_return(who.db, self.application_id)
        await self._read(who.db)

    @rx.event
    @answering
    async def withdraw(self):
        """Take the case back."""
        who = await signed_in_db(self)
        await applications.withdraw(who.db, self.application_id)
        await self._read(who.db)

    @rx.event
    @answering
    async def copy(self):
        """Start a new application with these answers; an open draft is not written over."""
        who = await signed_in_db(self)
        draft = await applications.start(who.db, self._service_code)
        if (await applications.page(who.db, draft))["form_version"] == 0:
            await applications.copy(who.db, draft, from_id=self.application_id)
        return rx.redirect(f"/apply/?id={draft}")
