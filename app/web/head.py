"""What stands in the head of every page."""

import reflex as rx

from app.web import words
from components.boot_script import BOOT_SCRIPT

_THEME_COLOR = "#0b6450"


def head_components() -> list[rx.Component]:
    """Boot script first: it decides language and mode before anything is painted."""
    return [
        rx.el.script(BOOT_SCRIPT),
        rx.el.meta(
            name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"
        ),
        rx.el.meta(name="theme-color", content=_THEME_COLOR),
        rx.el.meta(name="description", content=words.DESCRIPTION.zh),
        rx.el.meta(name="application-name", content=words.APP_NAME.zh),
        rx.el.meta(name="format-detection", content="telephone=no"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.link(rel="icon", href="/favicon.ico", sizes="any"),
        rx.el.link(rel="apple-touch-icon", href="/icons/icon-180.png"),
        rx.el.script(src="/shell.js", defer=True),
    ]
