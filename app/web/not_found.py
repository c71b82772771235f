"""The page for addresses that do not exist."""

import reflex as rx

from app.web import words


def not_found() -> rx.Component:
    """Calm words and the way home."""
    return rx.el.div(
        rx.el.main(
            rx.el.h1(words.both(words.NOT_FOUND)),
            rx.el.p(words.both(words.NOT_FOUND_WHY)),
            rx.el.p(rx.el.a(words.both(words.GO_HOME), href="/")),
            id="main",
            class_name="content",
        ),
        class_name="phone",
    )


def opening() -> rx.Component:
    """While an unknown address waits for the application to start."""
    return rx.el.main(
        rx.el.p(words.both(words.OPENING), role="status"), id="main", class_name="content"
    )
