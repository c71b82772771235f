-- Foundation: closes every door that PostgreSQL and Supabase leave open by default, so that each later file opens only
-- what it names. `public` is served by the data API; `private` never is: it holds helpers, sessions and the audit log.
-- Nobody but the functions below writes the audit log, nobody changes or deletes a line of it, nobody reads it by API.

create schema if not exists private;
revoke all on schema private from public;
grant usage on schema private to anon, authenticated, service_role;

-- Without `in schema`: that is the only form that takes away what PUBLIC has by default.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke execute on functions from anon, authenticated;

create table private.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor_id uuid,
  action text not null,
  subject_type text not null,
  subject_id text not null,
  details jsonb not null default '{}',
  constraint audit_log_action_is_a_word check (action ~ '^[a-z_]{3,60}$'),
  constraint audit_log_subject_type_is_a_word check (subject_type ~ '^[a-z_]{3,40}$')
);
comment on table private.audit_log is 'Who did what to which row, for ever. Written by private.record() alone; never granted to any API role.';
create index audit_log_subject on private.audit_log (subject_type, subject_id, at);
create index audit_log_actor on private.audit_log (actor_id, at);
alter table private.audit_log enable row level security;

create function private.refuse(p_code text, p_status integer default 400, p_detail text default null)
returns void language plpgsql set search_path = '' as $$
begin
  raise exception using errcode = 'PT' || p_status::text, message = p_code, detail = coalesce(p_detail, '');
end $$;
comment on function private.refuse is 'Ends the command with one error code word; the data API answers with the given HTTP status.';
grant execute on function private.refuse to anon, authenticated, service_role;

create function private.keep_audit_log() returns trigger language plpgsql set search_path = '' as $$
begin
  perform private.refuse('audit_log_is_kept', 403);
  return null;
end $$;
create trigger audit_log_is_kept before update or delete or truncate on private.audit_log
  for each statement execute function private.keep_audit_log();

create function private.record(p_action text, p_subject_type text, p_subject_id text, p_details jsonb default '{}')
returns void language sql security definer set search_path = '' as $$
  insert into private.audit_log (actor_id, action, subject_type, subject_id, details)
  values ((select auth.uid()), p_action, p_subject_type, p_subject_id, coalesce(p_details, '{}'));
$$;
comment on function private.record is 'Appends one line to the audit log in the caller''s transaction. Called by commands only, so it is granted to nobody.';

create function private.now() returns timestamptz language sql stable set search_path = '' as $$
  select now();
$$;
comment on function private.now is 'The one clock of the product: the database''s own, never a machine''s.';
grant execute on function private.now to anon, authenticated, service_role;

create function private.is_bilingual(p_text jsonb) returns boolean language sql immutable set search_path = '' as $$
  select jsonb_typeof(p_text) = 'object' and length(coalesce(p_text ->> 'zh', '')) > 0 and length(coalesce(p_text ->> 'en', '')) > 0;
$$;
comment on function private.is_bilingual is 'Every text that people read is kept as {"zh": …, "en": …}, neither of them empty.';
grant execute on function private.is_bilingual to anon, authenticated, service_role;

create function private.is_id_number(p_number text) returns boolean language sql immutable set search_path = '' as $$
  -- GB 11643-1999: 17 digits and the ISO 7064 MOD 11-2 check character.
  select p_number ~ '^[1-9][0-9]{16}[0-9X]$'
     and substr('10X98765432', 1 + (select sum(substr(p_number, i, 1)::int * (1 << (18 - i)) % 11)::int % 11 from generate_series(1, 17) as i), 1)
         = substr(p_number, 18, 1);
$$;
comment on function private.is_id_number is 'Form and check digit of a resident identity number (GB 11643-1999).';
grant execute on function private.is_id_number to authenticated, service_role;

