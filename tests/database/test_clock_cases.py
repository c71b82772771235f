"""The legal clock with stands against the slow one: more than 100 000 random cases, in bulk."""

import random
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar
import psycopg
import pytest
from county import one
from working_time import MINUTE, ZONE, Reference, Stands, is_working

FIRST, LAST = date(2024, 1, 1), date(2035, 6, 30)
# From midnight to midnight, each moment at which something begins or ends, and its neighbours.
EDGES = [
    time(hour, minute)
    for hour, minute in (
        (0, 0), (0, 1), (8, 29), (8, 30), (8, 31), (11, 59), (12, 0), (12, 1),
        (14, 29), (14, 30), (14, 31), (17, 59), (18, 0), (18, 1), (23, 59),
    )
]  # fmt: skip
SPECIAL = sorted(
    day
    for day in {*chinese_calendar.holidays, *chinese_calendar.workdays}
    if date(2024, 1, 10) < day
)
# Two hours, half a day, one day, and days: those that the county promises, three for forwarding.
CLASSES = ((2, "working_hour"), (4, "working_hour"), (8, "working_hour"), (3, "working_day"))


@dataclass(frozen=True)
class Case:
    start: datetime
    amount: int
    unit: str
    stands: Stands

    def expected(self, reference: Reference) -> datetime:
        if self.unit == "working_day":
            return reference.due_in_days(self.start, self.amount, self.stands)
        minutes = self.amount * (60 if self.unit == "working_hour" else 1)
        return reference.due_in_minutes(self.start, minutes, self.stands)


