-- People: a person is a row beside auth.users, made by sign-in with a phone number. Names, numbers and addresses live in
-- private.identities; what is served is masked. People read and change their own profile; staff see masked names of those
-- whose cases they handle (in case commands), and every look at the clear text is recorded where the person can read it.
-- Staff roles are rows, given by administrators, never claims of a token.

create table public.departments (
  id uuid primary key default gen_random_uuid(),
  code text not null,
  name jsonb not null,
  short_name jsonb not null,
  phone text not null,
  address jsonb not null,
  constraint departments_code_once unique (code),
  constraint departments_code_is_a_word check (code ~ '^[a-z][a-z0-9-]{2,40}$'),
  constraint departments_name_is_bilingual check (private.is_bilingual(name)),
  constraint departments_short_name_is_bilingual check (private.is_bilingual(short_name)),
  constraint departments_address_is_bilingual check (private.is_bilingual(address))
);

create table public.people (
  id uuid primary key references auth.users (id) on delete cascade,
  masked_name text not null default '',
  division_code text references public.divisions (code) on delete restrict,
  language text not null default 'zh',
  mode text not null default 'normal',
  created_at timestamptz not null default now(),
  constraint people_language check (language in ('zh', 'en')),
  constraint people_mode check (mode in ('normal', 'elder'))
);
create index people_division on public.people (division_code);

create table private.identities (
  person_id uuid primary key references public.people (id) on delete cascade,
  phone text not null,
  name text,
  id_number text,
  birthday date,
  updated_at timestamptz not null default now(),
  constraint identities_phone_once unique (phone),
  constraint identities_phone_is_digits check (phone ~ '^[0-9]{8,15}$'),
  constraint identities_name_length check (name is null or length(name) between 1 and 60),
  constraint identities_id_number check (id_number is null or private.is_id_number(id_number)),
  constraint identities_id_number_once unique (id_number)
);
comment on table private.identities is 'Clear names and numbers. Reached by the person''s own commands and by recorded looks only.';

create table public.staff_roles (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references public.people (id) on delete cascade,
  role text not null,
  department_id uuid references public.departments (id) on delete restrict,
  division_code text not null references public.divisions (code) on delete restrict,
  starts_on date not null default current_date,
  ends_on date,
  reason text,
  constraint staff_roles_role check (role in ('window_clerk', 'approver', 'video_officer', 'grid_worker', 'volunteer', 'coordinator', 'supervisor', 'administrator')),
  constraint staff_roles_approver_has_department check (role <> 'approver' or department_id is not null),
  constraint staff_roles_span check (ends_on is null or ends_on >= starts_on),
  constraint staff_roles_stand_in_ends check (reason is null or role = 'approver' and ends_on is not null and length(reason) between 5 and 500),
  constraint staff_roles_once unique nulls not distinct (person_id, role, department_id, division_code)
);
comment on column public.staff_roles.reason is 'Who allowed somebody from elsewhere to decide for this department for a while, and why; null: it is their own post.';
create index staff_roles_stand_ins on public.staff_roles (ends_on, id) where reason is not null;
create index staff_roles_department on public.staff_roles (department_id);
create index staff_roles_division on public.staff_roles (division_code);

create table public.data_looks (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references public.people (id) on delete cascade,
  looker_id uuid references public.people (id) on delete set null,
  looker_label jsonb not null,
  what text not null,
  purpose text not null,
  subject_id uuid,
  at timestamptz not null default now(),
  constraint data_looks_what check (what ~ '^[a-z_]{2,60}$'),
  constraint data_looks_purpose_length check (length(purpose) between 2 and 200)
);
comment on table public.data_looks is 'Every look of staff at clear personal data (PIPL, rule 4 of the domain). Written by commands only; read by the person looked at.';
create index data_looks_person on public.data_looks (person_id, at desc, id);
create index data_looks_looker on public.data_looks (looker_id);

create function private.my_roles(p_role text) returns setof public.staff_roles
language sql stable security definer set search_path = '' as $$
  select r.* from public.staff_roles as r
  where r.person_id = (select auth.uid()) and r.role = p_role
    and (private.now() at time zone private.zone())::date between r.starts_on and coalesce(r.ends_on, 'infinity'::date);
