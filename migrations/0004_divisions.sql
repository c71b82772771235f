-- Divisions: county, townships, villages, with the codes of the National Bureau of Statistics. Everybody reads them; the
-- service role alone writes them. A code begins with its parent's code, so "within" is a prefix.

create table public.divisions (
  code text primary key,
  parent_code text references public.divisions (code) on delete restrict,
  level text not null,
  kind text not null,
  name jsonb not null,
  is_city_area boolean not null default false,
  constraint divisions_code_has_6_9_or_12_digits check (code ~ '^[0-9]{6}([0-9]{3}){0,2}$'),
  constraint divisions_level check (level in ('county', 'township', 'village')),
  constraint divisions_level_fits_code check (length(code) = case level when 'county' then 6 when 'township' then 9 else 12 end),
  constraint divisions_kind check (kind in ('county', 'street', 'town', 'ethnic_township', 'farm', 'mining_area', 'village', 'community')),
  constraint divisions_is_within_parent check ((parent_code is null) = (level = 'county') and (parent_code is null or starts_with(code, parent_code))),
  constraint divisions_name_is_bilingual check (private.is_bilingual(name))
);
comment on column public.divisions.is_city_area is 'Inside the city for courier fees (4 yuan) rather than in the townships (6 yuan).';
create index divisions_parent on public.divisions (parent_code);

alter table public.divisions enable row level security;
create policy "Everybody reads the divisions" on public.divisions for select to anon, authenticated using (true);
grant select on public.divisions to anon, authenticated;

create function private.township_of(p_code text) returns text language sql immutable set search_path = '' as $$
  select case when length(p_code) >= 9 then left(p_code, 9) end;
$$;
comment on function private.township_of is 'The township whose window serves this division; null for the county itself.';
grant execute on function private.township_of to anon, authenticated, service_role;

create function private.division_label(p_code text) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object('zh', string_agg(d.name ->> 'zh', '' order by length(d.code)),
                            'en', string_agg(d.name ->> 'en', ', ' order by length(d.code) desc))
  from public.divisions as d where starts_with(p_code, d.code) and d.level <> 'county';
$$;
comment on function private.division_label is 'Township and village together, as people write it.';
grant execute on function private.division_label to anon, authenticated, service_role;

create function public.import_divisions(p_divisions jsonb) returns integer
language plpgsql security definer set search_path = '' as $$
declare v_changed integer;
begin
  insert into public.divisions (code, parent_code, level, kind, name, is_city_area)
  select code, parent_code, level, kind, name, coalesce(is_city_area, false)
  from jsonb_to_recordset(p_divisions) as d(code text, parent_code text, level text, kind text, name jsonb, is_city_area boolean)
  order by length(code)
  on conflict (code) do update set parent_code = excluded.parent_code, level = excluded.level, kind = excluded.kind,
    name = excluded.name, is_city_area = excluded.is_city_area
  where (public.divisions.kind, public.divisions.name, public.divisions.is_city_area) is distinct from (excluded.kind, excluded.name, excluded.is_city_area);
  get diagnostics v_changed = row_count;
  return v_changed;
end $$;
comment on function public.import_divisions is 'Takes [{code, parent_code, level, kind, name, is_city_area}], parents included; returns how many rows changed.';
grant execute on function public.import_divisions to service_role;
