"""The legal clock a second time, slow and simple: every working minute of the county, one by one.

Shares nothing with the SQL: days come straight from the published calendar, hours are written here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
Stands = Sequence[tuple[datetime, datetime]]
Spans = tuple[tuple[time, time], ...]
USUAL: Spans = ((time(8, 30), time(12)), (time(14, 30), time(18)))
WEEK: Mapping[int, Spans] = dict.fromkeys(range(1, 6), USUAL)


@cache
def is_working(day: date) -> bool:
    """By the State Council's calendar; by the weekday where nothing is published yet."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.isoweekday() <= 5


def spans_of(day: date, week: Mapping[int, Spans]) -> Spans:
    """Hours on the legal clock; a make-up day on a weekend has Monday's."""
    if not is_working(day):
        return ()
    return week[1 if day.isoweekday() > 5 else day.isoweekday()]


def _day(moment: datetime) -> date:
    return moment.astimezone(ZONE).date()


class Reference:
    """Working minutes between two days, in order."""

    def __init__(self, first: date, last: date, week: Mapping[int, Spans] = WEEK) -> None:
        self._week = week
        self._minutes: list[datetime] = []
        day = first
        while day <= last:
            for opens, closes in spans_of(day, week):
                minute = datetime.combine(day, opens, ZONE)
                while minute < datetime.combine(day, closes, ZONE):
                    self._minutes.append(minute)
                    minute += MINUTE
            day += timedelta(days=1)

    def due_in_minutes(self, start: datetime, amount: int, stands: Stands) -> datetime:
        """The end of the amount-th working minute from `start` that lies in no stand."""
        later = [(begin, end) for begin, end in stands if begin < end and end > start]
        at = bisect_left(self._minutes, start)
        while True:
            minute = self._minutes[at]
            for begin, end in later:
                if begin <= minute < end:
                    at = bisect_left(self._minutes, end)
                    break
            else:
                amount -= 1
                if amount == 0:
                    return minute + MINUTE
                at += 1

    def due_in_days(self, start: datetime, amount: int, stands: Stands) -> datetime:
        """The close of the first working day at which `amount` days have counted and the clock
        does not stand. What counts is neither the day of receipt nor a day after one on which the
        clock stopped, up to the day on which it went on."""
        later = [(max(begin, start), end) for begin, end in stands if end > start]
        lost = [(_day(begin), _day(end)) for begin, end in later]
        day = _day(start)
        while True:
            day += timedelta(days=1)
            spans = spans_of(day, self._week)
            if not spans:
                continue
            amount -= not any(first < day <= last for first, last in lost)
            close = datetime.combine(day, spans[-1][1], ZONE)
            if amount <= 0 and not any(begin < close <= end for begin, end in later):
                return close

    def between(self, start: datetime, end: datetime) -> int:
        """How many working minutes begin from `start` on and before `end` (whole minutes)."""
        return max(0, bisect_left(self._minutes, end) - bisect_left(self._minutes, start))

    def add_minutes(self, start: datetime, amount: int) -> datetime:
        """The end of the amount-th working minute from `start`; the next one's start for 0."""
        first = bisect_left(self._minutes, start)
        if amount == 0:
            return self._minutes[first]
        return self._minutes[first + amount - 1] + MINUTE

    def add_days(self, start: datetime, amount: int) -> datetime:
        """The close of the amount-th working day after the day of `start`."""
        day = start.astimezone(ZONE).date()
        while amount:
            day += timedelta(days=1)
            amount -= is_working(day)
        return datetime.combine(day, spans_of(day, self._week)[-1][1], ZONE)
