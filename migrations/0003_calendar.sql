-- Calendar: the county's working days (State Council calendar with holidays AND make-up days) and hours of service.
-- Everybody reads it. The service role replaces it from the published calendar; an administrator may set single days of the
-- county (a flood, a local festival), and the published calendar leaves those alone. Years not yet published follow the
-- weekends and are marked provisional.
--
-- The legal clock, once for all:
--   * Time runs in the hours of service that count, on working days: 08:30-12:00 and 14:30-18:00 in this county. At noon, at
--     night, on weekends and holidays, before opening and after closing nothing runs. A make-up day on a weekend is a working
--     day with Monday's hours; noon and Saturday duty serve people and run nothing.
--   * A limit in hours or minutes is used up minute by minute of that time. It may end at a closing, never at an opening:
--     what is received after closing begins with the next opening. Speed classes: 2 hours, half a day (4 hours), one day
--     (8 hours: more than the 7 of one day of service), and days.
--   * A limit in days does not count the day of receipt (not even when received at 00:00) and ends with the last hour of
--     service of the n-th working day after it. Town forwarding has 3.
--   * A stand is a span in which the clock stands (while the citizen holds the ball, or for a listed reason). Hours that lie
--     in it do not count. For days, a stand from s to e adds the working days after the day of s up to the day of e, as
--     receipt does. A limit of days never ends while the clock stands: if it stopped on the last day, the limit ends with the
--     next end of service after the reply. Stands that overlap or touch are one. What began to stand after the limit was used up moves nothing.

create table public.calendar_days (
  day date primary key,
  kind text not null,
  name jsonb,
  is_provisional boolean not null default false,
  is_local boolean not null default false,
  working_day_number integer not null default 0,
  constraint calendar_days_kind check (kind in ('workday', 'weekend', 'holiday', 'makeup')),
  constraint calendar_days_name_is_bilingual check (name is null or private.is_bilingual(name))
);
comment on table public.calendar_days is 'One row a day. Working days are workday and makeup.';
comment on column public.calendar_days.is_local is 'Set by an administrator of the county: the published calendar does not replace it.';
comment on column public.calendar_days.working_day_number is 'How many working days there are up to and including this day: adding n working days is one look-up.';
create index calendar_days_number on public.calendar_days (working_day_number, day);

create table public.service_hours (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  weekday smallint not null,
  opens time not null,
  closes time not null,
  counts_on_clock boolean not null,
  constraint service_hours_kind check (kind in ('regular', 'noon_duty', 'saturday_duty')),
  constraint service_hours_weekday check (weekday between 1 and 7),
  constraint service_hours_span check (opens < closes),
  constraint service_hours_once unique (weekday, opens)
);
comment on table public.service_hours is 'When windows are open. Noon and Saturday duty serve people but do not run the legal clock. A make-up day has Monday''s hours.';

alter table public.calendar_days enable row level security;
alter table public.service_hours enable row level security;
create policy "Everybody reads the calendar" on public.calendar_days for select to anon, authenticated using (true);
create policy "Everybody reads the hours of service" on public.service_hours for select to anon, authenticated using (true);
grant select on public.calendar_days, public.service_hours to anon, authenticated;

create function private.zone() returns text language sql immutable set search_path = '' as $$ select 'Asia/Shanghai'::text $$;
grant execute on function private.zone to anon, authenticated, service_role;

create table private.clock_spans (
  opens_at timestamptz primary key,
  closes_at timestamptz not null,
  day date not null,
  day_number integer not null,
  used_before interval not null,
  constraint clock_spans_span check (opens_at < closes_at)
);
comment on table private.clock_spans is 'The calendar rolled out: every span in which the legal clock runs, and how much time ran before it. Made by private.rebuild_clock() alone.';
comment on column private.clock_spans.used_before is 'The reading of the clock at opens_at: two readings and one look-up add or subtract any amount of working time.';
create index clock_spans_used on private.clock_spans (used_before);
create index clock_spans_day_number on private.clock_spans (day_number, closes_at);
alter table private.clock_spans enable row level security;

create function private.working_spans(p_from date, p_to date)
returns table (opens_at timestamptz, closes_at timestamptz, day date, day_number integer) language sql stable set search_path = '' as $$
  select lower(span), upper(span), d.day, d.working_day_number
  from public.calendar_days as d,
    lateral (select range_agg(tstzrange((d.day + h.opens) at time zone private.zone(), (d.day + h.closes) at time zone private.zone())) as spans
             from public.service_hours as h
             where h.counts_on_clock and h.weekday = case when d.kind = 'makeup' then 1 else extract(isodow from d.day)::int end) as o,
    lateral unnest(o.spans) as span
  where d.day between p_from and p_to and d.kind in ('workday', 'makeup')
  order by 1;
