"""The desk of windows and departments: what waits, due first, and the case that lies open."""

from __future__ import annotations

from typing import cast

import reflex as rx

from app.desk_frame import DeskPerson, desk_frame, not_your_desk
from app.frame import when_ready, when_ready_for
from app.layout import page
from app.pages.desk_case import open_case
from app.pages.desk_rows import Mark, Row
from app.pages.desk_state import Desk
from app.text import t
from components import button, content, feedback
from components.icon import icon
from components.link import router_link
from components.types import Flag

_case = Desk.case


def _row(row: Row) -> rx.Component:
    due = rx.cond(row.tone == "", rx.el.span(row.due), content.tag(row.due, row.tone))
    return rx.el.li(
        content.list_row(
            row.title,
            rx.fragment(row.note, rx.foreach(row.marks, _mark)),
            due,
            row.link,
            is_current=row.id == _case.id,
        ),
        key=row.key,
    )


def _mark(mark: Mark) -> rx.Component:
    return rx.fragment(" ", content.tag(mark.text, mark.tone))


def _tabs() -> rx.Component:
    """Ways to look at the same desk."""
    links = [
        router_link(
            t(f"desk.tab.{view}"),
            to=to,
            class_name="tab",
            aria_current=rx.cond(Desk.view == view, "true", "false"),
        )
        for view, to in (
            ("waiting", "/desk/"),
            ("mine", "/desk/?view=mine"),
            ("standing", "/desk/?view=standing"),
            ("owed", "/desk/?view=owed"),
        )
    ]
    return rx.el.nav(
        content.hidden_text(t("desk.tabs"), id="desk-tabs"),
        *links,
        class_name="tabs",
        aria_labelledby="desk-tabs",
    )


def _search() -> rx.Component:
    return rx.el.form(
        rx.el.span(
            rx.el.input(
                id="desk-search",
                name="q",
                type="search",
                placeholder=" ",
                auto_complete="off",
                enter_key_hint="search",
            ),
            # The label stands in the field until something is typed.
            rx.el.label(t("desk.search"), html_for="desk-search", class_name="search-hint"),
            class_name="search-field grow",
        ),
        rx.el.button(
            content.hidden_text(t("desk.search.go")),
            icon("search"),
            type="submit",
            class_name="search-go",
        ),
        role="search",
        class_name="search",
        on_submit=Desk.find,
    )


def _heading() -> rx.Component:
    count = rx.el.span(Desk.rows.length(), rx.cond(Desk.has_more, "+", ""), class_name="num")

    def of(view: str) -> rx.Component:
        return rx.el.h2(
            t(f"desk.{view}.title", count=count),
            " ",
            rx.el.span(t(f"desk.{view}.order"), class_name="note"),
        )

    return rx.match(
        Desk.view,
        *[(view, of(view)) for view in ("mine", "standing", "owed", "done", "found")],
        of("queue"),
    )


def _nothing() -> rx.Component:
    def words(view: str, icon_name: str) -> rx.Component:
        return feedback.empty_state(icon_name, t(f"desk.{view}.none"), t(f"desk.{view}.none_note"))

    return rx.match(
        Desk.view,
        ("mine", words("mine", "check")),
        ("standing", words("standing", "clock")),
        ("owed", words("owed", "check")),
        ("done", words("done", "list")),
        ("found", words("found", "search")),
        words("queue", "check"),
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
        _search(),
        _tabs(),
        _heading(),
        when_ready(
            cast("rx.Var[bool]", Desk.is_ready), rx.cond(Desk.rows.length() > 0, rows, _nothing())
        ),
    )


def _found() -> rx.Component:
    """For overseers, who have no queue: finding a case."""
    return rx.fragment(
        _search(),
        rx.cond(
            Desk.view == "found",
            rx.fragment(
                _heading(),
                rx.cond(
                    Desk.rows.length() > 0,
                    rx.el.ul(rx.foreach(Desk.rows, _row), class_name="queue-rows"),
                    _nothing(),
                ),
            ),
            rx.fragment(),
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
    """The case that the address names, never the one before it."""
    return when_ready_for(
        "id",
        cast("rx.Var[str]", Desk.subject),
        cast("rx.Var[bool]", Desk.is_ready),
        _said(),
        rx.cond(_case.id != "", open_case(), nothing_open),
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
        ("oversees", desk_frame(_work(_nothing_to_handle()), queue=_found(), is_supervision=True)),
        desk_frame(
            _work(_nothing_open()),
            queue=_queue(),
            is_waiting=Desk.view != "done",
            is_done=is_done,
        ),
    )
