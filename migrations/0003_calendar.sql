-- Calendar: the county's working days (State Council calendar with holidays AND make-up days) and hours of service.
-- Everybody reads it; the service role alone replaces it from the published calendar. Years not yet published follow the
-- weekends and are marked provisional.

create table public.calendar_days (
  day date primary key,
  kind text not null,
  name jsonb,
  is_provisional boolean not null default false,
  working_day_number integer not null default 0,
  constraint calendar_days_kind check (kind in ('workday', 'weekend', 'holiday', 'makeup')),
  constraint calendar_days_name_is_bilingual check (name is null or private.is_bilingual(name))
);
comment on table public.calendar_days is 'One row a day. Working days are workday and makeup.';
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

create function private.working_spans(p_from date, p_to date)
returns table (opens_at timestamptz, closes_at timestamptz) language sql stable set search_path = '' as $$
  select (d.day + h.opens) at time zone private.zone(), (d.day + h.closes) at time zone private.zone()
  from public.calendar_days as d
  join public.service_hours as h
    on h.counts_on_clock and h.weekday = case when d.kind = 'makeup' then 1 else extract(isodow from d.day)::int end
  where d.day between p_from and p_to and d.kind in ('workday', 'makeup')
  order by 1;
$$;
comment on function private.working_spans is 'Spans of time on the legal clock from one day to another, both included, in order.';
grant execute on function private.working_spans to anon, authenticated, service_role;

create function public.add_working_time(p_from timestamptz, p_amount integer, p_unit text) returns timestamptz
language plpgsql stable set search_path = '' as $$
declare
  v_day date := (p_from at time zone private.zone())::date;
  v_number integer;
  v_due timestamptz;
  v_left interval;
  v_span record;
begin
  if p_amount < 0 or p_unit not in ('working_minute', 'working_hour', 'working_day') then
    perform private.refuse('working_time_invalid', 400);
  end if;
  select working_day_number into v_number from public.calendar_days where day = v_day;
  if v_number is null then
    perform private.refuse('calendar_missing', 422, v_day::text);
  end if;
  if p_unit = 'working_day' and p_amount > 0 then
    -- The day of receipt does not count; the promise ends with the last hour of service of the n-th working day.
    select max(s.closes_at) into v_due
    from (select min(day) as day from public.calendar_days where working_day_number = v_number + p_amount) as d,
         lateral private.working_spans(d.day, d.day) as s;
    if v_due is null then
      perform private.refuse('calendar_missing', 422, v_day::text);
    end if;
    return v_due;
  end if;
  v_left := case p_unit when 'working_hour' then interval '1 hour' when 'working_minute' then interval '1 minute' else interval '0' end * p_amount;
  loop
    for v_span in select * from private.working_spans(v_day, v_day + 13) loop
      if v_span.closes_at > p_from then
        if greatest(p_from, v_span.opens_at) + v_left <= v_span.closes_at then
          return greatest(p_from, v_span.opens_at) + v_left;
        end if;
        v_left := v_left - (v_span.closes_at - greatest(p_from, v_span.opens_at));
      end if;
    end loop;
    v_day := v_day + 14;
    if not exists (select from public.calendar_days where day = v_day) then
      perform private.refuse('calendar_missing', 422, v_day::text);
    end if;
  end loop;
end $$;
comment on function public.add_working_time is
  'When an amount of working time that starts at p_from is used up. Units: working_minute, working_hour (hours of service), working_day (end of service of the n-th working day after the day of p_from).';
grant execute on function public.add_working_time to anon, authenticated, service_role;

create function public.working_time_between(p_from timestamptz, p_to timestamptz) returns integer
language sql stable set search_path = '' as $$
  select coalesce(floor(sum(extract(epoch from least(s.closes_at, p_to) - greatest(s.opens_at, p_from))) / 60), 0)::int
  from private.working_spans((p_from at time zone private.zone())::date, (p_to at time zone private.zone())::date) as s
  where p_from < p_to and s.closes_at > p_from and s.opens_at < p_to;
$$;
comment on function public.working_time_between is 'Whole minutes of working time between two moments; 0 when p_to is not later.';
grant execute on function public.working_time_between to anon, authenticated, service_role;

create function private.working_days_between(p_from timestamptz, p_to timestamptz) returns integer
language sql stable set search_path = '' as $$
  select (select working_day_number from public.calendar_days where day = (p_to at time zone private.zone())::date)
       - (select working_day_number from public.calendar_days where day = (p_from at time zone private.zone())::date);
$$;
comment on function private.working_days_between is 'Working days after the day of p_from up to the day of p_to: what "n working days left" counts.';
grant execute on function private.working_days_between to anon, authenticated, service_role;

create function public.import_calendar(p_days jsonb, p_hours jsonb) returns integer
language plpgsql security definer set search_path = '' as $$
declare v_changed integer;
begin
  insert into public.calendar_days (day, kind, name, is_provisional)
  select day, kind, name, is_provisional
  from jsonb_to_recordset(p_days) as d(day date, kind text, name jsonb, is_provisional boolean)
  on conflict (day) do update set kind = excluded.kind, name = excluded.name, is_provisional = excluded.is_provisional
  where (public.calendar_days.kind, public.calendar_days.name, public.calendar_days.is_provisional)
     is distinct from (excluded.kind, excluded.name, excluded.is_provisional);
  get diagnostics v_changed = row_count;
  update public.calendar_days as d set working_day_number = n.number
  from (select day, count(*) filter (where kind in ('workday', 'makeup')) over (order by day) as number from public.calendar_days) as n
  where n.day = d.day and d.working_day_number is distinct from n.number;
  if p_hours is not null then
    delete from public.service_hours where true;
    insert into public.service_hours (kind, weekday, opens, closes, counts_on_clock)
    select h.kind, w.weekday::smallint, h.opens, h.closes, h.counts_on_clock
    from jsonb_to_recordset(p_hours) as h(kind text, weekdays jsonb, opens time, closes time, counts_on_clock boolean),
         lateral jsonb_array_elements_text(h.weekdays) as w(weekday);
  end if;
  return v_changed;
end $$;
comment on function public.import_calendar is 'Takes days {day, kind, name, is_provisional} and hours {kind, weekdays, opens, closes, counts_on_clock}; returns how many days changed.';
grant execute on function public.import_calendar to service_role;
