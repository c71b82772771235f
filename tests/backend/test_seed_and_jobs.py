"""What runs again and again changes nothing the second time."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from county import SignIn

from backend import scheduler
from backend.config import Settings
from backend.database import call, service_db
from backend.seed import content, seed

# What a row may change without its content changing.
_VOLATILE = {"service_hours": "id", "identities": "updated_at"}
_SEEDED = (
    "public.calendar_days", "public.service_hours", "public.divisions", "public.departments",
    "public.people", "private.identities", "public.staff_roles", "public.services",
    "public.guides", "public.guide_materials", "public.guide_steps",
)  # fmt: skip


def fingerprint(connection: psycopg.Connection) -> dict[str, tuple[int, str]]:
    """Every seeded table as a count and a hash of its rows."""
    found = {}
    for table in _SEEDED:
        volatile = _VOLATILE.get(table.split(".")[1], "nothing")
        row = connection.execute(
            f"select count(*), md5(string_agg(t::text, ',' order by t::text))"  # noqa: S608
            f" from (select to_jsonb(r) - '{volatile}' as t from {table} as r) as rows"
        ).fetchone()
        assert row
        found[table] = (row[0], row[1])
    return found


async def test_seeding_again_changes_nothing(
    settings: Settings, superuser: psycopg.Connection
) -> None:
    before = fingerprint(superuser)
    await seed(settings, with_demo_people=True)
    assert fingerprint(superuser) == before
    assert before["public.divisions"][0] == 101
    assert before["public.services"][0] >= 12


def test_demo_people_have_their_roles(superuser: psycopg.Connection) -> None:
    for person in content("people.json"):
        roles = superuser.execute(
            "select r.role, d.code, r.division_code from private.identities as i"
            " join public.staff_roles as r on r.person_id = i.person_id"
            " left join public.departments as d on d.id = r.department_id where i.phone = %s",
            (person["phone"].removeprefix("+"),),
        ).fetchall()
        wanted = [(r["role"], r["department"], r["division_code"]) for r in person["roles"]]
        assert roles == wanted, person["name"]


@pytest.mark.parametrize("job", scheduler.JOBS, ids=lambda job: job.name)
async def test_every_job_runs_and_runs_again(
    settings: Settings, job: scheduler.Job, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="onetrip.scheduler"):
        await scheduler.run(job, settings)
        await scheduler.run(job, settings)
    assert caplog.records == []
    assert await job.work(service_db(settings)) == 0


async def test_a_job_that_fails_is_logged_and_harms_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    gone = replace(settings, supabase_url="http://127.0.0.1:9")
    with caplog.at_level(logging.WARNING, logger="onetrip.scheduler"):
        await scheduler.run(scheduler.JOBS[0], gone)
    assert [record.getMessage() for record in caplog.records] == ["beat failed: unavailable"]


async def test_health_tells_when_the_scheduler_was_alive(
    settings: Settings, superuser: psycopg.Connection
) -> None:
    superuser.execute("delete from private.heartbeats")
    service = service_db(settings)
    assert await call(service, "health") == {"scheduler_seconds": None}
    beat = next(job for job in scheduler.JOBS if job.name == "beat")
    await scheduler.run(beat, settings)
    await scheduler.run(beat, settings)
    assert (await call(service, "health"))["scheduler_seconds"] >= 0
    superuser.execute("update private.heartbeats set at = now() - interval '90 seconds'")
    assert (await call(service, "health"))["scheduler_seconds"] >= 90


async def test_ended_sessions_and_old_attempts_are_forgotten(
    settings: Settings, superuser: psycopg.Connection, sign_in: SignIn
) -> None:
    ended, living = await sign_in(), await sign_in()
    superuser.execute(
        "update private.web_sessions set expires_at = now() - interval '1 second'"
        " where person_id = %s",
        (ended.id,),
    )
    old, new = str(uuid4()), str(uuid4())
    for key, at in ((old, datetime.now(UTC) - timedelta(days=2)), (new, datetime.now(UTC))):
        superuser.execute(
            "insert into private.attempts (kind, key_hash, opened_at) values ('test', %s, %s)",
            (key, at),
        )
    job = next(job for job in scheduler.JOBS if job.name == "sessions")
    assert await job.work(service_db(settings)) >= 2
    sessions = superuser.execute(
        "select person_id::text from private.web_sessions where person_id = any (%s)",
        ([ended.id, living.id],),
    ).fetchall()
    assert sessions == [(living.id,)]
    attempts = superuser.execute(
        "select key_hash from private.attempts where kind = 'test'"
    ).fetchall()
    assert attempts == [(new,)]


def test_jobs_have_names_and_promises() -> None:
    names = [job.name for job in scheduler.JOBS]
    assert len(names) == len(set(names))
    assert all(job.promise for job in scheduler.JOBS)