class Dealer:
    """Deals cases of which most touch something that is easily got wrong."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - cases, not secrets

    def case(self) -> Case:
        dice, start = self._dice, self._moment()
        if dice.random() < 0.4:
            amount, unit = dice.choice(CLASSES)
        elif dice.random() < 0.6:
            amount, unit = dice.choice((1, 2, 5, dice.randint(1, 40))), "working_day"
        else:
            amount, unit = dice.choice((1, 210, 420, dice.randint(1, 900))), "working_minute"
        return Case(start, amount, unit, self._stands(start))

    def _moment(self) -> datetime:
        dice, kind = self._dice, self._dice.random()
        if kind < 0.45:
            day = dice.choice(SPECIAL) + timedelta(days=dice.randint(-6, 3))
        elif kind < 0.6:
            day = date(dice.randint(2024, 2033), 12, 31) + timedelta(days=dice.randint(-6, 4))
        else:
            day = FIRST + timedelta(days=dice.randrange(10 * 365))
        return datetime.combine(day, self._time(), ZONE)

    def _time(self) -> time:
        dice = self._dice
        if dice.random() < 0.6:
            return dice.choice(EDGES)
        return time(dice.randrange(24), dice.randrange(60))

    def _stands(self, start: datetime) -> Stands:
        dice = self._dice
        found: list[tuple[datetime, datetime]] = []
        for _ in range(dice.choice((0, 1, 1, 1, 2, 3, 4))):
            begin = start + timedelta(days=dice.choice((-9, -1, 0, 0, 0, 1, 2, 3, 6, 12)))
            if dice.random() < 0.7:
                begin = datetime.combine(begin.date(), self._time(), ZONE)
            if found and dice.random() < 0.3:
                # It touches the last one, begins within it, or begins with it.
                begin = dice.choice((found[-1][1], found[-1][0], found[-1][1] - MINUTE))
            end = begin + timedelta(days=dice.choice((0, 0, 1, 1, 2, 4, 9, 30)))
            if dice.random() < 0.7:
                end = datetime.combine(end.date(), self._time(), ZONE)
            found.append((begin, max(begin, end)))
        return found


def as_multirange(stands: Stands) -> str:
    return "{" + ",".join(f"[{begin.isoformat()},{end.isoformat()})" for begin, end in stands) + "}"


def by_sql(connection: psycopg.Connection, cases: list[Case]) -> list[datetime]:
    rows = connection.execute(
        "select private.due_at(s, a, u, m) from unnest(%s::timestamptz[], %s::int[], %s::text[],"
        " %s::tstzmultirange[]) with ordinality as c(s, a, u, m, n) order by n",
        (
            [case.start for case in cases],
            [case.amount for case in cases],
            [case.unit for case in cases],
            [as_multirange(case.stands) for case in cases],
        ),
    )
    return [row[0] for row in rows]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(FIRST, LAST)


@pytest.mark.parametrize(("seed", "count"), [(20260101, 95_000), (None, 10_000)])
def test_every_case_is_due_when_the_slow_clock_says(
    superuser: psycopg.Connection, reference: Reference, seed: int | None, count: int
) -> None:
    seed = secrets.randbits(32) if seed is None else seed
    dealer = Dealer(seed)
    cases = [dealer.case() for _ in range(count)]
    wrong = [
        f"{case}: {found.astimezone(ZONE)} instead of {expected}"
        for case, found in zip(cases, by_sql(superuser, cases), strict=True)
        if found != (expected := case.expected(reference))
    ]
    assert not wrong, f"seed {seed}: {len(wrong)} wrong, first:\n" + "\n".join(wrong[:5])


def test_the_cases_reach_what_is_easily_got_wrong() -> None:
    """A generator that never deals a make-up Saturday proves nothing about make-up Saturdays."""
    dealer = Dealer(7)
    cases = [dealer.case() for _ in range(20_000)]
    starts = [case.start for case in cases]
    stands = [case.stands for case in cases]
    assert {case.unit for case in cases} == {"working_minute", "working_hour", "working_day"}
    for many in (
        sum(is_working(s.date()) and s.isoweekday() > 5 for s in starts),
        sum(not is_working(s.date()) and s.isoweekday() < 6 for s in starts),
        sum(s.time() == time(0) for s in starts),
        sum(s.time() in (time(8, 30), time(12), time(14, 30), time(18)) for s in starts),
        sum((s.month, s.day) in ((12, 31), (1, 1)) for s in starts),
        sum(s.year > max(d.year for d in SPECIAL) for s in starts),
        sum(any(b == e for b, e in spans) for spans in stands),
        sum(any(b < c.start < e for b, e in c.stands) for c in cases),
        sum(any(x[1] == y[0] for x in spans for y in spans if x is not y) for spans in stands),
        sum(any(x[0] < y[0] < x[1] for x in spans for y in spans) for spans in stands),
        sum(any(b.time() < time(8, 30) and e.time() > time(18) for b, e in s) for s in stands),
    ):
        assert many > 200


KNOWN = [
    # Stopped on Tuesday, answered on Thursday: two working days later than without.
    ("2025-03-03 10:00", 3, "working_day", ["2025-03-04 10:00", "2025-03-06 09:00"],
     "2025-03-10 18:00"),
    # Stopped and answered within one day: a limit in days does not move.
    ("2025-03-03 10:00", 3, "working_day", ["2025-03-04 09:00", "2025-03-04 17:00"],
     "2025-03-06 18:00"),
    # Stopped on the last day, answered on Saturday: Monday is the last day.
    ("2025-03-03 10:00", 3, "working_day", ["2025-03-06 16:00", "2025-03-08 10:00"],
     "2025-03-10 18:00"),
    # Stopped after the last hour of service: it was late already, and stays so.
    ("2025-03-03 10:00", 3, "working_day", ["2025-03-06 18:00", "2025-03-12 10:00"],
     "2025-03-06 18:00"),
    # Two hours, an hour of which stood over noon.
    ("2025-03-03 11:00", 2, "working_hour", ["2025-03-03 11:30", "2025-03-03 15:00"],
     "2025-03-03 16:30"),
    # Eight hours over National Day with a stand that lasts through it.
    ("2025-09-30 14:30", 8, "working_hour", ["2025-09-30 15:30", "2025-10-09 12:00"],
     "2025-10-10 12:00"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "amount", "unit", "stand", "due"), KNOWN)
def test_stands_that_people_know(
    superuser: psycopg.Connection, start: str, amount: int, unit: str, stand: list[str], due: str
) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (start, due, *stand)]
    case = Case(moments[0], amount, unit, [(moments[2], moments[3])])
    assert by_sql(superuser, [case]) == [moments[1]]


def test_no_limit_ends_while_the_clock_stands_for_ever(superuser: psycopg.Connection) -> None:
    def due(unit: str, stand: str) -> datetime:
        statement = "select private.due_at('2025-03-03 10:00+08', 3, %s, %s::tstzmultirange)"
        return one(superuser, statement, unit, stand)

    for unit in ("working_minute", "working_hour", "working_day"):
        assert due(unit, "{[2025-03-03 10:01+08,)}") is None
        assert due(unit, "{[2025-03-03 10:01+08,infinity)}") is None
        assert due(unit, "{(,)}") is None
        assert due(unit, "{[2025-03-06 18:00+08,)}") == due(unit, "{}")
