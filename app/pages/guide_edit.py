"""The editor of a guide's next version: every public item in both languages, and what can be done
with the draft."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from app.desk_frame import desk_frame
from app.frame import nothing_there, when_ready_for
from app.guide_desk_parts import differences
from app.guide_desk_views import ChangeRow, Input, Part, Row
from app.layout import page
from app.pages.guide_edit_state import GuideEdit, Kept
from app.text import t
from components import content, feedback, forms, shell
from components.button import button, link_button
from components.dialog import confirm_dialog
from components.draft import STATUS_TEXTS, draft_keeper, draft_status
from components.error_summary import error_summary


def _input(one: rx.Var[Input]) -> rx.Component:
    same: dict[str, Any] = {"name": one.id, "value": one.value, "error": one.error}
    return rx.match(
        one.kind,
        ("long", forms.text_area(one.id, one.label, rows=3, **same)),
        ("json", forms.text_area(one.id, one.label, rows=8, spell_check=False, **same)),
        (
            "choice",
            forms.select_input(
                one.id,
                one.label,
                one.options,
                empty_label="–",
                **same,
            ),
        ),
        forms.text_input(one.id, one.label, **same),
    )


def _item(row: rx.Var[Row]) -> rx.Component:
    def act(key: str, name: str) -> rx.Component:
        return button(
            t(key),
            content.hidden_text(" ", row.title),
            kind="plain",
            on_click=GuideEdit.change_list(row.path, name, row.number),
        )

    return rx.el.div(
        rx.el.h3(row.title, class_name="grow"),
        act("edit.up", "up"),
        act("edit.down", "down"),
        act("edit.remove", "remove"),
        class_name="row",
    )


def _row(row: rx.Var[Row]) -> rx.Component:
    inputs = cast("rx.Var[list[Input]]", row.inputs)
    add = rx.el.div(
        button(
            t("edit.add"),
            content.hidden_text(" ", row.title),
            kind="quiet",
            id=f"add-{row.path}",
            on_click=GuideEdit.change_list(row.path, "add", row.number),
        ),
        rx.cond(row.error != "", feedback.notice(row.error, tone="seal", icon_name="alert")),
        class_name="stack",
    )
    return rx.el.div(
        rx.match(
            row.kind,
            ("item", _item(row)),
            ("add", add),
            rx.el.div(rx.foreach(inputs, _input), class_name="pair"),
        ),
        class_name=f"level-{row.level}",
        key=row.key,
    )


def _part(part: rx.Var[Part]) -> rx.Component:
    return content.section(
        part.title,
        rx.el.div(rx.foreach(cast("rx.Var[list[Row]]", part.rows), _row), class_name="card stack"),
        id=f"part-{part.code}",
    )


def _form() -> rx.Component:
    return draft_keeper(
        rx.el.div(
            rx.foreach(GuideEdit.parts, _part), key=GuideEdit.shape, class_name="stack editor"
        ),
        storage_key=f"guide:{GuideEdit.draft_id}:{GuideEdit.shape}",
        version=GuideEdit.receipt,
        is_closed=~_is_open(),
        on_save=GuideEdit.save,
    )


def _is_open() -> Any:
    return (GuideEdit.status == "editing") | (GuideEdit.status == "rejected")


def _kept(kept: rx.Var[Kept]) -> rx.Component:
    return content.card(
        rx.el.p(t("edit.replaced"), class_name="strong"),
        rx.el.p(kept.words),
        content.row(
            button(
                t("edit.take_back"),
                kind="quiet",
                on_click=GuideEdit.take_back(kept.field, kept.text),
            ),
            button(t("edit.leave"), kind="plain", on_click=GuideEdit.leave_it(kept.field)),
        ),
        tone="amber",
    )


def _proposing() -> rx.Component:
    words = {name: t(f"draft.{name}") for name in STATUS_TEXTS}
    return content.card(
        forms.text_input(
            "effective-on",
            t("edit.effective_on"),
            help=t("edit.effective_on_help"),
            kind="date",
            value=GuideEdit.effective_on,
            error=GuideEdit.effective_error,
            min=GuideEdit.today,
            on_change=GuideEdit.keep_day,
        ),
        rx.el.div(
            button(t("edit.propose"), on_click=GuideEdit.propose),
            button(t("edit.check"), kind="quiet", on_click=GuideEdit.check),
            _giving_up(),
            class_name="row take-along",
        ),
        draft_status(t("draft.kept"), id="save-status", texts=words),
        class_name="stack",
    )


def _giving_up() -> rx.Component:
    return confirm_dialog(
        t("edit.give_up"),
        id="give-up",
        title=t("edit.give_up_title"),
        text=t("edit.give_up_text"),
        confirm_label=t("edit.give_up"),
        cancel_label=t("cancel"),
        on_confirm=GuideEdit.give_up,
        kind="stop",
        trigger_kind="plain",
    )


def _deciding() -> rx.Component:
    publish = confirm_dialog(
        t("edit.publish"),
        id="publish",
        title=t("edit.publish_title"),
        text=t("edit.publish_text"),
        confirm_label=t("edit.publish"),
        cancel_label=t("cancel"),
        on_confirm=GuideEdit.publish,
        trigger_kind="main",
    )
    reject = confirm_dialog(
        t("edit.reject"),
        id="reject",
        title=t("edit.reject_title"),
        text=t("edit.reject_text"),
        confirm_label=t("edit.reject"),
        cancel_label=t("cancel"),
        on_confirm=GuideEdit.reject,
        kind="stop",
        keeps_open=True,
        body=forms.text_area(
            "reject-reason",
            t("edit.reason"),
            error=GuideEdit.reason_error,
            max_length=1000,
            on_blur=GuideEdit.keep_reason,
        ),
    )
    return content.card(
        rx.cond(
            GuideEdit.is_mine, rx.el.p(t("edit.yours"), class_name="strong"),
            rx.el.div(publish, reject, class_name="row take-along"),
        ),
        button(t("edit.reopen"), kind="quiet", on_click=GuideEdit.reopen),
        class_name="stack",
    )  # fmt: skip


def _superseded() -> rx.Component:
    return content.card(
        rx.el.p(t("edit.superseded", version=GuideEdit.compared_with), class_name="strong"),
        rx.el.p(t("edit.superseded_note")),
        button(t("edit.rebase"), kind="quiet", on_click=GuideEdit.rebase),
        tone="amber",
    )


def _editor() -> rx.Component:
    changes = cast("rx.Var[list[ChangeRow]]", GuideEdit.changes)
    is_running = _is_open() | (GuideEdit.status == "proposed") | (GuideEdit.status == "scheduled")
    return rx.el.div(
        shell.desk_head(
            cast("rx.Var[str]", GuideEdit.title),
            cast("rx.Var[str]", GuideEdit.note),
            link_button(
                t("title.guide_record"), to=f"/guide-record/?code={GuideEdit.code}", kind="plain"
            ),
        ),
        rx.el.p(GuideEdit.last, class_name="note"),
        rx.el.div(
            rx.cond(GuideEdit.said != "", feedback.notice(GuideEdit.said, icon_name="check")),
            role="status",
        ),
        rx.cond(GuideEdit.state != "", feedback.notice(GuideEdit.state, tone="amber")),
        rx.cond(GuideEdit.is_superseded & is_running, _superseded()),
        rx.foreach(cast("rx.Var[list[Kept]]", GuideEdit.kept), _kept),
        error_summary(t("edit.errors"), GuideEdit.errors, attempt=GuideEdit.attempt),
        error_summary(t("edit.warnings"), GuideEdit.warnings, is_quiet=True),
        rx.match(
            GuideEdit.status,
            ("editing", _proposing()),
            ("rejected", _proposing()),
            ("proposed", _deciding()),
            ("scheduled", button(t("edit.reopen"), kind="quiet", on_click=GuideEdit.reopen)),
            rx.fragment(),
        ),
        rx.cond(_is_open(), _form()),
        content.section(
            t("edit.difference", version=GuideEdit.compared_with),
            differences(changes, cast("rx.Var[int]", GuideEdit.more_changes)),
        ),
        class_name="stack",
    )


@page("/guide-edit/", "title.guide_edit", "desk", on_load=GuideEdit.load)
def guide_edit() -> rx.Component:
    """One draft."""
    back = link_button(t("guides.back"), to="/guides/")
    missing = nothing_there("file", t("error.guide_not_yours"), back)
    return desk_frame(
        when_ready_for(
            "id",
            cast("rx.Var[str]", GuideEdit.draft_id),
            cast("rx.Var[bool]", GuideEdit.is_ready),
            rx.cond(GuideEdit.is_found, _editor(), missing),
        ),
        is_guides=True,
    )
