-- Applications, the pages: one function per page, one round trip each. They decide what is masked, so they read with the
-- owner's rights after asking private.may_read_case() or after narrowing to the caller's own rows.

create function private.case_card(p_application public.applications) returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return (select jsonb_build_object('id', (p_application).id, 'service', s.name, 'short_name', s.short_name, 'service_code', s.code, 'status', (p_application).status,
    'holder', (p_application).holder, 'kind', (p_application).kind, 'receipt_number', (p_application).receipt_number, 'updated_at', (p_application).updated_at,
    'submitted_at', (p_application).submitted_at, 'promised_at', (p_application).promised_at, 'decided_at', (p_application).decided_at,
    'days_left', private.working_days_between(private.now(), (p_application).promised_at),
    'stand', (select jsonb_build_object('reason', n.reason, 'since', n.from_at, 'until', n.details -> 'until', 'text', n.details -> 'text')
              from public.application_stands as n where n.application_id = (p_application).id and n.to_at is null),
    'questions_open', (select count(*) from public.application_questions as q where q.application_id = (p_application).id and q.answered_at is null),
    'owed_open', (select count(*) from public.application_owed as o where o.application_id = (p_application).id and o.status = 'owed'
                  and (p_application).status not in ('refused', 'returned', 'withdrawn')),
    'step', (select jsonb_build_object('id', t.id, 'name', t.name, 'actor', t.actor, 'due_at', t.due_at, 'owner', t.owner_label,
                                       'referral', t.referral - 'own_limit' - 'own_due_at', 'who', case t.actor when 'window' then d.name else dep.short_name end)
             from public.application_steps as t left join public.divisions as d on d.code = t.window_code
             left join public.departments as dep on dep.id = t.department_id
             where t.application_id = (p_application).id and t.status = 'current' order by t.due_at, t.position limit 1))
  from public.services as s where s.id = (p_application).service_id);
end $$;
comment on function private.case_card is 'One case in a list: who holds the ball, why its clock stands ({reason, since, until, text} or null), the promised date, the step that runs.';

create function public.my_applications(p_before_at timestamptz default null, p_before_id uuid default null, p_limit integer default 20) returns jsonb
language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(private.case_card(a) order by a.updated_at desc, a.id desc), '[]')
  from (select * from public.applications
        where applicant_id = (select auth.uid()) and (p_before_at is null or (updated_at, id) < (p_before_at, p_before_id))
        order by updated_at desc, id desc limit least(p_limit, 50)) as a;
$$;
comment on function public.my_applications is 'The caller''s cases and drafts, last changed first; the next page starts before (updated_at, id) of the last one.';
grant execute on function public.my_applications to authenticated;

create function public.home_page() returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  return jsonb_build_object(
    'person', (select jsonb_build_object('name', i.name, 'division', private.division_label(p.division_code), 'mode', p.mode)
               from public.people as p join private.identities as i on i.person_id = p.id where p.id = (select auth.uid())),
    'open', (select coalesce(jsonb_agg(private.case_card(a) order by (a.holder = 'citizen' or a.status = 'approved') desc, a.updated_at desc), '[]')
             from (select * from public.applications where applicant_id = (select auth.uid())
                   and (status in ('draft', 'in_progress', 'waiting_for_citizen', 'suspended')
                        or status = 'approved' and exists (select from public.application_owed as o where o.application_id = applications.id and o.status = 'owed'))
                   order by updated_at desc limit 20) as a),
    'roles', (select coalesce(jsonb_agg(distinct r.role), '[]') from public.staff_roles as r where r.person_id = (select auth.uid())
              and (private.now() at time zone private.zone())::date between r.starts_on and coalesce(r.ends_on, 'infinity'::date)),
    'hottest', private.hottest_services(6));
end $$;
comment on function public.home_page is 'What the home of a signed-in person shows: who they are, what is open or still owes a paper (what waits for them first), the hottest services.';
grant execute on function public.home_page to authenticated;

