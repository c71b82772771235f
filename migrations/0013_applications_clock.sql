-- Applications, the clock of a case: spans in which it stands, what a change of the calendar moved, and what is about to
-- break its promise. Who reads a case reads its stands; overseers read what the calendar moved. Nobody writes either
-- directly: the commands of a case stop and start its clock, the calendar's import moves dates.
--
-- Dates while a clock stands: a current step has no due date (so nothing of it can be late, and lists ordered by due date
-- end before it); promised_at and next_due_at of the case stay as they were when it stopped. When it goes on, all three are
-- computed again from the limits and the whole list of stands. Stored dates never count a stand that is still open:
-- they are facts of the rows, not of the moment somebody looks. private.forecast() counts it up to now.

create table public.application_stands (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  reason text not null,
  details jsonb not null default '{}',
  from_at timestamptz not null,
  to_at timestamptz,
  constraint application_stands_reason check (reason in ('notice', 'site_visit', 'public_notice', 'expert_opinion')),
  constraint application_stands_span check (to_at >= from_at)
);
comment on table public.application_stands is 'Spans in which a case''s clock stands: a one-time notice waits for the citizen, or a listed reason holds it up.';
comment on column public.application_stands.to_at is 'Null while it stands.';
create index application_stands_application on public.application_stands (application_id, from_at);
create unique index application_stands_one_open on public.application_stands (application_id) where to_at is null;

create table public.calendar_moves (
  id uuid primary key default gen_random_uuid(),
  at timestamptz not null,
  application_id uuid not null references public.applications (id) on delete cascade,
  receipt_number text not null,
  old_promised_at timestamptz not null,
  new_promised_at timestamptz not null,
  old_due_at timestamptz,
  new_due_at timestamptz
);
comment on table public.calendar_moves is 'Open cases whose dates a change of the calendar moved.';
create index calendar_moves_at on public.calendar_moves (at, id);
create index calendar_moves_application on public.calendar_moves (application_id);

create index application_steps_due on public.application_steps (due_at, id) where status = 'current';

alter table public.application_stands enable row level security;
alter table public.calendar_moves enable row level security;
create policy "Who reads a case reads when its clock stood" on public.application_stands for select to authenticated using (private.may_read_case(application_id));
create policy "Supervisors and administrators read what the calendar moved" on public.calendar_moves for select to authenticated
  using ((select private.has_role('supervisor')) or (select private.has_role('administrator')));
grant select on public.application_stands, public.calendar_moves to authenticated;

create function private.recompute_clocks(p_application_ids uuid[])
returns table (application_id uuid, receipt_number text, old_promised_at timestamptz, new_promised_at timestamptz, old_due_at timestamptz, new_due_at timestamptz)
language plpgsql security definer set search_path = '' as $$
begin
  return query
  with stands as (
    select s.application_id, bool_or(s.to_at is null) as is_standing, range_agg(tstzrange(s.from_at, coalesce(s.to_at, s.from_at))) as spans
    from public.application_stands as s where s.application_id = any (p_application_ids) group by 1),
  running as materialized (
    select a.id, a.receipt_number, a.submitted_at, a.promised_at, a.next_due_at, g.promised_value, g.promised_unit,
      coalesce(s.is_standing, false) as is_standing, coalesce(s.spans, '{}') as spans
    from public.applications as a join public.guides as g on g.id = a.guide_id left join stands as s on s.application_id = a.id
    where a.id = any (p_application_ids) and a.status in ('in_progress', 'waiting_for_citizen', 'suspended')),
  steps as materialized (
    select t.id, r.id as case_id, r.is_standing, private.due_at(t.started_at, t.limit_value, t.limit_unit, r.spans) as due_at
    from public.application_steps as t join running as r on r.id = t.application_id where t.status = 'current'),
  moved_steps as (
    update public.application_steps as t set due_at = case when s.is_standing then null else s.due_at end
    from steps as s where t.id = s.id and t.due_at is distinct from case when s.is_standing then null else s.due_at end),
  fresh as materialized (
    select r.id, r.receipt_number, r.promised_at as old_promised, private.due_at(r.submitted_at, r.promised_value, r.promised_unit, r.spans) as new_promised,
      r.next_due_at as old_due, d.due_at as new_due
    from running as r left join (select s.case_id, min(s.due_at) as due_at from steps as s group by 1) as d on d.case_id = r.id),
  moved as (
    update public.applications as a set promised_at = f.new_promised, next_due_at = f.new_due
    from fresh as f where a.id = f.id and (f.old_promised, f.old_due) is distinct from (f.new_promised, f.new_due))
  select f.id, f.receipt_number, f.old_promised, f.new_promised, f.old_due, f.new_due
  from fresh as f where (f.old_promised, f.old_due) is distinct from (f.new_promised, f.new_due);
