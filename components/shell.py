"""The frame around every page: bars, navigation, the two page shapes."""

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from components.icon import icon
from components.language import both
from components.link import router_link
from components.opened import opened
from components.types import Flag, Label, NavItem, Text


def app_bar(
    title: Label,
    *,
    back_to: Text | None = None,
    back_label: Label | None = None,
    actions: Sequence[rx.Component] = (),
) -> rx.Component:
    """The bar of an inner page: way back, name of the place, at most two actions."""
    back = (
        router_link(
            icon("back"),
            rx.el.span(back_label or both("返回", "Back"), class_name="sr"),
            to=back_to,
            class_name="back",
        )
        if back_to is not None
        else None
    )
    return rx.el.header(
        *([back] if back is not None else []),
        rx.el.p(title, class_name="bar-title"),
        *actions,
        class_name="bar" if back is not None else "bar no-back",
    )


def page_head(
    title: Label,
    *,
    note: Label | None = None,
    above: Label | None = None,
    tone: Literal["sand", "jade"] = "sand",
    actions: Sequence[rx.Component] = (),
    below: rx.Component | None = None,
) -> rx.Component:
    """The page's only h1, with a line above or under it and, on jade, a search field below."""
    words: list[Any] = []
    if above is not None:
        words.append(rx.el.p(above, class_name="small"))
    words.append(rx.el.h1(title))
    if note is not None:
        words.append(rx.el.p(note, class_name="note"))
    row = rx.el.div(rx.el.div(*words, class_name="grow"), *actions, class_name="row")
    children = [row] if below is None else [row, below]
    return rx.el.header(*children, class_name=f"head {tone}")


def _count(count: int | rx.Var[Any] | None) -> list[rx.Component]:
    if count is None:
        return []
    dot = rx.el.span(count, class_name="count num")
    if isinstance(count, rx.Var):
        return [rx.cond(count.to(int) > 0, dot, rx.fragment())]
    return [dot] if count > 0 else []


def _nav_link(item: NavItem, *, class_name: str) -> rx.Component:
    current = (
        rx.cond(item.is_current, "page", "false")
        if isinstance(item.is_current, rx.Var)
        else ("page" if item.is_current else "false")
    )
    return router_link(
        icon(item.icon_name),
        rx.el.span(item.label),
        *_count(item.count),
        to=item.to,
        aria_current=current,
        class_name=class_name,
    )


def bottom_nav(items: Sequence[NavItem], *, label: Label | None = None) -> rx.Component:
    """Three to five places under the thumb; becomes a rail on wide screens."""
    named: dict[str, Any] = {} if label is None else {"aria_labelledby": "bottom-nav-name"}
    return rx.el.nav(
        *_named_nav(label, "bottom-nav-name"),
        *[_nav_link(item, class_name="place") for item in items],
        class_name="bottom-nav",
        **named,
    )


def side_nav(
    items: Sequence[NavItem],
    *,
    title: Label,
    note: Label | None = None,
    below: rx.Component | None = None,
) -> rx.Component:
    """The dark side of a desk: whose desk it is, its queues with their counts."""
    head: list[Any] = [rx.el.p(title, class_name="side-title", id="side-nav-name")]
    if note is not None:
        head.append(rx.el.p(note, class_name="small"))
    return rx.el.nav(
        *head,
        rx.el.div(*[_nav_link(item, class_name="queue") for item in items], class_name="queues"),
        *([below] if below is not None else []),
        class_name="side-nav",
        aria_labelledby="side-nav-name",
    )


def _named_nav(label: Label | None, element_id: str) -> list[rx.Component]:
    return [] if label is None else [rx.el.span(label, id=element_id, class_name="sr")]


def action_bar(*children: Label) -> rx.Component:
    """The foot that stays in sight: the one main action, quieter ones beside or under it.

    It stands outside the page's form; a submit button in it names that form: `form="its-id"`.
    """
    return rx.el.div(*children, class_name="action-bar")


def action_row(*children: Label) -> rx.Component:
    """Actions of equal weight side by side, in a card or a foot."""
    return rx.el.div(*children, class_name="action-row")


def quiet_actions(*children: Label) -> rx.Component:
    """Text-only actions under the main one: read aloud, print, ask for help."""
    return rx.el.div(*children, class_name="quiet-actions")


def desk_head(
    title: Label, note: Label | None = None, *actions: Label, origin: Text | None = None
) -> rx.Component:
    """The open piece of work on a desk: its name, its numbers, the decisions at the right.

    With an `origin` its name takes the focus, and gives it back to the link that leads there.
    """
    words = rx.el.div(
        rx.el.h1(title) if origin is None else opened(title, origin=origin),
        *([rx.el.p(note, class_name="note num")] if note is not None else []),
        class_name="grow",
    )
    return rx.el.div(words, *actions, class_name="desk-head")


def desk_columns(wide: Label, narrow: Label) -> rx.Component:
    """What is worked on, and beside it what must stay in sight; stacked on small screens."""
    return rx.el.div(wide, narrow, class_name="desk-cols")


def skip_link(text: Label, *, to: str = "main") -> rx.Component:
    """Lets the keyboard jump over bars and navigation; what lies open stays open."""
    return rx.el.a(
        text, href=f"#{to}", class_name="skip", on_click=rx.set_focus(to).prevent_default
    )


def phone_page(
    *children: Label,
    top: rx.Component | None = None,
    nav: rx.Component | None = None,
    foot: rx.Component | None = None,
    above: Sequence[rx.Component] = (),
    skip_text: Label | None = None,
) -> rx.Component:
    """A page in the hand: `above` (offline bar, announcer), bar or head, content, foot, places."""
    bottom = [part for part in (foot, nav) if part is not None]
    return rx.el.div(
        skip_link(skip_text or both("跳到正文", "Skip to content")),
        *above,
        *([top] if top is not None else []),
        rx.el.main(*children, id="main", tab_index=-1, class_name="content"),
        *([rx.el.footer(*bottom, class_name="bottom")] if bottom else []),
        class_name="phone with-nav" if nav is not None else "phone",
    )


def desk_page(
    *children: Label,
    side: rx.Component,
    queue: rx.Component | None = None,
    above: Sequence[rx.Component] = (),
    skip_text: Label | None = None,
) -> rx.Component:
    """A page on a desk: side navigation, the list being worked through, the open piece of work.

    Under 900 px the three stand one above the other, so a tablet or phone still works.
    """
    skips = [skip_link(skip_text or both("跳到正文", "Skip to content"))]
    lists: list[rx.Component] = []
    if queue is not None:
        skips.append(skip_link(both("跳到列表", "Skip to the list"), to="queue"))
        lists.append(rx.el.aside(queue, id="queue", tab_index=-1, class_name="desk-queue"))
    return rx.el.div(
        *skips,
        *above,
        side,
        *lists,
        rx.el.main(*children, id="main", tab_index=-1, class_name="desk-work"),
        class_name="desk with-queue" if queue is not None else "desk",
    )


def offline_bar(text: Label, is_offline: Flag, *, trailing: Label | None = None) -> rx.Component:
    """One calm line while there is no signal; what is typed or queued is not in danger."""
    line = rx.el.div(
        icon("wifi_off"),
        rx.el.span(text, class_name="grow"),
        *([rx.el.span(trailing, class_name="num")] if trailing is not None else []),
        class_name="offline",
    )
    return rx.el.div(rx.cond(is_offline, line, rx.fragment()), role="status")


def announcer(text: Label) -> rx.Component:
    """Tells screen readers what changed without moving anybody's focus."""
    return rx.el.div(text, class_name="sr", role="status", aria_live="polite")
