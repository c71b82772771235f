-- Services: what the county does for people, and the guide of each with its eight public items (content, legal basis,
-- conditions, materials, procedure, promised time, fee, result). Everybody reads services and published guides. A guide is
-- never changed once published: a new version takes its place and running cases stay on theirs. The service role imports.

create table public.services (
  id uuid primary key default gen_random_uuid(),
  code text not null,
  department_id uuid not null references public.departments (id) on delete restrict,
  kind text not null,
  audience text not null,
  life_events text[] not null default '{}',
  who text[] not null default '{}',
  name jsonb not null,
  short_name jsonb not null,
  summary jsonb not null,
  keywords jsonb not null default '{"zh": [], "en": []}',
  popularity smallint not null default 0,
  is_applicable boolean not null default false,
  reach text not null default 'county',
  constraint services_code_once unique (code),
  constraint services_code_is_a_word check (code ~ '^[a-z][a-z0-9-]{2,60}$'),
  constraint services_kind check (kind in ('instant', 'promised', 'joint', 'referred_up')),
  constraint services_audience check (audience in ('person', 'business')),
  constraint services_reach check (reach in ('township', 'county')),
  constraint services_name_is_bilingual check (private.is_bilingual(name)),
  constraint services_short_name_is_bilingual check (private.is_bilingual(short_name)),
  constraint services_summary_is_bilingual check (private.is_bilingual(summary))
);
comment on column public.services.is_applicable is 'True when the whole application runs here; false when the guide says where to apply.';
comment on column public.services.reach is 'The nearest place where a person gets it done: the window of the own township, or the county hall alone.';
create index services_department on public.services (department_id);
create index services_hottest on public.services (popularity desc, code);

create table public.guides (
  id uuid primary key default gen_random_uuid(),
  service_id uuid not null references public.services (id) on delete restrict,
  version integer not null,
  status text not null default 'published',
  content jsonb not null,
  legal_basis jsonb not null,
  conditions jsonb not null,
  procedure jsonb not null,
  promised_value integer not null,
  promised_unit text not null,
  legal_value integer,
  legal_unit text,
  fee_fen integer not null,
  fee_note jsonb not null,
  result jsonb not null,
  how_to_apply jsonb,
  questions jsonb not null default '[]',
  refusal_reasons jsonb not null default '[]',
  check_questions jsonb not null default '[]',
  fee_rules jsonb not null default '[]',
  parts jsonb not null default '[]',
  form_schema jsonb,
  source_hash text not null,
  published_at timestamptz not null default now(),
  constraint guides_version_once unique (service_id, version),
  constraint guides_status check (status in ('published', 'superseded', 'withdrawn')),
  constraint guides_promised_unit check (promised_unit in ('working_hour', 'working_day') and promised_value > 0),
  constraint guides_fee_is_not_negative check (fee_fen >= 0),
  constraint guides_content_is_bilingual check (private.is_bilingual(content) and private.is_bilingual(procedure) and private.is_bilingual(fee_note)),
  constraint guides_name_their_law check (jsonb_array_length(legal_basis) > 0 and jsonb_array_length(conditions) > 0)
);
comment on column public.guides.source_hash is 'Of what was imported; "draft <id>" where people wrote this version here.';
comment on column public.guides.check_questions is '"What do I need?": 2 to 5 questions {code, question, options: [{value, label}]}; where the service is applied for here, code is a field of the form.';
comment on column public.guides.fee_rules is 'The first rule {when, fee_fen, note} that holds for the answers replaces fee_fen; when is read by private.holds().';
comment on column public.guides.parts is 'A bundle (一件事) names its parts {code, name, department, result}; each part ends in a licence of its own.';
create unique index guides_one_published on public.guides (service_id) where status = 'published';

create table public.guide_materials (
  id uuid primary key default gen_random_uuid(),
  guide_id uuid not null references public.guides (id) on delete restrict,
  position smallint not null,
  code text not null,
  name jsonb not null,
  help jsonb not null,
  source text not null,
  is_required boolean not null,
  min_files smallint not null,
  max_files smallint not null,
  acceptance_points jsonb not null default '[]',
  needed_when jsonb not null default '[]',
  wallet_kind text,
  registry text,
  constraint guide_materials_code_once unique (guide_id, code),
  constraint guide_materials_source check (source in ('upload', 'county_record', 'form')),
  constraint guide_materials_files check (0 <= min_files and min_files <= max_files and max_files <= 20),
  constraint guide_materials_name_is_bilingual check (private.is_bilingual(name) and private.is_bilingual(help))
);
comment on column public.guide_materials.needed_when is 'For whom this material is: read by private.holds() over the form; [] is everybody.';
comment on column public.guide_materials.wallet_kind is 'What kind of document it is (id_card, household_page …): a verified one of the wallet serves again.';
comment on column public.guide_materials.registry is 'The county registry that holds it (零材料): asked for by the connector of that name, on paper only when that fails.';
comment on column public.guide_materials.acceptance_points is 'What the window checks, per material (要件审查要点): nobody may demand more.';

