"""How fast desks read when a county's year of cases lies before them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from itertools import cycle, islice
from typing import Any

import psycopg

from backend import applications, web_sessions
from backend.config import Settings
from backend.database import connections
from bench.effort import Effort
from bench.figures import Figure, milliseconds
from bench.product import superuser_dsn
from bench.progress import say
from bench.submissions import INSURANCE
from e2e.county import County

CLERK_OF_THE_HALL, APPROVER_OF_INSURANCE = "+8613800000005", "+8613800000007"
_WARM_UP = 5
# No action without visible feedback within 100 ms; reading is most of it.
_TARGET_MS = 100
# Copies of one real case, spread over people, windows and due times; every other one has passed
# its window already.
_CASES = """
with template as (
  select a.* from public.applications as a join public.services as s on s.id = a.service_id
  where s.code = %(service)s and a.status = 'in_progress' limit 1),
windows as (
  select code, row_number() over (order by code) - 1 as nth, count(*) over () as total
  from public.divisions where level in ('county', 'township')),
applicants as (
  select p.id, row_number() over (order by p.id) - 1 as nth, count(*) over () as total
  from public.people as p
  where not exists (select from public.staff_roles as r where r.person_id = p.id))
insert into public.applications (service_id, guide_id, applicant_id, kind, status, holder,
  window_code, department_ids, form, form_version, receipt_number, case_code, created_at,
  updated_at, submitted_at, promised_at, next_due_at)
select t.service_id, t.guide_id, p.id, t.kind, 'in_progress',
  case when n %% 2 = 0 then 'window' else 'department' end, w.code, t.department_ids, t.form,
  t.form_version, private.new_receipt_number(), 'g' || n, t.created_at, t.updated_at,
  now() - n * interval '7 minutes', now() + interval '9 days' - n * interval '7 minutes',
  now() + interval '3 days' - n * interval '7 minutes'
from generate_series(1, %(count)s) as n, template as t, windows as w, applicants as p
where w.nth = n %% w.total and p.nth = n %% p.total
"""
_STEPS = """
insert into public.application_steps (application_id, position, stage, code, kind, name, actor,
  window_code, department_id, limit_value, limit_unit, status, started_at, due_at, done_at, done_by,
  outcome)
select a.id, s.position, s.stage, s.code, s.kind, s.name, s.actor,
  case when s.actor = 'window' then a.window_code end, s.department_id, s.limit_value, s.limit_unit,
  v.status, case when v.status <> 'waiting' then a.submitted_at end,
  case when v.status <> 'waiting' then a.next_due_at end,
  case when v.status = 'done' then a.submitted_at end,
  case when v.status = 'done' then c.person_id end,
  case when v.status = 'done' then 'forwarded' end
from public.applications as a
join public.guide_steps as s on s.guide_id = a.guide_id
cross join lateral (select case
  when (s.actor = 'window') = (a.holder = 'window') and s.stage = (
    select min(o.stage) from public.guide_steps as o
    where o.guide_id = a.guide_id and (o.actor = 'window') = (a.holder = 'window')) then 'current'
  when s.actor = 'window' and a.holder = 'department' then 'done'
  else 'waiting' end as status) as v
cross join (select person_id from public.staff_roles where role = 'window_clerk' limit 1) as c
where a.case_code like 'g%%'
"""


def figures(county: County, effort: Effort) -> Iterator[Figure]:
    """First page of a queue as the window and the department see it, and opening one case."""
    say(f"making {effort.generated_cases} cases")
    with psycopg.connect(superuser_dsn(county), autocommit=True) as connection:
        made = {"service": INSURANCE, "count": effort.generated_cases}
        if connection.execute(_CASES, made).rowcount != effort.generated_cases:
            raise RuntimeError("not every case was made")
        connection.execute(_STEPS.replace("%%", "%"))
        connection.execute("analyze")
    secrets = {
        name: county.person(phone).secret
        for name, phone in (("window", CLERK_OF_THE_HALL), ("department", APPROVER_OF_INSURANCE))
    }
    say(f"{effort.looks} looks at queues and cases")
    taken = asyncio.run(_looks(county.settings, secrets, effort.looks))
    for name, seconds in taken.items():
        yield milliseconds("applications", name, seconds, 50)
        yield milliseconds("applications", name, seconds, 95, target=_TARGET_MS)


async def _looks(settings: Settings, secrets: dict[str, str], count: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {}
    for name, secret in secrets.items():
        db = (await web_sessions.signed_in(settings, secret)).db
        waiting = await applications.queue(db, limit=100)
        if not waiting:
            raise RuntimeError(f"the queue of the {name} is empty")
        ids = [row["id"] for row in waiting]
        taken[f"queue of the {name} {{p}}"] = await _timed(
            lambda _, db=db: applications.queue(db), ids, count
        )
        taken[f"opening a case at the {name} {{p}}"] = await _timed(
            lambda case_id, db=db: applications.page(db, case_id), ids, count
        )
    await connections().aclose()
    return taken


async def _timed(look: Callable[[str], Awaitable[Any]], ids: list[str], count: int) -> list[float]:
    """One look after another, over all the ids; the first few only warm up."""
    taken: list[float] = []
    for case_id in islice(cycle(ids), _WARM_UP + count):
        began = time.perf_counter()
        await look(case_id)
        taken.append(time.perf_counter() - began)
    return taken[_WARM_UP:]