create function private.shown_form(p_schema jsonb, p_form jsonb, p_is_owner boolean) returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(f.key, case
      when p_is_owner then f.value
      when p.value ->> 'x-field' = 'group' and jsonb_typeof(f.value) = 'array' then
        (select coalesce(jsonb_agg(private.shown_form(p.value -> 'items', i.item, false) order by i.place), '[]')
         from jsonb_array_elements(f.value) with ordinality as i(item, place) where jsonb_typeof(i.item) = 'object')
      when p.value ->> 'x-field' = 'address' and jsonb_typeof(f.value) = 'object' then
        f.value || jsonb_strip_nulls(jsonb_build_object('line', private.mask('address', f.value ->> 'line')))
      when jsonb_typeof(f.value) <> 'string' then f.value
      when p.value ->> 'x-field' in ('id_number', 'phone', 'bank_card') then to_jsonb(private.mask(p.value ->> 'x-field', f.value #>> '{}'))
      when p.value ->> 'x-prefill' = 'name' or p.key ~ '(^|_)name$' and p.value ->> 'x-field' = 'text' and p.key !~ '^(bank|shop|business)' then to_jsonb(private.mask('name', f.value #>> '{}'))
      when p.key ~ 'address' then to_jsonb(private.mask('address', f.value #>> '{}'))
      else f.value end), '{}')
    from jsonb_each(p_form) as f join jsonb_each(p_schema -> 'properties') as p on p.key = f.key);
end $$;
comment on function private.shown_form is 'The form as its owner wrote it, or with names, numbers and addresses masked.';

create function public.application_page(p_application_id uuid) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  v public.applications;
  v_guide public.guides;
  v_is_owner boolean;
  v_acts jsonb;
  v_notices jsonb;
begin
  select * into v from public.applications where id = p_application_id;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  select * into v_guide from public.guides where id = v.guide_id;
  v_is_owner := v.applicant_id = (select auth.uid());
  v_acts := private.acts_on(v);
  select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'number', n.number, 'sent_at', n.sent_at, 'by', n.sent_by_label, 'due_at', n.due_at,
      'replied_at', n.replied_at, 'is_late', coalesce(n.is_late, n.due_at < private.now()), 'is_open', n.replied_at is null and v.status = 'waiting_for_citizen',
      'items', private.notice_items(n, v.form)) order by n.number), '[]') into v_notices
  from public.application_notices as n where n.application_id = v.id;
  return jsonb_build_object(
    'acts', v_acts, 'my_step_id', (private.my_step(v)).id, 'notices', v_notices,
    'notice', (select value from jsonb_array_elements(v_notices) where (value ->> 'is_open')::boolean),
    'parts', private.parts_of(v.id), 'return_asked_at', v.return_asked_at,
    'questions', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'asked_at', q.asked_at, 'text', q.text, 'answered_at', q.answered_at, 'answer', q.answer,
        'by', q.answered_by_label) order by q.asked_at, q.id), '[]') from public.application_questions as q where q.application_id = v.id),
    'owed', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'material', o.material_code,
        'name', (select m.name from public.guide_materials as m where m.guide_id = v.guide_id and m.code = o.material_code), 'until', o.until_on, 'status', o.status,
        'text', o.text, 'handed_in_at', o.handed_in_at, 'confirmed_at', o.confirmed_at, 'by', o.confirmed_by_label) order by o.until_on, o.id), '[]')
      from public.application_owed as o where o.application_id = v.id),
    'events', (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'at', e.at, 'kind', e.kind, 'actor', e.actor, 'by', e.actor_label, 'details', e.details)
        order by e.at, e.kind in ('owed', 'clock_moved'), e.id), '[]') from (select * from public.application_events where application_id = v.id order by at desc, id desc limit 200) as e),
    'colleagues', case when v_acts ? 'hand_over' then private.colleagues_for(v) else '[]' end)
  || jsonb_build_object(
    'case', private.case_card(v), 'is_owner', v_is_owner, 'channel', v.channel, 'decision', v.decision,
    'case_code', case when v_is_owner then v.case_code end,
    'applicant', v.masked_name,
    'window', (select name from public.divisions where code = v.window_code),
    'form', private.shown_form(v_guide.form_schema, v.form, v_is_owner), 'form_version', v.form_version,
    'form_schema', v_guide.form_schema, 'guide_version', v_guide.version, 'is_newest_guide', v_guide.status = 'published',
    'origins', case when v_is_owner and v.status = 'draft' then private.origins(v) else '{}' end, 'disputes', v.disputes,
    'withdrawal', private.withdrawal_of(v.service_id) -> 'reason',
    'result', v_guide.result, 'fee_fen', v_guide.fee_fen, 'refusal_reasons', case when v_is_owner then null else v_guide.refusal_reasons end,
    'legal_basis', v_guide.legal_basis,
    'materials', (select coalesce(jsonb_agg(jsonb_build_object('code', m.code, 'name', m.name, 'help', m.help, 'source', m.source, 'is_required', m.is_required,
        'min_files', m.min_files, 'max_files', m.max_files, 'acceptance_points', m.acceptance_points, 'needed_when', m.needed_when,
        'documents', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'mime', d.mime, 'size', d.size, 'width', d.width, 'height', d.height,
                                'is_reply', d.asked_by_id is not null, 'asked_by_id', d.asked_by_id, 'created_at', d.created_at,
                                'file_name', case when v_is_owner then d.file_name end) order by d.created_at), '[]')
                      from public.documents as d where d.application_id = v.id and d.material_code = m.code and d.status = 'verified')) || private.material_sources(v, m) order by m.position), '[]')
      from public.guide_materials as m where m.guide_id = v.guide_id),
    'steps', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name, 'kind', t.kind, 'actor', t.actor, 'status', t.status, 'stage', t.stage,
        'who', case t.actor when 'window' then d.name else dep.short_name end, 'by', t.done_by_label, 'started_at', t.started_at, 'due_at', t.due_at,
        'done_at', t.done_at, 'outcome', t.outcome, 'note', t.note, 'limit', jsonb_build_object('value', t.limit_value, 'unit', t.limit_unit),
        'part', t.part_code, 'reason', t.reason, 'referral', t.referral, 'owner', t.owner_label,
        'claim', case when not v_is_owner and t.status = 'current' then private.claim_state(t) end,
        'is_mine', not v_is_owner and t.status = 'current' and v.status = 'in_progress'
          and private.serves_desk((select auth.uid()), t.window_code, t.department_id) and private.claim_state(t) <> 'other')
        order by t.position), '[]')
      from public.application_steps as t left join public.divisions as d on d.code = t.window_code left join public.departments as dep on dep.id = t.department_id
      where t.application_id = v.id),
    'profile', case when v_is_owner and v.status = 'draft' then public.my_profile() - 'looks' end);
