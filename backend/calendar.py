"""The county's calendar: published working days from the `chinesecalendar` package, weekends where
nothing is published.

Source of holidays and make-up days: yearly notices of the General Office of the State Council, as
that package has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
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


async def publish(db: AsyncClient, hours: list[dict[str, Any]] | None = None) -> int:
    """Write the calendar (and hours of service, if given) as the service; returns how many days
    changed."""
    return await call(db, "import_calendar", days=list(days()), hours=hours)
