"""The focus follows what happened: to a new item, to the field that is to be changed."""

from typing import Any

import reflex as rx

from components.types import Text

_script = rx.asset("focus.jsx", shared=True)
_logic = rx.asset("focus.mjs", shared=True)


class FocusOn(rx.Component):
    """Shows nothing."""

    library = _script.importable_path
    tag = "FocusOn"
    target: rx.Var[str]
    turn: rx.Var[int]


def focus_on(target: Text, *, turn: int | rx.Var[Any]) -> rx.Component:
    """Focus the element with the id `target`, or the first control in it, at each new `turn`.

    Stands after what it may focus, so that it is there by then.
    """
    return FocusOn.create(target=target, turn=turn)
