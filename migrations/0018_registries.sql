-- Registries: what the county holds itself is asked for with the citizen's consent instead of asking the citizen for it
-- (零材料). A question is bound to one case and to its purpose, about the applicant alone, and recorded before it leaves.
-- People read their own questions; the facts are granted to nobody: a case's page shows them masked, and each look of staff
-- at the clear answer is recorded. Only the server writes an answer. Whatever a registry does, the paper way stays open.

create table public.registry_queries (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  owner_id uuid not null references public.people (id) on delete cascade,
  registry text not null,
  purpose jsonb not null,
  consented_at timestamptz not null,
  status text not null default 'asked',
  reason text,
  answered_at timestamptz,
  as_of date,
  result_hash text,
  facts jsonb not null default '[]',
  disputed_at timestamptz,
  dispute_note text,
  constraint registry_queries_registry check (registry in ('household', 'marriage', 'birth', 'business', 'social_insurance', 'property', 'assistance')),
  constraint registry_queries_status check (status in ('asked', 'found', 'nothing', 'failed')),
  constraint registry_queries_reason check ((status = 'failed') = (reason is not null) and (reason is null or reason in ('not_connected', 'down', 'slow', 'garbled', 'refused', 'late'))),
  constraint registry_queries_answered check ((status = 'asked') = (answered_at is null)),
  constraint registry_queries_found_is_complete check (status <> 'found' or (result_hash is not null and facts <> '[]')),
  constraint registry_queries_result_hash check (result_hash ~ '^[0-9a-f]{64}$'),
  constraint registry_queries_facts_size check (pg_column_size(facts) <= 16384),
  constraint registry_queries_disputed_was_found check (disputed_at is null or status = 'found'),
  constraint registry_queries_dispute_note_length check (length(dispute_note) <= 300),
  constraint registry_queries_purpose_is_bilingual check (private.is_bilingual(purpose))
);
comment on column public.registry_queries.result_hash is 'SHA-256 of the answer''s bytes as the registry sent them.';
comment on column public.registry_queries.facts is 'Not granted: [{code, kind, value}]; shown masked by application_page(), in the clear and recorded by open_registry_answer().';
create index registry_queries_application on public.registry_queries (application_id, registry, consented_at desc);
create index registry_queries_owner on public.registry_queries (owner_id, consented_at desc, id);
alter table public.registry_queries enable row level security;
create policy "People read what was asked about them" on public.registry_queries for select to authenticated using (owner_id = (select auth.uid()));
grant select (id, application_id, owner_id, registry, purpose, consented_at, status, reason, answered_at, as_of, result_hash, disputed_at, dispute_note)
  on public.registry_queries to authenticated;

alter table public.applications
  add column disputes jsonb not null default '{}',
  add constraint applications_disputes_size check (pg_column_size(disputes) <= 16384);
comment on column public.applications.disputes is 'Not granted: {field: {source, at, query_id, note}}, answers filled in by a registry or the profile of which the applicant says that they are not right; shown by application_page().';

create function private.announce_registry_query() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform private.announce('case', new.application_id::text);
  return null;
end $$;
create trigger announce_registry_query after insert or update on public.registry_queries for each row execute function private.announce_registry_query();

create function private.registry_answers(p_application_id uuid, p_registry text) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from public.registry_queries where application_id = p_application_id and registry = p_registry and status = 'found' and disputed_at is null);
$$;
comment on function private.registry_answers is 'Whether the registry answered for this case and the applicant did not say that the answer is wrong.';

create function private.material_is_there(p_application public.applications, p_material public.guide_materials) returns boolean
language sql stable security definer set search_path = '' as $$
  select case
    when (p_material).source = 'form' or (p_material).source = 'county_record' and (p_material).registry is null then true
    when (p_material).registry is not null and private.registry_answers((p_application).id, (p_material).registry) then true
    else (select bool_or(d.origin = 'wallet') or count(*) >= greatest((p_material).min_files, 1) from public.documents as d
          where d.application_id = (p_application).id and d.material_code = (p_material).code and d.status = 'verified') is true end;
$$;
comment on function private.material_is_there is 'Whether a material needs nothing more: held or written here anyway, answered by its registry, sent along from the wallet, or uploaded.';

