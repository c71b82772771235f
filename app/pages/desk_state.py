"""The desk's State: its lists, the open case, and what is looked at in it. The database decides;
here it is asked and shown."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.desk_frame import DeskPerson
from app.live import follow
from app.pages import desk_rows as rows_of
from app.pages import desk_views as views
from app.pages.desk_doing import Doing
from app.pages.desk_rows import Row
from app.text import say
from app.text.errors import of_code, sentence
from app.visitor import answering, asked, signed_in_db
from backend import applications, desks
from backend.changes import Topic
from backend.database import Database
from backend.errors import Invalid, ServiceError

PURPOSES = ("compare", "contact", "decide")
VIEWS = ("waiting", "mine", "standing", "owed", "done", "found")
_PAGE = 30
_MOST = 100
_LIVELY = ("waiting", "mine")


class Desk(Doing, DeskPerson):
    """Whose turn is mine, and the case that lies open."""

    is_ready: bool = False
    view: str = "waiting"
    rows: list[Row] = []
    has_more: bool = False
    search: str = ""
    subject: str = ""
    case: views.CaseView = views.NO_CASE
    said: str = ""
    said_tone: str = "jade"
    opened: list[str] = []
    revealed: dict[str, str] = {}
    look_errors: dict[str, str] = {}
    _purposes: dict[str, str] = {}
    _carried: str = ""
    _topics: list[Topic] = []

    @rx.event
    @answering
    async def load(self):
        """Show the list and the case that the address names."""
        view = asked(self, "view") if asked(self, "view") in VIEWS else "waiting"
        wanted = asked(self, "id")
        if view != self.view:
            self.rows, self.view = [], view
        if wanted != self.case.id:
            self._put_away()
        self.subject = wanted
        self.said, self.said_tone, self._carried = self._carried, "jade", ""
        await self._read_all((await signed_in_db(self)).db, wanted)
        return Desk.watch if self.kind != "none" else None

    async def _read_all(self, db: Database, case_id: str) -> None:
        """The list and the open case, in one answer."""
        limit = min(_MOST, max(_PAGE, len(self.rows)))
        reading = desks.page(db, view=self.view, case_id=case_id, search=self.search, limit=limit)
        found = await self._opened(db, reading)
        self._topics = [(topic, subject) for topic, subject in found["topics"]]
        self._take_rows([], found["rows"], limit)
        self.waiting = len(self.rows) if self.view == "waiting" else found["waiting"]
        if found["case"]:
            self._take_case(found["case"], found["places"])
        else:
            self._put_away()
            if case_id and self.kind != "none":
                # An address that is no number of a case is as unknown as somebody else's case.
                self._say(of_code(self.reads, "case_not_found"), "amber")

    def _take_rows(self, before: list[Row], found: list[dict[str, Any]], limit: int) -> None:
        known = {row.key for row in before}
        fresh = [rows_of.row(self.reads, item, self.view) for item in found]
        self.rows = before + [row for row in fresh if row.key not in known]
        self.has_more = self.view in (*_LIVELY, "standing") and len(found) == limit

    def _take_case(self, page: dict[str, Any], places: list[dict[str, Any]]) -> None:
        case = views.case_view(self.reads, page, places)
        if case.act.step_id != self.case.act.step_id:
            self._forget_typed()
        self.case = case

    @rx.event
    @answering
    async def more(self):
        """Show the next lines, after the last one shown."""
        if not self.rows or not self.has_more:
            return
        db, last = (await signed_in_db(self)).db, self.rows[-1]
        if self.view == "standing":
            found = await desks.standing(db, after=last.key, limit=_PAGE)
        else:
            found = await applications.queue(
                db, after=(last.due_at, last.key), limit=_PAGE, only_mine=self.view == "mine"
            )
        self._take_rows(self.rows, found, _PAGE)
        if self.view == "waiting":
            self.waiting = len(self.rows)

    @rx.event
    def find(self, values: dict[str, Any]):
        """Look for a case by its code, its number or a name. What was looked for stays out of the
        address, where names do not belong."""
        self.search = str(values.get("q") or "").strip()[:60]
        if asked(self, "view") == "found" and not asked(self, "id"):
            return Desk.load
        return rx.redirect("/desk/?view=found")

    @rx.event(background=True)
    async def watch(self):
        """Follow the desk's queues and the open case while the page is open."""
        async with self:
            topics: list[Topic] = [*self._topics]
            if self.case.id:
                topics.append(("case", self.case.id))
            turn = self.following + 1
        await follow(self, topics)
        async with self:
            if self.following == turn:
                # The tab is gone: what was shown in the clear is not kept.
                self.revealed = {}

    async def read_again(self) -> None:
        """Something changed: renew list and case where they stand, and say so to who listens."""
        known, before = {row.key for row in self.rows}, self.case
        try:
            who = await signed_in_db(self)
            await self._read_all(who.db, before.id)
        except ServiceError:
            # The next change or the next press finds out; what is shown stays.
            return
        fresh = [row for row in self.rows if row.key not in known]
        if fresh and self.view in _LIVELY:
            self.announcement = say(self.reads, "desk.queue.new", title=fresh[0].title)
        elif before.id and (before.tag, before.act, before.acts) != (
            self.case.tag,
            self.case.act,
            self.case.acts,
        ):
            self.announcement = say(self.reads, "desk.said.moved")

    @rx.event
    def open_material(self, code: str):
        """Load the photos of one material; the endpoint records the look."""
        if code not in self.opened:
            self.opened = [*self.opened, code]

    @rx.event
    def keep_purpose(self, field: str, purpose: str):
        """Remember why a field is to be seen: one of PURPOSES, or the person's own words."""
        # A chosen purpose is kept as its code, so that the applicant reads it in their language.
        self._purposes = {**self._purposes, field: purpose.strip()[:200]}

    @rx.event
    @answering
    async def look(self, field: str):
        """See one masked answer in the clear; the database records who, when and why."""
        names = [a.name for section in self.case.sections for a in section.answers if a.is_masked]
        if field not in names:
            return
        who = await signed_in_db(self)
        try:
            value = await applications.reveal(
                who.db, self.case.id, field, purpose=self._purposes.get(field, "")
            )
        except Invalid as error:
            self.look_errors = {**self.look_errors, field: sentence(self.reads, error)}
            return
        self.revealed = {**self.revealed, field: value}
        self.announcement = say(self.reads, "desk.look.clear")

    async def _go_on(self, db: Database, case_id: str, said: str, is_finishing: bool) -> Any:
        """After an act: the next case when this one is done with here, else the same one anew."""
        if not is_finishing or self.kind == "oversees":
            await self._read_all(db, case_id)
            self._say(said, "jade")
            return None
        following = rows_of.following_case(self.rows, case_id)
        key = "desk.said.next" if following else "desk.said.none_left"
        self._carried = self.announcement = say(self.reads, key, done=said)
        self._forget_typed()
        query = "&".join(
            part
            for part in (
                "" if self.view == "waiting" else f"view={self.view}",
                f"id={following}" if following else "",
            )
            if part
        )
        return [rx.redirect(f"/desk/?{query}" if query else "/desk/"), rx.set_focus("main")]

    def _say(self, text: str, tone: str) -> None:
        self.said, self.said_tone, self.announcement = text, tone, text

    def _put_away(self) -> None:
        """Let go of the case and of everything that was shown or typed for it."""
        self.case, self.opened, self.revealed = views.NO_CASE, [], {}
        self.look_errors, self._purposes = {}, {}
        self._forget_typed()

    def _forget_typed(self) -> None:
        self.errors, self.preview, self._items = {}, [], []
