"""What a page is made of: cards, sections, tags, promises, facts, lists."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from components.icon import icon
from components.link import router_link
from components.types import Flag, Label, TagTone, Text, Tone


def card(*children: Label, tone: Tone | Text = "plain", **props: Any) -> rx.Component:
    """A piece of paper with a hairline; `amber` waits for the reader, `seal` is a fault."""
    class_name = f"card {tone} {props.pop('class_name', '')}"
    return rx.el.div(*children, class_name=class_name, **props)


def link_card(*children: Label, to: Text, tone: Tone = "plain", **props: Any) -> rx.Component:
    """A card that is one link as a whole; put nothing pressable inside."""
    return router_link(*children, to=to, class_name=f"card link {tone}", **props)


def section(
    title: Label, *children: Label, more: Label | None = None, id: Text | None = None
) -> rx.Component:
    """A part of the page under its own heading, with a link to the rest at the right."""
    head = rx.el.div(
        rx.el.h2(title),
        *([rx.el.div(more, class_name="small")] if more is not None else []),
        class_name="section-head",
    )
    attributes: dict[str, Any] = {} if id is None else {"id": id}
    return rx.el.section(head, *children, class_name="section", **attributes)


def tag(label: Label, tone: TagTone | Text = "plain") -> rx.Component:
    """Says whose turn it is: `you`, `they`, `done`, `late`; a dot and words, never colour alone."""
    return rx.el.span(label, class_name=f"tag {tone}")


def promise(number: Label, unit: Label, note: Label | None = None) -> rx.Component:
    """A figure we stand by: big number, what it counts, what it means for the reader."""
    return rx.el.div(
        rx.el.p(number, class_name="big num"),
        rx.el.div(
            rx.el.p(unit, class_name="strong"),
            *([rx.el.p(note, class_name="note num")] if note is not None else []),
        ),
        class_name="promise",
    )


def big_code(code: Label, note: Label | None = None) -> rx.Component:
    """Digits to be read aloud or shown across a counter."""
    return rx.el.div(
        *([rx.el.p(note, class_name="note")] if note is not None else []),
        rx.el.p(code, class_name="code num"),
        class_name="big-code",
    )


def definition(term: Label, value: Label) -> rx.Component:
    """One fact: its name, its value."""
    return rx.el.div(rx.el.dt(term), rx.el.dd(value))


def definition_list(pairs: Sequence[tuple[Label, Label]] | rx.Component) -> rx.Component:
    """Facts under each other; pass pairs, or an `rx.foreach` that makes `definition`s."""
    rows = [pairs] if isinstance(pairs, rx.Component) else [definition(*pair) for pair in pairs]
    return rx.el.dl(*rows, class_name="facts")


def check_row(
    title: Label,
    note: Label | None = None,
    is_done: Flag = False,
    *,
    action: Label | None = None,
    state_text: Label | None = None,
) -> rx.Component:
    """One thing to have ready, ticked or not; `state_text` is the tick for screen readers."""
    box = rx.cond(
        is_done,
        rx.el.span(icon("check"), class_name="box is-on", aria_hidden="true"),
        rx.el.span(class_name="box", aria_hidden="true"),
    )
    return rx.el.div(
        box,
        rx.el.div(
            rx.el.p(title),
            *([rx.el.p(state_text, class_name="sr")] if state_text is not None else []),
            *([rx.el.p(note, class_name="note")] if note is not None else []),
            class_name="grow",
        ),
        *([action] if action is not None else []),
        class_name="check-row",
    )


def list_row(
    title: Label,
    note: Label | None = None,
    trailing: Label | None = None,
    to: Text | None = None,
    *,
    is_current: Flag = False,
    tail: Label | None = None,
) -> rx.Component:
    """One line of a list: title and, at the right, `trailing`; note (and `tail`) under them."""
    head = rx.el.div(
        rx.el.span(title, class_name="strong grow"),
        *([rx.el.span(trailing, class_name="note num")] if trailing is not None else []),
        class_name="row",
    )
    under: list[Any] = []
    if note is not None:
        under.append(rx.el.span(note, class_name="note grow"))
    if tail is not None:
        under.append(rx.el.span(tail, class_name="note num"))
    body = [head, rx.el.div(*under, class_name="row")] if under else [head]
    if to is None:
        return rx.el.div(*body, class_name="list-row")
    current = (
        rx.cond(is_current, "true", "false")
        if isinstance(is_current, rx.Var)
        else str(is_current).lower()
    )
    return router_link(*body, to=to, class_name="list-row", aria_current=current)


def list_rows(*rows: Label) -> rx.Component:
    """Rows in one card with hairlines between them; takes rows or one `rx.foreach`."""
    return rx.el.div(*rows, class_name="card rows")


def tile(label: Label, icon_name: Text, to: Text) -> rx.Component:
    """A way in by picture and word."""
    return router_link(
        rx.el.span(icon(icon_name), class_name="tile-icon"),
        rx.el.span(label),
        to=to,
        class_name="tile",
    )


def tile_grid(*tiles: Label) -> rx.Component:
    """Tiles four abreast; two abreast in elder mode."""
    return rx.el.div(*tiles, class_name="tiles")


def stack(*children: Label, **props: Any) -> rx.Component:
    """Things under each other at the page's own distance."""
    return rx.el.div(*children, class_name="stack", **props)


def row(*children: Label, **props: Any) -> rx.Component:
    """Things side by side, the outer ones at the edges; wraps when words are long."""
    return rx.el.div(*children, class_name="row apart", **props)


def hidden_text(*children: Label, **props: Any) -> rx.Component:
    """Words for screen readers only."""
    return rx.el.span(*children, class_name="sr", **props)
