"""The same questions about several: each with its number, added and taken out by the person."""

import reflex as rx

from components.button import button
from components.dialog import confirm_dialog
from components.feedback import notice
from components.field import group_frame
from components.types import Flag, Handler, Label, Text


def repeating_group(
    *items: rx.Component,
    id: Text,
    label: Label,
    add_label: Label,
    on_add: Handler,
    has_room: Flag = True,
    help: Label | None = None,
    error: Text | None = None,
    is_gone: Flag = False,
    gone_text: Label = "",
    undo_label: Label = "",
    on_undo: Handler = None,
) -> rx.Component:
    """`items` are `repeating_item`s. While `is_gone`, the one taken out last can be brought back
    by `on_undo`."""
    undo = notice(
        gone_text,
        button(undo_label, kind="quiet", on_click=on_undo),
        tone="amber",
        icon_name="trash",
    )
    add = button(add_label, kind="quiet", icon_name="plus", on_click=on_add, id=f"{id}-add")
    return group_frame(
        *items,
        rx.el.div(rx.cond(is_gone, undo, rx.fragment()), role="status"),
        rx.cond(has_room, add, rx.fragment()),
        id=id,
        label=label,
        help=help,
        error=error,
    )


def repeating_item(
    *children: Label,
    id: Text,
    title: Label,
    remove_label: Label,
    confirm_title: Label,
    confirm_text: Label,
    cancel_label: Label,
    on_remove: Handler,
) -> rx.Component:
    """One of them, with its number as its title."""
    return rx.el.div(
        rx.el.h3(title),
        rx.el.div(*children, class_name="stack"),
        confirm_dialog(
            rx.fragment(remove_label, rx.el.span(title, class_name="sr")),
            id=f"{id}-remove",
            title=confirm_title,
            text=confirm_text,
            confirm_label=remove_label,
            cancel_label=cancel_label,
            on_confirm=on_remove,
            kind="stop",
            trigger_kind="plain",
            icon_name="trash",
        ),
        id=id,
        class_name="repeated",
    )