end $$;
comment on function private.recompute_clocks is 'Computes the dates of these open cases again from limits, stands and calendar, and returns the cases that moved.';

create function private.recompute_case_clock(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform private.recompute_clocks(array[p_application_id]);
end $$;
comment on function private.recompute_case_clock is 'Computes due_at of the current steps, promised_at and next_due_at of one open case again. The caller holds the lock on the case.';

create function private.standing_since(p_application_id uuid) returns timestamptz language sql stable security definer set search_path = '' as $$
  select from_at from public.application_stands where application_id = p_application_id and to_at is null;
$$;
comment on function private.standing_since is 'Since when a case''s clock stands; null while it runs.';

create function private.stop_clock(p_application_id uuid, p_reason text, p_details jsonb default '{}') returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_status text;
  v_id uuid;
begin
  select status into v_status from public.applications where id = p_application_id for update;
  if coalesce(v_status, 'draft') not in ('in_progress', 'waiting_for_citizen', 'suspended') then perform private.refuse('clock_not_running', 409); end if;
  insert into public.application_stands (application_id, reason, details, from_at)
  values (p_application_id, p_reason, coalesce(p_details, '{}'), private.now())
  on conflict (application_id) where to_at is null do nothing returning id into v_id;
  if v_id is null then perform private.refuse('clock_already_stands', 409); end if;
  perform private.recompute_case_clock(p_application_id), private.announce('case', p_application_id::text);
  return v_id;
end $$;
comment on function private.stop_clock is 'The clock of an open case stands from now on; returns the stand. Refuses clock_not_running (draft or ended), clock_already_stands.';

create function private.run_clock(p_application_id uuid) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  perform from public.applications where id = p_application_id for update;
  -- A transaction that began before the stop must not end the stand before it began.
  update public.application_stands set to_at = greatest(from_at, private.now()) where application_id = p_application_id and to_at is null;
  if not found then return false; end if;
  perform private.recompute_case_clock(p_application_id), private.announce('case', p_application_id::text);
  return true;
end $$;
comment on function private.run_clock is 'The clock of a case goes on and its dates move by what it stood; false when it was running.';

create function private.end_stand() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.application_stands set to_at = greatest(from_at, private.now()) where application_id = new.id and to_at is null;
  return null;
end $$;
create trigger end_stand after update of status on public.applications for each row
  when (new.status in ('approved', 'refused', 'returned', 'withdrawn') and old.status is distinct from new.status) execute function private.end_stand();

create function private.move_clocks(p_days date[]) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := private.now();
  v_days datemultirange := (select coalesce(range_agg(daterange(day, day + 1)), '{}') from unnest(p_days) as day);
  v_moved integer := 0;
  v_moves jsonb := '[]';
begin
  if cardinality(p_days) > 0 then
    with touched as (
      select a.id from public.applications as a
      left join lateral (select max(t.due_at) as due_at from public.application_steps as t where t.application_id = a.id and t.status = 'current') as s on true
      where a.status in ('in_progress', 'waiting_for_citizen', 'suspended')
        and v_days && daterange((a.submitted_at at time zone private.zone())::date,
                                (greatest(a.promised_at, a.next_due_at, s.due_at) at time zone private.zone())::date, '[]')
      order by a.id for update of a),
    moves as (
      insert into public.calendar_moves (at, application_id, receipt_number, old_promised_at, new_promised_at, old_due_at, new_due_at)
      select v_now, r.application_id, r.receipt_number, r.old_promised_at, r.new_promised_at, r.old_due_at, r.new_due_at
      from private.recompute_clocks(array(select id from touched)) as r
      returning *),
    events as (
      insert into public.application_events (application_id, at, kind, actor, details)
      select m.application_id, v_now, 'clock_moved', 'system', jsonb_build_object('old_promised_at', m.old_promised_at, 'new_promised_at', m.new_promised_at,
          'old_due_at', m.old_due_at, 'new_due_at', m.new_due_at) from moves as m)
    select count(*), coalesce(jsonb_agg(jsonb_build_object('receipt_number', m.receipt_number, 'old_promised_at', m.old_promised_at, 'new_promised_at', m.new_promised_at)
                                        order by m.receipt_number) filter (where m.position <= 1000), '[]')
      into v_moved, v_moves
    from (select *, row_number() over (order by receipt_number) as position from moves) as m;
    perform private.record('calendar_changed', 'calendar', p_days[1]::text,
      jsonb_build_object('first', p_days[1], 'last', p_days[cardinality(p_days)], 'days', cardinality(p_days), 'moved', v_moved));
  end if;
  return jsonb_build_object('moved', v_moved, 'moves', v_moves);
end $$;
comment on function private.move_clocks is
  'Computes open cases again whose span, from receipt to the latest of their dates, holds one of these days; keeps what moved in calendar_moves and tells each moved case (event clock_moved). Returns {moved, moves}.';

create function public.moved_cases(p_before_at timestamptz default null, p_before_id uuid default null, p_limit integer default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if not (private.has_role('supervisor') or private.has_role('administrator')) then perform private.refuse('not_your_desk', 403); end if;
  return (select coalesce(jsonb_agg(to_jsonb(m) order by m.at desc, m.id desc), '[]')
          from (select * from public.calendar_moves where p_before_at is null or (at, id) < (p_before_at, p_before_id)
                order by at desc, id desc limit least(p_limit, 200)) as m);
end $$;
comment on function public.moved_cases is 'Cases that a change of the calendar moved, the latest first; the next page starts before (at, id) of the last one. Refuses not_your_desk.';
grant execute on function public.moved_cases to authenticated;

-- The forecast. A light tells a supervisor where help still helps: yellow begins while there is time to act (the last quarter
-- of a limit; of a limit in days the last day, because with less than a day left nobody can be sent), red says that the law
-- is broken. A clock that stands is nobody's lateness.
create function private.step_light(p_now timestamptz, p_due_at timestamptz, p_amount integer, p_unit text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare v_days integer;
begin
  if p_due_at is null then return 'stands'; end if;
  if p_due_at < p_now then return 'red'; end if;
  if p_unit = 'working_day' then
    v_days := private.working_days_between(p_now, p_due_at);
    return case when v_days < 1 or v_days * 4 < p_amount then 'yellow' else 'green' end;
  end if;
  return case when public.working_time_between(p_now, p_due_at) * 4 < p_amount * case p_unit when 'working_hour' then 60 else 1 end then 'yellow' else 'green' end;
end $$;
comment on function private.step_light is
  'How a current step does: red when it is late, yellow when less than a quarter of its limit is left (of a limit in days also on the last day), else green; stands while its clock does.';

create function private.forecast(p_application_id uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  v_now timestamptz := private.now();
  v public.applications;
  v_standing_since timestamptz := private.standing_since(p_application_id);
  v_stands tstzmultirange;
  v_promised_at timestamptz;
  v_expected_at timestamptz;
  v_stage smallint;
begin
  select * into v from public.applications where id = p_application_id and status in ('in_progress', 'waiting_for_citizen', 'suspended');
  if v.id is null then return null; end if;
  select coalesce(range_agg(tstzrange(from_at, greatest(from_at, coalesce(to_at, v_now)))), '{}') into v_stands
  from public.application_stands where application_id = v.id;
  v_promised_at := v.promised_at;
  if v_standing_since is not null then
    select private.due_at(v.submitted_at, promised_value, promised_unit, v_stands) into v_promised_at from public.guides where id = v.guide_id;
  end if;
  -- What runs now takes its whole limit (what is late ends now at the earliest); each later stage then takes its longest limit.
  select max(greatest(v_now, private.due_at(started_at, limit_value, limit_unit, v_stands))) into v_expected_at
  from public.application_steps where application_id = v.id and status = 'current';
  for v_stage in select distinct stage from public.application_steps where application_id = v.id and status = 'waiting' order by stage loop
    select max(private.due_at(v_expected_at, limit_value, limit_unit)) into v_expected_at
    from public.application_steps where application_id = v.id and status = 'waiting' and stage = v_stage;
  end loop;
  return jsonb_build_object('standing_since', v_standing_since, 'promised_at', v_promised_at, 'expected_at', v_expected_at,
    'over_minutes', public.working_time_between(v_promised_at, v_expected_at),
    'over_days', greatest(0, private.working_days_between(v_promised_at, v_expected_at)),
    'steps', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'light', private.step_light(v_now, t.due_at, t.limit_value, t.limit_unit),
                'due_at', t.due_at, 'minutes_left', public.working_time_between(v_now, t.due_at)) order by t.due_at, t.position), '[]')
              from public.application_steps as t where t.application_id = v.id and t.status = 'current'));
