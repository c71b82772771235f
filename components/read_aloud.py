"""Reads what stands on the page aloud, part by part, with the phone's own voice."""

from typing import Any

import reflex as rx

from components.icon import icon
from components.types import Label, Text

_script = rx.asset("read_aloud.jsx", shared=True)
rx.asset("sentences.mjs", shared=True)


class ReadAloud(rx.Component):
    """Start, pause, go on and stop; nothing where the phone has no voice for the language."""

    library = _script.importable_path
    tag = "ReadAloud"
    target_id: rx.Var[str]
    parts: rx.Var[str]
    start_label: rx.Var[Any]
    pause_label: rx.Var[Any]
    go_on_label: rx.Var[Any]
    stop_label: rx.Var[Any]


def _face(icon_name: str, label: Label) -> rx.Var[Any]:
    return rx.Var.create(rx.el.span(icon(icon_name), rx.el.span(label), class_name="face"))


def read_aloud(
    *,
    target_id: Text,
    parts: str,
    start_label: Label,
    pause_label: Label,
    go_on_label: Label,
    stop_label: Label,
) -> rx.Component:
    """Buttons that read, in their order, the elements `parts` (a CSS selector) in `target_id`.

    What is being read is marked with the class `is-read`; only what is seen is read.
    """
    return ReadAloud.create(
        target_id=target_id,
        parts=parts,
        start_label=_face("speak", start_label),
        pause_label=_face("clock", pause_label),
        go_on_label=_face("speak", go_on_label),
        stop_label=_face("close", stop_label),
    )