create function private.mask(p_kind text, p_value text) returns text language sql immutable set search_path = '' as $$
  select case
    when p_value is null or p_value = '' then ''
    when p_kind = 'name' and length(p_value) <= 2 then left(p_value, 1) || '*'
    when p_kind = 'name' then left(p_value, 1) || repeat('*', least(length(p_value) - 2, 6)) || right(p_value, 1)
    when p_kind = 'phone' then left(right(p_value, 11), 3) || '****' || right(p_value, 4)
    -- The birthday stands beside it on many screens, so less is left of the number than usual.
    when p_kind = 'id_number' then left(p_value, 3) || '*************' || right(p_value, 2)
    when p_kind = 'bank_card' then '**** **** **** ' || right(p_value, 4)
    else left(p_value, 2) || '****'
  end;
$$;
comment on function private.mask is 'Personal data as a desk shows it until somebody asks to see it and is recorded (PIPL, rule 4 of the domain).';
grant execute on function private.mask to authenticated, service_role;

create table private.heartbeats (
  process text primary key,
  at timestamptz not null,
  constraint heartbeats_process_is_a_word check (process ~ '^[a-z_]{3,40}$')
);
comment on table private.heartbeats is 'When a process that nobody calls was last alive; /api/health reads it.';
alter table private.heartbeats enable row level security;

create function public.scheduler_beat() returns void language sql security definer set search_path = '' as $$
  insert into private.heartbeats (process, at) values ('scheduler', clock_timestamp()) on conflict (process) do update set at = excluded.at;
$$;
comment on function public.scheduler_beat is 'The scheduler says that it is alive.';
grant execute on function public.scheduler_beat to service_role;

create function public.health() returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('scheduler_seconds', (select round(extract(epoch from clock_timestamp() - at)) from private.heartbeats where process = 'scheduler'));
$$;
comment on function public.health is 'Seconds since the scheduler was alive, or null; answering at all says that the database is.';
grant execute on function public.health to service_role;

create function private.holds(p_when jsonb, p_answers jsonb) returns boolean language sql immutable set search_path = '' as $$
  select p_when is null or p_when = '[]' or exists (
    select from jsonb_array_elements(p_when) as alternative
    where not exists (
      select from jsonb_each(alternative.value) as c
      where not coalesce(case jsonb_typeof(c.value) when 'array' then c.value @> jsonb_build_array(p_answers -> c.key) and p_answers ? c.key
                                                    else p_answers -> c.key = c.value end, false)));
$$;
comment on function private.holds is 'Whether a condition of a guide holds: p_when is a list of alternatives, each {answer: value or [values]} of which all must be so; [] always holds.';
grant execute on function private.holds to anon, authenticated, service_role;

create function private.clean_text(p_text text, p_most integer, p_has_lines boolean default false) returns text
language plpgsql immutable set search_path = '' as $$
declare v text := regexp_replace(coalesce(p_text, ''), E'\r\n?', E'\n', 'g');
begin
  if not p_has_lines then v := regexp_replace(v, E'[\t\n]', ' ', 'g'); end if;
  v := btrim(regexp_replace(v, '[\u0001-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]', '', 'g'), E' \t\n\u3000');
  if length(v) > p_most then perform private.refuse('text_too_long', 422, p_most::text); end if;
  return v;
end $$;
comment on function private.clean_text is
  'Every free text passes here. Control characters, invisible blanks and marks that turn the direction of text are taken out, since pasted text carries them unknown to its writer; lines stay where they are asked for; more than p_most characters are refused: text_too_long.';

create function private.clean_json(p_value jsonb, p_most integer, p_has_lines boolean default true) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return case jsonb_typeof(p_value)
    when 'string' then to_jsonb(private.clean_text(p_value #>> '{}', p_most, p_has_lines))
    when 'array' then (select coalesce(jsonb_agg(private.clean_json(value, p_most, p_has_lines) order by ordinality), '[]')
                       from jsonb_array_elements(p_value) with ordinality)
    when 'object' then (select coalesce(jsonb_object_agg(private.clean_text(key, 100), private.clean_json(value, p_most, p_has_lines)), '{}') from jsonb_each(p_value))
    else p_value end;
end $$;
comment on function private.clean_json is 'private.clean_text() for every text within a value.';
