-- Guides, how they change: approvers of a service's department and administrators write the next version as a draft; a
-- second person of them, who wrote nothing of it, publishes it now or on a day to come. Only the server says that a draft
-- was checked. Withdrawing a guide takes two of them as well; a withdrawn guide tells everybody why. Every guide is checked whole four times a year, and a change of a law
-- flags the guides that cite it. Those who write guides of a service read its drafts, checks and flags; nobody else does.

create function private.my_guide_services() returns setof uuid language sql stable security definer set search_path = '' as $$
  select s.id from public.services as s
  where s.department_id = any (array(select department_id from private.my_roles('approver') where reason is null)) or (select private.has_role('administrator'));
$$;
comment on function private.my_guide_services is 'Services whose guides the caller writes: those of the own department (who decides for another one for a while does not write its guides), or all for administrators.';
create function private.writes_guides() returns boolean language sql stable security definer set search_path = '' as $$
  select private.has_role('approver') or private.has_role('administrator');
$$;
grant execute on function private.my_guide_services, private.writes_guides to authenticated;

create table public.guide_drafts (
  id uuid primary key default gen_random_uuid(),
  service_id uuid not null references public.services (id) on delete restrict,
  base_id uuid references public.guides (id) on delete restrict,
  guide_id uuid references public.guides (id) on delete restrict,
  status text not null default 'editing',
  body jsonb not null,
  checked jsonb,
  checked_version integer,
  version integer not null default 1,
  field_versions jsonb not null default '{}',
  replaced jsonb not null default '[]',
  effective_on date,
  editors uuid[] not null,
  edited_by jsonb not null,
  edited_at timestamptz not null default now(),
  proposed_by jsonb,
  proposed_at timestamptz,
  decided_by jsonb,
  decided_at timestamptz,
  reason text not null default '',
  constraint guide_drafts_status check (status in ('editing', 'proposed', 'scheduled', 'published', 'rejected', 'withdrawn')),
  constraint guide_drafts_body_size check (pg_column_size(body) <= 500000),
  constraint guide_drafts_published_is_checked check (status not in ('proposed', 'scheduled', 'published') or checked_version is not distinct from version),
  constraint guide_drafts_published_has_guide check ((status = 'published') = (guide_id is not null))
);
comment on column public.guide_drafts.body is 'The shape of a guide in the seed, as typed: numbers may be text, conditions and the form''s schema are text until they were checked.';
comment on column public.guide_drafts.checked is 'What the server made of the body when it found nothing wrong; this is what is published.';
comment on column public.guide_drafts.editors is 'Not granted: everybody who wrote a word of it or proposed it; none of them may publish it.';
comment on column public.guide_drafts.replaced is 'Texts that a newer save replaced: [{field, text, by, at}], the last 20.';
create unique index guide_drafts_one_open on public.guide_drafts (service_id) where status in ('editing', 'proposed', 'scheduled', 'rejected');
create index guide_drafts_service on public.guide_drafts (service_id, edited_at desc);
create index guide_drafts_base on public.guide_drafts (base_id);
create index guide_drafts_guide on public.guide_drafts (guide_id);
create index guide_drafts_due on public.guide_drafts (effective_on) where status = 'scheduled';

create table public.guide_withdrawals (
  guide_id uuid primary key references public.guides (id) on delete restrict,
  service_id uuid not null references public.services (id) on delete restrict,
  reason jsonb not null,
  withdrawn_at timestamptz not null default now(),
  by_label jsonb not null,
  constraint guide_withdrawals_reason_is_bilingual check (private.is_bilingual(reason))
);
create index guide_withdrawals_service on public.guide_withdrawals (service_id, withdrawn_at desc);

create table public.guide_withdrawal_proposals (
  service_id uuid primary key references public.services (id) on delete cascade,
  reason jsonb not null,
  proposed_by uuid not null references public.people (id) on delete restrict,
  by_label jsonb not null,
  proposed_at timestamptz not null default now(),
  constraint guide_withdrawal_proposals_reason_is_bilingual check (private.is_bilingual(reason))
);
comment on table public.guide_withdrawal_proposals is 'Somebody wants to end a service; a second person does it, or either of them keeps it. What became of it is in the audit.';
create index guide_withdrawal_proposals_proposed_by on public.guide_withdrawal_proposals (proposed_by);

create table public.guide_reviews (
  id uuid primary key default gen_random_uuid(),
  guide_id uuid not null references public.guides (id) on delete restrict,
  service_id uuid not null references public.services (id) on delete restrict,
  at timestamptz not null default now(),
  checked_by jsonb not null,
  result text not null,
  notes text not null,
  ticks jsonb not null,
  constraint guide_reviews_result check (result in ('ok', 'to_fix')),
  constraint guide_reviews_to_fix_says_what check (result = 'ok' or length(notes) >= 5)
);
comment on table public.guide_reviews is 'The full check, at least four times a year: whether system, portal and printed guide say the same.';
comment on column public.guide_reviews.ticks is '{item: {system, portal, printed: boolean}} for each of the eight public items.';
create index guide_reviews_guide on public.guide_reviews (guide_id, at desc);
create index guide_reviews_service on public.guide_reviews (service_id, at desc);

