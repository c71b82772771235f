"""The open case: its materials, its form, its clock."""

from __future__ import annotations

from typing import cast

import reflex as rx

from app.desk_frame import DeskPerson
from app.pages import desk_more
from app.pages.desk_acts import acts, look_dialog
from app.pages.desk_state import Desk
from app.pages.desk_steps import ClockStep
from app.pages.desk_views import Answer, MaterialView, Paper, Section
from app.text import t
from components import button, content, feedback, shell
from components.icon import icon
from components.image_viewer import VIEWER_TEXTS, image_viewer
from components.kept_form import left_behind
from components.link import router_link
from components.types import Label

_case = Desk.case


def _photo(paper: Paper) -> rx.Component:
    texts: dict[str, Label] = {name: t(f"desk.viewer.{name}") for name in VIEWER_TEXTS}
    return image_viewer(paper.url, paper.label, texts=texts)


def _pdf(paper: Paper) -> rx.Component:
    return content.row(
        rx.el.a(
            icon("file"),
            t("desk.material.pdf"),
            href=paper.url,
            target="_blank",
            rel="noopener",
            class_name="paper-link",
        ),
        rx.el.span(paper.note, class_name="note num"),
    )


def _papers(material: MaterialView) -> rx.Component:
    """Photos once the clerk asks for them, since loading them is the look that is recorded."""
    photos = rx.el.div(
        rx.foreach(material.papers, lambda p: rx.cond(p.is_pdf, rx.fragment(), _photo(p))),
        class_name="papers",
    )
    return rx.fragment(
        rx.cond(cast("rx.Var[bool]", Desk.opened.contains(material.code)), photos, rx.fragment()),
        rx.foreach(material.papers, lambda p: rx.cond(p.is_pdf, _pdf(p), rx.fragment())),
        rx.cond(material.evidence != "", _evidence(material), rx.fragment()),
    )


def _evidence(material: MaterialView) -> rx.Component:
    """What a registry answered, in the clear; opening it is the look that is recorded."""
    return rx.el.a(
        icon("file"),
        t("desk.registry.evidence"),
        content.hidden_text(material.name),
        href=material.evidence,
        target="_blank",
        rel="noopener",
        class_name="paper-link",
    )


def _look_button(material: MaterialView) -> rx.Component:
    is_closed = ~cast("rx.Var[bool]", Desk.opened.contains(material.code))
    return rx.cond(
        cast("rx.Var[bool]", material.has_photos) & is_closed,
        button.button(
            rx.el.span(material.look, aria_hidden="true"),
            content.hidden_text(material.look_note),
            kind="plain",
            icon_name="eye",
            on_click=Desk.open_material(material.code),
        ),
        rx.fragment(),
    )


def _material(material: MaterialView) -> rx.Component:
    note = rx.fragment(
        rx.cond(material.note != "", rx.el.span(material.note), rx.fragment()),
        rx.cond(material.reply != "", content.tag(material.reply, "you"), rx.fragment()),
    )
    points = rx.cond(
        cast("rx.Var[list[str]]", material.points).length() > 0,
        rx.el.ul(
            rx.foreach(material.points, lambda point: rx.el.li(point)),
            class_name="points note",
        ),
        rx.fragment(),
    )
    return rx.el.div(
        content.check_row(
            material.name,
            note,
            material.is_complete,
            state_text=material.state,
            action=_look_button(material),
        ),
        rx.el.div(points, _papers(material), class_name="material-more"),
        class_name="material",
    )


def _materials() -> rx.Component:
    return content.card(
        rx.el.h2(
            t("desk.materials"), " ", rx.el.span(_case.materials_title, class_name="note num")
        ),
        rx.el.p(t("desk.materials_note"), class_name="note"),
        rx.foreach(_case.materials, _material),
    )


def _answer(answer: Answer) -> rx.Component:
    is_revealed = cast("rx.Var[bool]", Desk.revealed.contains(answer.name))
    clear = rx.fragment(
        rx.el.span(Desk.revealed[answer.name], class_name="strong num"),
        rx.el.p(t("desk.look.clear"), class_name="note"),
    )
    masked = content.row(rx.el.span(answer.value, class_name="num"), look_dialog(answer))
    plain = rx.el.span(answer.value, class_name="num")
    changed = rx.cond(answer.is_changed, content.tag(t("desk.form.changed"), "you"), rx.fragment())
    dispute = rx.el.p(answer.dispute, class_name="note urgent")
    return content.definition(
        rx.fragment(answer.label, " ", changed),
        rx.fragment(
            rx.cond(is_revealed, clear, rx.cond(answer.is_masked, masked, plain)),
            rx.cond(answer.dispute != "", dispute, rx.fragment()),
        ),
    )


def _section(section: Section) -> rx.Component:
    return rx.fragment(
        rx.el.h3(section.title),
        content.definition_list(cast("rx.Component", rx.foreach(section.answers, _answer))),
    )


def _form() -> rx.Component:
    return content.card(rx.el.h2(t("desk.form")), rx.foreach(_case.sections, _section))


def _step(step: ClockStep) -> rx.Component:
    when = rx.fragment(
        rx.el.span(step.when, class_name=rx.cond(step.is_late, "urgent", "")),
        rx.cond(step.note != "", rx.el.span("“", step.note, "”", class_name="said"), rx.fragment()),
        rx.cond(step.referral != "", rx.el.span(step.referral, class_name="said"), rx.fragment()),
    )
    return feedback.timeline_item(step.title, when, step.state, state_text=step.state_text)


def _clock() -> rx.Component:
    return content.card(
        rx.el.h2(t("desk.clock")),
        feedback.timeline(rx.foreach(_case.steps, _step)),
        rx.cond(
            _case.promised != "", rx.el.p(_case.promised, class_name="note num"), rx.fragment()
        ),
    )


def _decision() -> rx.Component:
    facts = rx.foreach(_case.decision, lambda fact: content.definition(fact.label, fact.value))
    return rx.cond(
        cast("rx.Var[list[Answer]]", _case.decision).length() > 0,
        content.card(
            rx.el.h2(_case.decision_title), content.definition_list(cast("rx.Component", facts))
        ),
        rx.fragment(),
    )


def _left_behind() -> rx.Component:
    """Text of acts that are gone, because somebody else was faster: it can still be copied."""
    return left_behind(
        rx.el.p(t("desk.left_behind"), class_name="strong"),
        beginning=f"{_case.id}/",
        discard_label=t("desk.left_behind.discard"),
        settled=Desk.settled,
        turn=Desk.turn,
    )


def open_case() -> rx.Component:
    """The case on the desk, as it stands now."""
    back = router_link(
        icon("back"),
        rx.el.span(t("desk.back")),
        to=rx.cond(
            DeskPerson.kind == "oversees",
            "/supervision/",
            rx.cond(Desk.view == "done", "/desk/?view=done", "/desk/"),
        ),
        class_name="desk-back",
    )
    return rx.el.div(
        back,
        shell.desk_head(
            _case.title,
            rx.fragment(
                _case.numbers,
                " ",
                content.tag(_case.tag, _case.tone),
                rx.cond(
                    _case.claim != "",
                    rx.el.span(" ", _case.claim, class_name="said"),
                    rx.fragment(),
                ),
            ),
            origin=f"id={_case.id}",
        ),
        desk_more.standing(),
        acts(),
        _left_behind(),
        _decision(),
        shell.desk_columns(
            content.stack(desk_more.questions(), desk_more.owed(), _materials(), _form()),
            content.stack(desk_more.parts(), _clock(), desk_more.notices()),
        ),
        class_name="stack case-open",
        key=_case.id,
    )
