"""The desk's State: the queue, the open case, and what is done with it. The database decides; here
it is asked and shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from app.desk_frame import DeskPerson
from app.live import follow
from app.pages import desk_views as views
from app.text import say
from app.text.errors import of_code, sentence
from app.visitor import answering, asked, signed_in_db
from backend import applications, desks, divisions, people
from backend.changes import Topic
from backend.database import Database
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError

PURPOSES = ("compare", "contact", "decide")
_PAGE = 30
_MOST = 100
_REASON_LENGTH = range(5, 1001)
_NOTE_LENGTH = 1000


class Desk(DeskPerson):
    """Whose turn is mine, and the case that lies open."""

    is_ready: bool = False
    view: str = "waiting"
    rows: list[views.Row] = []
    has_more: bool = False
    case: views.CaseView = views.NO_CASE
    said: str = ""
    said_tone: str = "jade"
    opened: list[str] = []
    revealed: dict[str, str] = {}
    look_errors: dict[str, str] = {}
    note: str = ""
    reason_code: str = ""
    reason: str = ""
    reason_code_error: str = ""
    reason_error: str = ""
    _purposes: dict[str, str] = {}
    _carried: str = ""
    _topics: list[Topic] = []

    @rx.event
    @answering
    async def load(self):
        """Show the queue and the case that the address names."""
        view = "done" if asked(self, "view") == "done" else "waiting"
        wanted = asked(self, "id")
        if view != self.view:
            self.rows, self.view = [], view
        if wanted != self.case.id:
            self._put_away()
        self.said, self.said_tone, self._carried = self._carried, "jade", ""
        who = await signed_in_db(self)
        self._meet(await people.my_profile(who.db))
        if self.kind == "none":
            self._put_away()
            self.rows = []
            return None
        await asyncio.gather(self._read_rows(who.db), self._read_case(who.db, wanted))
        self._topics = await desks.topics(who.db, self._roles)
        return Desk.watch

    async def _read_rows(self, db: Database) -> None:
        if self.view == "done":
            found, waiting = await asyncio.gather(
                applications.done(db), applications.queue(db, limit=_PAGE)
            )
            self.rows = [views.done_row(self.reads, item) for item in found]
            self.has_more, self.waiting = False, len(waiting)
            return
        limit = min(_MOST, max(_PAGE, len(self.rows)))
        found = await applications.queue(db, limit=limit)
        self._take_rows([], found, limit)

    def _take_rows(self, before: list[views.Row], found: list[dict[str, Any]], limit: int) -> None:
        known = {row.key for row in before}
        fresh = [views.queue_row(self.reads, item) for item in found]
        self.rows = before + [row for row in fresh if row.key not in known]
        self.has_more = len(found) == limit
        self.waiting = len(self.rows)

    async def _read_case(self, db: Database, case_id: str) -> None:
        if not case_id:
            self.case = views.NO_CASE
            return
        try:
            page, places = await asyncio.gather(applications.page(db, case_id), divisions.every(db))
            if page["case"]["status"] == "draft":
                raise NotFound("case_not_found")
        except (NotFound, Invalid):
            # An address that is no number of a case is as unknown as a case of somebody else.
            self._put_away()
            self._say(of_code(self.reads, "case_not_found"), "amber")
            return
        case = views.case_view(self.reads, page, places)
        if case.act.step_id != self.case.act.step_id:
            self._forget_typed()
        self.case = case

    @rx.event
    @answering
    async def more(self):
        """Show the next rows of the queue, after the last one shown."""
        if not self.rows:
            return
        who = await signed_in_db(self)
        last = self.rows[-1]
        found = await applications.queue(who.db, after=(last.due_at, last.key), limit=_PAGE)
        self._take_rows(self.rows, found, _PAGE)

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
        """Something changed: renew queue and case where they stand, and say so to who listens."""
        known, before = {row.key for row in self.rows}, self.case
        try:
            who = await signed_in_db(self)
            await asyncio.gather(self._read_rows(who.db), self._read_case(who.db, before.id))
        except ServiceError:
            # The next change or the next press finds out; what is shown stays.
            return
        fresh = [row for row in self.rows if row.key not in known]
        if fresh and self.view == "waiting":
            self.announcement = say(self.reads, "desk.queue.new", title=fresh[0].title)
        elif before.id and (before.tag, before.act) != (self.case.tag, self.case.act):
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

    @rx.event
    def keep_note(self, text: str):
        """Keep what is typed for the next step."""
        self.note = text[:_NOTE_LENGTH]

    @rx.event
    def choose_reason(self, code: str):
        """Choose the legal reason of a refusal."""
        self.reason_code, self.reason_code_error = code, ""

    @rx.event
    def keep_reason(self, text: str):
        """Keep what is typed as explanation of a refusal."""
        self.reason = text
        if len(text.strip()) in _REASON_LENGTH:
            self.reason_error = ""

    @rx.event
    @answering
    async def forward(self, step_id: str):
        """Pass the case on from the window."""
        return await self._do(
            step_id,
            self.case.act.said,
            lambda db: applications.forward(db, step_id, note=self.note),
        )

    @rx.event
    @answering
    async def approve(self, step_id: str):
        """Approve the department's step."""
        return await self._do(
            step_id,
            self.case.act.said,
            lambda db: applications.approve(db, step_id, note=self.note),
        )

    @rx.event
    @answering
    async def refuse(self, step_id: str):
        """Refuse with reason and explanation; what is missing is said at its field."""
        is_chosen = any(reason.code == self.reason_code for reason in self.case.reasons)
        is_explained = len(self.reason.strip()) in _REASON_LENGTH
        language = self.reads
        self.reason_code_error = "" if is_chosen else of_code(language, "reason_code_needed")
        self.reason_error = "" if is_explained else of_code(language, "reason_needed")
        if not (is_chosen and is_explained):
            return None
        return await self._do(
            step_id,
            self.case.act.said_refused,
            lambda db: applications.refuse(
                db, step_id, reason_code=self.reason_code, reason=self.reason.strip()
            ),
        )

    async def _do(
        self, step_id: str, said: str, command: Callable[[Database], Awaitable[None]]
    ) -> Any:
        """Finish the step once, then open the next case of the queue.

        `step_id` is the step the button was drawn for: a second press, or one that was on its way
        while the case moved on, finds another step here and does nothing.
        """
        if not step_id or step_id != self.case.act.step_id:
            return None
        who = await signed_in_db(self)
        try:
            await command(who.db)
        except (Conflict, NotAllowed, NotFound) as error:
            self._say(sentence(self.reads, error), "amber")
            await asyncio.gather(self._read_rows(who.db), self._read_case(who.db, self.case.id))
            return None
        following = views.following_case(self.rows, self.case.id)
        key = "desk.said.next" if following else "desk.said.none_left"
        self._carried = self.announcement = say(self.reads, key, done=said)
        self._forget_typed()
        return [
            rx.redirect(f"/desk/?id={following}" if following else "/desk/"),
            rx.set_focus("main"),
        ]

    def _say(self, text: str, tone: str) -> None:
        self.said, self.said_tone, self.announcement = text, tone, text

    def _put_away(self) -> None:
        """Let go of the case and of everything that was shown or typed for it."""
        self.case, self.opened, self.revealed = views.NO_CASE, [], {}
        self.look_errors, self._purposes = {}, {}
        self._forget_typed()

    def _forget_typed(self) -> None:
        self.note = self.reason = self.reason_code = ""
        self.reason_error = self.reason_code_error = ""
