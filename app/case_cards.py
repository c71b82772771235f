"""Cases in a list of their owner, wherever such lists stand."""

import reflex as rx

from app.text import t
from app.views import CaseCard
from components import content
from components.button import link_button


def case_card(card: rx.Var[CaseCard]) -> rx.Component:
    """One case as a card that is one link: what it is, whose turn, until when, why it stands."""
    more = rx.el.p(card.more, class_name="note")
    return content.link_card(
        rx.el.p(card.title, class_name="strong"),
        content.row(content.tag(card.tag, card.tone), rx.el.span(card.note, class_name="note num")),
        rx.cond(card.more != "", more, rx.fragment()),
        to=card.href,
    )


def other_cards(cards: rx.Var[list[CaseCard]], waiting: rx.Var[list[CaseCard]]) -> rx.Component:
    """The cards that do not stand at the top already. They are told apart by their address: the
    same card is another object in each list of the browser."""
    return rx.foreach(
        cards,
        lambda card: rx.cond(
            (waiting.length() > 0) & (waiting[0].href == card.href),
            rx.fragment(),
            case_card(card),
        ),
    )


def waiting_card(card: rx.Var[CaseCard]) -> rx.Component:
    """The one case that waits for its owner, with one large button."""
    words = rx.match(
        card.asks,
        ("mend", t("cases.do_mend")),
        ("owed", t("cases.do_owed")),
        t("cases.do_draft"),
    )
    more = rx.el.p(card.more, class_name="note")
    return content.card(
        rx.el.p(t("cases.waits"), class_name="note"),
        rx.el.p(card.title, class_name="strong"),
        content.row(content.tag(card.tag, card.tone), rx.el.span(card.note, class_name="note num")),
        rx.cond(card.more != "", more, rx.fragment()),
        link_button(words, content.hidden_text(card.title), to=card.href),
        tone="amber",
    )
