"""Forms whose text outlives a reload, a cut line, a refusal, and their own disappearing."""

from typing import Any

import reflex as rx

from components.types import Handler, Label, Text

_script = rx.asset("kept_form.jsx", shared=True)
_logic = rx.asset("kept_form.mjs", shared=True)


class KeptForm(rx.Component):
    """Keeps its named inputs in this tab."""

    library = _script.importable_path
    tag = "KeptForm"
    storage_key: rx.Var[str]
    turn: rx.Var[int]
    taken: rx.Var[int]
    on_submit: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


class LeftBehind(rx.Component):
    """Text of forms that are gone."""

    library = _script.importable_path
    tag = "LeftBehind"
    beginning: rx.Var[str]
    settled: rx.Var[str]
    turn: rx.Var[int]
    discard_label: rx.Var[Any]


def kept_form(
    *children: Label,
    storage_key: Text,
    turn: int | rx.Var[Any],
    on_submit: Handler,
    taken: int | rx.Var[Any] = 0,
) -> rx.Component:
    """A form; `on_submit` gets all named inputs, ticks as True or False.

    It takes no second press until `turn` rises, which every answer does. Its inputs are kept in
    this tab under `storage_key`, until a `left_behind` on the page is told that it is `settled`.
    A form that stays for the next text is emptied and forgotten each time that `taken` rises.
    """
    return KeptForm.create(
        *children,
        storage_key=storage_key,
        turn=turn,
        taken=taken,
        on_submit=on_submit,
        class_name="stack",
    )


def left_behind(
    *children: Label,
    beginning: Text,
    discard_label: Label,
    settled: Text,
    turn: int | rx.Var[Any],
) -> rx.Component:
    """What was typed into forms that are no longer there, to be copied, under `children`.

    Looks at forms whose `storage_key` begins with `beginning`; forgets, at each new `turn`, those
    that begin with `settled`, because their text was taken.
    """
    return LeftBehind.create(
        *children,
        beginning=beginning,
        settled=settled,
        turn=turn,
        discard_label=rx.Var.create(discard_label),
    )
