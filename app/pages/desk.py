"""The desk of windows and departments: what waits, due first, and the case that lies open."""

from __future__ import annotations

from typing import cast

import reflex as rx

from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready
from app.layout import page
from app.pages.desk_case import open_case
from app.pages.desk_state import Desk
from app.pages.desk_views import Row
from app.text import t
from components import button, content, feedback
from components.types import Flag

_case = Desk.case


def _row(row: Row) -> rx.Component:
    due = rx.cond(row.tone == "", rx.el.span(row.due), content.tag(row.due, row.tone))
    return rx.el.li(
        content.list_row(row.title, row.note, due, row.link, is_current=row.id == _case.id),
        key=row.key,
    )


def _heading() -> rx.Component:
    count = rx.el.span(Desk.rows.length(), rx.cond(Desk.has_more, "+", ""), class_name="num")
    return rx.cond(
        Desk.view == "done",
        rx.el.h2(t("desk.done.title"), " ", rx.el.span(t("desk.done.order"), class_name="note")),
        rx.el.h2(
            t("desk.queue.title", count=count),
            " ",
            rx.el.span(t("desk.queue.order"), class_name="note"),
        ),
    )


def _nothing() -> rx.Component:
    def words(key: str, icon_name: str) -> rx.Component:
        return feedback.empty_state(icon_name, t(key), t(f"{key}_note"))

    return rx.cond(
        Desk.view == "done",
        words("desk.done.none", "list"),
        words("desk.queue.none", "check"),
    )


def _queue() -> rx.Component:
    rows = rx.fragment(
        rx.el.ul(rx.foreach(Desk.rows, _row), class_name="queue-rows"),
        rx.cond(
            Desk.has_more,
            button.button(t("desk.queue.more"), kind="plain", on_click=Desk.more),
            rx.fragment(),
        ),
    )
    return rx.fragment(
        _heading(),
        when_ready(
            cast("rx.Var[bool]", Desk.is_ready), rx.cond(Desk.rows.length() > 0, rows, _nothing())
        ),
    )


def _said() -> rx.Component:
    """What just happened, where it is seen; the announcer says it aloud."""
    return rx.cond(
        Desk.said != "",
        feedback.notice(Desk.said, tone=Desk.said_tone, icon_name=_tone_icon()),
        rx.fragment(),
    )


def _tone_icon() -> rx.Var[str]:
    return cast("rx.Var[str]", rx.cond(Desk.said_tone == "jade", "check", "alert"))


def _work(nothing_open: rx.Component) -> rx.Component:
    return rx.fragment(
        _said(),
        when_ready(
            cast("rx.Var[bool]", Desk.is_ready),
            rx.cond(_case.id != "", open_case(), nothing_open),
        ),
    )


def _nothing_open() -> rx.Component:
    return rx.fragment(
        content.hidden_text(rx.el.h1(t("nav.desk"))),
        rx.cond(
            (Desk.rows.length() > 0) & (Desk.said == ""),
            rx.el.div(
                feedback.empty_state("list", t("desk.choose"), t("desk.choose_note")),
                class_name="only-wide",
            ),
            rx.fragment(),
        ),
    )


def _nothing_to_handle() -> rx.Component:
    return rx.fragment(
        content.hidden_text(rx.el.h1(t("nav.desk"))),
        feedback.empty_state(
            "chart",
            t("desk.overseer"),
            t("desk.overseer_note"),
            button.link_button(t("desk.overseer_go"), to="/supervision/", kind="quiet"),
        ),
    )


@page("/desk/", "title.desk", "desk", on_load=Desk.load)
def desk() -> rx.Component:
    """One page for clerks, approvers and, to read, overseers."""
    is_done: Flag = Desk.view == "done"
    return rx.match(
        DeskPerson.kind,
        ("none", desk_frame(not_your_desk())),
        ("oversees", desk_frame(_work(_nothing_to_handle()), is_supervision=True)),
        desk_frame(
            _work(_nothing_open()), queue=_queue(), is_waiting=Desk.view != "done", is_done=is_done
        ),
    )