$$;
comment on function private.my_roles is 'The caller''s roles of one kind that are in force today.';

create function private.has_role(p_role text) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from private.my_roles(p_role));
$$;
create function private.my_window_codes() returns text[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(distinct d.code), '{}') from private.my_roles('window_clerk') as r
  join public.divisions as d on d.level in ('county', 'township') and starts_with(d.code, r.division_code);
$$;
comment on function private.my_window_codes is 'Codes of the windows the caller serves: the own township, or every one from the county hall.';
create function private.my_department_ids() returns uuid[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(distinct r.department_id), '{}') from private.my_roles('approver') as r;
$$;
grant execute on function private.has_role, private.my_window_codes, private.my_department_ids to authenticated;

alter table public.departments enable row level security;
alter table public.people enable row level security;
alter table private.identities enable row level security;
alter table public.staff_roles enable row level security;
alter table public.data_looks enable row level security;

create policy "Everybody reads the departments" on public.departments for select to anon, authenticated using (true);
create policy "People read their own profile" on public.people for select to authenticated using (id = (select auth.uid()));
create policy "Administrators read profiles" on public.people for select to authenticated using ((select private.has_role('administrator')));
create policy "People change their own profile" on public.people for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
create policy "Staff read their own roles" on public.staff_roles for select to authenticated using (person_id = (select auth.uid()));
create policy "Administrators read roles" on public.staff_roles for select to authenticated using ((select private.has_role('administrator')));
create policy "People read looks at their own data" on public.data_looks for select to authenticated using (person_id = (select auth.uid()));

grant select on public.departments to anon, authenticated;
grant select (id, masked_name, division_code, language, mode, created_at) on public.people to authenticated;
grant update (division_code, language, mode) on public.people to authenticated;
grant select on public.staff_roles to authenticated;
grant select (id, person_id, looker_label, what, purpose, subject_id, at) on public.data_looks to authenticated;
comment on column public.data_looks.looker_id is 'Not granted: the person reads who looked as an office and a name, the audit reads the id.';

create function private.person_from_user() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_phone text := regexp_replace(coalesce(new.phone, ''), '\D', '', 'g');
begin
  if v_phone <> '' then
    insert into public.people (id) values (new.id) on conflict do nothing;
    insert into private.identities (person_id, phone) values (new.id, v_phone)
    on conflict (person_id) do update set phone = excluded.phone where private.identities.phone <> excluded.phone;
  end if;
  return null;
end $$;
create trigger person_from_user after insert or update of phone on auth.users for each row execute function private.person_from_user();

create function private.mask_person() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.people set masked_name = private.mask('name', new.name) where id = new.person_id;
  return null;
end $$;
create trigger mask_person after insert or update of name on private.identities for each row execute function private.mask_person();

create function private.staff_label(p_person_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  -- Staff act under their office and name; citizens see both.
  select jsonb_build_object('zh', concat_ws(' ', o.zh, i.name), 'en', concat_ws(', ', i.name, o.en))
  from private.identities as i
  left join lateral (
    select coalesce(dep.short_name ->> 'zh', d.name ->> 'zh') as zh, coalesce(dep.short_name ->> 'en', d.name ->> 'en') as en
    from public.staff_roles as r
    join public.divisions as d on d.code = r.division_code
    left join public.departments as dep on dep.id = r.department_id
    where r.person_id = i.person_id order by r.reason is not null, r.role limit 1) as o on true
  where i.person_id = p_person_id;
$$;

create function private.my_desk() returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('name', (select name from private.identities where person_id = (select auth.uid())), 'roles', coalesce((
    select jsonb_agg(jsonb_build_object('role', r.role, 'division_code', r.division_code, 'division', d.name,
                                        'department_code', dep.code, 'department', dep.short_name) order by r.role, r.reason is not null)
    from public.staff_roles as r join public.divisions as d on d.code = r.division_code
    left join public.departments as dep on dep.id = r.department_id
    where r.person_id = (select auth.uid()) and (private.now() at time zone private.zone())::date between r.starts_on and coalesce(r.ends_on, 'infinity'::date)), '[]'));
$$;
comment on function private.my_desk is 'Who sits at a desk, for its frame: the caller''s name and roles in force.';

create function public.my_profile() returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'id', p.id, 'phone', i.phone, 'name', i.name, 'id_number', i.id_number, 'birthday', i.birthday,
    'masked_name', p.masked_name, 'masked_phone', private.mask('phone', i.phone), 'masked_id_number', private.mask('id_number', i.id_number),
    'division_code', p.division_code, 'division', private.division_label(p.division_code),
    'language', p.language, 'mode', p.mode,
    'roles', private.my_desk() -> 'roles',
    'looks', coalesce((
      select jsonb_agg(jsonb_build_object('at', l.at, 'who', l.looker_label, 'what', l.what, 'purpose', l.purpose) order by l.at desc)
      from (select * from public.data_looks where person_id = p.id order by at desc limit 20) as l), '[]'))
  from public.people as p join private.identities as i on i.person_id = p.id
  where p.id = (select auth.uid());