create table public.law_changes (
  id uuid primary key default gen_random_uuid(),
  law text not null,
  law_key text not null,
  article text not null default '',
  changed_on date not null,
  note text not null default '',
  entered_at timestamptz not null default now(),
  entered_by jsonb not null,
  constraint law_changes_law_length check (length(law) between 2 and 200 and length(law_key) >= 2)
);
create index law_changes_newest on public.law_changes (entered_at desc, id desc);

create table public.guide_law_flags (
  id uuid primary key default gen_random_uuid(),
  law_change_id uuid not null references public.law_changes (id) on delete restrict,
  service_id uuid not null references public.services (id) on delete restrict,
  guide_id uuid not null references public.guides (id) on delete restrict,
  done_at timestamptz,
  done_how text,
  constraint guide_law_flags_once unique (law_change_id, service_id),
  constraint guide_law_flags_done check ((done_at is null) = (done_how is null) and (done_how is null or done_how in ('reviewed', 'republished', 'withdrawn')))
);
comment on table public.guide_law_flags is 'Which guides cite a law that changed, until each was checked or published anew.';
create index guide_law_flags_open on public.guide_law_flags (service_id) where done_at is null;
create index guide_law_flags_service on public.guide_law_flags (service_id);
create index guide_law_flags_guide on public.guide_law_flags (guide_id);

create function private.law_key(p_name text) returns text language sql immutable set search_path = '' as $$
  select regexp_replace(replace(lower(coalesce(substring(p_name from '《([^》]+)》'), p_name, '')), ' of the people''s republic of china', ''),
                        '中华人民共和国|[\s《》()（）"“”.,，。、]', '', 'g');
$$;
comment on function private.law_key is 'The name of a law without marks, blanks and the country''s name, as guides and changes are matched by.';
create function private.law_keys(p_basis jsonb) returns text[] language sql immutable set search_path = '' as $$
  select coalesce(array_agg(distinct private.law_key(t.value)), '{}')
  from jsonb_array_elements(p_basis) as b, lateral (values (b.value -> 'title' ->> 'zh'), (b.value -> 'title' ->> 'en')) as t(value);
$$;
create index guides_laws on public.guides using gin (private.law_keys(legal_basis)) where status = 'published';

alter table public.guide_drafts enable row level security;
alter table public.guide_withdrawals enable row level security;
alter table public.guide_withdrawal_proposals enable row level security;
alter table public.guide_reviews enable row level security;
alter table public.law_changes enable row level security;
alter table public.guide_law_flags enable row level security;
create policy "Writers of guides read drafts of their services" on public.guide_drafts for select to authenticated
  using (service_id = any (array(select private.my_guide_services())));
create policy "Everybody reads why a guide was withdrawn" on public.guide_withdrawals for select to anon, authenticated using (true);
create policy "Writers of guides read proposals to end their services" on public.guide_withdrawal_proposals for select to authenticated
  using (service_id = any (array(select private.my_guide_services())));
create policy "Writers of guides read the checks of their services" on public.guide_reviews for select to authenticated
  using (service_id = any (array(select private.my_guide_services())));
create policy "Writers of guides read changes of laws" on public.law_changes for select to authenticated using ((select private.writes_guides()));
create policy "Writers of guides read the flags of their services" on public.guide_law_flags for select to authenticated
  using (service_id = any (array(select private.my_guide_services())));
grant select (id, service_id, base_id, guide_id, status, body, checked_version, version, replaced, effective_on, edited_by, edited_at,
  proposed_by, proposed_at, decided_by, decided_at, reason) on public.guide_drafts to authenticated;
grant select on public.guide_withdrawals to anon, authenticated;
grant select (service_id, reason, by_label, proposed_at) on public.guide_withdrawal_proposals to authenticated;
grant select on public.guide_reviews, public.law_changes, public.guide_law_flags to authenticated;

create function private.announce_guide_draft() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform private.announce('guide_draft', new.id::text);
  return null;
end $$;
create trigger announce_guide_draft after update on public.guide_drafts for each row execute function private.announce_guide_draft();

create function private.today() returns date language sql stable set search_path = '' as $$
  select (private.now() at time zone private.zone())::date;
$$;
comment on function private.today is 'Today in the county, by the database''s clock.';

