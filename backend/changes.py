"""The live feed: one poller per process reads what changed and wakes whoever watches it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from supabase import AsyncClient

from backend.database import call
from backend.errors import ServiceError

Topic = tuple[str, str]

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Watch:
    """One watcher of some topics; it sleeps in `woken()` and misses nothing in between."""

    topics: frozenset[Topic]
    _event: asyncio.Event = field(default_factory=asyncio.Event)

    async def woken(self, *, within: float) -> bool:
        """Whether something changed within so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), within)
        is_woken = self._event.is_set()
        self._event.clear()
        return is_woken

    def wake(self) -> None:
        """Say that something changed."""
        self._event.set()


class Feed:
    """Reads settled changes once a second as the service; the cost does not grow with the number of
    watchers."""

    def __init__(self, service: AsyncClient, *, every: float = 1.0) -> None:
        self._service = service
        self._every = every
        self._watches: dict[Topic, set[Watch]] = {}
        self._horizon: str | None = None

    def watch(self, topics: Iterable[Topic]) -> Watch:
        """Begin to watch; end with unwatch()."""
        watch = Watch(frozenset(topics))
        for topic in watch.topics:
            self._watches.setdefault(topic, set()).add(watch)
        return watch

    def unwatch(self, watch: Watch) -> None:
        """Stop watching."""
        for topic in watch.topics:
            watchers = self._watches.get(topic, set())
            watchers.discard(watch)
            if not watchers:
                self._watches.pop(topic, None)

    async def read_once(self) -> int:
        """Read what is new and wake its watchers; returns how many topics changed."""
        answer = await call(self._service, "read_changes", since=self._horizon)
        self._horizon = answer["horizon"]
        for topic, subject in answer["changes"]:
            for watch in self._watches.get((topic, subject), ()):
                watch.wake()
        return len(answer["changes"])

    async def run(self) -> None:
        """Read for ever; an outage is waited out and nothing after it is missed."""
        while True:
            try:
                await self.read_once()
            except ServiceError as error:
                logger.warning("live feed waits: %s", error.code)
                await asyncio.sleep(min(5.0, self._every * 3))
            await asyncio.sleep(self._every)
