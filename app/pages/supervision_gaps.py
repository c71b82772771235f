"""Departments in which nobody can decide, and who decides there for a while."""

from __future__ import annotations

from typing import cast

import reflex as rx

from app.pages.supervision_state import Supervision
from app.pages.supervision_views import Fact, Gap, StandIn
from app.text import t
from components import button, content, forms
from components.kept_form import kept_form
from components.types import Option


def _error(gap: Gap, name: str) -> rx.Var[str]:
    return cast("rx.Var[str]", Supervision.errors.get(f"{gap.department}-{name}", ""))


def _form(gap: Gap) -> rx.Component:
    """Naming somebody, for administrators."""
    id = f"stand-in-{gap.department}"
    form = kept_form(
        forms.select_input(
            f"{id}-person",
            t("supervision.stand_in_person"),
            cast("rx.Var[list[Option]]", Supervision.approvers),
            name="person",
            help=t("supervision.stand_in_person_help"),
            empty_label="—",
            error=_error(gap, "person"),
        ),
        forms.text_input(
            f"{id}-until",
            t("supervision.stand_in_day"),
            name="until",
            kind="date",
            error=_error(gap, "until"),
        ),
        forms.text_area(
            f"{id}-reason",
            t("supervision.stand_in_reason"),
            name="reason",
            help=t("supervision.stand_in_reason_help"),
            error=_error(gap, "reason"),
            rows=2,
            max_length=500,
            is_required=True,
        ),
        button.button(t("supervision.stand_in_confirm"), type="submit", class_name="fit"),
        storage_key=id,
        turn=Supervision.turn,
        on_submit=lambda values: Supervision.appoint(gap.department, values),
    )
    return rx.el.details(rx.el.summary(t("supervision.stand_in_name")), form)


def _waiting(fact: Fact) -> rx.Component:
    return rx.el.li(content.list_row(fact.title, fact.note, fact.at, fact.link), key=fact.key)


def _gap(gap: Gap) -> rx.Component:
    can_name = cast("rx.Var[list[Option]]", Supervision.approvers).length() > 0
    return content.card(
        rx.el.h3(gap.title),
        rx.el.p(gap.why),
        rx.el.ul(rx.foreach(gap.steps, _waiting), class_name="rows queue-rows"),
        rx.cond(
            can_name, _form(gap), rx.el.p(t("supervision.gap_administrator"), class_name="note")
        ),
        class_name="stack",
        key=gap.department,
    )


def gaps() -> rx.Component:
    """What hangs because nobody can decide it, and the way on; nothing when all is well."""
    found = cast("rx.Var[list[Gap]]", Supervision.gaps)
    return rx.cond(
        found.length() > 0,
        content.section(t("supervision.gaps"), rx.foreach(found, _gap)),
        rx.fragment(),
    )


def _stand_in(item: StandIn) -> rx.Component:
    can_end = cast("rx.Var[list[Option]]", Supervision.approvers).length() > 0
    words = rx.el.div(
        rx.el.p(item.title, class_name="strong"),
        rx.el.p(item.note, class_name="note num"),
        class_name="grow",
    )
    end = button.button(
        t("supervision.stand_in_end"),
        content.hidden_text(item.title),
        kind="quiet",
        class_name="fit",
        on_click=Supervision.end_stand_in(item.id),
    )
    return rx.el.li(
        content.row(words, rx.cond(can_end, end, rx.fragment())),
        class_name="list-row",
        key=item.id,
    )


def stand_ins() -> rx.Component:
    """Who decides for a department that is not their own."""
    found = cast("rx.Var[list[StandIn]]", Supervision.stand_ins)
    return rx.cond(
        found.length() > 0,
        content.section(
            t("supervision.stand_ins"),
            rx.el.ul(rx.foreach(found, _stand_in), class_name="card rows"),
        ),
        rx.fragment(),
    )