end $$;
comment on function public.application_page is 'Everything a page about one case shows, to its owner in the clear, to staff masked. Refuses case_not_found also to those who may not know of it.';
grant execute on function public.application_page to authenticated;

create function public.reveal_field(p_application_id uuid, p_field text, p_purpose text) returns text language plpgsql security definer set search_path = '' as $$
declare v public.applications;
begin
  select * into v from public.applications where id = p_application_id;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id <> (select auth.uid()) then
    if length(btrim(coalesce(p_purpose, ''))) < 2 then perform private.refuse('purpose_needed', 422, 'purpose'); end if;
    insert into public.data_looks (person_id, looker_id, looker_label, what, purpose, subject_id)
    values (v.applicant_id, (select auth.uid()), private.staff_label((select auth.uid())), p_field, btrim(p_purpose), v.id);
    perform private.record('field_revealed', 'application', v.id::text, jsonb_build_object('field', p_field));
  end if;
  return v.form #>> string_to_array(p_field, '.');
end $$;
comment on function public.reveal_field is 'One field of a case in the clear (children.0.name for one inside a group); the look is recorded where the applicant reads it. Refuses case_not_found, purpose_needed.';
grant execute on function public.reveal_field to authenticated;

create function public.open_document(p_document_id uuid) returns jsonb language plpgsql security definer set search_path = '' as $$
declare v public.documents;
begin
  select * into v from public.documents where id = p_document_id and status = 'verified';
  if v.id is null or not private.may_read_case(v.application_id) then perform private.refuse('document_not_found', 404); end if;
  if v.owner_id <> (select auth.uid()) then
    insert into public.data_looks (person_id, looker_id, looker_label, what, purpose, subject_id)
    values (v.owner_id, (select auth.uid()), private.staff_label((select auth.uid())), 'document', 'review', v.application_id);
    perform private.record('document_opened', 'document', v.id::text);
  end if;
  return jsonb_build_object('path', v.path, 'mime', v.mime, 'file_name', v.file_name);
end $$;
comment on function public.open_document is 'Where a verified file lies, for who may read its case; the look of staff is recorded. Refuses document_not_found.';
grant execute on function public.open_document to authenticated;
