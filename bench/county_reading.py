"""How fast people read and decide when years of a county's cases lie before them.

Everything is asked as the person who asks, through the data API and its policies, one after
another, at two sizes of the county; the ratio says whether anything grows with the table.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle, islice
from typing import Any

import psycopg
from supabase import AsyncClient

from backend import applications, desks, services, web_sessions
from backend.config import Settings
from backend.database import connections
from bench import county_years
from bench.effort import Effort
from bench.figures import Figure, milliseconds
from bench.product import superuser_dsn
from bench.progress import say
from bench.submissions import INSURANCE, Tally, apply, new_applicant, small_photos
from e2e.county import SUPERVISOR, WANG, County

CLERK_OF_THE_HALL, APPROVER_OF_INSURANCE = "+8613800000005", "+8613800000007"
_WARM_UP = 5
_LIST_MS, _OPEN_MS, _SEARCH_MS, _SUBMIT_MS = 60, 100, 50, 200
_RATIO = 1.3
# What people type: Chinese, pinyin, initials, with a slip, in English.
_WORDS = ("医保", "yibao", "yb", "养老认正", "medical insurence", "尊老金", "zunlaojin", "落户")
_TARGETS = {
    "queue of the hall": _LIST_MS,
    "next page of the hall": _LIST_MS,
    "queue of the department": _LIST_MS,
    "my cases": _LIST_MS,
    "late cases of the county": _LIST_MS,
    "case at the window": _OPEN_MS,
    "case of the citizen": _OPEN_MS,
    "case of the supervisor": _OPEN_MS,
    "guides found": _SEARCH_MS,
    "case by code": _SEARCH_MS,
    "case by number": _SEARCH_MS,
    "case by name": _SEARCH_MS,
    "case by name at the department": _SEARCH_MS,
    "submit": _SUBMIT_MS,
    "decide": _SUBMIT_MS,
}
_KNOWN = """
select a.id::text as id, a.case_code, a.receipt_number, a.masked_name from public.applications as a
where a.status = 'in_progress' order by a.id limit 200
"""

Look = Callable[[Any], Awaitable[Any]]


def figures(county: County, effort: Effort) -> Iterator[Figure]:
    """Every figure at both sizes, and how much the larger one costs of the smaller."""
    sizes = (effort.small_county, effort.large_county)
    medians: dict[str, list[float]] = {name: [] for name in _TARGETS}
    first = 1
    with psycopg.connect(superuser_dsn(county), autocommit=True) as connection:
        for size in sizes:
            say(f"a county with {size} cases")
            county_years.grow(connection, first, size, citizen=WANG.removeprefix("+"), most=size)
            first = size + 1
            taken = _measured(county, connection, effort.looks)
            for name, seconds in taken.items():
                medians[name].append(statistics.median(seconds))
                target = _TARGETS[name] if size == sizes[-1] else None
                yield milliseconds("applications", f"{name} {{p}} among {size}", seconds, 50)
                yield milliseconds(
                    "applications", f"{name} {{p}} among {size}", seconds, 95, target
                )
    for name, (small, large) in medians.items():
        label = f"{name}, {sizes[1]} to {sizes[0]}"
        yield Figure("applications", label, large / small, "times", "lower", _RATIO)


def _measured(county: County, connection: psycopg.Connection, looks: int) -> dict[str, list[float]]:
    known = connection.execute(_KNOWN).fetchall()
    secrets = {
        who: county.person(phone).secret
        for who, phone in (
            ("hall", CLERK_OF_THE_HALL),
            ("department", APPROVER_OF_INSURANCE),
            ("citizen", WANG),
            ("supervisor", SUPERVISOR),
        )
    }
    applicants = [new_applicant(county) for _ in range(4)]
    say(f"{looks} looks each")
    return asyncio.run(_all(county.settings, secrets, known, applicants, looks))


async def _all(
    settings: Settings, secrets: dict[str, str], known: list[Any], applicants: Any, looks: int
) -> dict[str, list[float]]:
    db = {who: (await web_sessions.signed_in(settings, s)).db for who, s in secrets.items()}
    page = await applications.queue(db["hall"])
    mine = await applications.mine(db["citizen"])
    if len(page) < 30 or not mine:
        raise RuntimeError("there is nothing to read")
    after = (page[-1]["due_at"], page[-1]["step_id"])
    ids, codes, numbers, names = (list(column) for column in zip(*known, strict=True))
    reads: dict[str, tuple[Look, list[Any]]] = {
        "queue of the hall": (lambda _: applications.queue(db["hall"]), ids),
        "next page of the hall": (lambda _: applications.queue(db["hall"], after=after), ids),
        "queue of the department": (lambda _: applications.queue(db["department"]), ids),
        "my cases": (lambda _: applications.mine(db["citizen"]), ids),
        "late cases of the county": (lambda _: applications.supervision(db["supervisor"]), ids),
        "case at the window": (lambda i: applications.page(db["hall"], i), ids),
        "case of the citizen": (
            lambda i: applications.page(db["citizen"], i), [row["id"] for row in mine],
        ),
        "case of the supervisor": (lambda i: applications.page(db["supervisor"], i), ids),
        "guides found": (lambda w: services.find(db["citizen"], search=w), list(_WORDS)),
        "case by code": (lambda w: desks.find(db["hall"], w), codes),
        "case by number": (lambda w: desks.find(db["hall"], w), numbers),
        "case by name": (lambda w: desks.find(db["hall"], w), names),
        "case by name at the department": (lambda w: desks.find(db["department"], w), names),
    }  # fmt: skip
    taken = {name: await _timed(name, *read, looks) for name, read in reads.items()}
    taken["submit"] = await _submits(settings, applicants, looks)
    taken["decide"] = await _decides(db["department"], looks)
    await connections().aclose()
    return taken


async def _timed(name: str, look: Look, asked: list[Any], count: int) -> list[float]:
    """One look after another, over all that is asked; the first few only warm up."""
    taken: list[float] = []
    for what in islice(cycle(asked), _WARM_UP + count):
        began = time.perf_counter()
        found = await look(what)
        taken.append(time.perf_counter() - began)
        if not found:
            raise RuntimeError(f"{name}: nothing was found for {what!r}")
    return taken[_WARM_UP:]


async def _submits(settings: Settings, applicants: Any, count: int) -> list[float]:
    tally, photos = Tally(), small_photos()
    # Nobody may send more than 200 files an hour.
    for applicant in islice(cycle(applicants), _WARM_UP + min(count, 100)):
        await apply(settings, applicant, photos, tally)
    return tally.submit_seconds[_WARM_UP:]


async def _decides(department: AsyncClient, count: int) -> list[float]:
    """Approvals of the steps that wait, due first."""
    taken: list[float] = []
    for row in (await applications.queue(department, limit=100))[:count]:
        began = time.perf_counter()
        await applications.approve(department, row["step_id"])
        taken.append(time.perf_counter() - began)
    if not taken:
        raise RuntimeError(f"nothing of {INSURANCE} waits for its department")
    return taken
