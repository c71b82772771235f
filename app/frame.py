"""What stands around every citizen's page: the four places under the thumb, and a page's
trouble."""

from typing import Literal

import reflex as rx

from app.text import t
from app.visitor import Visitor
from components import feedback, shell
from components.search_box import search_box
from components.subject import only_for
from components.types import Label, NavItem

Place = Literal["home", "services", "cases", "me"]

_PLACES: tuple[tuple[Place, str, str], ...] = (
    ("home", "/", "home"),
    ("services", "/services/", "list"),
    ("cases", "/cases/", "progress"),
    ("me", "/me/", "person"),
)


def places(current: Place | None) -> rx.Component:
    """The navigation of citizens."""
    items = [
        NavItem(to, icon_name, t(f"nav.{name}"), is_current=name == current)
        for name, to, icon_name in _PLACES
    ]
    return shell.bottom_nav(items, label=t("nav.label"))


def trouble() -> rx.Component:
    """A refusal that belongs to the whole page, where it is seen and heard."""
    return rx.el.div(
        rx.cond(
            Visitor.trouble != "",
            feedback.notice(Visitor.trouble, tone="seal", icon_name="alert"),
            rx.fragment(),
        ),
        role="alert",
    )


def citizen_page(
    *children: Label,
    place: Place | None = None,
    top: rx.Component | None = None,
    foot: rx.Component | None = None,
) -> rx.Component:
    """A page in the hand; with a foot the places give way to the page's own action."""
    return shell.phone_page(
        trouble(),
        *children,
        top=top,
        nav=places(place) if foot is None else None,
        foot=foot,
        above=[shell.announcer(Visitor.announcement)],
    )


def nothing_there(icon_name: str, sentence: Label, way_on: rx.Component) -> rx.Component:
    """A page whose subject is not there: the reason in words when one is known, and a way on."""
    words = rx.cond(Visitor.trouble != "", Visitor.trouble, sentence)
    return feedback.empty_state(icon_name, words, None, way_on, is_whole_page=True)


def when_ready(is_ready: rx.Var[bool], *children: Label) -> rx.Component:
    """Bones until the page's first answer came, then the content."""
    return rx.cond(is_ready, rx.fragment(*children), _bones())


def when_ready_for(
    param: str, subject: rx.Var[str], is_ready: rx.Var[bool], *children: Label
) -> rx.Component:
    """Bones until the answer about what the address names came, then the content."""
    return only_for(when_ready(is_ready, *children), param=param, value=subject, fallback=_bones())


def _bones() -> rx.Component:
    return feedback.skeleton(5, label=t("loading"))


def search_form(*, is_live: bool = False) -> rx.Component:
    """The search for services; on their own page it asks again while one types."""
    return search_box(t("find.label"), t("search.go"), target="/services/", is_live=is_live)
