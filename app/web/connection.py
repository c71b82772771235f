"""The bar that says the connection is lost; a module of its own, since every page loads it."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from app.web import words


@rx.memo
def connection_bar() -> rx.Component:
    """One calm line instead of Reflex's alarm; what is clicked meanwhile waits in the queue.

    Words only: a picture would have to be fetched just when there is no network.
    """
    words_of_line = rx.el.span(words.both(words.OFFLINE), class_name="grow")
    # The socket needs its time to notice; the browser often knows at once (shell.js).
    known_by_browser = rx.el.div(words_of_line, class_name="offline if-offline")
    known_by_socket = rx.el.div(words_of_line, class_name="offline", id="offline")
    return rx.el.div(
        rx.cond(has_connection_errors, known_by_socket, known_by_browser), role="status"
    )
