"""What takes the focus when it appears: the heading of something opened, the answer to a press."""

import reflex as rx

from components.types import Label, Text

_script = rx.asset("opened.jsx", shared=True)


class Opened(rx.Component):
    """An h1 that takes the focus."""

    library = _script.importable_path
    tag = "Opened"
    origin: rx.Var[str]


def opened(*children: Label, origin: Text) -> rx.Component:
    """The page's h1: takes the focus when `origin` opens, unless somebody is typing; when it goes,
    the first link whose address holds `origin` gets it back."""
    return Opened.create(*children, origin=origin)


class Arrival(rx.Component):
    """A division that takes the focus."""

    library = _script.importable_path
    tag = "Arrival"


def arrival(*children: Label, class_name: str = "stack") -> rx.Component:
    """Answers a press with something to read: takes the focus, gives it back when it goes."""
    return Arrival.create(*children, class_name=class_name)
