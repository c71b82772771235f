"""Language, elder mode and contrast: changed at once in the page, remembered in a cookie."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from components.types import Handler, Label

_script = rx.asset("preference.jsx", shared=True)
_logic = rx.asset("preference.mjs", shared=True)

Preference = Literal["lang", "mode", "contrast"]


class PreferenceSwitch(rx.Component):
    """Children are the faces of the choices, in the order of `values`."""

    library = _script.importable_path
    tag = "PreferenceSwitch"
    kind: rx.Var[str]
    values: rx.Var[list[str]]
    shape: rx.Var[str]
    label_id: rx.Var[str]
    on_change: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def preference_switch(
    kind: Preference,
    choices: Sequence[tuple[str, Label]],
    *,
    label: Label,
    on_change: Handler = None,
    shape: Literal["row", "toggle"] = "row",
    id: str | None = None,
) -> rx.Component:
    """Choose between the values of one preference, without a reload.

    `lang`: zh, en. `mode`: normal, elder. `contrast`: normal, high. `row` shows all choices;
    `toggle` shows only the other one of two, small enough for a page head. `on_change` gets the
    new value, for what the server renders in the person's language.
    """
    label_id = f"{id or 'choose-' + kind}-label"
    handlers = {} if on_change is None else {"on_change": on_change}
    return rx.el.div(
        rx.el.span(label, id=label_id, class_name="sr" if shape == "toggle" else "label"),
        PreferenceSwitch.create(
            *[rx.el.span(face) for _, face in choices],
            kind=kind,
            values=[value for value, _ in choices],
            shape=shape,
            label_id=label_id,
            **handlers,
        ),
        class_name="preference",
    )
