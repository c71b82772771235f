"""Supervision: which steps are late or will be, who asks for a second notice, what windows bear
marks for, and what the calendar moved; without a name in sight."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready
from app.layout import page
from app.pages.supervision_gaps import gaps, stand_ins
from app.pages.supervision_state import Supervision
from app.pages.supervision_views import Fact, Request, TimedStep
from app.text import t
from components import button, content, feedback, forms, shell
from components.button import outer_link_button
from components.device import print_button
from components.kept_form import kept_form


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
        gaps(),
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
        stand_ins(),
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
