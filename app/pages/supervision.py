"""Supervision: which steps are late and which are due next, without a name in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import reflex as rx

from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready
from app.layout import page
from app.live import follow
from app.text import Language, dates, local, say, t
from app.views import grouped
from app.visitor import answering, signed_in_db
from backend import applications, desks, people
from backend.changes import Topic
from backend.errors import ServiceError
from components import content, feedback, shell

_MOST = 50


@dataclass(frozen=True)
class TimedStep:
    """One step in progress: what, who has it, until when."""

    key: str
    link: str
    title: str
    note: str
    due: str


def timed_step(language: Language, step: dict[str, Any], *, is_late: bool) -> TimedStep:
    """A step of the supervision page in the reader's language."""
    due = dates.moment(language, step["due_at"])
    return TimedStep(
        key=f"{step['id']} {step['due_at']} {step['step']['zh']}",
        link=f"/desk/?id={step['id']}",
        title=local(language, step["service"]),
        note=" · ".join(
            (
                local(language, step["who"]),
                local(language, step["step"]),
                grouped(step["receipt_number"]),
            )
        ),
        due=say(language, "desk.clock.late" if is_late else "desk.clock.due", due=due),
    )


def counted(steps: list[TimedStep]) -> str:
    """How many there are; the list is cut at 50, so more are not known."""
    return f"{_MOST}+" if len(steps) >= _MOST else str(len(steps))


class Supervision(DeskPerson):
    """The county's steps on the clock."""

    is_ready: bool = False
    late: list[TimedStep] = []
    running: list[TimedStep] = []
    late_count: str = "0"
    running_count: str = "0"
    _topics: list[Topic] = []

    @rx.event
    @answering
    async def load(self):
        """Show late and running steps to those who oversee the county."""
        who = await signed_in_db(self)
        self._meet(await people.my_profile(who.db))
        self.late, self.running = [], []
        if self.kind not in ("oversees", "both"):
            return None
        await self._read()
        self._topics = await desks.topics(who.db, self._roles)
        return Supervision.watch

    async def _read(self) -> None:
        found = await applications.supervision((await signed_in_db(self)).db)
        self.late = [timed_step(self.reads, step, is_late=True) for step in found["late"]]
        self.running = [timed_step(self.reads, step, is_late=False) for step in found["running"]]
        self.late_count, self.running_count = counted(self.late), counted(self.running)

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


def _late_row(step: TimedStep) -> rx.Component:
    due = content.tag(step.due, "late")
    return rx.el.li(content.list_row(step.title, step.note, due, step.link), key=step.key)


def _running_row(step: TimedStep) -> rx.Component:
    return rx.el.li(content.list_row(step.title, step.note, step.due, step.link), key=step.key)


def _rows(steps: rx.Var[list[TimedStep]], render: Any, nothing: rx.Component) -> rx.Component:
    return rx.cond(
        steps.length() > 0,
        rx.el.ul(rx.foreach(steps, render), class_name="card rows queue-rows"),
        nothing,
    )


def _figures() -> rx.Component:
    return rx.el.div(
        content.card(
            content.promise(
                Supervision.late_count, t("supervision.late_count"), t("supervision.late_note")
            ),
            tone=cast("rx.Var[str]", rx.cond(Supervision.late_count == "0", "plain", "seal")),
        ),
        content.card(
            content.promise(
                Supervision.running_count,
                t("supervision.running_count"),
                t("supervision.running_note"),
            )
        ),
        class_name="desk-figures",
    )


def _overview() -> rx.Component:
    late, running = (
        cast("rx.Var[list[TimedStep]]", var) for var in (Supervision.late, Supervision.running)
    )
    none_late = content.card(
        feedback.empty_state("check", t("supervision.none_late"), t("supervision.none_late_note"))
    )
    none_running = content.card(feedback.empty_state("list", t("supervision.none_running")))
    return rx.el.div(
        _figures(),
        content.section(t("supervision.late"), _rows(late, _late_row, none_late)),
        content.section(t("supervision.running"), _rows(running, _running_row, none_running)),
        rx.el.p(t("supervision.first"), class_name="note"),
        class_name="stack",
    )


@page("/supervision/", "title.supervision", "desk", on_load=Supervision.load)
def supervision() -> rx.Component:
    """Nothing to do here but look."""
    return desk_frame(
        rx.cond(
            (DeskPerson.kind == "oversees") | (DeskPerson.kind == "both"),
            rx.fragment(
                shell.desk_head(t("supervision.title"), t("supervision.note")),
                when_ready(cast("rx.Var[bool]", Supervision.is_ready), _overview()),
            ),
            when_ready(cast("rx.Var[bool]", Supervision.is_ready), not_your_desk()),
        ),
        is_supervision=True,
    )