create table public.guide_steps (
  id uuid primary key default gen_random_uuid(),
  guide_id uuid not null references public.guides (id) on delete restrict,
  position smallint not null,
  stage smallint not null,
  code text not null,
  kind text not null,
  name jsonb not null,
  actor text not null,
  department_id uuid references public.departments (id) on delete restrict,
  limit_value integer not null,
  limit_unit text not null,
  needed_when jsonb not null default '[]',
  part_code text,
  constraint guide_steps_position_once unique (guide_id, position),
  constraint guide_steps_kind check (kind in ('review', 'approve', 'produce')),
  constraint guide_steps_actor check (actor in ('window', 'department') and (actor = 'window') = (department_id is null)),
  constraint guide_steps_limit check (limit_unit in ('working_hour', 'working_day') and limit_value > 0),
  constraint guide_steps_windows_cannot_approve check (actor = 'department' or kind <> 'approve'),
  constraint guide_steps_name_is_bilingual check (private.is_bilingual(name))
);
comment on column public.guide_steps.stage is 'Steps of one stage run in parallel (并联审批); the next stage starts when all of them are done.';
comment on column public.guide_steps.needed_when is 'For which cases this step is: read by private.holds() over the form; [] is every case.';
comment on column public.guide_steps.part_code is 'The part of a bundle that this step decides; null: the whole case.';
create index guide_steps_department on public.guide_steps (department_id);

alter table public.services enable row level security;
alter table public.guides enable row level security;
alter table public.guide_materials enable row level security;
alter table public.guide_steps enable row level security;
create policy "Everybody reads the services" on public.services for select to anon, authenticated using (true);
create policy "Everybody reads guides that were published" on public.guides for select to anon, authenticated using (true);
create policy "Everybody reads the materials of guides" on public.guide_materials for select to anon, authenticated using (true);
create policy "Everybody reads the steps of guides" on public.guide_steps for select to anon, authenticated using (true);
grant select on public.services, public.guides, public.guide_materials, public.guide_steps to anon, authenticated;

create function private.keep_guides() returns trigger language plpgsql set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'guides' and to_jsonb(old) - 'status' = to_jsonb(new) - 'status' then
    return new;
  end if;
  perform private.refuse('published_guide_is_kept', 409);
  return null;
end $$;
comment on function private.keep_guides is 'A published guide only ever changes its status: cases that started on it finish on it.';
create trigger guides_are_kept before update or delete on public.guides for each row execute function private.keep_guides();
create trigger guide_materials_are_kept before update or delete on public.guide_materials for each row execute function private.keep_guides();
create trigger guide_steps_are_kept before update or delete on public.guide_steps for each row execute function private.keep_guides();

create function private.service_cards(p_ids uuid[]) returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'name', s.name, 'short_name', s.short_name, 'summary', s.summary, 'kind', s.kind,
    'life_events', s.life_events, 'is_applicable', s.is_applicable, 'is_near', s.reach = 'township', 'department', d.short_name,
    'promised', jsonb_build_object('value', g.promised_value, 'unit', g.promised_unit), 'fee_fen', g.fee_fen) order by asked.place), '[]')
  from unnest(p_ids) with ordinality as asked(id, place)
  join public.services as s on s.id = asked.id
  join public.guides as g on g.service_id = s.id and g.status = 'published'
  join public.departments as d on d.id = s.department_id;
$$;
comment on function private.service_cards is 'What a list shows of services, in the order of the ids; without a published guide nothing.';

create function private.hottest_services(p_limit integer) returns jsonb language sql stable set search_path = '' as $$
  select private.service_cards(array(select s.id from public.services as s
    where exists (select from public.guides as g where g.service_id = s.id and g.status = 'published')
    order by s.popularity desc, s.code limit p_limit));
