"""A line with a fixed way to write it: a date, a sum, a card's number."""

from typing import Any

import reflex as rx

from components.forms import text_input
from components.types import Label, Text

_script = rx.asset("written.jsx", shared=True)
_logic = rx.asset("written.mjs", shared=True)
_native = rx.asset("native.mjs", shared=True)


class Written(rx.Component):
    """Puts what is written in the inputs inside it in order."""

    library = _script.importable_path
    tag = "Written"
    format: rx.Var[str]


def written_input(id: Text, label: Label, *, format: Text, **props: Any) -> rx.Component:
    """A `text_input` with a `format`: `date` (any way people write one), `money` (two decimals,
    thousands apart), or `bank_card` (digits in fours while typing)."""
    return Written.create(text_input(id, label, **props), format=format)
