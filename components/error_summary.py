"""The one list of everything wrong with a form, which takes the focus when it appears."""

from typing import Any

import reflex as rx

from components.types import Label

_script = rx.asset("error_summary.jsx", shared=True)
_logic = rx.asset("focus.mjs", shared=True)


class ErrorSummary(rx.Component):
    """Renders the list; focus and jumping to a field need the browser."""

    library = _script.importable_path
    tag = "ErrorSummary"
    items: rx.Var[list[Any]]
    heading: rx.Var[Any]
    attempt: rx.Var[int]
    is_quiet: rx.Var[bool]


def error_summary(
    title: Label, items: Any, *, attempt: int | rx.Var[Any] = 0, is_quiet: bool = False
) -> rx.Component:
    """Show `items` (a list of FieldError, or a Var of one) as links to their fields.

    Nothing is shown while the list is empty. Each link focuses the input with that id. Raise
    `attempt` at each submit, so that the same errors take the focus again. A quiet one names what
    stands in nobody's way and leaves the focus where it is.
    """
    return ErrorSummary.create(
        heading=rx.Var.create(title),
        items=rx.Var.create(items),
        attempt=attempt,
        is_quiet=is_quiet,
    )
