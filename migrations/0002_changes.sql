-- Changes: the live feed. Triggers of other files append (topic, subject); one poller per web process reads what is new
-- through the service door and wakes the pages that watch it. A line carries no data: what is shown is read again by the
-- person who looks, so that row-level security decides. No API role reads or writes the table itself.

create table private.changes (
  id bigint generated always as identity primary key,
  transaction_id xid8 not null default pg_current_xact_id(),
  topic text not null,
  subject_id text not null,
  at timestamptz not null default clock_timestamp(),
  constraint changes_topic_is_a_word check (topic ~ '^[a-z_]{3,40}$')
);
comment on table private.changes is 'What changed, for pages that are open now; kept for an hour.';
create index changes_transaction on private.changes (transaction_id);
create index changes_at on private.changes (at);
alter table private.changes enable row level security;

create function private.announce(p_topic text, p_subject_id text) returns void
language sql security definer set search_path = '' as $$
  insert into private.changes (topic, subject_id) values (p_topic, p_subject_id);
$$;
comment on function private.announce is 'Says that something changed, in the transaction that changes it. Called by triggers and commands only.';

create function public.read_changes(p_since text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  -- Everything below the oldest running transaction is settled: nothing can still appear there.
  v_horizon xid8 := pg_snapshot_xmin(pg_current_snapshot());
  v_changes jsonb;
begin
  if p_since is null then
    return jsonb_build_object('horizon', v_horizon::text, 'changes', '[]'::jsonb);
  end if;
  select coalesce(jsonb_agg(jsonb_build_array(c.topic, c.subject_id)), '[]') into v_changes
  from (select distinct topic, subject_id from private.changes
        where transaction_id >= p_since::xid8 and transaction_id < v_horizon) as c;
  return jsonb_build_object('horizon', v_horizon::text, 'changes', v_changes);
end $$;
comment on function public.read_changes is 'What was settled since a horizon: {"horizon": text, "changes": [[topic, subject], …]}. Ask again with the horizon.';
grant execute on function public.read_changes to service_role;

create function public.forget_changes() returns integer language sql security definer set search_path = '' as $$
  with gone as (delete from private.changes where at < private.now() - interval '1 hour' returning 1) select count(*)::int from gone;
$$;
comment on function public.forget_changes is 'Deletes lines older than an hour; a page that slept longer reads everything again anyway.';
grant execute on function public.forget_changes to service_role;
