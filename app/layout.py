"""The registry of pages: what the app serves, and what tests and screenshots walk through."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from app.text import Language, say

Access = Literal["public", "signed_in", "desk"]
Build = Callable[[], rx.Component]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: where it is, what it is called, who it is for."""

    route: str
    title_key: str
    access: Access
    build: Build
    on_load: Any = None

    def title(self, language: Language) -> str:
        """The document's title, from the text catalogue."""
        return say(language, self.title_key)


PAGES: list[Page] = []


def page(
    route: str, title_key: str, access: Access = "public", *, on_load: Any = None
) -> Callable[[Build], Build]:
    """Serve the decorated function at `route` ("/" or "/name/"), and list it in the registry.

    `access` says whom the page is for; every handler still checks for itself.
    """
    if not (route.startswith("/") and route.endswith("/")):
        message = f"the route {route!r} must begin and end with a slash"
        raise ValueError(message)

    def register(build: Build) -> Build:
        if any(known.route == route for known in PAGES):
            message = f"two pages want the route {route!r}"
            raise ValueError(message)
        PAGES.append(Page(route, title_key, access, build, on_load))
        return build

    return register


def add_pages(app: rx.App) -> None:
    """Hand the registry to Reflex; Chinese titles are prerendered, English ones ride along."""
    for known in PAGES:
        app.add_page(
            known.build,
            route=known.route.strip("/") or "/",
            title=known.title("zh"),
            description=None,
            image="",
            on_load=known.on_load,
            meta=[{"name": "title-en", "content": known.title("en")}],
        )
