"""What is done with the open case: each act of a desk with what was typed for it. The database
decides; a refusal leaves everything typed where it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import reflex as rx

from app.pages.desk_asks import written
from app.pages.desk_talk import NoticeLine
from app.text import say
from app.text.errors import of_code, sentence
from app.visitor import answering, asked, signed_in_db
from backend import applications, case_acts
from backend.database import Database
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError

Values = dict[str, Any]

# What must be there before anybody is asked: field, shortest length, error code.
_NEEDED: dict[str, tuple[tuple[str, int, str], ...]] = {
    "refuse": (("reason_code", 1, "reason_code_needed"), ("reason", 5, "reason_needed")),
    "refer_up": (
        ("level", 1, "choice_invalid"),
        ("authority", 2, "authority_needed"),
        ("days", 1, "days_invalid"),
    ),
    "record_answer": (("outcome", 1, "decision_invalid"), ("reference", 3, "reference_needed")),
    "suspend": (
        ("reason_code", 1, "suspension_reason_needed"),
        ("reason", 5, "reason_needed"),
        ("until", 10, "until_invalid"),
    ),
    "ask_second_notice": (("reason", 5, "reason_needed"),),
    "allow_second_notice": (("reason", 5, "reason_needed"),),
    "return": (("reason", 5, "reason_needed"),),
    "hand_over": (("person", 1, "not_a_colleague"),),
}
# At which field the database's refusal belongs.
_FIELD_OF = {
    "reason_code_needed": "reason_code",
    "suspension_reason_needed": "reason_code",
    "reason_needed": "reason",
    "authority_needed": "authority",
    "days_invalid": "days",
    "until_invalid": "until",
    "reference_needed": "reference",
    "decision_invalid": "outcome",
    "not_a_colleague": "person",
    "choice_invalid": "level",
    "answer_needed": "answer",
    "notice_text_needed": "text",
}
# After these the next case is opened; after the others one stays.
_FINISHING = frozenset(
    {"forward", "approve", "refuse", "record_answer", "return", "hand_over", "suspend"}
)


def text_of(values: Values, name: str) -> str:
    """What was typed into a field."""
    return str(values.get(name) or "").strip()


def owed_of(values: Values) -> list[dict[str, str]]:
    """Materials that were ticked to come after the approval, with their dates."""
    codes = [name.removeprefix("owed ") for name, value in values.items() if value is True]
    return [
        {"material": code, "until": text_of(values, f"until {code}")}
        for code in codes
        if f"owed {code}" in values
    ]


def missing(act: str, values: Values) -> dict[str, str]:
    """Error codes of what is not there yet, by field."""
    found = {
        name: code
        for name, least, code in _NEEDED.get(act, ())
        if len(text_of(values, name)) < least
    }
    if act == "record_answer" and text_of(values, "outcome") == "refuse":
        if not text_of(values, "reason_code"):
            found["reason_code"] = "reason_code_needed"
        if len(text_of(values, "note")) < 5:
            found["note"] = "reason_needed"
    if act == "refer_up" and "days" not in found and not text_of(values, "days").isdecimal():
        found["days"] = "days_invalid"
    for owed in owed_of(values) if act == "approve" else []:
        if not owed["until"]:
            found[f"until {owed['material']}"] = "until_invalid"
    return found


async def perform(db: Database, act: str, case_id: str, step_id: str, values: Values) -> None:
    """Do one act of a desk with what was typed; raises what the verbs raise."""
    note, reason = text_of(values, "note"), text_of(values, "reason")
    match act:
        case "claim":
            await case_acts.claim(db, case_id)
        case "forward":
            await applications.forward(db, step_id, note=note)
        case "approve":
            await applications.approve(db, step_id, note=note, owed=owed_of(values))
        case "refuse":
            await applications.refuse(
                db, step_id, reason_code=text_of(values, "reason_code"), reason=reason
            )
        case "refer_up":
            await case_acts.refer_up(
                db,
                step_id,
                level=text_of(values, "level"),
                authority=text_of(values, "authority"),
                days=int(text_of(values, "days")),
                note=note,
            )
        case "record_answer":
            await case_acts.record_referred_answer(
                db,
                step_id,
                outcome=text_of(values, "outcome"),
                reference=text_of(values, "reference"),
                note=note,
                reason_code=text_of(values, "reason_code"),
            )
        case "suspend":
            await case_acts.suspend(
                db,
                step_id,
                reason_code=text_of(values, "reason_code"),
                text=reason,
                until=date.fromisoformat(text_of(values, "until")),
            )
        case "resume":
            await case_acts.resume(db, case_id)
        case "return":
            await case_acts.send_back(db, case_id, reason=reason)
        case "hand_over":
            await case_acts.hand_over(db, case_id, text_of(values, "person"))
        case "ask_second_notice":
            await case_acts.ask_second_notice(db, case_id, reason=reason)
        case "allow_second_notice":
            await case_acts.allow_second_notice(db, case_id, reason=reason)
        case _:
            raise NotFound


class Doing(rx.State, mixin=True):
    """The acts of a desk, for the State that has the case."""

    turn: int = 0
    settled: str = ""
    errors: dict[str, str] = {}
    preview: list[NoticeLine] = []
    _items: list[case_acts.NoticeItem] = []

    @rx.event
    @answering
    async def press(self, act: str, case_id: str, step_id: str, values: Values):
        """Do an act of the case it was drawn for; a press that was on its way while the case moved
        on finds another step here and does nothing."""
        if not await self._has_open(case_id, act) or step_id != self.case.act.step_id:
            return self._nothing_done(case_id)
        lacking = missing(act, values)
        if lacking:
            return self._show_at_fields(act, lacking)
        said = self._said_of(act)
        return await self._try(
            act, lambda db: perform(db, act, case_id, step_id, values), said, act in _FINISHING
        )

    @rx.event
    @answering
    async def answer(self, question_id: str, values: Values):
        """Answer a question to the case."""
        text = text_of(values, "answer")
        return await self._try(
            f"answer-{question_id}",
            lambda db: case_acts.answer(db, question_id, text),
            say(self.reads, "desk.said.answered"),
        )

    @rx.event
    @answering
    async def confirm_owed(self, owed_id: str):
        """Take a material that came after the approval."""
        return await self._try(
            f"owed-{owed_id}",
            lambda db: case_acts.confirm_owed(db, owed_id, is_accepted=True),
            say(self.reads, "desk.said.owed_confirmed"),
        )

    @rx.event
    @answering
    async def send_back_owed(self, owed_id: str, values: Values):
        """Send back a material that came after the approval, with what is wrong."""
        text = text_of(values, "text")
        return await self._try(
            f"owed-{owed_id}",
            lambda db: case_acts.confirm_owed(db, owed_id, is_accepted=False, text=text),
            say(self.reads, "desk.said.owed_sent_back"),
        )

    @rx.event
    @answering
    async def preview_notice(self, case_id: str, values: Values):
        """Show the notice as the applicant will read it, or what is missing."""
        if not await self._has_open(case_id, "send_notice"):
            return self._nothing_done(case_id)
        found = written(self.reads, self.case.asks, self.case.ask_fields, values)
        self.turn, self.settled = self.turn + 1, ""
        self.errors = found.errors
        if found.errors:
            self._items, self.preview = [], []
            self.announcement = self.trouble_at_fields()
            return None
        self._items, self.preview = found.items, found.lines
        self.announcement = say(self.reads, "desk.notice.preview_said")
        return None

    @rx.event
    def change_notice(self):
        """Go back from the preview to the ticks."""
        self.preview, self._items = [], []

    @rx.event
    @answering
    async def send_notice(self, case_id: str):
        """Send what the preview showed, once."""
        if not self._items or case_id != self.case.id:
            return self._nothing_done(case_id)
        items = self._items
        return await self._try(
            "send_notice",
            lambda db: case_acts.send_notice(db, case_id, items),
            say(self.reads, "desk.said.notice_sent", title=self.case.short_title),
        )

    def trouble_at_fields(self) -> str:
        """What is said when something is missing."""
        return " ".join(self.errors.values())

    def _said_of(self, act: str) -> str:
        if act in ("forward", "approve"):
            return self.case.act.said
        return say(self.reads, f"desk.said.{act}", title=self.case.short_title)

    async def _has_open(self, case_id: str, act: str) -> bool:
        """Whether the case that the form was drawn for lies open, with this act; a State that was
        lost meanwhile reads the case again."""
        if not self.case.id and asked(self, "id") == case_id:
            await self._read_all((await signed_in_db(self)).db, case_id)
        return self.case.id == case_id and act in self.case.acts

    def _nothing_done(self, case_id: str) -> None:
        self.turn += 1
        if self.case.id == case_id:
            self._say(of_code(self.reads, "step_not_current"), "amber")

    def _show_at_fields(self, act: str, codes: dict[str, str]) -> None:
        self.turn, self.settled = self.turn + 1, ""
        self.errors = {
            f"{act}-{name.replace(' ', '-')}": of_code(self.reads, code)
            for name, code in codes.items()
        }
        self.announcement = self.trouble_at_fields()

    async def _try(
        self,
        act: str,
        command: Callable[[Database], Awaitable[Any]],
        said: str,
        is_finishing: bool = False,
    ) -> Any:
        """Do something once; what was typed is let go only when it was taken."""
        self.errors, self.said, self.settled = {}, "", ""
        case_id = self.case.id
        db = (await signed_in_db(self)).db
        try:
            await command(db)
        except Invalid as error:
            field = _FIELD_OF.get(error.code)
            if field is None:
                self._say(sentence(self.reads, error), "amber")
            else:
                self._show_at_fields(act, {field: error.code})
            self.turn += 1
            return None
        except (Conflict, NotAllowed, NotFound) as error:
            self._say(sentence(self.reads, error), "amber")
            self.turn += 1
            await self._read_all(db, case_id)
            return None
        except ServiceError:
            self.turn += 1
            raise
        self.settled, self.turn = f"{case_id}/{act}", self.turn + 1
        self.preview, self._items = [], []
        return await self._go_on(db, case_id, said, is_finishing)
