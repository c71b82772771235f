"""What can be done with the open case: forward, approve, refuse, see an answer in the clear. Each
asks first, in a dialog."""

from __future__ import annotations

from typing import cast

import reflex as rx

from app.frame import trouble
from app.pages.desk_state import PURPOSES, Desk
from app.pages.desk_views import Answer, Reason
from app.text import t
from components import content, forms
from components.dialog import confirm_dialog
from components.field import error_text, group_frame

_case = Desk.case
_act = _case.act


def _note(label_key: str, id: str) -> rx.Component:
    return forms.text_area(
        id,
        t(label_key),
        help=t("desk.note.help"),
        value=Desk.note,
        rows=3,
        max_length=1000,
        optional_text=t("optional"),
        on_blur=Desk.keep_note,
    )


def _forward() -> rx.Component:
    return confirm_dialog(
        _act.label,
        id="forward",
        title=_act.title,
        text=_act.text,
        confirm_label=_act.confirm,
        cancel_label=t("cancel"),
        on_confirm=Desk.forward(_act.step_id),
        trigger_kind="main",
        body=_note("desk.note", "forward-note"),
    )


def _approve() -> rx.Component:
    return confirm_dialog(
        _act.label,
        id="approve",
        title=_act.title,
        text=_act.text,
        confirm_label=_act.confirm,
        cancel_label=t("cancel"),
        on_confirm=Desk.approve(_act.step_id),
        trigger_kind="main",
        body=_note("desk.note.record", "approve-note"),
    )


def _chosen_reason(reason: Reason) -> rx.Component:
    return rx.cond(
        reason.code == Desk.reason_code,
        rx.el.div(
            rx.el.p(t("desk.refuse.basis", text=reason.basis)),
            rx.el.p(t("desk.refuse.way_on", text=reason.way_on)),
            class_name="card jade small",
        ),
        rx.fragment(),
    )


def _refusal() -> rx.Component:
    return content.stack(
        trouble(),
        forms.radio_group(
            "refuse-reason",
            t("desk.refuse.reason"),
            cast("rx.Var[list[Reason]]", _case.reasons),
            value=Desk.reason_code,
            error=Desk.reason_code_error,
            on_change=Desk.choose_reason,
        ),
        rx.el.div(rx.foreach(_case.reasons, _chosen_reason), aria_live="polite"),
        forms.text_area(
            "refuse-why",
            t("desk.refuse.why"),
            help=t("desk.refuse.why_help"),
            value=Desk.reason,
            error=Desk.reason_error,
            is_required=True,
            max_length=1000,
            on_blur=Desk.keep_reason,
        ),
    )


def _refuse() -> rx.Component:
    return confirm_dialog(
        t("desk.act.refuse"),
        id="refuse",
        title=t("desk.refuse.title"),
        text=t("desk.refuse.text"),
        confirm_label=t("desk.refuse.confirm"),
        cancel_label=t("desk.refuse.cancel"),
        on_confirm=Desk.refuse(_act.step_id),
        kind="stop",
        trigger_kind="stop",
        body=_refusal(),
        keeps_open=True,
    )


def actions() -> rx.Component:
    """The decisions at the right of the case's head; drawn anew for every step, so that nothing
    typed or opened for one case can end in another."""
    return rx.el.div(
        rx.match(
            _act.kind,
            ("forward", _forward()),
            ("decide", rx.fragment(_refuse(), _approve())),
            rx.fragment(),
        ),
        class_name="desk-actions",
        key=_act.step_id,
    )


def look_dialog(answer: Answer) -> rx.Component:
    """See one masked answer in the clear, after saying why."""
    id = f"look-{answer.name}"
    error = cast("rx.Var[str]", Desk.look_errors.get(answer.name, ""))
    choices = [
        rx.el.label(
            rx.el.input(
                type="radio",
                name=f"{id}-purpose",
                value=purpose,
                on_change=lambda value: Desk.keep_purpose(answer.name, value),
            ),
            rx.el.span(t(f"desk.purpose.{purpose}")),
            class_name="choice",
        )
        for purpose in PURPOSES
    ]
    body = content.stack(
        trouble(),
        group_frame(
            *choices, id=f"{id}-purposes", label=t("desk.look.purpose"), help=None, error=None
        ),
        forms.text_input(
            f"{id}-typed",
            t("desk.look.typed"),
            optional_text=t("optional"),
            max_length=200,
            on_blur=lambda value: rx.cond(
                value != "", Desk.keep_purpose(answer.name, value), rx.noop()
            ),
        ),
        *error_text(id, error),
    )
    return confirm_dialog(
        t("desk.look"),
        id=id,
        title=answer.look_title,
        text=t("desk.look.text"),
        confirm_label=t("desk.look.confirm"),
        cancel_label=t("cancel"),
        on_confirm=Desk.look(answer.name),
        trigger_kind="plain",
        body=body,
        keeps_open=True,
    )
