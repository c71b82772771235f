"""Scheduler: what one turn of each job costs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from backend.config import Settings
from backend.database import connections, service_db
from backend.scheduler import JOBS
from bench.effort import Effort
from bench.figures import Figure, milliseconds
from bench.product import running_product
from bench.progress import say


def measure(effort: Effort) -> Iterator[Figure]:
    """Turns of every job, one after another, beside the scheduler's own."""
    with running_product() as county:
        for name, taken in asyncio.run(_turns(county.settings, effort.job_turns)).items():
            yield milliseconds("scheduler", f"one turn of {name} {{p}}", taken, 95)


async def _turns(settings: Settings, count: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {}
    db = service_db(settings)
    for job in JOBS:
        say(f"{count} turns of {job.name}")
        for _ in range(count):
            began = time.perf_counter()
            await job.work(db)
            taken.setdefault(job.name, []).append(time.perf_counter() - began)
    await connections().aclose()
    return taken
