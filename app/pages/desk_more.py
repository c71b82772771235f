"""What stands beside the papers of the open case: why its clock stands, its parts, its notices, its
questions, and what may still come."""

from __future__ import annotations

from typing import Any, cast

import reflex as rx

from app.pages.desk_notice import notice_line
from app.pages.desk_state import Desk
from app.pages.desk_talk import NoticeView, OwedView, PartView, QuestionView
from app.text import t
from components import button, content, feedback, forms, shell
from components.kept_form import kept_form

_case = Desk.case


def _there(things: Any, shown: rx.Component) -> rx.Component:
    return rx.cond(cast("rx.Var[list[Any]]", things).length() > 0, shown, rx.fragment())


def standing() -> rx.Component:
    """Why the clock stands, what somebody asked for, and why there is nothing to press."""
    return rx.fragment(
        rx.cond(
            _case.stand != "",
            feedback.notice(_case.stand, tone="amber", icon_name="clock"),
            rx.fragment(),
        ),
        rx.foreach(
            _case.notes, lambda note: feedback.notice(note, tone="amber", icon_name="alert")
        ),
        rx.cond(
            _case.is_own,
            feedback.notice(t("error.own_case"), tone="amber", icon_name="alert"),
            rx.fragment(),
        ),
        rx.cond(_case.is_read_only, rx.el.p(t("desk.read_only"), class_name="note"), rx.fragment()),
    )


def _part(part: PartView) -> rx.Component:
    return rx.el.li(
        content.row(rx.el.span(part.name, class_name="strong"), content.tag(part.state, part.tone)),
        rx.cond(part.note != "", rx.el.p(part.note, class_name="note"), rx.fragment()),
        class_name="notice-line",
    )


def parts() -> rx.Component:
    """The parts of a bundle, each with its own decision."""
    return _there(
        _case.parts,
        content.card(rx.el.h2(t("desk.parts")), rx.el.ul(rx.foreach(_case.parts, _part))),
    )


def _notice(notice: NoticeView) -> rx.Component:
    return rx.el.div(
        rx.el.h3(notice.title),
        rx.el.p(notice.note, class_name="note num"),
        rx.el.ul(rx.foreach(notice.lines, notice_line)),
    )


def notices() -> rx.Component:
    """Every notice of the case, and what was mended."""
    return _there(
        _case.notices,
        content.card(
            rx.el.h2(t("desk.notices")), rx.foreach(_case.notices, _notice), class_name="stack"
        ),
    )


def _question(question: QuestionView) -> rx.Component:
    id = f"answer-{question.id}"
    answered = rx.fragment(
        rx.el.p(question.answer), rx.el.p(question.answered, class_name="note num")
    )
    form = kept_form(
        forms.text_area(
            f"{id}-answer",
            t("desk.question.answer"),
            name="answer",
            help=t("desk.question.answer_help"),
            error=cast("rx.Var[str]", Desk.errors.get(f"{id}-answer", "")),
            rows=2,
            max_length=1000,
            is_required=True,
        ),
        button.button(t("desk.question.send"), type="submit", kind="quiet", class_name="fit"),
        storage_key=f"{_case.id}/{id}",
        turn=Desk.turn,
        on_submit=lambda values: Desk.answer(question.id, values),
    )
    return rx.el.li(
        rx.el.p("“", question.text, "”", class_name="strong"),
        rx.el.p(question.asked, class_name="note num"),
        rx.cond(
            question.may_answer,
            form,
            rx.cond(
                question.answer != "",
                answered,
                rx.el.p(t("desk.question.waits"), class_name="note"),
            ),
        ),
        class_name="notice-line stack",
        key=question.id,
    )


def questions() -> rx.Component:
    """Questions to the case and their answers."""
    return _there(
        _case.questions,
        content.card(
            rx.el.h2(t("desk.questions")), rx.el.ul(rx.foreach(_case.questions, _question))
        ),
    )


def _owed(owed: OwedView) -> rx.Component:
    id = f"owed-{owed.id}"
    back = kept_form(
        forms.text_area(
            f"{id}-text",
            t("desk.notice.mend"),
            name="text",
            error=cast("rx.Var[str]", Desk.errors.get(f"{id}-text", "")),
            rows=2,
            max_length=500,
            is_required=True,
        ),
        button.button(t("desk.owed.send_back"), type="submit", kind="quiet", class_name="fit"),
        storage_key=f"{_case.id}/{id}",
        turn=Desk.turn,
        on_submit=lambda values: Desk.send_back_owed(owed.id, values),
    )
    doing = rx.el.div(
        shell.action_row(
            button.button(
                t("desk.owed.confirm"), class_name="fit", on_click=Desk.confirm_owed(owed.id)
            ),
        ),
        rx.el.details(rx.el.summary(t("desk.owed.not_right")), back),
        class_name="stack",
    )
    return rx.el.li(
        content.row(rx.el.span(owed.name, class_name="strong"), content.tag(owed.state, owed.tone)),
        rx.el.p(owed.note, class_name="note"),
        rx.cond(owed.may_confirm, doing, rx.fragment()),
        class_name="notice-line",
        key=owed.id,
    )


def owed() -> rx.Component:
    """Materials that may come after the approval."""
    return _there(
        _case.owed,
        content.card(rx.el.h2(t("desk.owed")), rx.el.ul(rx.foreach(_case.owed, _owed))),
    )
