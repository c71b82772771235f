"""Years of a county's cases, made in the database: the same cases every time, in any number.

What case n is follows from n, so that a small county is the beginning of a large one. One case in
64 is open, and its dates lie around today; the others were decided over the last five years. Each
has the steps of its guide, three events, and one or two documents (five for every three cases).
"""

from __future__ import annotations

import psycopg

from bench.progress import say

OPEN_EVERY = 64
CASES_A_PERSON = 12
_CHUNK = 100_000
_FILLED = (
    "public.applications",
    "public.application_steps",
    "public.application_events",
    "public.documents",
)
# Triggers and foreign keys are asleep: what is made here is whole already, and nobody listens.
_QUIET = "set session_replication_role = replica"
_AWAKE = "set session_replication_role = default"

_PEOPLE = """
with names as (
  select n, substr('王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗', 1 + n %% 20, 1)
    || substr('秀玉桂淑兰英梅霞丽娟建国志强文斌海军', 1 + n / 20 %% 18, 1)
    || substr('英兰珍芳云华平红明勇涛军伟刚杰磊', 1 + n / 360 %% 16, 1) as name
  from generate_series(%(first)s::integer, %(last)s::integer) as n),
made as (select md5('person ' || n)::uuid as id, (18000000000 + n)::text as phone, name from names),
users as (
  insert into auth.users (id, aud, role, phone, created_at, updated_at)
  select id, 'authenticated', 'authenticated', '86' || phone, now(), now() from made),
kept as (
  insert into private.identities (person_id, phone, name) select id, '86' || phone, name from made)
insert into public.people (id, masked_name) select id, private.mask('name', name) from made
"""

# What a case is made of, once, so that a chunk reads no guide a hundred thousand times.
_SHAPES = """
create temporary table shapes as
select row_number() over (order by s.code) - 1 as nth, count(*) over () as total,
  s.id as service_id, g.id as guide_id, s.kind,
  (select array_agg(distinct t.department_id) from public.guide_steps as t
   where t.guide_id = g.id and t.department_id is not null) as department_ids,
  (select min(t.stage) from public.guide_steps as t
   where t.guide_id = g.id and t.actor = 'department') as first_stage,
  coalesce((select m.code from public.guide_materials as m where m.guide_id = g.id
            order by m.source = 'upload' desc, m.position limit 1), 'id-card') as material
from public.services as s
join public.guides as g on g.service_id = s.id and g.status = 'published'
where s.is_applicable and g.form_schema is not null;
create temporary table places as
select code, row_number() over (order by code) - 1 as nth, count(*) over () as total
from public.divisions where level in ('county', 'township');
create temporary table owners as
select id, masked_name, row_number() over (order by phone) - 1 as nth from (
  select p.id, p.masked_name, i.phone from public.people as p
  join private.identities as i on i.person_id = p.id
  where i.phone = %(citizen)s or i.phone like '8618%%') as known;
create unique index on owners (nth);
create temporary table clerk as
select r.person_id as id, private.staff_label(r.person_id) as label
from public.staff_roles as r where r.role = 'window_clerk' order by r.person_id limit 1;
"""

