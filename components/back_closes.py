"""The phone's back button closes what stands open over a page, and does not leave the page."""

from typing import Any

import reflex as rx

from components.types import Flag, Handler

_script = rx.asset("back_closes.jsx", shared=True)
_logic = rx.asset("back_closes.mjs", shared=True)


class BackCloses(rx.Component):
    """Shows nothing."""

    library = _script.importable_path
    tag = "BackCloses"
    is_open: rx.Var[Any]
    on_back: rx.EventHandler[rx.event.no_args_event_spec]


def back_closes(*, is_open: Flag, on_back: Handler) -> rx.Component:
    """Going back while `is_open` calls `on_back`, which closes it; the page stays where it is."""
    return BackCloses.create(is_open=is_open, on_back=on_back)