create function public.begin_registry_query(p_application_id uuid, p_registry text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications := private.own_draft(p_application_id);
  v_service public.services;
  v_person private.identities;
  v_query public.registry_queries;
begin
  if not exists (select from public.guide_materials where guide_id = v.guide_id and registry = p_registry and private.holds(needed_when, v.form)) then
    perform private.refuse('registry_not_asked', 422);
  end if;
  select * into v_person from private.identities where person_id = v.applicant_id;
  if v_person.name is null or v_person.id_number is null then perform private.refuse('registry_needs_profile', 422); end if;
  if not private.is_for_self(v) then perform private.refuse('registry_own_only', 403); end if;
  select * into v_service from public.services where id = v.service_id;
  select * into v_query from public.registry_queries
  where application_id = v.id and registry = p_registry and disputed_at is null
    and (status = 'found' or status = 'asked' and consented_at > private.now() - interval '10 seconds')
  order by consented_at desc limit 1;
  if v_query.id is not null then
    return jsonb_build_object('query_id', v_query.id, 'is_existing', true);
  end if;
  if (select count(*) from public.registry_queries where owner_id = v.applicant_id and registry = p_registry and consented_at > private.now() - interval '1 hour') >= 10 then
    perform private.refuse('too_many_registry_queries', 429, '3600');
  end if;
  insert into public.registry_queries (application_id, owner_id, registry, purpose, consented_at)
  values (v.id, v.applicant_id, p_registry, v_service.name, private.now()) returning * into v_query;
  perform private.record('registry_asked', 'application', v.id::text, jsonb_build_object('registry', p_registry, 'query_id', v_query.id));
  return jsonb_build_object('query_id', v_query.id, 'is_existing', false, 'service', v_service.code, 'purpose', v_service.name ->> 'zh',
    'consented_at', v_query.consented_at, 'subject', jsonb_build_object('name', v_person.name, 'id_number', v_person.id_number, 'phone', v_person.phone));
end $$;
comment on function public.begin_registry_query is
  'Records that the caller lets a registry be asked for a draft of theirs, and what to ask; calling is the consent. An answer that is there is kept. Refuses case_not_found, already_submitted, registry_not_asked, registry_needs_profile, registry_own_only, too_many_registry_queries.';
grant execute on function public.begin_registry_query to authenticated;

create function public.record_registry_answer(p_query_id uuid, p_status text, p_reason text, p_facts jsonb, p_as_of date, p_result_hash text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare v_is_draft boolean;
begin
  select a.status = 'draft' into v_is_draft from public.registry_queries as q join public.applications as a on a.id = q.application_id
  where q.id = p_query_id for update of a;
  -- What was handed in meanwhile is decided by what was handed in.
  update public.registry_queries set answered_at = private.now(),
    status = case when v_is_draft then p_status else 'failed' end, reason = case when v_is_draft then p_reason else 'late' end,
    facts = case when v_is_draft then coalesce(p_facts, '[]') else '[]' end, as_of = p_as_of, result_hash = p_result_hash
  where id = p_query_id and status = 'asked';
  return found and v_is_draft;
end $$;
comment on function public.record_registry_answer is 'The server writes what a registry answered, once; false when it came too late to count.';
grant execute on function public.record_registry_answer to service_role;

create function public.dispute_registry_answer(p_query_id uuid, p_note text default null) returns void language plpgsql security definer set search_path = '' as $$
declare v_query public.registry_queries;
begin
  select * into v_query from public.registry_queries where id = p_query_id and owner_id = (select auth.uid());
  if v_query.id is null then perform private.refuse('registry_answer_not_found', 404); end if;
  perform private.own_draft(v_query.application_id);
  update public.registry_queries set disputed_at = private.now(), dispute_note = nullif(btrim(left(p_note, 300)), '')
  where id = p_query_id and status = 'found' and disputed_at is null;
  perform private.record('registry_answer_disputed', 'application', v_query.application_id::text, jsonb_build_object('query_id', p_query_id));
end $$;
comment on function public.dispute_registry_answer is 'The applicant says that an answer is not right: it no longer counts and the paper way opens. Refuses registry_answer_not_found, case_not_found, already_submitted.';
grant execute on function public.dispute_registry_answer to authenticated;

create function public.my_registry_facts(p_application_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_object_agg(q.registry || '.' || (f.value ->> 'code'), f.value -> 'value'), '{}')
  from public.registry_queries as q, lateral jsonb_array_elements(q.facts) as f
  where q.application_id = p_application_id and q.owner_id = (select auth.uid()) and q.status = 'found' and q.disputed_at is null;
$$;
comment on function public.my_registry_facts is 'What registries told about the caller for a case of theirs, in the clear: {"household.address": …}, for filling in the form.';
grant execute on function public.my_registry_facts to authenticated;

create function private.origins(p_application public.applications) returns jsonb language sql stable security definer set search_path = '' as $$
  with answered as (
    select p.key, p.value as rule, (p_application).form -> p.key as said
    from public.guides as g, lateral jsonb_each(g.form_schema -> 'properties') as p
    where g.id = (p_application).guide_id and (p_application).form ? p.key),
  told as (
    select a.key, jsonb_build_object('source', q.registry, 'at', q.answered_at, 'query_id', q.id) as origin, 1 as place
    from answered as a
    join public.registry_queries as q on q.application_id = (p_application).id and q.registry = split_part(a.rule ->> 'x-registry', '.', 1)
      and q.status = 'found' and q.disputed_at is null
    cross join lateral jsonb_array_elements(q.facts) as f
    where f.value ->> 'code' = split_part(a.rule ->> 'x-registry', '.', 2) and f.value -> 'value' = a.said
    union all
    select a.key, jsonb_build_object('source', 'profile', 'at', i.updated_at), 2
    from answered as a, private.identities as i join public.people as p on p.id = i.person_id
    where i.person_id = (p_application).applicant_id and a.said = to_jsonb(case a.rule ->> 'x-prefill'
      when 'name' then i.name when 'id_number' then i.id_number when 'birthday' then i.birthday::text
      when 'phone' then regexp_replace(i.phone, '^86', '') when 'division' then p.division_code end))
  select coalesce(jsonb_object_agg(t.key, t.origin), '{}') from (select distinct on (key) key, origin from told order by key, place) as t;
$$;
comment on function private.origins is 'Answers that stand as a registry, or else the applicant''s own profile, has them: {field: {source: registry or profile, at, query_id}}.';

create function public.dispute_field(p_application_id uuid, p_field text, p_note text) returns void language plpgsql security definer set search_path = '' as $$
declare
  v public.applications := private.own_draft(p_application_id);
  v_said jsonb := v.disputes -> p_field;
  v_note text := private.clean_text(p_note, 200);
begin
  if p_note is null then
    update public.applications set disputes = disputes - p_field where id = v.id;
    update public.registry_queries set disputed_at = null, dispute_note = null where id = (v_said ->> 'query_id')::uuid;
  else
    if v_said is null then
      v_said := private.origins(v) -> p_field;
      if v_said is null then perform private.refuse('field_not_filled', 422, p_field); end if;
    end if;
    update public.applications set disputes = disputes || jsonb_build_object(p_field, v_said || jsonb_build_object('note', v_note)) where id = v.id;
    update public.registry_queries set disputed_at = coalesce(disputed_at, private.now()), dispute_note = nullif(v_note, '') where id = (v_said ->> 'query_id')::uuid;
  end if;
  perform private.record('field_disputed', 'application', v.id::text, jsonb_build_object('field', p_field, 'is_taken_back', p_note is null));
end $$;
comment on function public.dispute_field is
  'The applicant says that an answer which a registry or the profile filled in is not right, with a word for who handles the case (at most 200 characters, may be empty); null takes it back. A registry''s answer then no longer counts for this draft and the paper way opens. Refuses case_not_found, already_submitted, field_not_filled, text_too_long.';
grant execute on function public.dispute_field to authenticated;

create function private.shown_query(p_query public.registry_queries, p_schema jsonb, p_form jsonb) returns jsonb language sql stable security definer set search_path = '' as $$
  select case when (p_query).id is not null then jsonb_build_object('id', (p_query).id, 'status', (p_query).status, 'reason', (p_query).reason, 'asked_at', (p_query).consented_at,
    'answered_at', (p_query).answered_at, 'as_of', (p_query).as_of, 'is_disputed', (p_query).disputed_at is not null, 'dispute_note', (p_query).dispute_note,
    'facts', (select coalesce(jsonb_agg(jsonb_build_object('code', f.value ->> 'code', 'kind', f.value ->> 'kind', 'value',
        case when f.value ->> 'kind' in ('name', 'id_number', 'phone', 'bank_card', 'address') then private.mask(f.value ->> 'kind', f.value ->> 'value') else f.value ->> 'value' end)
        order by f.ordinality), '[]') from jsonb_array_elements((p_query).facts) with ordinality as f),
    'fields', (select coalesce(jsonb_object_agg(p.key, p_form ->> p.key is not distinct from f.value ->> 'value'), '{}')
      from jsonb_array_elements((p_query).facts) as f join jsonb_each(p_schema -> 'properties') as p
        on p.value ->> 'x-registry' = (p_query).registry || '.' || (f.value ->> 'code') where p_form ? p.key)) end;
$$;
comment on function private.shown_query is 'One question with its answer, masked; fields says of each field that the guide maps whether the form still has what the registry said.';

create function private.material_sources(p_application public.applications, p_material public.guide_materials) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'is_needed', private.holds((p_material).needed_when, (p_application).form),
    'is_there', private.material_is_there(p_application, p_material),
    'wallet_offer', case when (p_material).wallet_kind is not null and (p_application).applicant_id = (select auth.uid())
                         then private.wallet_offer(p_application, p_material) end,
    'wallet_use', (select jsonb_build_object('name', k.name, 'verified_at', u.verified_at, 'verified_by', u.verified_by,
        'asked_by_id', (select d.asked_by_id from public.documents as d where d.wallet_use_id = u.id limit 1))
      from public.wallet_uses as u join private.wallet_kinds as k on k.kind = u.kind
      where u.application_id = (p_application).id and u.material_code = (p_material).code and u.ended_at is null order by u.consented_at desc limit 1),
    'registry', (p_material).registry,
    'query', (select private.shown_query(q, (select form_schema from public.guides where id = (p_application).guide_id), (p_application).form)
      from public.registry_queries as q where q.application_id = (p_application).id and q.registry = (p_material).registry order by q.consented_at desc limit 1));
$$;
comment on function private.material_sources is 'Where a material of a case may come or came from besides a photo: the wallet, or a registry with its masked answer.';

create function public.open_registry_answer(p_query_id uuid) returns jsonb language plpgsql security definer set search_path = '' as $$
declare v public.registry_queries;
begin
  select * into v from public.registry_queries where id = p_query_id and status = 'found';
  if v.id is null or not private.may_read_case(v.application_id) then perform private.refuse('registry_answer_not_found', 404); end if;
  if v.owner_id <> (select auth.uid()) then
    insert into public.data_looks (person_id, looker_id, looker_label, what, purpose, subject_id)
    values (v.owner_id, (select auth.uid()), private.staff_label((select auth.uid())), 'registry_answer', 'review', v.application_id);
    perform private.record('registry_answer_opened', 'registry_query', v.id::text);
  end if;
  return jsonb_build_object('registry', v.registry, 'purpose', v.purpose, 'asked_at', v.consented_at, 'answered_at', v.answered_at, 'as_of', v.as_of,
    'asked_about', (select masked_name from public.people where id = v.owner_id), 'result_sha256', v.result_hash, 'disputed_at', v.disputed_at,
    'dispute_note', v.dispute_note, 'facts', (select jsonb_object_agg(f.value ->> 'code', f.value -> 'value') from jsonb_array_elements(v.facts) as f));
end $$;
comment on function public.open_registry_answer is 'The evidence: who asked what for which purpose, when, and the answer in the clear, for who may read the case; the look of staff is recorded. Refuses registry_answer_not_found.';
grant execute on function public.open_registry_answer to authenticated;

create function public.wallet_page(p_before_at timestamptz default null, p_before_id uuid default null, p_limit integer default 20) returns jsonb
language sql stable security definer set search_path = '' as $$
  select jsonb_build_object(
    'items', (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'name', k.name, 'verified_at', i.verified_at, 'verified_by', i.verified_by,
        'valid_until', i.valid_until, 'is_offered', i.is_offered, 'is_expired', i.valid_until < (private.now() at time zone private.zone())::date,
        'documents', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'mime', d.mime) order by d.created_at), '[]')
                      from private.wallet_files as f join public.documents as d on d.id = f.document_id where f.item_id = i.id)) order by i.verified_at desc), '[]')
      from public.wallet_items as i join private.wallet_kinds as k on k.kind = i.kind where i.owner_id = (select auth.uid())),
    'uses', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'at', r.at, 'purpose', r.purpose, 'name', r.name, 'registry', r.registry,
        'status', r.status, 'application_id', r.application_id, 'is_draft', a.status = 'draft') order by r.at desc, r.id desc), '[]')
      from (
        (select u.id, u.consented_at as at, u.purpose, k.name, null as registry, case when u.ended_at is null then 'used' else 'taken_back' end as status, u.application_id
         from public.wallet_uses as u join private.wallet_kinds as k on k.kind = u.kind
         where u.owner_id = (select auth.uid()) and (p_before_at is null or (u.consented_at, u.id) < (p_before_at, p_before_id))
         order by u.consented_at desc, u.id desc limit least(p_limit, 50))
        union all
        (select q.id, q.consented_at, q.purpose, null, q.registry, case when q.disputed_at is not null then 'disputed' else q.status end, q.application_id
         from public.registry_queries as q
         where q.owner_id = (select auth.uid()) and (p_before_at is null or (q.consented_at, q.id) < (p_before_at, p_before_id))
         order by q.consented_at desc, q.id desc limit least(p_limit, 50))
        order by at desc, id desc limit least(p_limit, 50)) as r
      join public.applications as a on a.id = r.application_id));
$$;
comment on function public.wallet_page is 'The caller''s wallet, and what was used or asked where, last first; the next page of uses starts before (at, id) of the last one.';
grant execute on function public.wallet_page to authenticated;
