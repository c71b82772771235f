"""Content that is only shown at the address it is about."""

from typing import Any

import reflex as rx

from components.types import Label, Text

_script = rx.asset("subject.jsx", shared=True)


class OnlyFor(rx.Component):
    """Compares with the address in the browser, which knows of a new one before the server."""

    library = _script.importable_path
    tag = "OnlyFor"
    param: rx.Var[str]
    value: rx.Var[str]
    fallback: rx.Var[Any]


def only_for(*children: Label, param: str, value: Text, fallback: rx.Component) -> rx.Component:
    """Show `children` while the query parameter `param` is `value`, else `fallback`.

    A page's State is loaded anew after the page is shown; without this, opening a second case in
    the same tab would show the first one until the answer has come.
    """
    return OnlyFor.create(*children, param=param, value=value, fallback=rx.Var.create(fallback))