create function private.withdrawal_of(p_service_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('reason', w.reason, 'at', w.withdrawn_at) from public.guide_withdrawals as w
  where w.service_id = p_service_id and not exists (select from public.guides where service_id = p_service_id and status = 'published')
  order by w.withdrawn_at desc limit 1;
$$;
comment on function private.withdrawal_of is 'Why a service is no longer offered, or null while it is.';

create function private.newest_guide(p_service_id uuid) returns uuid language sql stable set search_path = '' as $$
  select id from public.guides where service_id = p_service_id order by version desc limit 1;
$$;

create function private.guide_body(p_guide_id uuid) returns jsonb language sql stable set search_path = '' as $$
  select jsonb_strip_nulls(jsonb_build_object(
    'content', g.content, 'legal_basis', g.legal_basis, 'conditions', g.conditions, 'procedure', g.procedure,
    'promised', jsonb_build_object('value', g.promised_value, 'unit', g.promised_unit),
    'legal_limit', case when g.legal_value is not null then jsonb_build_object('value', g.legal_value, 'unit', g.legal_unit) end,
    'fee_fen', g.fee_fen, 'fee_note', g.fee_note, 'fee_rules', g.fee_rules, 'result', g.result, 'how_to_apply', g.how_to_apply,
    'questions', g.questions, 'refusal_reasons', g.refusal_reasons, 'check', g.check_questions, 'parts', g.parts, 'form_schema', g.form_schema,
    'materials', (select coalesce(jsonb_agg(jsonb_build_object('code', m.code, 'name', m.name, 'help', m.help, 'source', m.source, 'is_required', m.is_required,
        'min_files', m.min_files, 'max_files', m.max_files, 'acceptance_points', m.acceptance_points, 'needed_when', m.needed_when,
        'wallet_kind', m.wallet_kind, 'registry', m.registry) order by m.position), '[]') from public.guide_materials as m where m.guide_id = g.id),
    'steps', (select coalesce(jsonb_agg(jsonb_build_object('code', t.code, 'kind', t.kind, 'name', t.name, 'actor', t.actor, 'department', d.code,
        'stage', t.stage, 'limit', jsonb_build_object('value', t.limit_value, 'unit', t.limit_unit), 'needed_when', t.needed_when, 'part', t.part_code) order by t.position), '[]')
      from public.guide_steps as t left join public.departments as d on d.id = t.department_id where t.guide_id = g.id)))
  from public.guides as g where g.id = p_guide_id;
$$;
comment on function private.guide_body is 'A version of a guide in the shape of the seed.';

create function private.guide_service(p_code text) returns public.services language plpgsql stable security definer set search_path = '' as $$
declare v public.services;
begin
  select s.* into v from public.services as s where s.code = p_code and s.id in (select private.my_guide_services());
  if v.id is null then perform private.refuse('guide_not_yours', 403); end if;
  return v;
end $$;
comment on function private.guide_service is 'A service whose guide the caller writes; refuses guide_not_yours.';

create function private.guide_draft(p_draft_id uuid, variadic p_statuses text[]) returns public.guide_drafts language plpgsql security definer set search_path = '' as $$
declare v public.guide_drafts;
begin
  select d.* into v from public.guide_drafts as d where d.id = p_draft_id for update;
  if v.id is null or v.service_id not in (select private.my_guide_services()) then perform private.refuse('guide_not_yours', 403); end if;
  if v.status = any (p_statuses) then return v; end if;
  if v.status = 'editing' then perform private.refuse('guide_draft_is_editing', 409); end if;
  if v.status = 'proposed' then perform private.refuse('guide_draft_is_proposed', 409); end if;
  if v.status = 'scheduled' then perform private.refuse('guide_draft_is_scheduled', 409); end if;
  if v.status = 'published' then perform private.refuse('guide_draft_is_published', 409); end if;
  if v.status = 'rejected' then perform private.refuse('guide_draft_is_rejected', 409); end if;
  perform private.refuse('guide_draft_is_withdrawn', 409);
  return null;
end $$;
comment on function private.guide_draft is 'Locks a draft that the caller may write; refuses guide_not_yours, or guide_draft_is_<status> where that is not one of those given.';

create function public.open_guide_draft(p_service_code text) returns uuid language plpgsql security definer set search_path = '' as $$
declare
  v_service public.services := private.guide_service(p_service_code);
  v_base uuid := private.newest_guide(v_service.id);
  v_id uuid;
begin
  insert into public.guide_drafts (service_id, base_id, body, editors, edited_by)
  values (v_service.id, v_base, private.guide_body(v_base), '{}', private.staff_label((select auth.uid())))
  on conflict (service_id) where status in ('editing', 'proposed', 'scheduled', 'rejected') do nothing returning id into v_id;
  if v_id is null then
    select id into v_id from public.guide_drafts where service_id = v_service.id and status in ('editing', 'proposed', 'scheduled', 'rejected');
  else
    perform private.record('guide_draft_opened', 'guide_draft', v_id::text);
  end if;
  return v_id;
end $$;
comment on function public.open_guide_draft is 'The one open draft of a service''s next guide, begun from the newest version if there is none. Refuses guide_not_yours.';
grant execute on function public.open_guide_draft to authenticated;

create function private.write_guide_draft(p_draft public.guide_drafts, p_body jsonb, p_field_versions jsonb, p_replaced jsonb) returns integer
language sql security definer set search_path = '' as $$
  update public.guide_drafts set body = p_body, version = version + 1, field_versions = p_field_versions, replaced = p_replaced, status = 'editing',
    edited_by = private.staff_label((select auth.uid())), edited_at = private.now(),
    editors = case when (select auth.uid()) = any (editors) then editors else editors || (select auth.uid()) end
  where id = (p_draft).id returning version;
$$;

create function public.save_guide_draft(p_draft_id uuid, p_changes jsonb, p_base_version integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v public.guide_drafts := private.guide_draft(p_draft_id, 'editing', 'rejected');
  v_body jsonb := v.body;
  v_versions jsonb := v.field_versions;
  v_replaced jsonb := '[]';
  v_change record;
  v_path text[];
begin
  for v_change in select key, private.clean_json(value, case when key in ('form_schema') then 200000 else 8000 end) as value from jsonb_each(p_changes) loop
    v_path := string_to_array(v_change.key, '.');
    continue when v_body #> v_path is not distinct from v_change.value;
    if (v_versions ->> v_change.key)::int > p_base_version then
      v_replaced := v_replaced || jsonb_build_object('field', v_change.key, 'text', v_body #> v_path, 'by', v.edited_by, 'at', v.edited_at);
    end if;
    -- A list that moved under the page leaves nothing to write into; the page keeps the text.
    if cardinality(v_path) > 1 and jsonb_typeof(v_body #> v_path[1:cardinality(v_path) - 1]) is distinct from 'object' then
      if v_body #> v_path[1:cardinality(v_path) - 1] is not null or jsonb_typeof(v_body #> v_path[1:cardinality(v_path) - 2]) is distinct from 'object' then
        perform private.refuse('guide_draft_moved', 409, v_change.key);
      end if;
      v_body := jsonb_set(v_body, v_path[1:cardinality(v_path) - 1], '{}', true);
    end if;
    v_body := jsonb_set(v_body, v_path, v_change.value, true);
    v_versions := v_versions || jsonb_build_object(v_change.key, v.version + 1);
  end loop;
  if v_body = v.body then return jsonb_build_object('version', v.version, 'replaced', '[]'::jsonb); end if;
  return jsonb_build_object('replaced', v_replaced, 'version', private.write_guide_draft(v, v_body, v_versions,
    (select coalesce(jsonb_agg(value order by ordinality desc), '[]') from (select * from jsonb_array_elements(v.replaced || v_replaced) with ordinality order by ordinality desc limit 20) as kept)));
end $$;
comment on function public.save_guide_draft is
  'Writes {field path: value} as typed. The newer save wins; texts of others that it replaced since p_base_version are returned and kept with the draft. Returns {version, replaced: [{field, text, by, at}]}. Refuses guide_not_yours, guide_draft_is_<status>, guide_draft_moved, text_too_long.';
grant execute on function public.save_guide_draft to authenticated;

create function public.reshape_guide_draft(p_draft_id uuid, p_list text, p_items jsonb, p_version integer) returns integer
language plpgsql security definer set search_path = '' as $$
declare v public.guide_drafts := private.guide_draft(p_draft_id, 'editing', 'rejected');
begin
  if v.version <> p_version then perform private.refuse('guide_draft_moved', 409, p_list); end if;
  if jsonb_typeof(p_items) <> 'array' or jsonb_array_length(p_items) > 60 then perform private.refuse('field_invalid', 422, p_list); end if;
  return private.write_guide_draft(v, jsonb_set(v.body, string_to_array(p_list, '.'), private.clean_json(p_items, 8000), true),
    (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(v.field_versions) where not starts_with(key, p_list || '.')), v.replaced);
end $$;
comment on function public.reshape_guide_draft is 'Replaces a whole list (materials, steps …) of the version the page shows; returns the new version. Refuses guide_not_yours, guide_draft_is_<status>, guide_draft_moved, field_invalid.';
grant execute on function public.reshape_guide_draft to authenticated;

create function public.attest_guide_draft(p_draft_id uuid, p_version integer, p_guide jsonb) returns void language plpgsql security definer set search_path = '' as $$
begin
  update public.guide_drafts set checked = p_guide, checked_version = p_version where id = p_draft_id and version = p_version;
  if not found then perform private.refuse('guide_draft_moved', 409); end if;
end $$;
comment on function public.attest_guide_draft is 'The server found nothing wrong with this version of a draft, and this is what would be published.';
grant execute on function public.attest_guide_draft to service_role;

create function public.propose_guide_draft(p_draft_id uuid, p_version integer, p_effective_on date) returns void language plpgsql security definer set search_path = '' as $$
declare v public.guide_drafts := private.guide_draft(p_draft_id, 'editing', 'rejected');
begin
  if v.version <> p_version then perform private.refuse('guide_draft_moved', 409); end if;
  if v.checked_version is distinct from v.version then perform private.refuse('guide_not_checked', 409); end if;
  if coalesce(p_effective_on, '-infinity') < private.today() then perform private.refuse('effective_on_past', 422, 'effective_on'); end if;
  if p_effective_on > private.today() + 366 then perform private.refuse('effective_on_far', 422, 'effective_on'); end if;
  if v.editors = '{}' then perform private.refuse('guide_draft_unchanged', 409); end if;
  update public.guide_drafts set status = 'proposed', effective_on = p_effective_on, proposed_by = private.staff_label((select auth.uid())), proposed_at = private.now(),
    reason = '', editors = case when (select auth.uid()) = any (editors) then editors else editors || (select auth.uid()) end
  where id = v.id;
  perform private.record('guide_draft_proposed', 'guide_draft', v.id::text, jsonb_build_object('effective_on', p_effective_on));
end $$;
comment on function public.propose_guide_draft is 'Asks a second person to publish this version from a day on. Refuses guide_not_yours, guide_draft_is_<status>, guide_draft_moved, guide_not_checked, guide_draft_unchanged, effective_on_past, effective_on_far.';
grant execute on function public.propose_guide_draft to authenticated;

create function private.close_guide_draft(p_draft public.guide_drafts, p_status text, p_reason text) returns void language sql security definer set search_path = '' as $$
  update public.guide_drafts set status = p_status, reason = p_reason, decided_by = private.staff_label((select auth.uid())), decided_at = private.now() where id = (p_draft).id;
  select private.record('guide_draft_' || p_status, 'guide_draft', (p_draft).id::text, jsonb_build_object('reason', p_reason));
$$;

create function private.put_in_force(p_draft public.guide_drafts) returns uuid language plpgsql security definer set search_path = '' as $$
declare v_guide uuid := private.publish_guide((p_draft).service_id, (p_draft).checked, 'draft ' || (p_draft).id);
begin
  update public.guide_drafts set status = 'published', guide_id = v_guide, reason = '' where id = (p_draft).id;
  update public.guide_law_flags set done_at = private.now(), done_how = 'republished' where service_id = (p_draft).service_id and done_at is null;
  return v_guide;
end $$;
comment on function private.put_in_force is 'Makes a checked draft the guide of its service; what a change of law had flagged is done.';

create function public.publish_guide_draft(p_draft_id uuid, p_version integer) returns jsonb language plpgsql security definer set search_path = '' as $$
declare v public.guide_drafts := private.guide_draft(p_draft_id, 'proposed');
begin
  if (select auth.uid()) = any (v.editors) then perform private.refuse('own_guide_draft', 403); end if;
  if v.version <> p_version then perform private.refuse('guide_draft_moved', 409); end if;
  perform 1 from public.services where id = v.service_id for update;
  if v.base_id is distinct from private.newest_guide(v.service_id) then perform private.refuse('guide_base_superseded', 409); end if;
  update public.guide_drafts set decided_by = private.staff_label((select auth.uid())), decided_at = private.now() where id = v.id;
  if v.effective_on > private.today() then
    update public.guide_drafts set status = 'scheduled' where id = v.id;
    perform private.record('guide_draft_scheduled', 'guide_draft', v.id::text, jsonb_build_object('effective_on', v.effective_on));
    return jsonb_build_object('status', 'scheduled', 'effective_on', v.effective_on);
  end if;
  return jsonb_build_object('status', 'published', 'guide_id', private.put_in_force(v));
end $$;
comment on function public.publish_guide_draft is 'A second person publishes what was proposed: now, or by the scheduler on its day. Returns {status, effective_on | guide_id}. Refuses guide_not_yours, guide_draft_is_<status>, own_guide_draft, guide_draft_moved, guide_base_superseded.';
grant execute on function public.publish_guide_draft to authenticated;

create function public.publish_due_guides() returns integer language plpgsql security definer set search_path = '' as $$
declare
  v public.guide_drafts;
  v_count integer := 0;
begin
  for v in select * from public.guide_drafts where status = 'scheduled' and effective_on <= private.today() order by effective_on, id for update skip locked loop
    perform 1 from public.services where id = v.service_id for update;
    if v.base_id is distinct from private.newest_guide(v.service_id) then
      -- Something else was published meanwhile: people look at the difference and propose again.
      perform private.close_guide_draft(v, 'rejected', 'guide_base_superseded');
    else
      perform private.put_in_force(v);
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end $$;
comment on function public.publish_due_guides is 'Puts in force whatever was published for today or earlier; returns how many.';
grant execute on function public.publish_due_guides to service_role;

create function public.reject_guide_draft(p_draft_id uuid, p_reason text) returns void language plpgsql security definer set search_path = '' as $$
declare v public.guide_drafts := private.guide_draft(p_draft_id, 'proposed');
begin
  if (select auth.uid()) = any (v.editors) then perform private.refuse('own_guide_draft', 403); end if;
  if length(private.clean_text(p_reason, 1000, true)) < 5 then perform private.refuse('reason_needed', 422, 'reason'); end if;
  perform private.close_guide_draft(v, 'rejected', private.clean_text(p_reason, 1000, true));
end $$;
comment on function public.reject_guide_draft is 'A second person sends what was proposed back with a reason; it can be mended. Refuses guide_not_yours, guide_draft_is_<status>, own_guide_draft, reason_needed.';
grant execute on function public.reject_guide_draft to authenticated;

create function public.reopen_guide_draft(p_draft_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v public.guide_drafts := private.guide_draft(p_draft_id, 'proposed', 'scheduled', 'rejected');
begin
  update public.guide_drafts set status = 'editing' where id = v.id;
  perform private.record('guide_draft_reopened', 'guide_draft', v.id::text);
end $$;
comment on function public.reopen_guide_draft is 'Takes a draft back from proposing or from its day, to write on. Refuses guide_not_yours, guide_draft_is_<status>.';
grant execute on function public.reopen_guide_draft to authenticated;

create function public.rebase_guide_draft(p_draft_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v public.guide_drafts := private.guide_draft(p_draft_id, 'editing', 'proposed', 'rejected');
begin
  update public.guide_drafts set status = 'editing', base_id = private.newest_guide(v.service_id), reason = '',
    editors = case when (select auth.uid()) = any (editors) then editors else editors || (select auth.uid()) end where id = v.id;
  perform private.record('guide_draft_rebased', 'guide_draft', v.id::text);
end $$;
comment on function public.rebase_guide_draft is 'Says that the newer version was looked at: the draft goes on from it, with its own text. Refuses guide_not_yours, guide_draft_is_<status>.';
grant execute on function public.rebase_guide_draft to authenticated;

create function public.withdraw_guide_draft(p_draft_id uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform private.close_guide_draft(private.guide_draft(p_draft_id, 'editing', 'proposed', 'scheduled', 'rejected'), 'withdrawn', '');
end $$;
comment on function public.withdraw_guide_draft is 'Gives a draft up; it stays readable. Refuses guide_not_yours, guide_draft_is_<status>.';
grant execute on function public.withdraw_guide_draft to authenticated;

create function public.propose_guide_withdrawal(p_service_code text, p_reason jsonb) returns void language plpgsql security definer set search_path = '' as $$
declare
  v_service public.services := private.guide_service(p_service_code);
  v_reason jsonb := private.clean_json(p_reason, 500);
  v_other public.guide_withdrawal_proposals;
begin
  if not private.is_bilingual(v_reason) or length(v_reason ->> 'zh') < 5 or length(v_reason ->> 'en') < 5 then perform private.refuse('reason_needed_in_both', 422, 'reason'); end if;
  v_reason := v_reason - array(select jsonb_object_keys(v_reason - 'zh' - 'en'));
  perform 1 from public.services where id = v_service.id for update;
  if not exists (select from public.guides where service_id = v_service.id and status = 'published') then perform private.refuse('guide_withdrawn', 409); end if;
  select * into v_other from public.guide_withdrawal_proposals where service_id = v_service.id;
  if v_other.reason = v_reason and v_other.proposed_by = (select auth.uid()) then return; end if;
  if v_other.service_id is not null then perform private.refuse('guide_withdrawal_proposed', 409, v_other.by_label ->> 'zh'); end if;
  insert into public.guide_withdrawal_proposals (service_id, reason, proposed_by, by_label, proposed_at)
  values (v_service.id, v_reason, (select auth.uid()), private.staff_label((select auth.uid())), private.now());
  perform private.record('guide_withdrawal_proposed', 'service', v_service.id::text, v_reason);
end $$;
comment on function public.propose_guide_withdrawal is
  'Asks a second person to end a service, for a reason {zh, en} that people will read. Again: nothing happens. Refuses guide_not_yours, reason_needed_in_both, guide_withdrawn, guide_withdrawal_proposed (detail: who).';
grant execute on function public.propose_guide_withdrawal to authenticated;

create function public.keep_guide(p_service_code text) returns void language plpgsql security definer set search_path = '' as $$
declare
  v_service public.services := private.guide_service(p_service_code);
begin
  delete from public.guide_withdrawal_proposals where service_id = v_service.id;
  if found then perform private.record('guide_kept', 'service', v_service.id::text); end if;
end $$;
comment on function public.keep_guide is 'A proposal to end a service is taken back or turned down. Again: nothing happens. Refuses guide_not_yours.';
grant execute on function public.keep_guide to authenticated;

create function public.withdraw_guide(p_service_code text, p_proposed_at timestamptz) returns void language plpgsql security definer set search_path = '' as $$
declare
  v_service public.services := private.guide_service(p_service_code);
  v public.guide_withdrawal_proposals;
  v_guide uuid;
begin
  perform 1 from public.services where id = v_service.id for update;
  select * into v from public.guide_withdrawal_proposals where service_id = v_service.id;
  if v.service_id is null and not exists (select from public.guides where service_id = v_service.id and status = 'published') then
    perform private.refuse('guide_withdrawn', 409);
  end if;
  if v.proposed_at is distinct from p_proposed_at then perform private.refuse('guide_withdrawal_moved', 409); end if;
  if v.proposed_by = (select auth.uid()) then perform private.refuse('own_guide_withdrawal', 403); end if;
  update public.guides set status = 'withdrawn' where service_id = v_service.id and status = 'published' returning id into v_guide;
  insert into public.guide_withdrawals (guide_id, service_id, reason, by_label) values (v_guide, v_service.id, v.reason, private.staff_label((select auth.uid())));
  delete from public.guide_withdrawal_proposals where service_id = v_service.id;
  update public.guide_law_flags set done_at = private.now(), done_how = 'withdrawn' where service_id = v_service.id and done_at is null;
  perform private.record('guide_withdrawn', 'guide', v_guide::text, v.reason);
end $$;
comment on function public.withdraw_guide is
  'A second person ends a service, as was proposed at that moment; cases that run finish. Refuses guide_not_yours, guide_withdrawn, guide_withdrawal_moved (taken back, or another one), own_guide_withdrawal.';
grant execute on function public.withdraw_guide to authenticated;

create function public.record_guide_review(p_service_code text, p_version integer, p_result text, p_notes text, p_ticks jsonb) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_service public.services := private.guide_service(p_service_code);
  v_guide uuid := (select id from public.guides where service_id = v_service.id and version = p_version and status = 'published');
  v_notes text := private.clean_text(p_notes, 2000, true);
  v_ticks jsonb;
begin
  if v_guide is null then perform private.refuse('guide_changed_meanwhile', 409); end if;
  select jsonb_object_agg(i.item, (select jsonb_object_agg(w.place, coalesce(p_ticks -> i.item -> w.place = 'true', false)) from unnest(array['system', 'portal', 'printed']) as w(place)))
  into v_ticks from unnest(array['content', 'legal_basis', 'conditions', 'materials', 'procedure', 'promised', 'fee', 'result']) as i(item);
  if p_result not in ('ok', 'to_fix') or p_result is null then perform private.refuse('choice_invalid', 422, 'result'); end if;
  if p_result = 'ok' and v_ticks::text like '%false%' then perform private.refuse('review_ticks_missing', 422, 'ticks'); end if;
  if p_result = 'to_fix' and length(v_notes) < 5 then perform private.refuse('reason_needed', 422, 'notes'); end if;
  insert into public.guide_reviews (guide_id, service_id, checked_by, result, notes, ticks)
  values (v_guide, v_service.id, private.staff_label((select auth.uid())), p_result, v_notes, v_ticks);
  perform private.record('guide_reviewed', 'guide', v_guide::text, jsonb_build_object('result', p_result));
  if p_result = 'ok' then
    update public.guide_law_flags set done_at = private.now(), done_how = 'reviewed' where service_id = v_service.id and done_at is null;
    return jsonb_build_object('draft_id', null);
  end if;
  return jsonb_build_object('draft_id', public.open_guide_draft(p_service_code));
end $$;
comment on function public.record_guide_review is 'Records a full check of the published guide: {item: {system, portal, printed}}; ok needs every tick, to_fix needs words and opens a draft. Returns {draft_id}. Refuses guide_not_yours, guide_changed_meanwhile, choice_invalid, review_ticks_missing, reason_needed.';
grant execute on function public.record_guide_review to authenticated;

create function public.enter_law_change(p_law text, p_article text, p_changed_on date, p_note text) returns jsonb language plpgsql security definer set search_path = '' as $$
declare
  v_law text := private.clean_text(p_law, 200);
  v_article text := private.clean_text(p_article, 60);
  v_id uuid;
  v_flagged integer;
begin
  if not private.writes_guides() then perform private.refuse('guide_not_yours', 403); end if;
  if length(private.law_key(v_law)) < 2 then perform private.refuse('law_needed', 422, 'law'); end if;
  if p_changed_on is null then perform private.refuse('date_invalid', 422, 'changed_on'); end if;
  insert into public.law_changes (law, law_key, article, changed_on, note, entered_by)
  values (v_law, private.law_key(v_law), v_article, p_changed_on, private.clean_text(p_note, 1000, true), private.staff_label((select auth.uid()))) returning id into v_id;
  -- A guide that names no article of the law cites all of it.
  insert into public.guide_law_flags (law_change_id, service_id, guide_id)
  select v_id, g.service_id, g.id from public.guides as g
  where g.status = 'published' and private.law_keys(g.legal_basis) @> array[private.law_key(v_law)]
    and (v_article = '' or exists (select from jsonb_array_elements(g.legal_basis) as b
      where private.law_key(v_law) in (private.law_key(b.value -> 'title' ->> 'zh'), private.law_key(b.value -> 'title' ->> 'en'))
        and (coalesce(b.value -> 'article' ->> 'zh', '') = '' or strpos(b.value -> 'article' ->> 'zh', v_article) > 0 or strpos(b.value -> 'article' ->> 'en', v_article) > 0)));
  get diagnostics v_flagged = row_count;
  perform private.record('law_change_entered', 'law_change', v_id::text, jsonb_build_object('flagged', v_flagged));
  return jsonb_build_object('id', v_id, 'flagged', v_flagged);
end $$;
comment on function public.enter_law_change is 'A law (or one article) changed: every published guide that cites it is flagged. Returns {id, flagged}. Refuses guide_not_yours, law_needed, date_invalid, text_too_long.';
grant execute on function public.enter_law_change to authenticated;

create function private.is_check_due(p_service_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select not exists (select from public.guide_reviews where service_id = p_service_id and at > private.now() - interval '90 days');
$$;
comment on function private.is_check_due is 'Whether the last full check is missing or older than 90 days (four times a year).';

create function private.guide_row(p_service public.services) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('code', (p_service).code, 'name', (p_service).name,
    'department', (select short_name from public.departments where id = (p_service).department_id),
    'version', g.version, 'status', g.status, 'published_at', g.published_at,
    'checked_at', (select max(at) from public.guide_reviews where service_id = (p_service).id),
    'is_due', g.status = 'published' and private.is_check_due((p_service).id),
    'draft', (select jsonb_build_object('id', d.id, 'status', d.status, 'effective_on', d.effective_on, 'edited_by', d.edited_by, 'edited_at', d.edited_at)
              from public.guide_drafts as d where d.service_id = (p_service).id and d.status in ('editing', 'proposed', 'scheduled', 'rejected')),
    'ending', (select jsonb_build_object('reason', w.reason, 'by', w.by_label, 'proposed_at', w.proposed_at, 'is_mine', w.proposed_by = (select auth.uid()))
               from public.guide_withdrawal_proposals as w where w.service_id = (p_service).id),
    'flags', (select count(*) from public.guide_law_flags where service_id = (p_service).id and done_at is null))
  from public.guides as g where g.id = private.newest_guide((p_service).id);
$$;

create function public.guides_desk(p_view text default 'all', p_after text default '', p_law_change_id uuid default null, p_is_done boolean default false, p_limit integer default 50) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_mine uuid[] := array(select private.my_guide_services());
  v_rows jsonb;
begin
  if not private.writes_guides() then perform private.refuse('guide_not_yours', 403); end if;
  select coalesce(jsonb_agg(row_of.value order by row_of.code), '[]') into v_rows from (
    select s.code, private.guide_row(s) as value from public.services as s
    where s.id = any (v_mine) and s.code > coalesce(p_after, '') and case p_view
      when 'drafts' then exists (select from public.guide_drafts as d where d.service_id = s.id and d.status in ('editing', 'proposed', 'scheduled', 'rejected'))
                  or exists (select from public.guide_withdrawal_proposals as w where w.service_id = s.id)
      when 'due' then private.is_check_due(s.id) and exists (select from public.guides as g where g.service_id = s.id and g.status = 'published')
      when 'law' then exists (select from public.guide_law_flags as f where f.service_id = s.id and (p_law_change_id is null or f.law_change_id = p_law_change_id)
                              and (f.done_at is not null) = coalesce(p_is_done, false))
      else exists (select from public.guides as g where g.service_id = s.id) end
    order by s.code limit least(coalesce(p_limit, 50), 100)) as row_of;
  return jsonb_build_object('me', private.my_desk(), 'rows', v_rows, 'laws', case when p_view = 'law' then (
    select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'law', l.law, 'article', l.article, 'changed_on', l.changed_on, 'note', l.note, 'entered_by', l.entered_by, 'entered_at', l.entered_at,
      'open', (select count(*) from public.guide_law_flags as f where f.law_change_id = l.id and f.done_at is null and f.service_id = any (v_mine)),
      'flagged', (select count(*) from public.guide_law_flags as f where f.law_change_id = l.id and f.service_id = any (v_mine))) order by l.entered_at desc, l.id desc), '[]')
    from (select * from public.law_changes order by entered_at desc, id desc limit 20) as l) else '[]' end);
end $$;
comment on function public.guides_desk is 'The guides the caller writes, by code, in one view (all, drafts, due, law): {me, rows, laws}. The next page starts after the last code. Refuses guide_not_yours.';
grant execute on function public.guides_desk to authenticated;

create function public.guide_record(p_service_code text, p_old integer default null, p_new integer default null) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  v_service public.services := private.guide_service(p_service_code);
  v_newest public.guides;
  v_draft public.guide_drafts;
  v_old integer;
begin
  select * into v_newest from public.guides where id = private.newest_guide(v_service.id);
  select * into v_draft from public.guide_drafts where service_id = v_service.id and status in ('editing', 'proposed', 'scheduled', 'rejected');
  -- Without a choice: the draft against the newest version, else the newest version against the one before.
  v_old := coalesce(p_old, case when v_draft.id is null and p_new is null then greatest(v_newest.version - 1, 1) else v_newest.version end);
  return private.guide_row(v_service) || jsonb_build_object('me', private.my_desk(),
    'withdrawal', private.withdrawal_of(v_service.id),
    'versions', (select coalesce(jsonb_agg(jsonb_build_object('version', g.version, 'status', g.status, 'published_at', g.published_at,
        'by', d.decided_by, 'written_by', d.edited_by) order by g.version desc), '[]')
      from (select * from public.guides where service_id = v_service.id order by version desc limit 50) as g left join public.guide_drafts as d on d.guide_id = g.id),
    'reviews', (select coalesce(jsonb_agg(jsonb_build_object('at', r.at, 'by', r.checked_by, 'result', r.result, 'notes', r.notes, 'ticks', r.ticks, 'version', g.version) order by r.at desc), '[]')
      from (select * from public.guide_reviews where service_id = v_service.id order by at desc limit 20) as r join public.guides as g on g.id = r.guide_id),
    'laws', (select coalesce(jsonb_agg(jsonb_build_object('law', l.law, 'article', l.article, 'changed_on', l.changed_on, 'note', l.note, 'done_at', f.done_at, 'done_how', f.done_how) order by l.entered_at desc), '[]')
      from (select * from public.guide_law_flags where service_id = v_service.id order by done_at desc nulls first limit 20) as f join public.law_changes as l on l.id = f.law_change_id),
    'old', jsonb_build_object('version', v_old, 'body', (select private.guide_body(g.id) from public.guides as g where g.service_id = v_service.id and g.version = v_old)),
    'new', case when p_new is null and v_draft.id is not null then jsonb_build_object('version', null, 'body', v_draft.body)
           else jsonb_build_object('version', coalesce(p_new, v_newest.version), 'body', (select private.guide_body(g.id) from public.guides as g
                                   where g.service_id = v_service.id and g.version = coalesce(p_new, v_newest.version))) end);
end $$;
comment on function public.guide_record is 'A guide''s versions, checks, flags and the two bodies to compare (p_new null: the open draft). Refuses guide_not_yours.';
grant execute on function public.guide_record to authenticated;

create function public.guide_draft_page(p_draft_id uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare v public.guide_drafts;
begin
  select * into v from public.guide_drafts where id = p_draft_id and service_id in (select private.my_guide_services());
  if v.id is null then perform private.refuse('guide_not_yours', 403); end if;
  return (select jsonb_build_object('me', private.my_desk(), 'id', v.id, 'code', s.code, 'name', s.name, 'is_applicable', s.is_applicable, 'department', d.short_name,
      'status', v.status, 'version', v.version, 'body', v.body, 'effective_on', v.effective_on, 'edited_by', v.edited_by, 'edited_at', v.edited_at,
      'proposed_by', v.proposed_by, 'decided_by', v.decided_by, 'reason', v.reason, 'replaced', v.replaced, 'today', private.today(),
      'is_mine', (select auth.uid()) = any (v.editors), 'base_version', b.version, 'base', private.guide_body(v.base_id),
      'newest_version', n.version, 'newest', case when n.id is distinct from v.base_id then private.guide_body(n.id) end,
      'departments', (select jsonb_agg(jsonb_build_object('code', code, 'name', short_name) order by code) from public.departments))
    from public.services as s join public.departments as d on d.id = s.department_id
    left join public.guides as b on b.id = v.base_id left join public.guides as n on n.id = private.newest_guide(s.id)
    where s.id = v.service_id);
end $$;
comment on function public.guide_draft_page is 'Everything the editor shows: the draft, what it began from, the newest version where that is another, the departments. Refuses guide_not_yours.';
grant execute on function public.guide_draft_page to authenticated;
