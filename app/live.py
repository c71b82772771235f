"""Pages that move by themselves: a State watches topics and reads its page anew when one
changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import reflex as rx

from backend.changes import Feed, Topic
from backend.config import settings
from backend.database import service_db

_PATIENCE_SECONDS = 20.0
_feed: Feed | None = None


def feed() -> Feed:
    """The one feed of this process; the composition root runs it."""
    global _feed
    if _feed is None:
        _feed = Feed(service_db(settings()))
    return _feed


async def run_feed() -> None:
    """Read the feed as long as the web process lives."""
    await feed().run()


def is_connected(app: rx.App, token: str) -> bool:
    """Whether the tab with this token is open."""
    namespace: Any = app.event_namespace
    return namespace is not None and token in namespace._token_manager.token_to_socket


async def follow(state: Any, topics: Iterable[Topic]) -> None:
    """Call `state.read_again()` whenever a topic changes, while its tab shows the page it shows
    now.

    To be awaited by a background handler; `read_again` runs with the State held.
    """
    from app.app import app

    async with state:
        address, token = str(state.router.url), state.router.session.client_token
        state.following += 1
        turn = state.following
    watch = feed().watch(topics)
    try:
        while is_connected(app, token):
            is_woken = await watch.woken(within=_PATIENCE_SECONDS)
            async with state:
                if state.following != turn or str(state.router.url) != address:
                    return
                if is_woken:
                    await state.read_again()
    finally:
        feed().unwatch(watch)
