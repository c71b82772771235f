"""Supervision: which steps are late or will be, who asks for a second notice, what windows bear
marks for, and what the calendar moved; without a name in sight."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready
from app.layout import page
from app.live import follow
from app.pages import supervision_views as views
from app.pages.supervision_views import Fact, Request, TimedStep
from app.text import say, t
from app.text.errors import of_code, sentence
from app.visitor import answering, signed_in_db
from backend import applications, case_acts
from backend.changes import Topic
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from components import button, content, feedback, forms, shell
from components.button import outer_link_button
from components.device import print_button
from components.kept_form import kept_form

_MOST = 50


class Supervision(DeskPerson):
    """The county's steps on the clock."""

    is_ready: bool = False
    steps: list[TimedStep] = []
    has_more: bool = False
    requests: list[Request] = []
    marks: list[Fact] = []
    moved: list[Fact] = []
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


def _step(step: TimedStep) -> rx.Component:
    note = rx.fragment(
        step.note,
        rx.cond(step.over != "", rx.el.span(step.over, class_name="said urgent"), rx.fragment()),
    )
    due = rx.fragment(step.due, " ", content.tag(step.light, step.tone))
    return rx.el.li(content.list_row(step.title, note, due, step.link), key=step.key)


def _fact(fact: Fact) -> rx.Component:
    return rx.el.li(content.list_row(fact.title, fact.note, fact.at, fact.link), key=fact.key)


def _request(request: Request) -> rx.Component:
    form = kept_form(
        forms.text_area(
            f"allow-{request.id}",
            t("desk.why.allow_second_notice.why"),
            name="reason",
            help=t("desk.why.allow_second_notice.why_help"),
            error=cast("rx.Var[str]", Supervision.errors.get(request.id, "")),
            rows=2,
            max_length=500,
            is_required=True,
        ),
        button.button(
            t("desk.why.allow_second_notice.confirm"), type="submit", kind="quiet", class_name="fit"
        ),
        storage_key=f"allow/{request.id}",
        turn=Supervision.turn,
        on_submit=lambda values: Supervision.allow(request.id, values),
    )
    return rx.el.li(
        content.list_row(request.title, request.note, t("supervision.second_go"), request.link),
        rx.el.div(
            rx.el.p("“", request.reason, "”"),
            form,
            class_name="stack request",
        ),
        key=request.id,
    )


def _rows(rows: Any, render: Any, nothing: str) -> rx.Component:
    return rx.cond(
        cast("rx.Var[list[Any]]", rows).length() > 0,
        rx.el.ul(rx.foreach(rows, render), class_name="card rows queue-rows"),
        content.card(rx.el.p(t(nothing), class_name="note")),
    )


def _figures() -> rx.Component:
    def figure(count: Any, name: str, tone: str) -> rx.Component:
        return content.card(
            content.promise(count, t(f"supervision.{name}_count"), t(f"supervision.{name}_note")),
            tone=rx.cond(count == "0", "plain", tone),
        )

    return rx.el.div(
        figure(Supervision.late_count, "late", "seal"),
        figure(Supervision.soon_count, "soon", "amber"),
        figure(Supervision.running_count, "running", "plain"),
        class_name="desk-figures",
    )


def _overview() -> rx.Component:
    take_along = rx.el.div(
        outer_link_button(
            t("supervision.csv"),
            href="/api/supervision.csv",
            class_name="fit",
            custom_attrs={"download": True, "reloadDocument": True},
        ),
        print_button(t("supervision.print"), kind="quiet"),
        button.link_button(
            t("supervision.find"), to="/desk/?view=found", kind="quiet", class_name="fit"
        ),
        class_name="row take-along",
    )
    return rx.el.div(
        rx.cond(
            Supervision.said != "",
            feedback.notice(Supervision.said, tone="jade", icon_name="check"),
            rx.fragment(),
        ),
        _figures(),
        take_along,
        rx.cond(
            Supervision.requests.length() > 0,
            content.section(
                t("supervision.second"),
                _rows(Supervision.requests, _request, "supervision.second_none"),
            ),
            rx.fragment(),
        ),
        content.section(
            t("supervision.forecast"),
            _rows(Supervision.steps, _step, "supervision.none_running"),
            rx.cond(
                Supervision.has_more,
                button.button(t("supervision.more"), kind="plain", on_click=Supervision.more),
                rx.fragment(),
            ),
        ),
        content.section(
            t("supervision.marks"), _rows(Supervision.marks, _fact, "supervision.marks_none")
        ),
        content.section(
            t("supervision.moved"), _rows(Supervision.moved, _fact, "supervision.moved_none")
        ),
        class_name="stack",
    )


@page("/supervision/", "title.supervision", "desk", on_load=Supervision.load)
def supervision() -> rx.Component:
    """Nothing to do here but look, and allow what only a supervisor may."""
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
