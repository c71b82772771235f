"""The county's calendar: published working days from the `chinesecalendar` package, weekends where
nothing is published.

Source of holidays and make-up days: yearly notices of the General Office of the State Council, as
that package has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import chinese_calendar
from supabase import AsyncClient

from backend.database import call

FIRST_YEAR, LAST_PLANNED_YEAR = 2024, 2035


def published_years() -> frozenset[int]:
    """Years whose holidays the State Council has published, as far as the package knows."""
    return frozenset(day.year for day in chinese_calendar.holidays)


def _day(day: date, published: frozenset[int]) -> dict[str, Any]:
    is_weekend = day.isoweekday() > 5
    if day.year not in published:
        return {
            "day": day.isoformat(),
            "kind": "weekend" if is_weekend else "workday",
            "name": None,
            "is_provisional": True,
        }
    working = chinese_calendar.is_workday(day)
    name = chinese_calendar.constants.holidays.get(day) or chinese_calendar.constants.workdays.get(
        day
    )
    label = None
    if name:
        holiday: Any = chinese_calendar.Holiday(name)
        label = {"zh": holiday.chinese, "en": holiday.value}
    if working:
        kind = "makeup" if is_weekend else "workday"
    else:
        kind = "weekend" if is_weekend and label is None else "holiday"
    return {"day": day.isoformat(), "kind": kind, "name": label, "is_provisional": False}


def days(
    first_year: int = FIRST_YEAR, last_year: int = LAST_PLANNED_YEAR
) -> Iterator[dict[str, Any]]:
    """Every day of these years: {day, kind, name, is_provisional}."""
    published = published_years()
    day, end = date(first_year, 1, 1), date(last_year, 12, 31)
    while day <= end:
        yield _day(day, published)
        day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Move:
    """A case whose promised date a change of the calendar moved."""

    receipt_number: str
    old_promised_at: datetime
    new_promised_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What an import did: how many days changed, how many open cases moved, the first 1000 of
    them."""

    days: int
    moved: int
    moves: tuple[Move, ...]


async def publish(db: AsyncClient, hours: list[dict[str, Any]] | None = None) -> Change:
    """Write the published calendar (and hours of service, if given) as the service; open cases
    whose span holds a changed day get new dates, and an event that says so."""
    return _change(await call(db, "import_calendar", days=list(days()), hours=hours))


async def set_days(db: AsyncClient, local_days: list[dict[str, Any]]) -> Change:
    """Set single days {day, kind, name, is_provisional} of the county as an administrator; the
    published calendar leaves them alone. Raises NotAllowed."""
    return _change(await call(db, "import_calendar", days=local_days, hours=None))


async def moved_cases(
    db: AsyncClient, *, after: tuple[str, str] | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """What changes of the calendar moved, the latest first, for overseers; `after` is (at, id) of
    the last one seen. Raises NotAllowed."""
    at, move_id = after or (None, None)
    return await call(db, "moved_cases", before_at=at, before_id=move_id, limit=limit)


def _change(answer: dict[str, Any]) -> Change:
    moves = tuple(
        Move(
            move["receipt_number"],
            datetime.fromisoformat(move["old_promised_at"]),
            datetime.fromisoformat(move["new_promised_at"]),
        )
        for move in answer["moves"]
    )
    return Change(answer["days"], answer["moved"], moves)
