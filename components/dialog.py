"""A question before something that matters, in the browser's own dialog."""

from typing import Any

import reflex as rx

from components.icon import icon
from components.types import ButtonKind, Handler, Label, Text

_script = rx.asset("dialog.jsx", shared=True)


class Dialog(rx.Component):
    """First child: face of the opening button. Second: what the dialog says."""

    library = _script.importable_path
    tag = "Dialog"
    kind: rx.Var[str]
    confirm_kind: rx.Var[str]
    confirm_label: rx.Var[Any]
    cancel_label: rx.Var[Any]
    heading_id: rx.Var[str]
    keeps_open: rx.Var[bool]
    on_confirm: rx.EventHandler[rx.event.no_args_event_spec]


def confirm_dialog(
    trigger: Label,
    *,
    id: Text,
    title: Label,
    text: Label,
    confirm_label: Label,
    cancel_label: Label,
    on_confirm: Handler,
    kind: ButtonKind = "main",
    trigger_kind: ButtonKind = "quiet",
    icon_name: Text | None = None,
    body: rx.Component | None = None,
    keeps_open: bool = False,
) -> rx.Component:
    """A button that asks first. Esc, the cancel button and the backdrop all mean no.

    `kind` colours the confirming button (`stop` for what cannot be undone). `body` may hold
    inputs; they stay in the page's form values through their own `on_change`. With `keeps_open`
    confirming does not close it, so that an error can appear at its field; it goes when the page
    takes it away (give what stands around it a `key`).
    """
    face = [icon(icon_name), trigger] if icon_name is not None else [trigger]
    return Dialog.create(
        rx.el.span(*face, class_name="face"),
        rx.el.div(
            rx.el.h2(title, id=f"{id}-title"),
            rx.el.p(text),
            *([body] if body is not None else []),
            class_name="stack",
        ),
        heading_id=f"{id}-title",
        keeps_open=keeps_open,
        kind=trigger_kind,
        confirm_kind=kind,
        confirm_label=rx.Var.create(confirm_label),
        cancel_label=rx.Var.create(cancel_label),
        on_confirm=on_confirm,
    )