$$;
comment on function public.my_profile is 'The caller''s own data in the clear, roles in force and the last 20 looks at their data; null before the first sign-in.';
grant execute on function public.my_profile to authenticated;

create function public.save_my_profile(p_name text, p_id_number text, p_division_code text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_number text := nullif(upper(btrim(p_id_number)), '');
  v_name text := left(private.clean_text(left(p_name, 200), 200), 61);
begin
  if length(v_name) not between 2 and 60 then
    perform private.refuse('name_invalid', 422, 'name');
  elsif v_number is not null and not private.is_id_number(v_number) then
    perform private.refuse('id_number_invalid', 422, 'id_number');
  elsif p_division_code is not null and not exists (select from public.divisions where code = p_division_code) then
    perform private.refuse('division_unknown', 422, 'division_code');
  end if;
  update private.identities set name = v_name, id_number = v_number, updated_at = now(),
    birthday = case when v_number is null then null else to_date(substr(v_number, 7, 8), 'YYYYMMDD') end
  where person_id = (select auth.uid());
  if not found then perform private.refuse('sign_in_needed', 401); end if;
  update public.people set division_code = p_division_code where id = (select auth.uid());
  perform private.record('profile_saved', 'person', (select auth.uid())::text);
  return public.my_profile();
exception when unique_violation then
  perform private.refuse('id_number_taken', 409, 'id_number');
  return null;
end $$;
comment on function public.save_my_profile is 'Keeps name, identity number (may be null) and home division; refuses name_invalid, id_number_invalid, id_number_taken, division_unknown.';
grant execute on function public.save_my_profile to authenticated;

create function public.import_departments(p_departments jsonb) returns integer
language plpgsql security definer set search_path = '' as $$
declare v_changed integer;
begin
  insert into public.departments (code, name, short_name, phone, address)
  select code, name, short_name, phone, address
  from jsonb_to_recordset(p_departments) as d(code text, name jsonb, short_name jsonb, phone text, address jsonb)
  on conflict (code) do update set name = excluded.name, short_name = excluded.short_name, phone = excluded.phone, address = excluded.address;
  get diagnostics v_changed = row_count;
  return v_changed;
end $$;
grant execute on function public.import_departments to service_role;

create function public.import_person(p_person_id uuid, p_person jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  update private.identities set name = p_person ->> 'name', id_number = p_person ->> 'id_number',
    birthday = to_date(substr(p_person ->> 'id_number', 7, 8), 'YYYYMMDD'), updated_at = now()
  where person_id = p_person_id;
  if not found then perform private.refuse('person_unknown', 404); end if;
  update public.people set division_code = p_person ->> 'division_code', language = p_person ->> 'language', mode = p_person ->> 'mode'
  where id = p_person_id;
  insert into public.staff_roles (person_id, role, department_id, division_code)
  select p_person_id, r.role, d.id, r.division_code
  from jsonb_to_recordset(p_person -> 'roles') as r(role text, department text, division_code text)
  left join public.departments as d on d.code = r.department
  on conflict do nothing;
end $$;
comment on function public.import_person is 'Gives a signed-up person name, number, home and roles: {name, id_number, division_code, language, mode, roles: [{role, department, division_code}]}.';
grant execute on function public.import_person to service_role;
