"""One guide's record: its versions and what differs between them, the full checks, changes of law,
and the end of a service."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from app.desk_frame import desk_frame
from app.frame import nothing_there, when_ready_for
from app.guide_desk_parts import differences
from app.guide_desk_views import ChangeRow
from app.layout import page
from app.pages.guide_record_state import Entry, GuideRecord
from app.text import t
from backend import guides
from components import content, feedback, forms, shell
from components.button import button, link_button
from components.dialog import confirm_dialog


def _entry(entry: rx.Var[Entry]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(entry.title, class_name="strong grow"),
            rx.el.span(entry.note, class_name="note num"),
            class_name="row",
        ),
        rx.cond(entry.text != "", rx.el.p(entry.text)),
        class_name="list-row",
    )


def _entries(entries: Any, nothing: rx.Component) -> rx.Component:
    rows = cast("rx.Var[list[Entry]]", entries)
    return rx.cond(
        rows.length() > 0, rx.el.ul(rx.foreach(rows, _entry), class_name="card rows"), nothing
    )


def _check() -> rx.Component:
    ticks = [
        rx.el.fieldset(
            rx.el.legend(t(f"section.{item}")),
            rx.el.div(
                *[
                    forms.check_box(f"{item}-{place}", t(f"guide.check.place.{place}"))
                    for place in guides.PLACES
                ],
                class_name="tick-row",
            ),
            class_name="field",
        )
        for item in guides.ITEMS
    ]
    form = rx.el.form(
        rx.el.p(t("guide.check.note"), class_name="note"),
        *ticks,
        rx.el.div(
            rx.cond(
                GuideRecord.ticks_error != "",
                feedback.notice(GuideRecord.ticks_error, tone="seal", icon_name="alert"),
            ),
            role="alert",
        ),
        forms.text_area(
            "review-notes",
            t("guide.check.notes"),
            error=GuideRecord.notes_error,
            max_length=2000,
            optional_text=t("optional"),
        ),
        button(t("guide.check.ok"), type="submit"),
        on_submit=GuideRecord.review,
        key=GuideRecord.round,
        class_name="stack",
    )
    return rx.el.details(rx.el.summary(t("guide.check.title")), form, class_name="card")


def _ending() -> rx.Component:
    """What was proposed, for its writer to take back and for a second person to decide."""
    keep = button(
        rx.cond(GuideRecord.is_own_ending, t("guide.ending_take_back"), t("guide.ending_keep")),
        kind="quiet",
        on_click=GuideRecord.keep,
        class_name="fit",
    )
    end = confirm_dialog(
        t("guide.withdraw"),
        id="withdraw",
        title=t("guide.withdraw_title"),
        text=t("guide.withdraw_text"),
        confirm_label=t("guide.withdraw"),
        cancel_label=t("cancel"),
        on_confirm=GuideRecord.withdraw,
        kind="stop",
        trigger_kind="stop",
    )
    return content.section(
        t("guide.ending_title"),
        content.card(
            rx.el.p(GuideRecord.ending),
            rx.el.p(
                rx.cond(GuideRecord.is_own_ending, t("guide.ending_mine"), t("guide.ending_yours")),
                class_name="note",
            ),
            rx.el.div(
                rx.cond(GuideRecord.is_own_ending, rx.fragment(), end),
                keep,
                class_name="row take-along",
            ),
            class_name="stack",
        ),
    )


def _propose_withdrawal() -> rx.Component:
    body = content.stack(
        *[
            forms.text_area(
                f"reason-{language}",
                t(f"guide.withdraw_reason_{language}"),
                rows=2,
                max_length=500,
                error=GuideRecord.reason_error,
                on_blur=lambda text, language=language: GuideRecord.keep_reason(language, text),
            )
            for language in ("zh", "en")
        ]
    )
    return confirm_dialog(
        t("guide.propose_withdrawal"),
        id="propose-withdrawal",
        title=t("guide.propose_withdrawal_title"),
        text=t("guide.propose_withdrawal_text"),
        confirm_label=t("guide.propose_withdrawal"),
        cancel_label=t("cancel"),
        on_confirm=GuideRecord.propose_withdrawal,
        kind="stop",
        trigger_kind="plain",
        body=body,
        keeps_open=True,
    )


def _compare() -> rx.Component:
    changes = cast("rx.Var[list[ChangeRow]]", GuideRecord.changes)
    return content.section(
        t("guide.record.difference"),
        content.stack(
            rx.el.div(
                forms.select_input(
                    "old",
                    t("guide.record.old"),
                    GuideRecord.choices,
                    value=GuideRecord.old,
                    on_change=GuideRecord.choose_old,
                    key=f"old {GuideRecord.old}",
                ),
                forms.select_input(
                    "new",
                    t("guide.record.new"),
                    GuideRecord.new_choices,
                    value=GuideRecord.new,
                    on_change=GuideRecord.choose_new,
                    key=f"new {GuideRecord.new}",
                ),
                class_name="pair",
            ),
            differences(changes, cast("rx.Var[int]", GuideRecord.more_changes)),
        ),
    )


def _record() -> rx.Component:
    words = rx.cond(GuideRecord.has_draft, t("guide.record.go_on"), t("guide.record.edit"))
    return rx.el.div(
        shell.desk_head(
            cast("rx.Var[str]", GuideRecord.title),
            cast("rx.Var[str]", GuideRecord.note),
            content.tag(GuideRecord.state, GuideRecord.tone),
            button(words, on_click=GuideRecord.edit),
        ),
        rx.el.div(
            rx.cond(GuideRecord.said != "", feedback.notice(GuideRecord.said, icon_name="check")),
            role="status",
        ),
        rx.cond(GuideRecord.withdrawn != "", feedback.notice(GuideRecord.withdrawn, tone="amber")),
        content.section(t("guide.record.versions"), _entries(GuideRecord.versions, rx.fragment())),
        _compare(),
        content.section(
            t("guide.check.history"),
            content.stack(
                _entries(GuideRecord.reviews, rx.el.p(t("guide.check.none"), class_name="note")),
                rx.cond(GuideRecord.is_offered, _check()),
            ),
        ),
        rx.cond(
            cast("rx.Var[list[Entry]]", GuideRecord.laws).length() > 0,
            content.section(t("guide.laws"), _entries(GuideRecord.laws, rx.fragment())),
        ),
        rx.cond(
            GuideRecord.ending != "",
            _ending(),
            rx.cond(GuideRecord.is_offered, _propose_withdrawal()),
        ),
        link_button(t("guides.back"), to="/guides/", kind="plain"),
        class_name="stack",
    )


@page("/guide-record/", "title.guide_record", "desk", on_load=GuideRecord.load)
def guide_record() -> rx.Component:
    """One guide."""
    back = link_button(t("guides.back"), to="/guides/")
    missing = nothing_there("file", t("error.guide_not_yours"), back)
    return desk_frame(
        when_ready_for(
            "code",
            cast("rx.Var[str]", GuideRecord.code),
            cast("rx.Var[bool]", GuideRecord.is_ready),
            rx.cond(GuideRecord.is_found, _record(), missing),
        ),
        is_guides=True,
    )
