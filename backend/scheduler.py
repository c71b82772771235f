"""The scheduler, a process of its own: what is due happens, whoever is looking."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from supabase import AsyncClient

from backend import calendar, documents, guides, wallet
from backend.config import Settings, settings
from backend.database import call, service_db
from backend.errors import ServiceError

logger = logging.getLogger("onetrip.scheduler")


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the table: what it is called, when it runs, what it does, what it promises."""

    name: str
    trigger: BaseTrigger
    work: Callable[[AsyncClient], Awaitable[int]]
    promise: str


async def _forget_changes(db: AsyncClient) -> int:
    return await call(db, "forget_changes")


async def _forget_sessions(db: AsyncClient) -> int:
    return await call(db, "forget_web_sessions") + await call(db, "forget_attempts")


async def _publish_calendar(db: AsyncClient) -> int:
    change = await calendar.publish(db)
    if change.moved:
        logger.warning("calendar: %d open cases have a new date", change.moved)
    return change.days


async def _beat(db: AsyncClient) -> int:
    await call(db, "scheduler_beat")
    return 0


JOBS = (
    Job("beat", IntervalTrigger(seconds=10), _beat, "health tells within 30 s that it stopped"),
    Job("changes", IntervalTrigger(minutes=5), _forget_changes, "the live feed keeps an hour"),
    Job("sessions", IntervalTrigger(hours=1), _forget_sessions, "ended sessions are deleted"),
    Job(
        "files",
        IntervalTrigger(minutes=30),
        documents.delete_abandoned,
        "bytes that belong to no document are deleted within a day",
    ),
    Job("wallet", IntervalTrigger(hours=6), wallet.forget, "expired papers leave the wallet"),
    Job("guides", IntervalTrigger(minutes=5), guides.publish_due, "a guide begins on its day"),
    Job("calendar", CronTrigger(hour=3), _publish_calendar, "a published year replaces the guess"),
)


async def run(job: Job, settings: Settings) -> None:
    """Run one job once; a failure is logged and tried again at the next turn."""
    try:
        touched = await job.work(service_db(settings))
    except ServiceError as error:
        logger.warning("%s failed: %s", job.name, error.code)
        return
    if touched:
        logger.info("%s: %d", job.name, touched)


async def serve(settings: Settings) -> None:
    """Run every job at its time until the process is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    scheduler = AsyncIOScheduler(
        executors={"default": AsyncIOExecutor()},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=UTC,
    )
    for job in JOBS:
        scheduler.add_job(
            run, job.trigger, (job, settings), id=job.name, next_run_time=datetime.now(UTC)
        )
    scheduler.start()
    logger.info("scheduler runs %d jobs", len(JOBS))
    await stop.wait()
    scheduler.shutdown(wait=False)


def main() -> None:
    """Start the scheduler of the installation that the environment names."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(serve(settings()))


if __name__ == "__main__":
    main()
