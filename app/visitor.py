"""Who is looking at a page: the language they read, whether they are signed in, and the client that
is them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

import reflex as rx
from reflex.event import EventSpec

from app.layout import PAGES
from app.text import Language
from app.text.errors import sentence
from backend import people, web_sessions
from backend.config import settings
from backend.database import Database, stranger_db
from backend.errors import ServiceError, SessionExpired

DESK_ROLES = frozenset({"window_clerk", "approver"})


def cookies(state: rx.State) -> dict[str, str]:
    """The cookies this State's socket was opened with."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(state.router.headers.cookie)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


async def signed_in_db(state: rx.State) -> web_sessions.SignedIn:
    """Become the person of this State; raises SessionExpired."""
    secret = cookies(state).get(web_sessions.COOKIE, "")
    return await web_sessions.signed_in(settings(), secret)


async def any_db(state: rx.State) -> Database:
    """The person when signed in, else a stranger: for what everybody may read."""
    try:
        return (await signed_in_db(state)).db
    except SessionExpired:
        return stranger_db(settings())


def asked(state: rx.State, name: str, *, longest: int = 100) -> str:
    """A query parameter of the page being shown; "" when it is missing or too long to be real."""
    value = state.router.url.query_parameters.get(name, "")
    return value if len(value) <= longest else ""


def sign_in_first(state: rx.State, *, more: str = "", was_signed_in: bool = False) -> EventSpec:
    """Go to sign-in, and come back to this page after it, with `more` in its query."""
    url = state.router.url
    query = "&".join(part for part in (url.query, more) if part)
    target = quote(url.path + (f"?{query}" if query else ""), safe="")
    return rx.redirect(f"/sign-in/?next={target}{'&ended=1' if was_signed_in else ''}")


class Visitor(rx.State):
    """Parent of every page's State: language, sign-in, and the one place for a page's trouble."""

    language_chosen: str = ""
    is_signed_in: bool = False
    roles: list[str] = []
    trouble: str = ""
    announcement: str = ""

    @property
    def reads(self) -> Language:
        """The language this person reads."""
        chosen = self.language_chosen or cookies(self).get("lang", "")
        return "en" if chosen == "en" else "zh"

    @rx.event
    async def choose_language(self, language: str):
        """Keep the choice for messages, and say what State says in the new language."""
        self.language_chosen = "en" if language == "en" else "zh"
        await self._remember(language=self.language_chosen)
        return reload_of(self)

    @rx.event
    async def choose_mode(self, mode: str):
        """Keep elder mode for the person's other phones."""
        await self._remember(mode="elder" if mode == "elder" else "normal")

    async def _remember(self, **preferences: str) -> None:
        try:
            who = await signed_in_db(self)
            await people.set_preferences(who.db, who.person_id, **preferences)
        except ServiceError:
            # The browser has the choice; the account learns of it at the next sign-in or change.
            return


def reload_of(state: rx.State) -> Any:
    """The events that load the page being shown."""
    path = state.router.url.path.rstrip("/") + "/"
    for page in PAGES:
        if page.route == path:
            return page.on_load
    return None


def answering(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a handler: who is not signed in is led to sign-in, every refusal becomes a sentence on
    the page.

    A refusal that belongs to a field is caught in the handler itself and shown there.
    """

    @functools.wraps(handler)
    async def answered(self: Any, *args: Any, **kwargs: Any) -> Any:
        self.trouble = ""
        try:
            return await handler(self, *args, **kwargs)
        except SessionExpired:
            was_signed_in, self.is_signed_in = self.is_signed_in, False
            return sign_in_first(self, was_signed_in=was_signed_in)
        except ServiceError as error:
            self.trouble = sentence(self.reads, error)
            return None
        finally:
            if hasattr(self, "is_ready"):
                self.is_ready = True

    return answered
