"""Every HTTP endpoint beside the pages, and what the health check asks."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter

from app.api import (
    documents,
    guides,
    hooks,
    registry_answers,
    session,
    status,
    supervision,
)
from backend.config import settings
from backend.database import call, service_db

ROUTERS: list[APIRouter] = [
    session.router,
    hooks.router,
    documents.router,
    guides.router,
    status.router,
    registry_answers.router,
    supervision.router,
]

_BEAT_SECONDS = 40


async def supabase_is_alive() -> bool:
    """Whether the database answers through the data API."""
    await call(service_db(settings()), "health")
    return True


async def scheduler_is_alive() -> bool:
    """Whether the scheduler said so within the last 40 seconds."""
    answer = await call(service_db(settings()), "health")
    seconds = answer["scheduler_seconds"]
    return seconds is not None and seconds < _BEAT_SECONDS


PROBES: dict[str, Callable[[], Awaitable[bool]]] = {
    "supabase": supabase_is_alive,
    "scheduler": scheduler_is_alive,
}