# Spread by multiplying with primes: neighbours in n are strangers in place and owner. The service
# is drawn by a hash, so that each has open cases, however many services there are.
_CASES = """
create temporary table chunk as
select n, md5('case ' || n)::uuid as id, s.service_id, s.guide_id, s.kind, s.department_ids,
  s.first_stage, s.material, w.code as window_code, o.id as owner_id, o.masked_name,
  n %% %(open_every)s::integer = 0 as is_open,
  n %% %(open_every)s::integer = 0 and n / %(open_every)s::integer %% 2 = 0 as is_at_window,
  date_trunc('minute', now()) - case
    when n %% %(open_every)s::integer = 0 then interval '1 minute' * (n * 7 %% 5760)
    else interval '1 day' * (11 + n * 7919::bigint %% 1800)
       + interval '1 minute' * (n * 31::bigint %% 480) end as submitted_at,
  case n %% 33 when 1 then 'refused' when 2 then 'withdrawn' else 'approved' end as ended
from generate_series(%(first)s::integer, %(last)s::integer) as n
join shapes as s
  on s.nth = ('x' || left(md5('service ' || n), 8))::bit(32)::bigint %% s.total
join places as w on w.nth = n * 31::bigint %% w.total
join owners as o on o.nth = n * 7::bigint %% %(people)s::integer;
insert into public.applications (id, service_id, guide_id, applicant_id, masked_name, kind, status,
  holder, window_code, department_ids, form, form_version, receipt_number, case_code, created_at,
  updated_at, submitted_at, promised_at, next_due_at, decided_at, decision)
select id, service_id, guide_id, owner_id, masked_name, kind,
  case when is_open then 'in_progress' else ended end,
  case when not is_open then 'nobody' when is_at_window then 'window' else 'department' end,
  window_code, department_ids, jsonb_build_object('name', '王小明', 'phone', '13800000000'), 1,
  '620981' || to_char(submitted_at, 'YYMMDD') || lpad(((n + 300000) %% 1000000)::text, 6, '0')
    || lpad((n %% 97)::text, 2, '0'),
  lpad((case when is_open then 100000 + n / %(open_every)s::integer
             else n * 7::bigint %% 1000000 end)::text, 6, '0'),
  submitted_at - interval '1 day', submitted_at, submitted_at, submitted_at + interval '7 days',
  case when is_open then submitted_at + interval '3 days' end,
  case when not is_open and ended <> 'withdrawn' then submitted_at + interval '2 days' end,
  case when not is_open and ended <> 'withdrawn' then jsonb_build_object('outcome', ended) end
from chunk;
insert into public.application_steps (id, application_id, position, stage, code, kind, name, actor,
  window_code, department_id, limit_value, limit_unit, status, started_at, due_at, done_at,
  done_by, done_by_label, outcome, reason, masked_name)
select md5('step ' || c.n || ' ' || t.position)::uuid, c.id, t.position, t.stage, t.code, t.kind,
  t.name, t.actor, case when t.actor = 'window' then c.window_code end, t.department_id,
  t.limit_value, t.limit_unit, v.status,
  case when v.status in ('current', 'done') then c.submitted_at end,
  case when v.status in ('current', 'done') then c.submitted_at + interval '3 days' end,
  case when v.status = 'done' then c.submitted_at + interval '1 day' end,
  case when v.status = 'done' then k.id end, case when v.status = 'done' then k.label end,
  case when v.status = 'done' then v.outcome end,
  case when v.status = 'done' and v.outcome = 'refused' then '{"reason": "资料不符"}'::jsonb end,
  c.masked_name
from chunk as c
join public.guide_steps as t on t.guide_id = c.guide_id
cross join clerk as k
cross join lateral (select
  case
    when not c.is_open then case when c.ended = 'withdrawn' then 'skipped' else 'done' end
    when t.actor = 'window' and t.stage < c.first_stage
      then case when c.is_at_window then 'current' else 'done' end
    when not c.is_at_window and t.stage = c.first_stage then 'current'
    else 'waiting' end as status,
  case when t.actor = 'window' then 'forwarded' when t.kind = 'produce' then 'produced'
       when c.ended = 'refused' then 'refused' else 'approved' end as outcome) as v;
insert into public.application_events (id, application_id, at, kind, actor_id, actor, details)
select md5('event ' || c.n || ' ' || e.nth)::uuid, c.id,
  c.submitted_at + e.nth * interval '6 hours', e.kind, case when e.nth = 0 then c.owner_id end,
  e.actor, '{}'
from chunk as c
cross join lateral (values
  (0, 'submitted', 'citizen'),
  (1, case when c.is_at_window then 'claimed' else 'forwarded' end, 'window'),
  (2, case when c.is_open then 'asked' else c.ended end,
   case when c.is_open or c.ended = 'withdrawn' then 'citizen' else 'department' end)
) as e(nth, kind, actor);
insert into public.documents (id, application_id, owner_id, material_code, incoming_path, path,
  file_name, mime, size, sha256, width, height, status, created_at, verified_at)
select md5('document ' || c.n || ' ' || d.nth)::uuid, c.id, c.owner_id, c.material,
  c.owner_id || '/' || c.id || '/' || d.nth, c.owner_id || '/' || c.id || '/kept-' || d.nth,
  'photo.jpg', 'image/jpeg', 120000 + c.n %% 90000,
  md5('one ' || c.n || ' ' || d.nth) || md5('two ' || c.n || ' ' || d.nth), 1200, 900,
  'verified', c.submitted_at, c.submitted_at
from chunk as c cross join lateral generate_series(0, least(c.n %% 3, 1)) as d(nth);
drop table chunk;
"""


def grow(connection: psycopg.Connection, first: int, last: int, *, citizen: str, most: int) -> None:
    """Make cases `first` to `last`, both included, beside those that are there.

    `citizen` (digits of a phone number) owns a few of them, as many in a small county as in a
    large one; `most` is how many cases there will be when all is made.
    """
    people = max(2, most // CASES_A_PERSON)
    connection.execute(_QUIET)
    try:
        _make_people(connection, people)
        _make_cases(connection, first, last, citizen=citizen, people=people)
    finally:
        connection.execute(_AWAKE)
    for table in (*_FILLED, "public.people", "private.identities"):
        connection.execute(f"vacuum analyze {table}")  # type: ignore[arg-type]


def _make_people(connection: psycopg.Connection, people: int) -> None:
    there = connection.execute(
        "select count(*) from private.identities where phone like '8618%'"
    ).fetchone()
    assert there is not None
    if there[0] < people:
        connection.execute(_PEOPLE, {"first": there[0] + 1, "last": people})


def _make_cases(
    connection: psycopg.Connection, first: int, last: int, *, citizen: str, people: int
) -> None:
    indexes = _loosened(connection) if last - first >= _CHUNK else []
    for part in _SHAPES.split(";"):
        if part.strip():
            connection.execute(part, {"citizen": citizen})  # type: ignore[arg-type]
    for start in range(first, last + 1, _CHUNK):
        say(f"making cases {start} to {min(start + _CHUNK - 1, last)}")
        asked = {
            "first": start,
            "last": min(start + _CHUNK - 1, last),
            "open_every": OPEN_EVERY,
            "people": people,
        }
        for part in _CASES.split(";"):
            if part.strip():
                connection.execute(part, asked)  # type: ignore[arg-type]
    connection.execute("drop table shapes, places, owners, clerk")
    if indexes:
        say("building indexes")
        connection.execute("set maintenance_work_mem = '1GB'")
        for index in indexes:
            connection.execute(index)  # type: ignore[arg-type]


def _loosened(connection: psycopg.Connection) -> list[str]:
    """Drop the indexes that no constraint stands on, and return how to make them again."""
    rows = connection.execute(
        """
        select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
        from pg_index as i
        where i.indrelid = any (%s::regclass[])
          and not exists (select from pg_constraint as c where c.conindid = i.indexrelid)
        """,
        (list(_FILLED),),
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"drop index {name}")  # type: ignore[arg-type]
    return [definition for _, definition in rows]
