"""Pieces that the pages of guides' writers share: the list, and what differs between versions."""

from __future__ import annotations

from typing import cast

import reflex as rx

from app.guide_desk_views import ChangeRow, GuideRow, Words
from app.text import t
from components import content, feedback
from components.link import router_link


def guide_rows(rows: rx.Var[list[GuideRow]]) -> rx.Component:
    """Guides under each other; each line is a link to its record."""
    return rx.el.ul(rx.foreach(rows, _guide_row), class_name="card rows queue-rows")


def _guide_row(row: rx.Var[GuideRow]) -> rx.Component:
    return rx.el.li(
        router_link(
            rx.el.div(
                rx.el.span(row.title, class_name="strong grow"),
                content.tag(row.tag, row.tone),
                class_name="row",
            ),
            rx.el.span(row.note, class_name="note num"),
            to=row.link,
            class_name="list-row",
        ),
        key=row.code,
    )


def _words(words: rx.Var[Words]) -> rx.Component:
    return rx.match(
        words.kind,
        ("added", rx.el.ins(words.text)),
        ("removed", rx.el.del_(words.text)),
        rx.el.span(words.text),
    )


def _change(change: rx.Var[ChangeRow]) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(change.kind, class_name="tag plain"), " ", change.label, class_name="small"
        ),
        rx.el.p(rx.foreach(cast("rx.Var[list[Words]]", change.words), _words)),
        class_name="list-row",
    )


def differences(rows: rx.Var[list[ChangeRow]], more: rx.Var[int]) -> rx.Component:
    """Field by field, added and removed words marked by line, sign and colour."""
    listed = rx.fragment(
        rx.el.p(t("guide.diff.key"), class_name="note"),
        rx.el.ul(rx.foreach(rows, _change), class_name="card rows difference"),
        rx.cond(more > 0, rx.el.p(t("guide.diff.more", count=more), class_name="note")),
    )
    return rx.cond(
        rows.length() > 0,
        listed,
        content.card(feedback.empty_state("check", t("guide.record.same"))),
    )
