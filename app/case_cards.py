"""A case in a list of its owner, wherever such lists stand."""

import reflex as rx

from app.views import CaseCard
from components import content


def case_card(card: rx.Var[CaseCard]) -> rx.Component:
    """One case as a card that is one link: what it is, whose turn, until when."""
    return content.link_card(
        rx.el.p(card.title, class_name="strong"),
        content.row(content.tag(card.tag, card.tone), rx.el.span(card.note, class_name="note num")),
        to=card.href,
    )