end $$;
comment on function private.forecast is
  'Where an open case is heading: a light for each current step, and by how many working minutes and days (over_minutes, over_days; 0 when it keeps it) the case breaks its promise if every step that is left takes its whole limit. While the clock stands: as if it went on now. Null when the case is not open.';

create function public.supervision_forecast(p_after_due timestamptz default null, p_after_id uuid default null, p_limit integer default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if not (private.has_role('supervisor') or private.has_role('administrator')) then perform private.refuse('not_your_desk', 403); end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'step_id', t.id, 'receipt_number', a.receipt_number, 'service', s.short_name, 'step', t.name,
        'who', case t.actor when 'window' then d.name else dep.short_name end, 'due_at', t.due_at,
        'light', private.step_light(private.now(), t.due_at, t.limit_value, t.limit_unit), 'minutes_left', public.working_time_between(private.now(), t.due_at),
        'promised_at', f.forecast -> 'promised_at', 'expected_at', f.forecast -> 'expected_at', 'over_minutes', f.forecast -> 'over_minutes', 'over_days', f.forecast -> 'over_days')
      order by t.due_at, t.id), '[]')
    from (select * from public.application_steps
          where status = 'current' and due_at is not null and (p_after_due is null or (due_at, id) > (p_after_due, p_after_id))
          order by due_at, id limit least(p_limit, 100)) as t
    join public.applications as a on a.id = t.application_id join public.services as s on s.id = a.service_id
    left join public.divisions as d on d.code = t.window_code left join public.departments as dep on dep.id = t.department_id
    cross join lateral (select private.forecast(a.id) as forecast offset 0) as f);
end $$;
comment on function public.supervision_forecast is
  'Running steps of the county, due first, each with its light and with how far its case will miss its promise; nothing that stands, no personal data. The next page starts after (due_at, step_id) of the last one. Refuses not_your_desk.';
grant execute on function public.supervision_forecast to authenticated;
