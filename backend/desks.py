"""Desks: what the live feed tells a person because of the roles they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from supabase import AsyncClient

from backend import divisions
from backend.changes import Topic
from backend.database import translated

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
