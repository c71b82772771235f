"""What can be done with the open case: one button for each act the person has, each unfolding its
own form. What is typed stays until it was taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import reflex as rx

from app.frame import trouble
from app.pages.desk_notice import notice_form
from app.pages.desk_state import PURPOSES, Desk
from app.pages.desk_views import Answer, Reason
from app.text import t
from components import button, content, forms
from components.dialog import confirm_dialog
from components.field import error_text, group_frame
from components.kept_form import kept_form
from components.types import Label, Option

_case = Desk.case
_act = _case.act
_REFER_LEVELS = ("prefecture", "province")
_SUSPEND_REASONS = ("site_visit", "public_notice", "expert_opinion")


def error_of(id: Any) -> rx.Var[str]:
    """What is wrong at an input of an act."""
    return cast("rx.Var[str]", Desk.errors.get(id, ""))


def text_of_act(
    act: str, name: str, label: Label, help: Label, *, is_optional: bool = False
) -> rx.Component:
    """A text for an act."""
    more: dict[str, Any] = {"optional_text": t("optional")} if is_optional else {}
    return forms.text_area(
        f"{act}-{name}",
        label,
        name=name,
        help=help,
        error=error_of(f"{act}-{name}"),
        rows=3,
        max_length=1000 if name == "note" or act == "refuse" else 500,
        is_required=not is_optional,
        **more,
    )


def _choices(
    act: str, name: str, legend: Label, choices: Sequence[tuple[str, Label]]
) -> rx.Component:
    controls = [
        rx.el.label(
            rx.el.input(type="radio", name=name, value=value, id=f"{act}-{name}-{value}"),
            rx.el.span(label),
            html_for=f"{act}-{name}-{value}",
            class_name="choice",
        )
        for value, label in choices
    ]
    return group_frame(
        *controls,
        id=f"{act}-{name}",
        label=legend,
        help=None,
        error=error_of(f"{act}-{name}"),
    )


def _panel(act: str, label: Label, *body: Label, kind: str = "quiet") -> rx.Component:
    """An act behind its button: shown only while the person has it, one open at a time."""
    shown = rx.el.details(
        rx.el.summary(label, class_name=f"button {kind}"),
        rx.el.div(*body, class_name="card stack act-body"),
        class_name="act",
        custom_attrs={"name": "acts"},
    )
    return rx.cond(_case.acts.contains(act), shown, rx.fragment())


def _form(act: str, submit: Label, *fields: Label, kind: Any = "main") -> rx.Component:
    return kept_form(
        *fields,
        button.button(submit, type="submit", kind=kind, class_name="fit"),
        storage_key=f"{_case.id}/{act}",
        turn=Desk.turn,
        on_submit=lambda values: Desk.press(act, _case.id, _act.step_id, values),
    )


def _forward() -> rx.Component:
    form = _form(
        "forward",
        _act.confirm,
        rx.el.p(_act.text),
        text_of_act("forward", "note", t("desk.note"), t("desk.note.help"), is_optional=True),
    )
    return _panel("forward", _act.label, form, kind="main")


def _owed(option: Option) -> rx.Component:
    tick = f"approve-owed-{option.value}"
    until = f"approve-until-{option.value}"
    return rx.el.div(
        rx.el.label(
            rx.el.input(type="checkbox", name=f"owed {option.value}", id=tick),
            rx.el.span(option.label),
            html_for=tick,
            class_name="choice",
        ),
        rx.el.div(
            forms.text_input(
                until,
                t("desk.approve.until"),
                name=f"until {option.value}",
                kind="date",
                error=error_of(until),
            ),
            class_name="unfolded",
        ),
        class_name="unfolds",
    )


def _approve() -> rx.Component:
    owed = rx.cond(
        cast("rx.Var[list[Option]]", _case.owable).length() > 0,
        rx.el.details(
            rx.el.summary(t("desk.approve.owed")),
            rx.el.p(t("desk.approve.owed_note"), class_name="note"),
            rx.foreach(_case.owable, _owed),
            *error_text("approve-until", error_of("approve-until")),
        ),
        rx.fragment(),
    )
    form = _form(
        "approve",
        _act.confirm,
        rx.el.p(_act.text),
        text_of_act(
            "approve", "note", t("desk.note.record"), t("desk.note.help"), is_optional=True
        ),
        owed,
    )
    return _panel("approve", _act.label, form, kind="main")


def _reason(act: str, reason: Reason) -> rx.Component:
    id = f"{act}-reason-{reason.code}"
    return rx.el.div(
        rx.el.label(
            rx.el.input(type="radio", name="reason_code", value=reason.code, id=id),
            rx.el.span(reason.label),
            html_for=id,
            class_name="choice",
        ),
        rx.el.div(
            rx.el.p(t("desk.refuse.basis", text=reason.basis)),
            rx.el.p(t("desk.refuse.way_on", text=reason.way_on)),
            class_name="card jade small unfolded",
        ),
        class_name="unfolds",
    )


def _reasons(act: str) -> rx.Component:
    id = f"{act}-reason_code"
    return group_frame(
        cast("rx.Component", rx.foreach(_case.reasons, lambda reason: _reason(act, reason))),
        id=id,
        label=t("desk.refuse.reason"),
        help=None,
        error=error_of(id),
    )


def _refuse() -> rx.Component:
    form = _form(
        "refuse",
        t("desk.refuse.confirm"),
        rx.el.p(t("desk.refuse.text")),
        _reasons("refuse"),
        text_of_act("refuse", "reason", t("desk.refuse.why"), t("desk.refuse.why_help")),
        kind="stop",
    )
    return _panel("refuse", t("desk.act.refuse"), form, kind="stop")


def _refer_up() -> rx.Component:
    form = _form(
        "refer_up",
        t("desk.refer.confirm"),
        rx.el.p(t("desk.refer.text")),
        _choices(
            "refer_up",
            "level",
            t("desk.refer.to_level"),
            [(level, t(f"desk.refer.level.{level}")) for level in _REFER_LEVELS],
        ),
        forms.text_input(
            "refer_up-authority",
            t("desk.refer.authority"),
            name="authority",
            error=error_of("refer_up-authority"),
            max_length=100,
        ),
        forms.text_input(
            "refer_up-days",
            t("desk.refer.days"),
            name="days",
            inputmode="numeric",
            error=error_of("refer_up-days"),
            max_length=2,
        ),
        text_of_act(
            "refer_up", "note", t("desk.refer.note"), t("desk.refer.note_help"), is_optional=True
        ),
    )
    return _panel("refer_up", t("desk.act.refer_up"), form)


def _record_answer() -> rx.Component:
    form = _form(
        "record_answer",
        t("desk.refer.record_confirm"),
        rx.el.p(t("desk.refer.record_text")),
        _choices(
            "record_answer",
            "outcome",
            t("desk.refer.outcome"),
            [
                ("approve", t("desk.refer.outcome.approve")),
                ("refuse", t("desk.refer.outcome.refuse")),
            ],
        ),
        forms.text_input(
            "record_answer-reference",
            t("desk.refer.reference"),
            name="reference",
            error=error_of("record_answer-reference"),
            max_length=100,
        ),
        _reasons("record_answer"),
        text_of_act(
            "record_answer",
            "note",
            t("desk.refer.answer_note"),
            t("desk.refer.answer_note_help"),
            is_optional=True,
        ),
        *error_text("record_answer-reason", error_of("record_answer-reason")),
    )
    return _panel("record_answer", t("desk.act.record_answer"), form, kind="main")


def _suspend() -> rx.Component:
    form = _form(
        "suspend",
        t("desk.suspend.confirm"),
        rx.el.p(t("desk.suspend.text")),
        _choices(
            "suspend",
            "reason_code",
            t("desk.suspend.reason"),
            [(reason, t(f"desk.stand.{reason}")) for reason in _SUSPEND_REASONS],
        ),
        text_of_act("suspend", "reason", t("desk.suspend.why"), t("desk.suspend.why_help")),
        forms.text_input(
            "suspend-until",
            t("desk.suspend.until"),
            name="until",
            kind="date",
            error=error_of("suspend-until"),
        ),
    )
    return _panel("suspend", t("desk.act.suspend"), form)


def _hand_over() -> rx.Component:
    colleagues = forms.radio_group(
        "hand_over-person",
        t("desk.hand_over.person"),
        cast("rx.Var[list[Option]]", _case.colleagues),
        name="person",
        error=error_of("hand_over-person"),
    )
    form = _form("hand_over", t("desk.hand_over.confirm"), colleagues)
    nobody = rx.el.p(t("desk.hand_over.nobody"))
    return _panel(
        "hand_over",
        t("desk.act.hand_over"),
        rx.cond(cast("rx.Var[list[Option]]", _case.colleagues).length() > 0, form, nobody),
    )


def _with_reason(act: str) -> rx.Component:
    """An act that only needs a reason, or nothing at all."""
    form = _form(
        act,
        t(f"desk.why.{act}.confirm"),
        rx.el.p(t(f"desk.why.{act}.text")),
        text_of_act(act, "reason", t(f"desk.why.{act}.why"), t(f"desk.why.{act}.why_help")),
    )
    return _panel(act, t(f"desk.act.{act}"), form)


def _at_once(act: str, kind: Any = "quiet") -> rx.Component:
    return rx.cond(
        _case.acts.contains(act),
        button.button(
            t(f"desk.act.{act}"),
            kind=kind,
            on_click=Desk.press(act, _case.id, _act.step_id, {}),
        ),
        rx.fragment(),
    )


def acts() -> rx.Component:
    """Exactly the acts that the person has; drawn anew for every step, so that nothing opened for
    one case can end in another."""
    return rx.el.div(
        _forward(),
        _record_answer(),
        _approve(),
        _refuse(),
        _at_once("resume", "main"),
        _panel("send_notice", t("desk.act.send_notice"), notice_form()),
        _with_reason("ask_second_notice"),
        _with_reason("allow_second_notice"),
        _refer_up(),
        _suspend(),
        _with_reason("return"),
        _at_once("claim"),
        _hand_over(),
        class_name="desk-actions",
        key=f"{_case.id} {_act.step_id}",
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
