"""The legal clock against a slow one of our own, on random moments and on the days that count."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import chinese_calendar
import psycopg
import pytest
from county import Actor, Become, one
from psycopg.types.json import Jsonb
from working_time import USUAL, WEEK, ZONE, Reference, is_working

from backend import calendar
from backend.seed import content

FIRST, LAST = date(2024, 1, 1), date(2028, 12, 31)
UNEVEN = {**WEEK, 1: ((time(9), time(12)), (time(14, 30), time(17, 10))), 5: (USUAL[0],)}
Case = tuple[datetime, int]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(FIRST, LAST)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def moments(seed: int, count: int) -> list[datetime]:
    """Random minutes of four years, half of them near holidays, openings or midnight."""
    dice = random.Random(seed)  # noqa: S311 - cases, not secrets
    edges = (time(0), time(8, 29), time(8, 30), time(12), time(14, 30), time(18), time(23, 59))
    holidays = sorted(d for d in chinese_calendar.holidays if d > FIRST + timedelta(days=9))
    found = []
    for _ in range(count):
        day = FIRST + timedelta(days=dice.randrange(4 * 365))
        if dice.random() < 0.5:
            day = dice.choice(holidays) + timedelta(days=dice.randint(-4, 4))
        clock = (
            dice.choice(edges)
            if dice.random() < 0.4
            else time(dice.randrange(24), dice.randrange(60))
        )
        found.append(datetime.combine(day, clock, ZONE))
    return found


def added(connection: psycopg.Connection, cases: Sequence[Case], unit: str) -> list[datetime]:
    starts, amounts = [c[0] for c in cases], [c[1] for c in cases]
    rows = connection.execute(
        "select public.add_working_time(s, a, %s) from"
        " unnest(%s::timestamptz[], %s::int[]) with ordinality as c(s, a, n) order by n",
        (unit, starts, amounts),
    )
    return [row[0] for row in rows]


def counted(
    connection: psycopg.Connection, pairs: Sequence[tuple[datetime, datetime]]
) -> list[int]:
    rows = connection.execute(
        "select public.working_time_between(a, b) from"
        " unnest(%s::timestamptz[], %s::timestamptz[]) with ordinality as c(a, b, n) order by n",
        ([p[0] for p in pairs], [p[1] for p in pairs]),
    )
    return [row[0] for row in rows]


def test_adding_minutes_and_hours(superuser: psycopg.Connection, reference: Reference) -> None:
    dice = random.Random(11)  # noqa: S311
    cases = [
        (m, dice.choice((0, 1, dice.randrange(420), dice.randrange(9000))))
        for m in moments(1, 1200)
    ]
    expected = [reference.add_minutes(*case) for case in cases]
    assert added(superuser, cases, "working_minute") == expected
    cases = [(m, dice.randrange(40)) for m in moments(2, 500)]
    expected = [reference.add_minutes(start, 60 * hours) for start, hours in cases]
    assert added(superuser, cases, "working_hour") == expected


def test_adding_days(superuser: psycopg.Connection, reference: Reference) -> None:
    dice = random.Random(12)  # noqa: S311
    cases = [(m, dice.choice((1, 2, 3, dice.randint(1, 60)))) for m in moments(3, 800)]
    expected = [reference.add_days(*case) for case in cases]
    assert added(superuser, cases, "working_day") == expected


def test_time_between(superuser: psycopg.Connection, reference: Reference) -> None:
    dice = random.Random(13)  # noqa: S311
    starts = moments(4, 1200)
    ends = [
        start + timedelta(minutes=dice.choice((dice.randint(-900, 900), dice.randrange(90_000))))
        for start in starts
    ]
    pairs = list(zip(starts, ends, strict=True))
    assert counted(superuser, pairs) == [reference.between(*pair) for pair in pairs]


def test_time_between_adds_up(superuser: psycopg.Connection) -> None:
    """From a to c is from a to b and from b to c, wherever b lies between them."""
    points = [
        sorted(triple)
        for triple in zip(moments(5, 400), moments(6, 400), moments(7, 400), strict=True)
    ]
    whole = counted(superuser, [(a, c) for a, _, c in points])
    first = counted(superuser, [(a, b) for a, b, _ in points])
    second = counted(superuser, [(b, c) for _, b, c in points])
    assert whole == [one + other for one, other in zip(first, second, strict=True)]


def test_what_was_added_is_what_lies_between(superuser: psycopg.Connection) -> None:
    dice = random.Random(14)  # noqa: S311
    cases = [(m, dice.randrange(5000)) for m in moments(8, 500)]
    ends = added(superuser, cases, "working_minute")
    pairs = [(case[0], end) for case, end in zip(cases, ends, strict=True)]
    assert counted(superuser, pairs) == [amount for _, amount in cases]


def test_uneven_hours(undone: psycopg.Connection) -> None:
    """Every weekday keeps its own hours, and a make-up day has Monday's."""
    undone.execute("delete from public.service_hours where counts_on_clock")
    for weekday, spans in UNEVEN.items():
        for opens, closes in spans:
            undone.execute(
                "insert into public.service_hours (kind, weekday, opens, closes, counts_on_clock)"
                " values ('regular', %s, %s, %s, true)",
                (weekday, opens, closes),
            )
    undone.execute("select private.rebuild_clock()")
    uneven, dice = Reference(FIRST, LAST, UNEVEN), random.Random(15)  # noqa: S311
    cases = [(m, dice.randrange(4000)) for m in moments(9, 400)]
    assert added(undone, cases, "working_minute") == [uneven.add_minutes(*c) for c in cases]
    cases = [(m, dice.randint(1, 30)) for m in moments(10, 300)]
    assert added(undone, cases, "working_day") == [uneven.add_days(*c) for c in cases]


