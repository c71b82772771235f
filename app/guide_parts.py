"""What the page of a guide is put together from: its items, the check, and how it goes on."""

from __future__ import annotations

from typing import Any

import reflex as rx

from app.guide_views import Answer, CheckQuestion, GuideView, LawRow, MaterialRow, MyList, ResultRow
from app.text import t
from components import content, forms
from components.flow import flow
from components.types import Label


def item(code: str, title: Label, *children: Label) -> rx.Component:
    """One of the eight public items, marked so that it can be read aloud and compared."""
    return content.section(title, *children, id=f"item-{code}")


def _material(row: rx.Var[MaterialRow]) -> rx.Component:
    return rx.el.div(
        content.check_row(
            row.title,
            rx.fragment(
                rx.el.span(row.help),
                rx.cond(row.when != "", rx.el.span(row.when, class_name="under"), rx.fragment()),
            ),
            is_done=row.is_ready,
        ),
        rx.cond(
            row.points.length() > 0,
            rx.el.details(
                rx.el.summary(t("guide.points"), class_name="small"),
                rx.el.ul(rx.foreach(row.points, lambda point: rx.el.li(point, class_name="note"))),
            ),
            rx.fragment(),
        ),
    )


def _law(row: rx.Var[LawRow]) -> rx.Component:
    return rx.el.li(rx.el.p(row.title, class_name="strong"), rx.el.p(row.text, class_name="note"))


def _result(row: rx.Var[ResultRow]) -> rx.Component:
    return rx.el.li(rx.el.p(row.name, class_name="strong"), rx.el.p(row.note, class_name="note"))


def _question(row: rx.Var[Answer]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(row.question, class_name="strong"), rx.el.p(row.answer), class_name="question"
    )


def _line(text: rx.Var[str]) -> rx.Component:
    return rx.el.li(text)


def _lines(rows: Any, render: Any = _line) -> rx.Component:
    return rx.el.ul(rx.foreach(rows, render), class_name="plain-list")


def items(shown: rx.Var[GuideView], between: rx.Component) -> rx.Component:
    """The eight items; `between` stands after what is asked for most."""
    view: Any = shown
    rules = rx.cond(view.fee_rules.length() > 0, _lines(view.fee_rules), rx.fragment())
    return rx.fragment(
        content.card(
            rx.el.section(
                rx.el.h2(t("guide.promised"), class_name="sr"),
                content.promise(view.promised_number, view.promised_unit, view.promised_note),
                id="item-promised",
            ),
            rx.el.section(
                rx.el.h2(t("guide.fee_title"), class_name="sr"),
                content.promise(view.fee_number, t("guide.fee"), view.fee_note),
                rules,
                id="item-fee",
            ),
            class_name="figures",
        ),
        between,
        item("content", t("guide.content"), content.card(rx.el.p(view.what))),
        item("conditions", t("guide.conditions"), content.card(_lines(view.conditions))),
        item(
            "materials",
            t("guide.materials"),
            content.card(rx.foreach(view.materials, _material)),
        ),
        item(
            "procedure",
            t("guide.procedure"),
            content.card(
                flow(view.stages, t("guide.procedure")),
                rx.el.p(view.procedure, class_name="note"),
            ),
        ),
        item("result", t("guide.result"), content.card(_lines(view.results, _result))),
        item("basis", t("guide.law"), content.card(_lines(view.laws, _law))),
    )


def questions(shown: rx.Var[GuideView]) -> rx.Component:
    """What people often ask about this service."""
    view: Any = shown
    return rx.cond(
        view.questions.length() > 0,
        content.section(t("guide.questions"), content.card(rx.foreach(view.questions, _question))),
        rx.fragment(),
    )


def check_question(question: rx.Var[CheckQuestion]) -> rx.Component:
    """One question of the check, all its answers in sight."""
    each: Any = question
    return forms.radio_group(
        each.code, each.question, each.options, help=each.help, value=each.value, error=each.error
    )


def _mine(row: rx.Var[MaterialRow]) -> rx.Component:
    each: Any = row
    note = rx.fragment(
        rx.el.span(each.help),
        rx.cond(each.when != "", rx.el.span(each.when, class_name="under"), rx.fragment()),
    )
    return content.check_row(each.title, note, is_done=each.is_ready)


def my_list(shown: rx.Var[MyList]) -> rx.Component:
    """What the answers make of the guide: materials, fee, time, steps."""
    mine: Any = shown
    return rx.el.div(
        rx.el.h3(t("check.mine"), id="mine", tab_index=-1),
        rx.cond(
            mine.materials.length() > 0,
            rx.el.div(rx.foreach(mine.materials, _mine)),
            rx.el.p(t("check.nothing")),
        ),
        rx.cond(
            mine.perhaps.length() > 0,
            rx.fragment(rx.el.h3(t("check.perhaps")), rx.el.div(rx.foreach(mine.perhaps, _mine))),
            rx.fragment(),
        ),
        rx.el.p(mine.fee, class_name="strong"),
        rx.el.p(mine.fee_note, class_name="note"),
        rx.el.p(mine.promised, class_name="strong"),
        rx.el.p(mine.promised_note, class_name="note"),
        rx.el.h3(t("check.steps")),
        _lines(mine.steps),
        class_name="stack",
    )
