"""The one-time notice: per material the guide's acceptance points as ticks and how to mend it in
words, per field of the form what to change, the whole as its reader will see it, and one press."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from app.pages.desk_asks import AskedMaterial
from app.pages.desk_state import Desk
from app.pages.desk_talk import NoticeLine
from app.text import t
from components import button, content, feedback, forms, shell
from components.field import error_text, group_frame
from components.kept_form import kept_form
from components.opened import arrival
from components.types import Option

_case = Desk.case


def _error(id: Any) -> rx.Var[str]:
    return cast("rx.Var[str]", Desk.errors.get(id, ""))


def _tick(name: Any, id: Any, label: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, id=id),
        rx.el.span(label),
        html_for=id,
        class_name="choice",
    )


def _point(point: Option) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=point.value),
        rx.el.span(point.label),
        class_name="choice",
    )


def _mend(id: Any, name: Any) -> rx.Component:
    return forms.text_area(
        id,
        t("desk.notice.mend"),
        name=name,
        help=t("desk.notice.mend_help"),
        error=_error(id),
        rows=2,
        max_length=500,
        is_required=True,
    )


def _material(ask: AskedMaterial) -> rx.Component:
    points = rx.cond(
        cast("rx.Var[list[Option]]", ask.points).length() > 0,
        group_frame(
            cast("rx.Component", rx.foreach(ask.points, _point)),
            id=f"points-{ask.code}",
            label=t("desk.notice.points"),
            help=None,
            error=_error(f"points-{ask.code}"),
        ),
        rx.fragment(),
    )
    return rx.el.div(
        _tick(f"ask {ask.code}", f"ask-{ask.code}", ask.name),
        rx.el.div(points, _mend(f"mend-{ask.code}", f"mend {ask.code}"), class_name="unfolded"),
        class_name="unfolds",
        key=ask.code,
    )


def _field(option: Option) -> rx.Component:
    return rx.el.div(
        _tick(f"field {option.value}", f"field-{option.value}", option.label),
        rx.el.div(_mend(f"change-{option.value}", f"change {option.value}"), class_name="unfolded"),
        class_name="unfolds",
        key=option.value,
    )


def notice_line(line: NoticeLine) -> rx.Component:
    """One thing to be mended, as the applicant reads it."""
    points = rx.cond(
        cast("rx.Var[list[str]]", line.points).length() > 0,
        rx.el.div(
            rx.el.p(t("mend.not_met")),
            rx.el.ul(
                rx.foreach(line.points, lambda point: rx.el.li(point)), class_name="points note"
            ),
        ),
        rx.fragment(),
    )
    tone = rx.cond(line.is_answered, "done", "you")
    return rx.el.li(
        content.row(
            rx.el.span(line.name, class_name="strong"),
            rx.cond(line.state != "", content.tag(line.state, tone), rx.fragment()),
        ),
        points,
        rx.el.p(line.text),
        class_name="notice-line",
    )


def _preview() -> rx.Component:
    return arrival(
        rx.el.h3(t("desk.notice.preview")),
        rx.el.ul(rx.foreach(Desk.preview, notice_line), class_name="card plain"),
        feedback.notice(t("desk.notice.once"), tone="amber", icon_name="alert"),
        shell.action_row(
            button.button(
                t("desk.notice.send"),
                class_name="fit",
                on_click=Desk.send_notice(_case.id),
            ),
            button.button(
                t("desk.notice.change"),
                kind="plain",
                class_name="fit",
                on_click=Desk.change_notice,
            ),
        ),
    )


def notice_form() -> rx.Component:
    """Ticks and words first, then what the applicant will read, then one press."""
    has_preview = Desk.preview.length() > 0
    form = kept_form(
        rx.el.p(t("desk.notice.text")),
        rx.foreach(_case.asks, _material),
        rx.el.details(
            rx.el.summary(t("desk.notice.fields")),
            rx.foreach(_case.ask_fields, _field),
        ),
        *error_text("notice", _error("notice")),
        button.button(t("desk.notice.look"), type="submit", class_name="fit"),
        storage_key=f"{_case.id}/send_notice",
        turn=Desk.turn,
        on_submit=lambda values: Desk.preview_notice(_case.id, values),
    )
    return rx.fragment(
        rx.el.div(form, hidden=has_preview),
        rx.cond(has_preview, _preview(), rx.fragment()),
    )