# Dates of the State Council's notices, written down from the notices themselves.
KNOWN = [
    # Spring Festival 2025 is 28 January to 4 February; Sunday 26 January and Saturday 8 February
    # are made up.
    ("2025-01-25 10:00", 1, "working_day", "2025-01-26 18:00"),
    ("2025-01-27 17:00", 1, "working_day", "2025-02-05 18:00"),
    ("2025-01-27 17:00", 2, "working_hour", "2025-02-05 09:30"),
    ("2025-02-07 17:59", 1, "working_day", "2025-02-08 18:00"),
    # National Day 2025 is 1 to 8 October; 28 September and 11 October are made up.
    ("2025-09-30 18:00", 1, "working_minute", "2025-10-09 08:31"),
    ("2025-10-10 18:00", 1, "working_hour", "2025-10-11 09:30"),
    # An ordinary day: noon duty does not count, the day of receipt does not count.
    ("2025-03-04 11:30", 1, "working_hour", "2025-03-04 15:00"),
    ("2025-03-04 00:00", 1, "working_minute", "2025-03-04 08:31"),
    ("2025-03-04 23:59", 3, "working_day", "2025-03-07 18:00"),
    # Saturday duty serves people and does not run the clock.
    ("2025-03-08 10:00", 1, "working_minute", "2025-03-10 08:31"),
    ("2025-03-08 10:00", 1, "working_day", "2025-03-10 18:00"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "amount", "unit", "due"), KNOWN)
def test_days_that_people_know(
    superuser: psycopg.Connection, start: str, amount: int, unit: str, due: str
) -> None:
    assert added(superuser, [(at(start), amount)], unit) == [at(due)]


def test_seconds_are_kept_and_whole_minutes_counted(superuser: psycopg.Connection) -> None:
    start = at("2025-03-04 11:59:30")
    assert added(superuser, [(start, 1)], "working_minute") == [at("2025-03-04 14:30:30")]
    assert counted(superuser, [(start, at("2025-03-04 14:30:29"))]) == [0]
    assert counted(superuser, [(start, at("2025-03-04 14:30:30"))]) == [1]


def test_nothing_lies_between_a_moment_and_an_earlier_one(superuser: psycopg.Connection) -> None:
    later, earlier = at("2025-03-05 10:00"), at("2025-03-04 10:00")
    assert counted(superuser, [(later, earlier), (later, later)]) == [0, 0]


