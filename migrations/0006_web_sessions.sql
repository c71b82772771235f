-- Web sessions: what an HttpOnly cookie stands for. The table keeps a hash of the cookie's secret and the Supabase tokens
-- sealed with a key that only the web process has; it is reached by the service role's commands alone. People list and
-- close their own sessions without ever seeing a token.

create table private.web_sessions (
  id uuid primary key default gen_random_uuid(),
  secret_hash text not null,
  person_id uuid not null references auth.users (id) on delete cascade,
  sealed_tokens text not null,
  access_expires_at timestamptz not null,
  expires_at timestamptz not null,
  refreshing_until timestamptz,
  device_label text not null default '',
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  constraint web_sessions_secret_once unique (secret_hash),
  constraint web_sessions_secret_is_sha256 check (secret_hash ~ '^[0-9a-f]{64}$'),
  constraint web_sessions_device_label_length check (length(device_label) <= 80)
);
create index web_sessions_person on private.web_sessions (person_id, last_seen_at desc);
create index web_sessions_expires on private.web_sessions (expires_at);
alter table private.web_sessions enable row level security;

create function public.open_web_session(p_secret_hash text, p_person_id uuid, p_sealed_tokens text, p_access_expires_at timestamptz, p_device_label text)
returns uuid language plpgsql security definer set search_path = '' as $$
declare v_id uuid;
begin
  insert into private.web_sessions (secret_hash, person_id, sealed_tokens, access_expires_at, expires_at, device_label)
  values (p_secret_hash, p_person_id, p_sealed_tokens, p_access_expires_at, private.now() + interval '30 days', left(p_device_label, 80))
  returning id into v_id;
  perform private.record('signed_in', 'web_session', v_id::text, jsonb_build_object('person_id', p_person_id));
  return v_id;
end $$;
grant execute on function public.open_web_session to service_role;

create function public.read_web_session(p_secret_hash text) returns jsonb language sql security definer set search_path = '' as $$
  -- Moves last_seen_at at most once in ten minutes, so that reading stays a read.
  with seen as (
    update private.web_sessions set last_seen_at = private.now()
    where secret_hash = p_secret_hash and expires_at > private.now() and last_seen_at < private.now() - interval '10 minutes')
  select jsonb_build_object('id', id, 'person_id', person_id, 'sealed_tokens', sealed_tokens, 'access_expires_at', access_expires_at)
  from private.web_sessions where secret_hash = p_secret_hash and expires_at > private.now();
$$;
comment on function public.read_web_session is 'One live session by the hash of its secret, or null.';
grant execute on function public.read_web_session to service_role;

create function public.claim_web_session_refresh(p_secret_hash text) returns boolean language sql security definer set search_path = '' as $$
  -- A lease in the row: exactly one process exchanges the refresh token, the others wait and read the result. Who read
  -- the row before it was renewed gets no lease after it: the token they hold is spent.
  with claimed as (
    update private.web_sessions set refreshing_until = private.now() + interval '15 seconds'
    where secret_hash = p_secret_hash and access_expires_at < private.now() + interval '5 minutes'
      and (refreshing_until is null or refreshing_until < private.now()) returning 1)
  select exists (select from claimed);
$$;
grant execute on function public.claim_web_session_refresh to service_role;

create function public.store_web_session_tokens(p_secret_hash text, p_sealed_tokens text, p_access_expires_at timestamptz) returns void
language sql security definer set search_path = '' as $$
  update private.web_sessions set sealed_tokens = p_sealed_tokens, access_expires_at = p_access_expires_at, refreshing_until = null,
    last_seen_at = private.now(), expires_at = private.now() + interval '30 days'
  where secret_hash = p_secret_hash;
$$;
grant execute on function public.store_web_session_tokens to service_role;

create function public.close_web_session(p_secret_hash text) returns boolean language plpgsql security definer set search_path = '' as $$
declare v_session private.web_sessions;
begin
  delete from private.web_sessions where secret_hash = p_secret_hash returning * into v_session;
  if v_session.id is null then return false; end if;
  perform private.record('signed_out', 'web_session', v_session.id::text, jsonb_build_object('person_id', v_session.person_id));
  return true;
end $$;
grant execute on function public.close_web_session to service_role;

create function public.forget_web_sessions() returns integer language sql security definer set search_path = '' as $$
  with gone as (delete from private.web_sessions where expires_at < private.now() returning 1) select count(*)::int from gone;
$$;
comment on function public.forget_web_sessions is 'Deletes sessions past their end.';
grant execute on function public.forget_web_sessions to service_role;

create function public.my_web_sessions() returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', id, 'device_label', device_label, 'created_at', created_at, 'last_seen_at', last_seen_at)
                            order by last_seen_at desc), '[]')
  from private.web_sessions where person_id = (select auth.uid()) and expires_at > private.now();
$$;
comment on function public.my_web_sessions is 'Where the caller is signed in: [{id, device_label, created_at, last_seen_at}], newest first.';
grant execute on function public.my_web_sessions to authenticated;

create function public.close_my_web_session(p_id uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  delete from private.web_sessions where id = p_id and person_id = (select auth.uid());
  if not found then perform private.refuse('session_not_found', 404); end if;
  perform private.record('signed_out', 'web_session', p_id::text);
end $$;
comment on function public.close_my_web_session is 'Signs one of the caller''s own devices out. Refuses session_not_found.';
grant execute on function public.close_my_web_session to authenticated;

create table private.attempts (
  kind text not null,
  key_hash text not null,
  opened_at timestamptz not null,
  taken integer not null default 1,
  constraint attempts_pkey primary key (kind, key_hash),
  constraint attempts_kind_is_a_word check (kind ~ '^[a-z_]{3,40}$')
);
comment on table private.attempts is 'How often something was tried in its current window; keys are hashed, so the table names nobody.';
create index attempts_opened on private.attempts (opened_at);
alter table private.attempts enable row level security;

create function public.take_attempt(p_kind text, p_key text, p_limit integer, p_seconds integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare v private.attempts;
begin
  insert into private.attempts as a (kind, key_hash, opened_at)
  values (p_kind, encode(sha256(convert_to(p_kind || ':' || p_key, 'UTF8')), 'hex'), private.now())
  on conflict (kind, key_hash) do update set
    taken = case when a.opened_at < private.now() - make_interval(secs => p_seconds) then 1 else a.taken + 1 end,
    opened_at = case when a.opened_at < private.now() - make_interval(secs => p_seconds) then private.now() else a.opened_at end
  returning * into v;
  return case when v.taken <= p_limit then 0
              else greatest(1, ceil(extract(epoch from v.opened_at + make_interval(secs => p_seconds) - private.now())))::int end;
end $$;
comment on function public.take_attempt is 'Counts one attempt of p_limit within p_seconds; returns 0, or how many seconds to wait.';
grant execute on function public.take_attempt to service_role;

create function public.forget_attempts() returns integer language sql security definer set search_path = '' as $$
  with gone as (delete from private.attempts where opened_at < private.now() - interval '1 day' returning 1) select count(*)::int from gone;
$$;
grant execute on function public.forget_attempts to service_role;