$$;
comment on function private.working_spans is 'Spans of time on the legal clock from one day to another, both included, in order, as days and hours of service say.';
grant execute on function private.working_spans to anon, authenticated, service_role;

create function private.rebuild_clock() returns date[] language plpgsql security definer set search_path = '' as $$
declare v_days date[];
begin
  lock table private.clock_spans in share row exclusive mode;
  update public.calendar_days as d set working_day_number = n.number
  from (select day, count(*) filter (where kind in ('workday', 'makeup')) over (order by day) as number from public.calendar_days) as n
  where n.day = d.day and d.working_day_number is distinct from n.number;
  with fresh as (select s.opens_at, s.closes_at, s.day from private.working_spans('-infinity', 'infinity') as s),
       known as (select s.opens_at, s.closes_at, s.day from private.clock_spans as s),
       changed as ((table fresh except table known) union all (table known except table fresh))
  select coalesce(array_agg(distinct c.day order by c.day), '{}') into v_days from changed as c;
  if v_days <> '{}' then
    delete from private.clock_spans where true;
    insert into private.clock_spans (opens_at, closes_at, day, day_number, used_before)
    select s.opens_at, s.closes_at, s.day, s.day_number, sum(s.closes_at - s.opens_at) over (order by s.opens_at) - (s.closes_at - s.opens_at)
    from private.working_spans('-infinity', 'infinity') as s;
  end if;
  return v_days;
end $$;
comment on function private.rebuild_clock is 'Rolls days and hours of service out again; returns the days on which the clock runs differently now, none when nothing changed.';

create function private.clock_reading(p_at timestamptz) returns interval language plpgsql stable security definer set search_path = '' as $$
declare v_reading interval;
begin
  select used_before + (least(p_at, closes_at) - opens_at) into v_reading
  from private.clock_spans where opens_at <= p_at order by opens_at desc limit 1;
  return coalesce(v_reading, interval '0');
end $$;
comment on function private.clock_reading is 'How much working time has run from the calendar''s first day to a moment.';

create function private.due_at(p_from timestamptz, p_amount integer, p_unit text, p_stands tstzmultirange default '{}') returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
declare
  v_first integer;
  -- Working days after the day of p_from: how many make the limit full, when the stand begins and ends, when it is due.
  v_counted integer := p_amount;
  v_before integer;
  v_after integer;
  v_number integer;
  v_closes timestamptz;
  v_reading interval;
  v_stand tstzrange;
  v_stands_from timestamptz;
  v_at interval;
begin
  if p_from is null or coalesce(p_amount, -1) < 0 or coalesce(p_unit, '') not in ('working_minute', 'working_hour', 'working_day') then
    perform private.refuse('working_time_invalid', 400);
  end if;
  select working_day_number into v_first from public.calendar_days where day = (p_from at time zone private.zone())::date;
  if v_first is null then
    perform private.refuse('calendar_missing', 422, (p_from at time zone private.zone())::date::text);
  end if;

  if p_unit = 'working_day' and p_amount > 0 then
    select closes_at into v_closes from private.clock_spans where day_number = v_first + p_amount order by closes_at desc limit 1;
    if not isempty(p_stands) then
      for v_stand in select s from unnest(p_stands) as s order by s loop
        continue when upper(v_stand) <= p_from;
        v_stands_from := greatest(lower(v_stand), p_from);
        exit when v_stands_from >= v_closes;
        if upper_inf(v_stand) or upper(v_stand) = 'infinity' then return null; end if;
        v_before := private.working_days_between(p_from, v_stands_from);
        v_after := private.working_days_between(p_from, upper(v_stand));
        if v_before < v_counted then
          v_counted := v_counted + v_after - v_before;
          v_number := v_counted;
        else
          -- It stopped on its last day: the next end of service after the reply.
          v_number := v_after;
        end if;
        select closes_at into v_closes from private.clock_spans where day_number = v_first + v_number order by closes_at desc limit 1;
        if v_closes <= upper(v_stand) then
          select closes_at into v_closes from private.clock_spans where day_number = v_first + v_number + 1 order by closes_at desc limit 1;
        end if;
      end loop;
    end if;
    if v_closes is null then
      perform private.refuse('calendar_missing', 422, (p_from at time zone private.zone())::date::text);
    end if;
    return v_closes;
  end if;

  v_reading := private.clock_reading(p_from)
    + case p_unit when 'working_hour' then interval '1 hour' when 'working_minute' then interval '1 minute' else interval '0' end * p_amount;
  if not isempty(p_stands) then
    for v_stand in select s from unnest(p_stands) as s order by s loop
      continue when upper(v_stand) <= p_from;
      v_stands_from := greatest(lower(v_stand), p_from);
      v_at := private.clock_reading(v_stands_from);
      exit when v_at > v_reading or v_at = v_reading and p_amount > 0;
      if upper_inf(v_stand) or upper(v_stand) = 'infinity' then return null; end if;
      v_reading := v_reading + (private.clock_reading(upper(v_stand)) - v_at);
    end loop;
  end if;
  if p_amount > 0 then
    select opens_at + (v_reading - used_before), closes_at into v_stands_from, v_closes
    from private.clock_spans where used_before < v_reading order by used_before desc limit 1;
  else
    select opens_at + (v_reading - used_before), closes_at - interval '1 microsecond' into v_stands_from, v_closes
    from private.clock_spans where used_before <= v_reading order by used_before desc limit 1;
  end if;
  if v_stands_from is null or v_stands_from > v_closes then
    perform private.refuse('calendar_missing', 422, (p_from at time zone private.zone())::date::text);
  end if;
  return v_stands_from;
