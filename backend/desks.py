"""Desks: what stands there, whom they find, who stands in for whom, and what the live feed tells a
person because of the roles they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from supabase import AsyncClient

from backend import divisions
from backend.changes import Topic
from backend.database import call, translated

_WINDOW_LEVELS = ("county", "township")
_OVERSEERS = ("supervisor", "administrator")


def codes_of_windows(
    roles: Sequence[dict[str, Any]], every_division: Sequence[dict[str, Any]]
) -> list[str]:
    """Windows that roles see: the own township, every one from the county hall or for overseers.

    Mirrors SQL private.my_window_codes(); the feed only says *that* something changed, so a wrong
    answer here would show nobody anything.
    """
    prefixes = tuple(
        role["division_code"] for role in roles if role["role"] in ("window_clerk", *_OVERSEERS)
    )
    return [
        division["code"]
        for division in every_division
        if division["level"] in _WINDOW_LEVELS and division["code"].startswith(prefixes)
    ]


async def topics(db: AsyncClient, roles: Sequence[dict[str, Any]]) -> list[Topic]:
    """Topics that move the queues of these roles (as people.my_profile() has them)."""
    found: list[Topic] = []
    if any(role["role"] in ("window_clerk", *_OVERSEERS) for role in roles):
        codes = codes_of_windows(roles, await divisions.every(db))
        found += [("window", code) for code in codes]
    departments = sorted({role["department_code"] for role in roles if role["role"] == "approver"})
    if departments:
        with translated():
            answer = await db.table("departments").select("id").in_("code", departments).execute()
        rows = cast("list[dict[str, str]]", answer.data)
        found += [("department", row["id"]) for row in rows]
    return found


async def standing(
    db: AsyncClient, *, after: str | None = None, limit: int = 30
) -> list[dict[str, Any]]:
    """Steps of the caller's desks whose clock stands, with the reason; `after` is the step_id of
    the last one shown."""
    return await call(db, "desk_standing", after_id=after, limit=limit)


async def owed(db: AsyncClient, *, limit: int = 30) -> list[dict[str, Any]]:
    """Materials that came after an approval and wait for the caller's windows to take them."""
    return await call(db, "desk_owed", limit=limit)


async def find(db: AsyncClient, text: str, *, limit: int = 20) -> list[dict[str, Any]]:
    """Cases of the caller's desks by spoken code, receipt number (or its last 8 digits) or name.
    Raises NotAllowed not_your_desk."""
    return await call(db, "find_case", search=text, limit=limit)


async def absences(db: AsyncClient, person_id: str | None = None) -> dict[str, Any]:
    """Who is away and who stands in; shape as SQL absences_page(). Raises NotAllowed
    not_your_desk."""
    return await call(db, "absences_page", person_id=person_id)


async def set_absence(
    db: AsyncClient,
    *,
    substitute_id: str,
    from_at: datetime,
    to_at: datetime,
    reason: str,
    person_id: str | None = None,
) -> str:
    """Say who stands in for the caller (an administrator: for anybody) and when; returns its id.

    Raises NotAllowed not_your_desk, Invalid not_a_colleague, absence_span_invalid, choice_invalid,
    Conflict absence_overlaps.
    """
    return await call(
        db,
        "set_absence",
        person_id=person_id,
        substitute_id=substitute_id,
        from_at=from_at.isoformat(),
        to_at=to_at.isoformat(),
        reason=reason,
    )


async def end_absence(db: AsyncClient, absence_id: str) -> None:
    """Be back earlier, or cancel an absence to come."""
    await call(db, "end_absence", absence_id=absence_id)
