"""Whether a receipt is a promise: people go on applying while the database is killed under them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import psycopg

from backend.config import Settings
from backend.database import connections
from bench.effort import Effort
from bench.figures import Figure
from bench.product import kill_database, superuser_dsn
from bench.progress import say
from bench.submissions import (
    FAILURES,
    Applicant,
    Tally,
    apply,
    check_receipts,
    new_applicant,
    small_photos,
)
from e2e.county import County

_CROWD = 16
_CALM_SECONDS = 5
_PATIENCE_SECONDS = 120
_AGAIN_AFTER_SECONDS = 0.2


@dataclass(slots=True)
class Outcome:
    """What was promised, and how long nobody could be served after each kill."""

    tally: Tally = field(default_factory=Tally)
    gaps: list[float] = field(default_factory=list[float])
    faults: list[str] = field(default_factory=list[str])
    killed_at: float = 0
    is_served_again: asyncio.Event = field(default_factory=asyncio.Event)


def figures(county: County, effort: Effort) -> Iterator[Figure]:
    """Receipts given that are not there afterwards; what people saw; how long nobody was served."""
    if not effort.crashes:
        return
    applicants = [new_applicant(county) for _ in range(_CROWD)]
    say(f"killing the database {effort.crashes} times while {_CROWD} people apply")
    outcome = asyncio.run(
        _through(county.settings, applicants, effort.crashes, lambda: kill_database(county))
    )
    check_receipts(outcome.tally.receipts)
    given = [receipt.receipt_number for receipt in outcome.tally.receipts]
    with psycopg.connect(superuser_dsn(county)) as connection:
        found = connection.execute(
            "select count(*) from public.applications where receipt_number = any(%s)", (given,)
        ).fetchone()
    lost = len(given) - (found[0] if found else 0)
    times = f"{effort.crashes} kills of the database"
    yield Figure("applications", f"receipts lost over {times}", lost, "count", "lower", 0)
    for fault, number in Counter(outcome.faults).most_common(3):
        say(f"{number} × {fault[:200]}")
    yield Figure(
        "applications", f"faults not explained over {times}", len(outcome.faults), "count",
        "lower", 0,
    )  # fmt: skip
    yield Figure(
        "applications", "longest gap after a kill of the database", max(outcome.gaps), "s", "lower"
    )


async def _through(
    settings: Settings, applicants: Sequence[Applicant], crashes: int, kill: Callable[[], None]
) -> Outcome:
    outcome, over, photos = Outcome(), asyncio.Event(), small_photos()

    async def keeps_applying(applicant: Applicant) -> None:
        while not over.is_set():
            began = time.perf_counter()
            try:
                await apply(settings, applicant, photos, outcome.tally)
            except FAILURES:
                await asyncio.sleep(_AGAIN_AFTER_SECONDS)
            except Exception as fault:
                # Nothing translated it: the person would see a fault, not "try again".
                outcome.faults.append(f"{type(fault).__name__}: {fault}")
                await asyncio.sleep(_AGAIN_AFTER_SECONDS)
            else:
                # Only what began after the kill shows that people are served again.
                if began > outcome.killed_at:
                    outcome.is_served_again.set()

    async def kills() -> None:
        try:
            for _ in range(crashes):
                await asyncio.sleep(_CALM_SECONDS)
                outcome.is_served_again.clear()
                outcome.killed_at = time.perf_counter()
                kill()
                await asyncio.wait_for(outcome.is_served_again.wait(), _PATIENCE_SECONDS)
                outcome.gaps.append(time.perf_counter() - outcome.killed_at)
        finally:
            over.set()

    await asyncio.gather(kills(), *(keeps_applying(applicant) for applicant in applicants))
    await connections().aclose()
    return outcome