$$;
comment on function private.hottest_services is 'The services that most people ask for.';
grant execute on function private.service_cards, private.hottest_services to anon, authenticated, service_role;

create function public.service_page(p_code text) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'service', jsonb_build_object('code', s.code, 'name', s.name, 'short_name', s.short_name, 'summary', s.summary, 'kind', s.kind, 'is_applicable', s.is_applicable),
    'department', jsonb_build_object('name', d.name, 'short_name', d.short_name, 'phone', d.phone, 'address', d.address),
    'guide', to_jsonb(g) - 'form_schema' - 'source_hash',
    'materials', (select coalesce(jsonb_agg(jsonb_build_object('code', m.code, 'name', m.name, 'help', m.help, 'source', m.source,
        'is_required', m.is_required, 'min_files', m.min_files, 'max_files', m.max_files, 'acceptance_points', m.acceptance_points, 'needed_when', m.needed_when) order by m.position), '[]')
      from public.guide_materials as m where m.guide_id = g.id),
    'steps', (select coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'kind', t.kind, 'actor', t.actor, 'stage', t.stage,
        'department', td.short_name, 'limit', jsonb_build_object('value', t.limit_value, 'unit', t.limit_unit),
        'needed_when', t.needed_when, 'part', t.part_code) order by t.position), '[]')
      from public.guide_steps as t left join public.departments as td on td.id = t.department_id where t.guide_id = g.id),
    'parts', (select coalesce(jsonb_agg(p.value || jsonb_build_object('department', pd.short_name) order by p.position), '[]')
      from jsonb_array_elements(g.parts) with ordinality as p(value, position) left join public.departments as pd on pd.code = p.value ->> 'department'),
    -- What conditions ask for, in words: a question of the check has its own, any other field those of the form.
    'fields', (select coalesce(jsonb_object_agg(f.key, jsonb_build_object('label', f.value -> 'x-label', 'options', f.value -> 'x-options')), '{}')
      from jsonb_each(g.form_schema -> 'properties') as f
      where f.key in (select jsonb_object_keys(alternative) from (
        select jsonb_array_elements(m.needed_when) from public.guide_materials as m where m.guide_id = g.id
        union all select jsonb_array_elements(t.needed_when) from public.guide_steps as t where t.guide_id = g.id
        union all select jsonb_array_elements(r -> 'when') from jsonb_array_elements(g.fee_rules) as r) as c(alternative))),
    'promised_at', public.add_working_time(private.now(), g.promised_value, g.promised_unit))
  from public.services as s
  join public.guides as g on g.service_id = s.id and g.status = 'published'
  join public.departments as d on d.id = s.department_id
  where s.code = p_code;
$$;
comment on function public.service_page is 'Everything the guide page shows, or null: service, department, guide, materials, steps, parts, the fields that conditions name, and what would be promised to somebody who submits now.';
grant execute on function public.service_page to anon, authenticated;

create function public.guide_index() returns jsonb language sql stable set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('department', f.name, 'services', f.services) order by f.code), '[]')
  from (
    select d.code, d.name, jsonb_agg(jsonb_build_object('code', s.code, 'name', s.name, 'published_at', g.published_at) order by s.popularity desc, s.code) as services
    from public.departments as d
    join public.services as s on s.department_id = d.id
    join public.guides as g on g.service_id = s.id and g.status = 'published'
    group by d.id, d.code, d.name) as f;
$$;
comment on function public.guide_index is 'Every published guide by department, for the index and the sitemap: [{department, services: [{code, name, published_at}]}].';
grant execute on function public.guide_index to anon, authenticated;

create function private.publish_guide(p_service_id uuid, p_guide jsonb, p_hash text) returns uuid language plpgsql security definer set search_path = '' as $$
declare
  g alias for p_guide;
  v_code text;
  v_new uuid;
