"""Buttons that say what happens and answer a press by themselves."""

from typing import Any, Literal

import reflex as rx

from components.icon import icon
from components.link import router_link
from components.types import ButtonKind, Flag, Handler, Label, Text


def _face(children: tuple[Label, ...], icon_name: Text | None) -> list[Label]:
    return [icon(icon_name), *children] if icon_name is not None else list(children)


def button(
    *children: Label,
    on_click: Handler = None,
    kind: ButtonKind = "main",
    type: Literal["button", "submit", "reset"] = "button",
    is_busy: Flag = False,
    busy_text: Label | None = None,
    is_disabled: Flag = False,
    icon_name: Text | None = None,
    **props: Any,
) -> rx.Component:
    """A button; while busy it keeps its focus and place but takes no second press.

    `kind`: one `main` per screen, `quiet` beside it, `stop` for what cannot be undone, `plain`
    for a text-only action.
    """
    if on_click is not None:
        props["on_click"] = on_click
    face = rx.el.span(*_face(children, icon_name), class_name="face")
    content: list[Any] = [face]
    if is_busy is not False:
        waiting = rx.el.span(
            rx.el.span(class_name="spinner", aria_hidden="true"),
            busy_text if busy_text is not None else rx.fragment(*children),
            class_name="face",
        )
        content = [rx.cond(is_busy, waiting, face)]
        props["aria_busy"] = is_busy
        props["aria_disabled"] = is_busy
    return rx.el.button(
        *content,
        type=type,
        disabled=is_disabled,
        class_name=f"button {kind} {props.pop('class_name', '')}".strip(),
        **props,
    )


def link_button(
    *children: Label,
    to: Text,
    kind: ButtonKind = "main",
    icon_name: Text | None = None,
    **props: Any,
) -> rx.Component:
    """A link in the shape of a button, for going on to another page of the app."""
    face = rx.el.span(*_face(children, icon_name), class_name="face")
    class_name = f"button {kind} {props.pop('class_name', '')}".strip()
    return router_link(face, to=to, class_name=class_name, **props)


def outer_link_button(
    *children: Label,
    href: Text,
    kind: ButtonKind = "quiet",
    icon_name: Text | None = None,
    **props: Any,
) -> rx.Component:
    """A button-shaped link that leaves the app: a telephone number, a map, a file."""
    face = rx.el.span(*_face(children, icon_name), class_name="face")
    class_name = f"button {kind} {props.pop('class_name', '')}".strip()
    return rx.el.a(face, href=href, class_name=class_name, **props)