end $$;
comment on function private.due_at is
  'When a limit that starts at p_from is used up although the clock stands in p_stands; null when it still stands (a stand without end). Units: working_minute, working_hour (hours of service), working_day (end of service of the n-th working day after the day of p_from). The rules are at the head of this file. Refuses working_time_invalid, calendar_missing.';

create function public.add_working_time(p_from timestamptz, p_amount integer, p_unit text) returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
begin
  return private.due_at(p_from, p_amount, p_unit, '{}');
end $$;
comment on function public.add_working_time is
  'When an amount of working time that starts at p_from is used up. Units: working_minute, working_hour (hours of service), working_day (end of service of the n-th working day after the day of p_from). Refuses working_time_invalid, calendar_missing.';
grant execute on function public.add_working_time to anon, authenticated, service_role;

create function public.working_time_between(p_from timestamptz, p_to timestamptz) returns integer
language plpgsql stable security definer set search_path = '' as $$
begin
  return case when p_from < p_to then floor(extract(epoch from private.clock_reading(p_to) - private.clock_reading(p_from)) / 60)::int else 0 end;
end $$;
comment on function public.working_time_between is 'Whole minutes of working time between two moments; 0 when p_to is not later.';
grant execute on function public.working_time_between to anon, authenticated, service_role;

create function private.working_days_between(p_from timestamptz, p_to timestamptz) returns integer
language sql stable set search_path = '' as $$
  select (select working_day_number from public.calendar_days where day = (p_to at time zone private.zone())::date)
       - (select working_day_number from public.calendar_days where day = (p_from at time zone private.zone())::date);
$$;
comment on function private.working_days_between is 'Working days after the day of p_from up to the day of p_to: what "n working days left" counts.';
grant execute on function private.working_days_between to anon, authenticated, service_role;

create function public.import_calendar(p_days jsonb, p_hours jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_changed integer;
  v_is_local boolean := (select auth.uid()) is not null;
begin
  if v_is_local and not private.has_role('administrator') then perform private.refuse('not_your_desk', 403); end if;
  insert into public.calendar_days (day, kind, name, is_provisional, is_local)
  select day, kind, name, is_provisional, v_is_local
  from jsonb_to_recordset(p_days) as d(day date, kind text, name jsonb, is_provisional boolean)
  on conflict (day) do update set kind = excluded.kind, name = excluded.name, is_provisional = excluded.is_provisional, is_local = excluded.is_local
  where (public.calendar_days.kind, public.calendar_days.name, public.calendar_days.is_provisional)
     is distinct from (excluded.kind, excluded.name, excluded.is_provisional)
    and (excluded.is_local or not public.calendar_days.is_local);
  get diagnostics v_changed = row_count;
  if p_hours is not null then
    delete from public.service_hours where true;
    insert into public.service_hours (kind, weekday, opens, closes, counts_on_clock)
    select h.kind, w.weekday::smallint, h.opens, h.closes, h.counts_on_clock
    from jsonb_to_recordset(p_hours) as h(kind text, weekdays jsonb, opens time, closes time, counts_on_clock boolean),
         lateral jsonb_array_elements_text(h.weekdays) as w(weekday);
    -- A working day without hours would end no limit.
    if (select count(distinct weekday) from public.service_hours where counts_on_clock and weekday <= 5) < 5 then
      perform private.refuse('working_time_invalid', 400);
    end if;
  end if;
  return jsonb_build_object('days', v_changed) || private.move_clocks(private.rebuild_clock());
end $$;
comment on function public.import_calendar is
  'Takes days {day, kind, name, is_provisional} and hours {kind, weekdays, opens, closes, counts_on_clock}, from the server or an administrator (whose days the published calendar keeps), and moves the dates of open cases. Returns {days: how many changed, moved: how many cases, moves: the first 1000 as {receipt_number, old_promised_at, new_promised_at}}. Refuses not_your_desk, working_time_invalid.';
grant execute on function public.import_calendar to authenticated, service_role;
