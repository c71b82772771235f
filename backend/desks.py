"""Desks: what one shows when it is opened, what stands there, whom it finds, who stands in for
whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from supabase import AsyncClient

from backend.database import call


async def page(
    db: AsyncClient,
    *,
    view: str = "waiting",
    case_id: str = "",
    search: str = "",
    limit: int = 30,
) -> dict[str, Any]:
    """Everything a desk shows when it is opened; shape as SQL desk_page(). `view` is waiting, mine,
    standing, owed, done or found; an address that names no case at all opens none."""
    try:
        wanted = str(UUID(case_id)) if case_id else None
    except ValueError:
        wanted = None
    return await call(db, "desk_page", application_id=wanted, view=view, search=search, limit=limit)


async def standing(
    db: AsyncClient, *, after: str | None = None, limit: int = 30
) -> list[dict[str, Any]]:
    """Steps of the caller's desks whose clock stands, with the reason; `after` is the step_id of
    the last one shown."""
    return await call(db, "desk_standing", after_id=after, limit=limit)


async def find(db: AsyncClient, text: str, *, limit: int = 20) -> list[dict[str, Any]]:
    """Cases of the caller's desks by spoken code, receipt number (or its last 8 digits) or name.
    Raises NotAllowed not_your_desk."""
    return await call(db, "find_case", search=text, limit=limit)


async def absences(db: AsyncClient, person_id: str | None = None) -> dict[str, Any]:
    """Who is away and who stands in: of the caller, or of somebody they arrange for; shape as SQL
    absences_page(). Raises NotAllowed absence_not_yours, not_your_desk."""
    return await call(db, "absences_page", person_id=person_id)


async def set_absence(
    db: AsyncClient,
    *,
    substitute_id: str | None,
    from_at: datetime,
    to_at: datetime,
    reason: str,
    person_id: str | None = None,
) -> str:
    """Say who stands in for the caller, or for somebody they arrange for, and when; None where
    nobody has the same desk. Returns its id.

    Raises NotAllowed absence_not_yours or not_your_desk, Invalid absence_not_needed,
    not_a_colleague, absence_span_invalid, choice_invalid, Conflict absence_overlaps.
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
    """Be back earlier, or cancel an absence to come. Raises NotAllowed absence_not_yours."""
    await call(db, "end_absence", absence_id=absence_id)


async def appoint_stand_in(
    db: AsyncClient, department: str, *, person_id: str, until: date, reason: str
) -> str:
    """Let an approver of another department decide for this one for a while; returns the id of the
    role.

    Raises NotAllowed stand_in_by_administrator, Conflict department_has_approvers, Invalid
    stand_in_not_fit, until_invalid, reason_needed, choice_invalid.
    """
    return await call(
        db,
        "appoint_stand_in",
        department_code=department,
        person_id=person_id,
        until=until.isoformat(),
        reason=reason,
    )


async def end_stand_in(db: AsyncClient, role_id: str) -> None:
    """Somebody no longer decides for another department. Raises NotAllowed
    stand_in_by_administrator."""
    await call(db, "end_stand_in", role_id=role_id)
