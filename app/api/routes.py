"""Every HTTP endpoint beside the pages, and what the health check asks."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter

ROUTERS: list[APIRouter] = []
PROBES: dict[str, Callable[[], Awaitable[bool]]] = {}
