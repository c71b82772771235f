"""The State of supervision: the county's steps on the clock, and what only overseers may allow."""

from __future__ import annotations

from datetime import date
from typing import Any

import reflex as rx

from app.desk_frame import DeskPerson
from app.live import follow
from app.pages import supervision_views as views
from app.pages.supervision_views import Fact, Gap, Request, StandIn, TimedStep
from app.text import local, say
from app.text.errors import of_code, sentence
from app.visitor import answering, signed_in_db
from backend import applications, case_acts, desks
from backend.changes import Topic
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from components.types import Option

_MOST = 50
_FIELD_OF = {"stand_in_not_fit": "person", "until_invalid": "until", "reason_needed": "reason"}


class Supervision(DeskPerson):
    """The county's steps on the clock."""

    is_ready: bool = False
    steps: list[TimedStep] = []
    has_more: bool = False
    requests: list[Request] = []
    marks: list[Fact] = []
    moved: list[Fact] = []
    gaps: list[Gap] = []
    stand_ins: list[StandIn] = []
    approvers: list[Option] = []
    late_count: str = "0"
    soon_count: str = "0"
    running_count: str = "0"
    errors: dict[str, str] = {}
    said: str = ""
    turn: int = 0
    _topics: list[Topic] = []

    @rx.event
    @answering
    async def load(self):
        """Show the county's clock to those who oversee it."""
        self.steps, self.said, self.errors = [], "", {}
        try:
            await self._read()
        except NotAllowed:
            # The page says whose it is, and the frame leads to the person's own desk.
            return None
        return Supervision.watch

    async def _read(self) -> None:
        language, db = self.reads, (await signed_in_db(self)).db
        found = await self._opened(db, applications.supervision(db))
        self._topics = [(topic, subject) for topic, subject in found["topics"]]
        first = [views.timed_step(language, step) for step in found["forecast"]]
        fresh = {step.key for step in first}
        self.steps = first + [s for s in self.steps[len(first) :] if s.key not in fresh]
        self.has_more = len(first) == _MOST
        self.requests = [views.request(language, item) for item in found["second_notices"]]
        self.marks = [views.mark(language, item) for item in found["marks"]]
        self.moved = [views.moved(language, item) for item in found["moved"]]
        self.gaps = [views.gap(language, item) for item in found["gaps"]]
        self.stand_ins = [views.stand_in(language, item) for item in found["stand_ins"]]
        self.approvers = [
            Option(person["id"], local(language, person["label"])) for person in found["approvers"]
        ]
        soon = sum(step["light"] == "yellow" for step in found["forecast"])
        self.late_count = views.counted(len(found["late"]), _MOST)
        self.running_count = views.counted(len(found["running"]), _MOST)
        self.soon_count = f"{soon}{'+' if self.has_more else ''}"

    @rx.event
    @answering
    async def more(self):
        """Show the next steps, after the last one shown."""
        if not self.steps:
            return
        last = self.steps[-1]
        found = await applications.forecast(
            (await signed_in_db(self)).db, after=(last.due_at, last.key), limit=_MOST
        )
        known = {step.key for step in self.steps}
        fresh = [views.timed_step(self.reads, step) for step in found]
        self.steps = self.steps + [step for step in fresh if step.key not in known]
        self.has_more = len(found) == _MOST

    @rx.event
    @answering
    async def allow(self, case_id: str, values: dict[str, Any]):
        """Let a desk ask once more, with the reason that stands beside the window's mark."""
        self.turn += 1
        self.errors, self.said = {}, ""
        reason = str(values.get("reason") or "").strip()
        if len(reason) < 5:
            self.errors = {case_id: of_code(self.reads, "reason_needed")}
            self.announcement = self.errors[case_id]
            return
        db = (await signed_in_db(self)).db
        try:
            await case_acts.allow_second_notice(db, case_id, reason=reason)
        except (Conflict, Invalid, NotFound) as error:
            self.errors = {case_id: sentence(self.reads, error)}
            self.announcement = self.errors[case_id]
        else:
            self.said = self.announcement = say(self.reads, "desk.said.allow_second_notice")
        await self._read()

    @rx.event
    @answering
    async def appoint(self, department: str, values: dict[str, Any]):
        """Let somebody of another department decide where nobody can."""
        self.turn += 1
        self.errors, self.said = {}, ""
        person = str(values.get("person") or "")
        try:
            until = date.fromisoformat(str(values.get("until") or ""))
        except ValueError:
            until = None
        lacking = {
            "person": "" if person else "stand_in_not_fit",
            "until": "" if until else "until_invalid",
        }
        self._show_errors(department, {name: code for name, code in lacking.items() if code})
        if self.errors or until is None:
            return
        db = (await signed_in_db(self)).db
        try:
            await desks.appoint_stand_in(
                db,
                department,
                person_id=person,
                until=until,
                reason=str(values.get("reason") or ""),
            )
        except Invalid as error:
            field = _FIELD_OF.get(error.code, "person")
            self._show_errors(department, {field: error.code})
            return
        await self._read()
        self.said = self.announcement = say(self.reads, "supervision.stand_in_said")

    def _show_errors(self, department: str, codes: dict[str, str]) -> None:
        self.errors = {
            f"{department}-{name}": of_code(self.reads, code) for name, code in codes.items()
        }
        self.announcement = " ".join(self.errors.values())

    @rx.event
    @answering
    async def end_stand_in(self, role_id: str):
        """The department decides by itself again."""
        await desks.end_stand_in((await signed_in_db(self)).db, role_id)
        await self._read()
        self.said = self.announcement = say(self.reads, "supervision.stand_in_ended")

    @rx.event(background=True)
    async def watch(self):
        """Follow the county's queues while the page is open."""
        async with self:
            topics = list(self._topics)
        await follow(self, topics)

    async def read_again(self) -> None:
        """A case moved somewhere."""
        try:
            await self._read()
        except ServiceError:
            # The next change or the next visit finds out; what is shown stays.
            return
