"""The bar that says the connection is lost; a module of its own, since every page loads it."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from app.web import words


@rx.memo
def connection_bar() -> rx.Component:
    """One calm line instead of Reflex's alarm; what is clicked meanwhile waits in the queue.

    Words only: a picture would have to be fetched just when there is no network.
    """
    line = rx.el.div(
        rx.el.span(words.both(words.OFFLINE), class_name="grow"), class_name="offline", id="offline"
    )
    return rx.el.div(rx.cond(has_connection_errors, line, rx.fragment()), role="status")
