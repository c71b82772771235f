-- Applications, the commands: each transition of a case is written here once. All of them are security definer because
-- nobody may write the tables, and all of them begin by asking who calls.

create function private.own_draft(p_application_id uuid) returns public.applications
language plpgsql security definer set search_path = '' as $$
declare v public.applications;
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.status <> 'draft' then perform private.refuse('already_submitted', 409, v.receipt_number); end if;
  return v;
end $$;
comment on function private.own_draft is 'Locks and returns the caller''s draft, or refuses case_not_found, already_submitted.';

create function public.start_application(p_service_code text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_service public.services;
  v_guide uuid;
  v_id uuid;
begin
  if (select auth.uid()) is null then perform private.refuse('sign_in_needed', 401); end if;
  select * into v_service from public.services where code = p_service_code;
  select id into v_guide from public.guides where service_id = v_service.id and status = 'published' and form_schema is not null;
  if v_guide is null or not v_service.is_applicable then perform private.refuse('service_not_applicable', 404); end if;
  insert into public.applications (service_id, guide_id, applicant_id, kind)
  values (v_service.id, v_guide, (select auth.uid()), v_service.kind)
  on conflict (applicant_id, service_id) where status = 'draft' do nothing returning id into v_id;
  if v_id is null then
    select id into v_id from public.applications where applicant_id = (select auth.uid()) and service_id = v_service.id and status = 'draft';
  end if;
  return v_id;
end $$;
comment on function public.start_application is 'Opens the caller''s draft for a service, or the one that is already open. Refuses sign_in_needed, service_not_applicable.';
grant execute on function public.start_application to authenticated;

create function private.own_form(p_application_id uuid, p_changes jsonb) returns public.applications
language plpgsql security definer set search_path = '' as $$
declare v public.applications;
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.status = 'waiting_for_citizen' then
    if exists (select from jsonb_object_keys(p_changes) as k where not private.asked_fields(v.id) ? k) then
      perform private.refuse('field_not_in_notice', 422);
    end if;
  elsif v.status <> 'draft' then
    perform private.refuse('already_submitted', 409, v.receipt_number);
  end if;
  return v;
end $$;
comment on function private.own_form is
  'Locks and returns the caller''s draft, or their case while a notice asks for just these fields. Refuses case_not_found, already_submitted, field_not_in_notice.';

create function private.own_files(p_application_id uuid, p_material_code text) returns public.applications
language plpgsql security definer set search_path = '' as $$
declare v public.applications;
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.status = 'draft' or private.asked_by(v.id, p_material_code) is not null then return v; end if;
  if v.status = 'waiting_for_citizen' then perform private.refuse('material_not_in_notice', 422); end if;
  perform private.refuse('already_submitted', 409, v.receipt_number);
  return null;
end $$;
comment on function private.own_files is
  'Locks and returns the caller''s case where it takes files for this material: a draft, or because a notice or an approval asks for it. Refuses case_not_found, already_submitted, material_not_in_notice.';

create function public.save_draft(p_application_id uuid, p_changes jsonb, p_base_version integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications := private.own_form(p_application_id, p_changes);
  v_schema jsonb := (select form_schema from public.guides where id = v.guide_id);
  v_overwritten jsonb;
  v_changed jsonb;
begin
  if exists (select from jsonb_object_keys(p_changes) as k where not v_schema -> 'properties' ? k) then
    perform private.refuse('field_unknown', 422);
  end if;
  select coalesce(jsonb_object_agg(key, value), '{}') into v_changed
  from (select key, private.clean_json(value, 4000, v_schema -> 'properties' -> key ->> 'x-field' in ('textarea', 'group')) as value from jsonb_each(p_changes)) as cleaned
  where v.form -> key is distinct from value and not (value in ('null', '""') and not v.form ? key);
  if v_changed = '{}' then
    return jsonb_build_object('version', v.form_version, 'overwritten', '{}'::jsonb);
  end if;
  -- What another phone wrote after the text this save started from: the newer save wins, its writer is told.
  select coalesce(jsonb_object_agg(key, v.form -> key), '{}') into v_overwritten
  from jsonb_object_keys(v_changed) as key
  where (v.field_versions ->> key)::int > p_base_version and v.form ? key;
  if pg_column_size(v.form || v_changed) > 65536 then perform private.refuse('form_too_large', 422); end if;
  update public.applications set form = jsonb_strip_nulls(v.form || v_changed), form_version = v.form_version + 1, updated_at = private.now(),
    field_versions = v.field_versions || (select jsonb_object_agg(key, v.form_version + 1) from jsonb_object_keys(v_changed) as key)
  where id = v.id;
  return jsonb_build_object('version', v.form_version + 1, 'overwritten', v_overwritten);
end $$;
comment on function public.save_draft is
  'Writes changed fields of the caller''s draft, or those that a notice asks for. p_base_version is the version the page had. Returns {version, overwritten: {field: the other phone''s text}}. Refuses case_not_found, already_submitted, field_unknown, field_not_in_notice, text_too_long, form_too_large.';
grant execute on function public.save_draft to authenticated;

create function public.earlier_application(p_application_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', e.id, 'submitted_at', e.submitted_at, 'receipt_number', e.receipt_number)
  from public.applications as d join public.applications as e on e.applicant_id = d.applicant_id and e.service_id = d.service_id and e.status <> 'draft'
  where d.id = p_application_id and d.applicant_id = (select auth.uid()) order by e.submitted_at desc limit 1;
$$;
comment on function public.earlier_application is 'The caller''s last case of the same service, from which a new draft can take answers over; null when there is none.';
grant execute on function public.earlier_application to authenticated;

create function public.copy_application(p_application_id uuid, p_from_id uuid) returns integer
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications := private.own_draft(p_application_id);
  v_schema jsonb := (select form_schema from public.guides where id = v.guide_id);
  v_from jsonb;
  v_copied jsonb;
begin
  select form into v_from from public.applications
  where id = p_from_id and applicant_id = v.applicant_id and service_id = v.service_id and status <> 'draft';
  if v_from is null then perform private.refuse('case_not_found', 404); end if;
  -- What is declared or signed is declared and signed each time; what the draft already says is newer.
  select coalesce(jsonb_object_agg(f.key, f.value), '{}') into v_copied
  from jsonb_each(v_from) as f join jsonb_each(v_schema -> 'properties') as p on p.key = f.key
  where not p.value ? 'const' and coalesce(p.value ->> 'x-field', 'text') not in ('file', 'signature') and not v.form ? f.key;
  v_copied := v_copied - array(select split_part(key, '.', 1) from jsonb_each_text(private.form_problems(v_schema, v_copied || v.form)) where value <> 'field_required');
  if v_copied = '{}' then return v.form_version; end if;
  update public.applications set form = v.form || v_copied, form_version = v.form_version + 1, updated_at = private.now(),
    field_versions = v.field_versions || (select jsonb_object_agg(key, v.form_version + 1) from jsonb_object_keys(v_copied) as key)
  where id = v.id;
  perform private.record('draft_copied', 'application', v.id::text, jsonb_build_object('from', p_from_id));
  return v.form_version + 1;
end $$;
comment on function public.copy_application is
  'Takes answers of an own earlier case of the same service over into an own draft: only what is still asked and still allowed, never declarations, signatures or files. Returns the draft''s version. Refuses case_not_found, already_submitted.';
grant execute on function public.copy_application to authenticated;

create function public.discard_draft(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  perform private.own_draft(p_application_id);
  delete from public.applications where id = p_application_id;
  perform private.record('draft_discarded', 'application', p_application_id::text);
end $$;
comment on function public.discard_draft is 'Deletes the caller''s draft; the bytes of its files are deleted by the retention job. Refuses case_not_found, already_submitted.';
grant execute on function public.discard_draft to authenticated;

create function public.take_newest_guide(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v public.applications := private.own_draft(p_application_id);
begin
  update public.applications set guide_id = g.id, updated_at = private.now(),
    form = coalesce((select jsonb_object_agg(f.key, f.value) from jsonb_each(v.form) as f where g.form_schema -> 'properties' ? f.key), '{}')
  from public.guides as g where public.applications.id = v.id and g.service_id = v.service_id and g.status = 'published' and g.form_schema is not null;
  if not found then perform private.refuse('service_not_applicable', 409); end if;
end $$;
comment on function public.take_newest_guide is 'Moves the caller''s draft to the guide that is published now; what was typed stays, unless it is no longer asked.';
grant execute on function public.take_newest_guide to authenticated;

create function public.begin_upload(p_application_id uuid, p_material_code text, p_file_name text, p_mime text, p_size integer, p_sha256 text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications := private.own_files(p_application_id, p_material_code);
  v_asked_by uuid := case when v.status <> 'draft' then private.asked_by(v.id, p_material_code) end;
  v_material public.guide_materials;
  v_document public.documents;
begin
  select * into v_material from public.guide_materials where guide_id = v.guide_id and code = p_material_code and (source = 'upload' or registry is not null);
  if v_material.id is null then perform private.refuse('material_unknown', 422); end if;
  if p_mime not in ('image/jpeg', 'image/png', 'image/webp', 'application/pdf') then perform private.refuse('file_kind_refused', 422); end if;
  if coalesce(p_size, 0) < 1 then perform private.refuse('file_empty', 422); end if;
  if p_size > 10485760 then perform private.refuse('file_too_large', 422); end if;
  if p_sha256 !~ '^[0-9a-f]{64}$' then perform private.refuse('file_hash_invalid', 422); end if;
  select * into v_document from public.documents
  where application_id = v.id and material_code = p_material_code and sha256 = p_sha256 and status <> 'refused';
  if v_document.asked_by_id is distinct from v_asked_by and v_document.id is not null then
    -- The very photo that was found wanting would be no answer.
    perform private.refuse('file_already_there', 409);
  end if;
  if v_document.id is null then
    delete from public.documents where application_id = v.id and material_code = p_material_code and status = 'expected'
      and created_at < private.now() - interval '10 minutes';
    -- Only what was verified counts: an upload that a lost line cut off must not stand in the way of the next one.
    if (select count(*) from public.documents where application_id = v.id and material_code = p_material_code and status = 'verified'
        and asked_by_id is not distinct from v_asked_by) >= v_material.max_files then
      perform private.refuse('too_many_files', 422, v_material.max_files::text);
    end if;
    if (select count(*) from public.documents where owner_id = v.applicant_id and created_at > private.now() - interval '1 hour') >= 200 then
      perform private.refuse('too_many_uploads', 429, '3600');
    end if;
    insert into public.documents (application_id, owner_id, material_code, incoming_path, file_name, mime, size, sha256, asked_by_id)
    values (v.id, v.applicant_id, p_material_code, v.applicant_id || '/' || v.id || '/' || gen_random_uuid(),
            coalesce(nullif(right(private.clean_text(regexp_replace(right(p_file_name, 1000), '[/\\]', '', 'g'), 1000), 200), ''), 'file'), p_mime, p_size, p_sha256, v_asked_by)
    returning * into v_document;
  end if;
  return jsonb_build_object('document_id', v_document.id, 'path', v_document.incoming_path, 'is_existing', v_document.status = 'verified');
end $$;
comment on function public.begin_upload is
  'Expects one file (size in bytes, sha256 of what will be sent) for a material of the caller''s draft, or one that a notice or an approval asks for; the same file again gives the same document. Refuses as private.own_files(), file_already_there, material_unknown, file_kind_refused, file_empty, file_too_large, file_hash_invalid, too_many_files, too_many_uploads.';
grant execute on function public.begin_upload to authenticated;

create function public.expected_document(p_document_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', d.id, 'incoming_path', d.incoming_path, 'mime', d.mime, 'size', d.size, 'sha256', d.sha256, 'status', d.status, 'refusal', d.refusal,
    'most', (select m.max_files from public.guide_materials as m join public.applications as a on a.guide_id = m.guide_id where a.id = d.application_id and m.code = d.material_code))
  from public.documents as d where d.id = p_document_id and d.owner_id = (select auth.uid());
$$;
comment on function public.expected_document is 'What the caller announced for one of their own documents, or null.';
grant execute on function public.expected_document to authenticated;

create function public.accept_document(p_document_id uuid, p_path text, p_mime text, p_size integer, p_width integer, p_height integer) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v public.documents;
  v_most smallint;
begin
  select d.* into v from public.documents as d join public.applications as a on a.id = d.application_id where d.id = p_document_id for update of a;
  select m.max_files into v_most from public.guide_materials as m join public.applications as a on a.guide_id = m.guide_id
  where a.id = v.application_id and m.code = v.material_code;
  if v.status = 'expected' and (select count(*) from public.documents
      where application_id = v.application_id and material_code = v.material_code and status = 'verified' and asked_by_id is not distinct from v.asked_by_id) >= v_most then
    update public.documents set status = 'refused', refusal = 'too_many_files' where id = v.id;
    insert into private.abandoned_files (bucket, path) values ('materials', p_path) on conflict do nothing;
    return false;
  end if;
  update public.documents set status = 'verified', path = p_path, mime = p_mime, size = p_size, width = p_width, height = p_height, verified_at = private.now()
  where id = p_document_id and status = 'expected';
  if not found and not exists (select from public.documents where id = p_document_id and status = 'verified') then
    perform private.refuse('document_not_found', 404);
  end if;
  return true;
end $$;
comment on function public.accept_document is 'The server verified a file and put its clean copy at p_path of materials; false when the material had enough files meanwhile.';
grant execute on function public.accept_document to service_role;

create function public.refuse_document(p_document_id uuid, p_refusal text) returns void language sql security definer set search_path = '' as $$
  update public.documents set status = 'refused', refusal = p_refusal where id = p_document_id and status = 'expected';
$$;
comment on function public.refuse_document is 'The server found that a file is not what it should be; p_refusal is the error code.';
grant execute on function public.refuse_document to service_role;

create function public.remove_document(p_document_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v_document public.documents;
begin
  select * into v_document from public.documents where id = p_document_id and owner_id = (select auth.uid());
  if v_document.id is null then perform private.refuse('document_not_found', 404); end if;
  if (private.own_files(v_document.application_id, v_document.material_code)).status <> 'draft'
      and v_document.asked_by_id is distinct from private.asked_by(v_document.application_id, v_document.material_code) then
    perform private.refuse('file_was_handed_in', 409);
  end if;
  delete from public.documents where id = p_document_id;
end $$;
comment on function public.remove_document is 'Takes a file out of the caller''s draft, or out of an answer that is not handed in yet. Its bytes are deleted by the retention job. Refuses document_not_found, file_was_handed_in, and as private.own_files().';
grant execute on function public.remove_document to authenticated;

create function private.has_hidden_characters(p_text text, p_is_area boolean) returns boolean language sql immutable set search_path = '' as $$
  select p_text ~ '[\u0001-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]'
    or not p_is_area and p_text ~ '[\t\n]';
$$;
comment on function private.has_hidden_characters is 'Control characters, zero-width and direction marks: what nobody sees. Several lines may hold line ends and tabs.';

create function private.is_asked(p_schema jsonb, p_form jsonb, p_field text, p_depth integer default 0) returns boolean
language plpgsql immutable set search_path = '' as $$
declare v_condition jsonb;
begin
  if p_depth > 10 or not p_schema -> 'properties' ? p_field then return false; end if;
  for v_condition in
    select p_schema -> 'properties' -> p_field -> 'x-shown-when'
    union all
    select s -> 'x-shown-when' from jsonb_array_elements(coalesce(p_schema -> 'x-sections', '[]')) as s where s -> 'fields' ? p_field
  loop
    if v_condition is not null and not (
      private.holds(jsonb_build_array(jsonb_build_object(v_condition ->> 'field', v_condition -> 'equals')), p_form)
      and private.is_asked(p_schema, p_form, v_condition ->> 'field', p_depth + 1)) then
      return false;
    end if;
  end loop;
  return true;
end $$;
comment on function private.is_asked is 'Whether a field is asked, given what was answered: its own condition and its section''s hold, and the fields they hang on are asked.';

create function private.asked_form(p_schema jsonb, p_form jsonb) returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_object_agg(f.key, case
      when p_schema -> 'properties' -> f.key ->> 'x-field' = 'group' and jsonb_typeof(f.value) = 'array' then
        (select coalesce(jsonb_agg(case jsonb_typeof(i.item) when 'object' then private.asked_form(p_schema -> 'properties' -> f.key -> 'items', i.item) else i.item end
                                   order by i.place), '[]')
         from jsonb_array_elements(f.value) with ordinality as i(item, place))
      else f.value end), '{}')
    from jsonb_each(p_form) as f where private.is_asked(p_schema, p_form, f.key));
end $$;
comment on function private.asked_form is 'The answers to questions that were asked in the end: what was typed before another choice hid its field is left behind.';

create function private.value_problem(p_rule jsonb, p_value jsonb) returns text language sql immutable set search_path = '' as $$
  select case
    when jsonb_typeof(p_value) = 'string' and private.has_hidden_characters(p_value #>> '{}', p_rule ->> 'x-field' is not distinct from 'textarea') then 'text_has_hidden_characters'
    when p_rule ? 'const' and p_value <> p_rule -> 'const' then 'field_required'
    when p_rule ? 'enum' and not p_rule -> 'enum' @> jsonb_build_array(p_value) then 'choice_invalid'
    when p_rule ? 'type' and not case p_rule ->> 'type' when 'integer' then jsonb_typeof(p_value) = 'number' and (case jsonb_typeof(p_value) when 'number' then (p_value #>> '{}')::numeric % 1 = 0 end)
                                                       else jsonb_typeof(p_value) = p_rule ->> 'type' end
      then case when p_rule ->> 'x-field' = 'money' and jsonb_typeof(p_value) = 'string' then 'money_invalid' else 'field_invalid' end
    when p_rule ->> 'x-field' = 'id_number' and not private.is_id_number(p_value #>> '{}') then 'id_number_invalid'
    when jsonb_typeof(p_value) = 'string' and length(p_value #>> '{}') > (p_rule ->> 'maxLength')::int then 'text_too_long'
    when jsonb_typeof(p_value) = 'string' and length(p_value #>> '{}') < (p_rule ->> 'minLength')::int then 'text_too_short'
    when jsonb_typeof(p_value) = 'number' and p_value < p_rule -> 'minimum' then 'number_too_small'
    when jsonb_typeof(p_value) = 'number' and p_value > p_rule -> 'maximum' then 'number_too_large'
    when jsonb_typeof(p_value) = 'string' and p_value #>> '{}' !~ (p_rule ->> 'pattern') then 'field_invalid'
  end;
$$;

create function private.address_problems(p_rule jsonb, p_value jsonb, p_path text) returns jsonb language plpgsql immutable set search_path = '' as $$
begin
  if jsonb_typeof(p_value) <> 'object' then return jsonb_build_object(p_path, 'field_invalid'); end if;
  return (
    select coalesce(jsonb_object_agg(p_path || '.' || part.name, problem), '{}')
    from (select name, case when coalesce(p_value -> name, 'null') in ('null', '""', '[]', '{}') then 'field_required'
                            else private.value_problem(case name when 'division' then '{"type": "string", "pattern": "^[0-9]{12}$"}'::jsonb
                              else jsonb_build_object('type', 'string', 'maxLength', coalesce((p_rule ->> 'x-line-length')::int, 100)) end, p_value -> name) end as problem
          from unnest(array['division', 'line']) as name
          union all
          select name, 'field_unknown' from jsonb_object_keys(p_value) as name where name not in ('division', 'line')) as part
    where problem is not null);
end $$;

create function private.form_problems(p_schema jsonb, p_form jsonb) returns jsonb language plpgsql immutable set search_path = '' as $$
declare
  v_blank constant jsonb[] := array['null', '""', '[]', '{}']::jsonb[];
  v_found jsonb;
  v_filled jsonb;
  v_required jsonb;
  v record;
  v_item record;
begin
  -- What a stranger to our screens must not get past, by the codes of backend/forms.py. What a number means (phone, date, card) is checked there.
  select coalesce(jsonb_object_agg(key, 'field_unknown'), '{}') into v_found
  from jsonb_each(p_form) where not p_schema -> 'properties' ? key and value <> all (v_blank);
  select coalesce(jsonb_object_agg(key, value), '{}') into v_filled
  from jsonb_each(p_form) where value <> all (v_blank) and private.is_asked(p_schema, p_form, key);
  select coalesce(p_schema -> 'required', '[]') || coalesce(jsonb_agg(name), '[]') into v_required
  from jsonb_array_elements(coalesce(p_schema -> 'allOf', '[]')) as branch,
    lateral (select not exists (select from jsonb_array_elements_text(coalesce(branch -> 'if' -> 'required', '[]')) as name where not v_filled ? name)
               and not exists (select from jsonb_each(coalesce(branch -> 'if' -> 'properties', '{}')) as c
                               where v_filled ? c.key and private.value_problem(c.value, v_filled -> c.key) is not null) as holds) as condition,
    lateral jsonb_array_elements(coalesce(branch -> case when condition.holds then 'then' else 'else' end -> 'required', '[]')) as name;
  for v in
    select p.key as name, p.value as rule, coalesce(p.value ->> 'x-field', 'text') as kind, v_filled -> p.key as answer
    from jsonb_each(p_schema -> 'properties') as p where private.is_asked(p_schema, p_form, p.key)
  loop
    if v.answer is null then
      if v_required ? v.name then
        v_found := v_found || case v.kind when 'address' then jsonb_build_object(v.name || '.division', 'field_required', v.name || '.line', 'field_required')
                                          else jsonb_build_object(v.name, 'field_required') end;
      end if;
    elsif v.kind in ('file', 'signature') then
      v_found := v_found || jsonb_build_object(v.name, 'field_unknown');
    elsif v.kind = 'address' then
      v_found := v_found || private.address_problems(v.rule, v.answer, v.name);
    elsif v.kind <> 'group' then
      v_found := v_found || jsonb_strip_nulls(jsonb_build_object(v.name, private.value_problem(v.rule, v.answer)));
    elsif jsonb_typeof(v.answer) <> 'array' or exists (select from jsonb_array_elements(case jsonb_typeof(v.answer) when 'array' then v.answer else '[]' end) as i where jsonb_typeof(i) <> 'object') then
      v_found := v_found || jsonb_build_object(v.name, 'field_invalid');
    else
      if jsonb_array_length(v.answer) > coalesce((v.rule ->> 'maxItems')::int, 20) then
        v_found := v_found || jsonb_build_object(v.name, 'too_many_items');
      elsif jsonb_array_length(v.answer) < (v.rule ->> 'minItems')::int then
        v_found := v_found || jsonb_build_object(v.name, 'too_few_items');
      end if;
      for v_item in select value, ordinality - 1 as place from jsonb_array_elements(v.answer) with ordinality loop
        v_found := v_found || (select coalesce(jsonb_object_agg(v.name || '.' || v_item.place || '.' || key, value), '{}')
                               from jsonb_each(private.form_problems(v.rule -> 'items', v_item.value)));
      end loop;
    end if;
  end loop;
  return v_found;
end $$;
grant execute on function private.form_problems, private.has_hidden_characters, private.is_asked, private.asked_form, private.value_problem, private.address_problems to service_role;
comment on function private.form_problems is 'What is wrong with a form: {path: error code}, where a path is a field, address.line, or children.0.name.';

create function private.missing_materials(p_application public.applications) returns jsonb language plpgsql stable set search_path = '' as $$
begin
  return (select coalesce(jsonb_agg(m.code order by m.position), '[]') from public.guide_materials as m
          where m.guide_id = (p_application).guide_id and m.is_required and private.holds(m.needed_when, (p_application).form)
            and not private.material_is_there(p_application, m));
end $$;

create function private.new_receipt_number() returns text language plpgsql security definer set search_path = '' as $$
declare
  v_body text := (select code from public.divisions where level = 'county' order by code limit 1)
    || to_char(private.now() at time zone private.zone(), 'YYMMDD') || lpad(nextval('private.receipt_serial')::text, 6, '0');
begin
  -- ISO 7064 MOD 97-10: the two check digits make the whole number leave 1 when divided by 97.
  return v_body || lpad((98 - (v_body || '00')::numeric % 97)::int::text, 2, '0');
end $$;
comment on function private.new_receipt_number is '20 digits: county, date of receipt, serial, two check digits (ISO 7064 MOD 97-10).';

create function private.is_code_in_use(p_application public.applications) returns boolean language sql stable set search_path = '' as $$
  select (p_application).case_code is not null and ((p_application).status not in ('approved', 'refused', 'withdrawn')
    or coalesce((p_application).decided_at, (p_application).updated_at) > private.now() - interval '90 days');
$$;
comment on function private.is_code_in_use is 'Whether the six digits still mean this case: while it is open, and for 90 days after its end.';

create function private.new_case_code() returns text language plpgsql volatile security definer set search_path = '' as $$
declare v_code text;
begin
  for attempt in 1 .. 50 loop
    v_code := lpad(((('x' || left(replace(gen_random_uuid()::text, '-', ''), 8))::bit(32)::bigint & 2147483647) % 1000000)::text, 6, '0');
    if not exists (select from public.applications as a where a.case_code = v_code and private.is_code_in_use(a)) then
      return v_code;
    end if;
  end loop;
  perform private.refuse('case_codes_used_up', 503);
  return null;
end $$;
comment on function private.new_case_code is 'Six digits to be spoken at a window or on the phone; unique among open cases and those that ended within 90 days.';

create function private.open_stage(p_application_id uuid, p_from timestamptz) returns void
language plpgsql security definer set search_path = '' as $$
declare v_stage smallint;
begin
  if not exists (select from public.application_steps where application_id = p_application_id and status = 'current') then
    select min(stage) into v_stage from public.application_steps where application_id = p_application_id and status = 'waiting';
    update public.application_steps set status = 'current', started_at = p_from, due_at = public.add_working_time(p_from, limit_value, limit_unit)
    where application_id = p_application_id and stage = v_stage and status = 'waiting';
    -- Whom the person asked first stays theirs when the case comes back to the window.
    update public.application_steps as s set owner_id = f.owner_id, owner_label = f.owner_label, claimed_at = p_from
    from (select owner_id, owner_label, window_code from public.application_steps
          where application_id = p_application_id and actor = 'window' and owner_id is not null order by position limit 1) as f
    where s.application_id = p_application_id and s.status = 'current' and s.actor = 'window' and s.owner_id is null
      and private.serves_desk(f.owner_id, s.window_code, null);
  end if;
  update public.applications as a set updated_at = private.now(), holder = coalesce(s.holder, 'nobody'), next_due_at = s.due_at
  from (select min(due_at) as due_at, case when bool_or(actor = 'window') then 'window' when bool_or(actor = 'department') then 'department' end as holder
        from public.application_steps where application_id = p_application_id and status = 'current') as s
  where a.id = p_application_id;
end $$;
comment on function private.open_stage is 'Starts the next stage when none is running, and says who holds the ball and what is due first.';

create function private.case_name(p_schema jsonb, p_form jsonb, p_applicant_id uuid) returns text language sql stable security definer set search_path = '' as $$
  select coalesce(
    (select private.mask('name', p_form ->> p.key) from jsonb_each(p_schema -> 'properties') as p
     where p.value ->> 'x-prefill' = 'name' and p_form ->> p.key <> '' order by p.key limit 1),
    (select masked_name from public.people where id = p_applicant_id));
$$;
comment on function private.case_name is 'Whose case it is, masked: by the form, or else by the profile.';

create function public.submit_application(p_application_id uuid, p_submission_key uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_guide public.guides;
  v_problems jsonb;
  v_window text;
  v_name text;
  v_now timestamptz := private.now();
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.status <> 'draft' then
    -- The same press twice, or after a lost answer: the same receipt.
    return jsonb_build_object('application_id', v.id, 'receipt_number', v.receipt_number, 'case_code', v.case_code, 'promised_at', v.promised_at,
                              'is_repeated', v.submission_key is not distinct from p_submission_key);
  end if;
  select * into v_guide from public.guides where id = v.guide_id;
  if v_guide.status <> 'published' then
    if exists (select from public.guides where service_id = v.service_id and status = 'published') then perform private.refuse('guide_changed', 409); end if;
    perform private.refuse('guide_withdrawn', 409);
  end if;
  v_problems := private.form_problems(v_guide.form_schema, v.form);
  if v_problems <> '{}' then perform private.refuse('form_incomplete', 422, v_problems::text); end if;
  v_problems := private.missing_materials(v);
  if v_problems <> '[]' then perform private.refuse('materials_missing', 422, v_problems::text); end if;

  v_window := coalesce(
    (select private.township_of(d.code) from jsonb_each(v_guide.form_schema -> 'properties') as p
     join public.divisions as d on d.code = coalesce(v.form -> p.key ->> 'division', v.form ->> p.key)
     where p.value ->> 'x-field' in ('division', 'address') order by p.value ->> 'x-field' desc, p.key limit 1),
    (select private.township_of(division_code) from public.people where id = v.applicant_id),
    (select code from public.divisions where level = 'county' limit 1));
  v_name := private.case_name(v_guide.form_schema, v.form, v.applicant_id);
  insert into public.application_steps (application_id, position, stage, code, kind, name, actor, window_code, department_id, limit_value, limit_unit, part_code,
                                        masked_name)
  select v.id, position, stage, code, kind, name, actor, case when actor = 'window' then v_window end, department_id, limit_value, limit_unit, part_code, v_name
  from public.guide_steps where guide_id = v.guide_id and private.holds(needed_when, v.form);
  update public.applications set form = private.asked_form(v_guide.form_schema, v.form), status = 'in_progress', holder = 'window', submitted_at = v_now, submission_key = p_submission_key, window_code = v_window,
    masked_name = v_name,
    receipt_number = private.new_receipt_number(), case_code = private.new_case_code(), kind = (select kind from public.services where id = v.service_id),
    promised_at = public.add_working_time(v_now, v_guide.promised_value, v_guide.promised_unit),
    department_ids = array(select distinct department_id from public.application_steps where application_id = v.id and department_id is not null)
  where id = v.id;
  insert into public.application_events (application_id, kind, actor_id, actor) values (v.id, 'submitted', v.applicant_id, 'citizen');
  perform private.open_stage(v.id, v_now);
  perform private.record('application_submitted', 'application', v.id::text);
  select * into v from public.applications where id = v.id;
  return jsonb_build_object('application_id', v.id, 'receipt_number', v.receipt_number, 'case_code', v.case_code, 'promised_at', v.promised_at, 'is_repeated', false);
end $$;
comment on function public.submit_application is
  'Hands the caller''s draft in; a complete submission is accepted by being received (收件即受理). Idempotent. Returns {application_id, receipt_number, case_code, promised_at, is_repeated}. Refuses case_not_found, guide_changed, guide_withdrawn, form_incomplete, materials_missing.';
grant execute on function public.submit_application to authenticated;

create function public.withdraw_application(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v public.applications;
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) for update;
  if v.id is null or v.status = 'draft' then perform private.refuse('case_not_found', 404); end if;
  if v.status = 'withdrawn' then return; end if;
  if v.status in ('approved', 'refused', 'returned') then perform private.refuse('already_decided', 409); end if;
  update public.application_steps set status = 'skipped' where application_id = v.id and status in ('waiting', 'current');
  update public.applications set status = 'withdrawn', holder = 'nobody', next_due_at = null, updated_at = private.now() where id = v.id;
  insert into public.application_events (application_id, kind, actor_id, actor) values (v.id, 'withdrawn', v.applicant_id, 'citizen');
  perform private.record('application_withdrawn', 'application', v.id::text);
end $$;
comment on function public.withdraw_application is 'The applicant takes a case back before it is decided. Again: nothing happens. Refuses case_not_found, already_decided.';
grant execute on function public.withdraw_application to authenticated;

create table private.abandoned_files (
  bucket text not null,
  path text not null,
  at timestamptz not null default now(),
  constraint abandoned_files_pkey primary key (bucket, path)
);
comment on table private.abandoned_files is 'Bytes whose document is gone: the scheduler deletes them through the storage API, then the line.';
create index abandoned_files_at on private.abandoned_files (at);
alter table private.abandoned_files enable row level security;

create function private.abandon_files() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  insert into private.abandoned_files (bucket, path) values ('incoming', old.incoming_path) on conflict do nothing;
  -- A file that a document of another case still points to stays; one at a time, so that the last to go takes it along.
  perform pg_advisory_xact_lock(hashtextextended(old.path, 0)) where old.path is not null;
  if old.path is not null and not exists (select from public.documents where path = old.path) then
    insert into private.abandoned_files (bucket, path) values ('materials', old.path) on conflict do nothing;
  end if;
  return null;
end $$;
create trigger abandon_files after delete on public.documents for each row execute function private.abandon_files();

create function public.abandoned_files(p_limit integer default 100) returns jsonb language plpgsql security definer set search_path = '' as $$
begin
  -- What was announced and never came, or was refused, is as good as gone after a day.
  delete from public.documents where status in ('expected', 'refused') and created_at < private.now() - interval '1 day';
  return (select coalesce(jsonb_agg(jsonb_build_object('bucket', f.bucket, 'path', f.path)), '[]')
          from (select * from private.abandoned_files order by at limit p_limit) as f);
end $$;
grant execute on function public.abandoned_files to service_role;

create function public.forget_abandoned_files(p_bucket text, p_paths jsonb) returns integer language sql security definer set search_path = '' as $$
  with gone as (delete from private.abandoned_files where bucket = p_bucket and p_paths ? path returning 1) select count(*)::int from gone;
$$;
grant execute on function public.forget_abandoned_files to service_role;