begin
  -- One at a time for each service, so that versions are counted without gaps.
  select code into v_code from public.services where id = p_service_id for update;
  update public.guides set status = 'superseded' where service_id = p_service_id and status = 'published';
  insert into public.guides (service_id, version, content, legal_basis, conditions, procedure, promised_value, promised_unit,
    legal_value, legal_unit, fee_fen, fee_note, result, how_to_apply, questions, refusal_reasons, check_questions, fee_rules, parts, form_schema, source_hash)
  values (p_service_id, coalesce((select max(version) from public.guides where service_id = p_service_id), 0) + 1,
    g -> 'content', g -> 'legal_basis', g -> 'conditions', g -> 'procedure',
    (g -> 'promised' ->> 'value')::int, g -> 'promised' ->> 'unit',
    (g -> 'legal_limit' ->> 'value')::int, g -> 'legal_limit' ->> 'unit',
    (g ->> 'fee_fen')::int, g -> 'fee_note', g -> 'result', g -> 'how_to_apply',
    coalesce(g -> 'questions', '[]'), coalesce(g -> 'refusal_reasons', '[]'),
    coalesce(g -> 'check', '[]'), coalesce(g -> 'fee_rules', '[]'), coalesce(g -> 'parts', '[]'), g -> 'form_schema', p_hash)
  returning id into v_new;
  insert into public.guide_materials (guide_id, position, code, name, help, source, is_required, min_files, max_files, acceptance_points, needed_when, wallet_kind, registry)
  select v_new, m.position, m.value ->> 'code', m.value -> 'name', m.value -> 'help', m.value ->> 'source', (m.value ->> 'is_required')::boolean,
    coalesce((m.value ->> 'min_files')::smallint, 0), coalesce((m.value ->> 'max_files')::smallint, 0), coalesce(m.value -> 'acceptance_points', '[]'),
    coalesce(m.value -> 'needed_when', '[]'), m.value ->> 'wallet_kind', m.value ->> 'registry'
  from jsonb_array_elements(g -> 'materials') with ordinality as m(value, position);
  insert into public.guide_steps (guide_id, position, stage, code, kind, name, actor, department_id, limit_value, limit_unit, needed_when, part_code)
  select v_new, t.position, coalesce((t.value ->> 'stage')::smallint, t.position), t.value ->> 'code', t.value ->> 'kind', t.value -> 'name', t.value ->> 'actor',
    (select id from public.departments where code = t.value ->> 'department'), (t.value -> 'limit' ->> 'value')::int, t.value -> 'limit' ->> 'unit',
    coalesce(t.value -> 'needed_when', '[]'), t.value ->> 'part'
  from jsonb_array_elements(g -> 'steps') with ordinality as t(value, position);
  perform private.record('guide_published', 'guide', v_new::text, jsonb_build_object('service', v_code));
  return v_new;
end $$;
comment on function private.publish_guide is 'Makes a guide, in the shape of the seed, the newest version of its service; the one before is superseded and its cases stay on it.';

create function public.import_service(p_service jsonb) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_department uuid := (select id from public.departments where code = p_service ->> 'department');
  v_guide jsonb := p_service -> 'guide';
  v_hash text := encode(sha256(convert_to((p_service -> 'guide')::text, 'UTF8')), 'hex');
  v_service uuid;
begin
  if v_department is null then
    perform private.refuse('department_unknown', 422, p_service ->> 'department');
  end if;
  insert into public.services as s (code, department_id, kind, audience, life_events, who, name, short_name, summary, keywords, popularity, is_applicable, reach)
  values (p_service ->> 'code', v_department, p_service ->> 'kind', p_service ->> 'audience',
    array(select jsonb_array_elements_text(p_service -> 'life_events')), array(select jsonb_array_elements_text(coalesce(p_service -> 'who', '[]'))),
    p_service -> 'name', p_service -> 'short_name', p_service -> 'summary', p_service -> 'keywords',
    (p_service ->> 'popularity')::smallint, (p_service ->> 'is_applicable')::boolean, coalesce(p_service ->> 'reach', 'county'))
  on conflict (code) do update set department_id = excluded.department_id, kind = excluded.kind, audience = excluded.audience,
    life_events = excluded.life_events, who = excluded.who, name = excluded.name, short_name = excluded.short_name, summary = excluded.summary,
    keywords = excluded.keywords, popularity = excluded.popularity, is_applicable = excluded.is_applicable, reach = excluded.reach
  returning s.id into v_service;
  perform private.remember_service(v_service, p_service ->> 'sounds');

  -- What was imported last and stands unchanged is not published again, also when people wrote a newer version since.
  if v_hash = (select source_hash from public.guides where service_id = v_service and source_hash not like 'draft %' order by version desc limit 1) then
    return false;
  end if;
  perform private.publish_guide(v_service, v_guide, v_hash);
  return true;
end $$;
comment on function public.import_service is 'Takes one service with its guide; publishes a new version only when the guide''s text changed. Returns whether it did.';
grant execute on function public.import_service to service_role;
