"""The page for addresses that do not exist."""

import reflex as rx

from app.web import words
from components import content, feedback, shell
from components.button import link_button, outer_link_button


def not_found() -> rx.Component:
    """Calm words, the way home, and somebody to ask."""
    ways = content.stack(
        link_button(words.both(words.GO_HOME), to="/"),
        outer_link_button(words.both(words.CALL), href="tel:09373212345", icon_name="phone"),
    )
    return shell.phone_page(
        feedback.empty_state(
            "search",
            words.both(words.NOT_FOUND),
            words.both(words.NOT_FOUND_WHY),
            ways,
            is_whole_page=True,
        ),
        top=shell.app_bar(words.both(words.APP_NAME), back_to="/"),
    )


def opening() -> rx.Component:
    """While an unknown address waits for the application to start."""
    return rx.el.main(
        rx.el.p(words.both(words.OPENING), role="status"), id="main", class_name="content"
    )