@pytest.mark.parametrize(
    ("amount", "unit", "code"),
    [
        (-1, "working_day", "working_time_invalid"),
        (1, "day", "working_time_invalid"),
        (1, "", "working_time_invalid"),
        (100_000, "working_day", "calendar_missing"),
    ],
)
def test_what_cannot_be_added(
    undone: psycopg.Connection, amount: int, unit: str, code: str
) -> None:
    stranger = Actor(undone, None, "anon")
    asked = {"from": at("2025-03-04 10:00"), "amount": amount, "unit": unit}
    assert stranger.refused("add_working_time", **asked) == code


def test_beyond_the_calendar_is_said(undone: psycopg.Connection) -> None:
    stranger = Actor(undone, None, "anon")
    for start in ("2023-12-31 10:00", f"{calendar.LAST_PLANNED_YEAR + 1}-01-01 10:00"):
        for unit in ("working_minute", "working_day"):
            asked = {"from": at(start), "amount": 1, "unit": unit}
            assert stranger.refused("add_working_time", **asked) == "calendar_missing"
    last_evening = at(f"{calendar.LAST_PLANNED_YEAR}-12-31 20:00")
    asked = {"from": last_evening, "amount": 60, "unit": "working_hour"}
    assert stranger.refused("add_working_time", **asked) == "calendar_missing"


def test_every_day_is_there_and_years_not_published_are_provisional(
    superuser: psycopg.Connection,
) -> None:
    rows = superuser.execute(
        "select day, kind, is_provisional, working_day_number"
        " from public.calendar_days order by day"
    ).fetchall()
    assert rows[0][0] == FIRST and rows[-1][0] == date(calendar.LAST_PLANNED_YEAR, 12, 31)
    assert len(rows) == (rows[-1][0] - rows[0][0]).days + 1
    published = {d.year for d in chinese_calendar.holidays}
    number = 0
    for day, kind, is_provisional, working_day_number in rows:
        number += is_working(day)
        assert is_provisional is (day.year not in published), day
        assert (kind in ("workday", "makeup")) is is_working(day), day
        assert (kind == "makeup") is (is_working(day) and day.isoweekday() > 5), day
        assert working_day_number == number, day


def test_a_published_year_replaces_the_guess(undone: psycopg.Connection) -> None:
    server = Actor(undone, None, "service_role")
    year = calendar.LAST_PLANNED_YEAR
    days = [
        {"day": f"{year}-05-0{n}", "kind": "holiday", "is_provisional": False,
         "name": {"zh": "劳动节", "en": "Labour Day"}}
        for n in range(1, 6)
    ]  # fmt: skip
    before = one(undone, "select max(working_day_number) from public.calendar_days")
    lost = sum(is_working(date(year, 5, n)) for n in range(1, 6))
    nothing = {"days": 0, "moved": 0, "moves": []}
    assert server.call("import_calendar", days=days, hours=None) == nothing | {"days": 5}
    assert server.call("import_calendar", days=days, hours=None) == nothing
    after = one(undone, "select max(working_day_number) from public.calendar_days")
    assert before - after == lost > 0
    hours = one(undone, "select count(*) from public.service_hours")
    same = content("service_hours.json")
    assert server.call("import_calendar", days=[], hours=same) == nothing
    assert one(undone, "select count(*) from public.service_hours") == hours


def test_strangers_may_ask_the_clock(become: Become) -> None:
    with become("anon") as connection:
        due = one(
            connection,
            "select public.add_working_time('2025-03-04 10:00+08', 1, 'working_day')",
        )
        assert due == at("2025-03-05 18:00")


def test_names_of_days_are_in_both_languages(undone: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation), undone.transaction():
        undone.execute(
            "update public.calendar_days set name = %s where day = '2025-01-28'",
            (Jsonb({"zh": "春节"}),),
        )
    spring = one(undone, "select name from public.calendar_days where day = '2025-01-29'")
    assert spring["zh"] and spring["en"]
