-- Applications, what desk and applicant say to each other while a case runs: the one-time notice (一次性告知) and its answer,
-- questions to the case, and materials that an approval still waits for (容缺). Nobody can ask for a material that the guide
-- does not name. Who reads a case reads all of these; requests for a second notice and the marks of windows are for
-- overseers and the window itself. Everything is written by the commands below.

create table public.application_notices (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  number smallint not null,
  items jsonb not null,
  fields_before jsonb not null default '{}',
  press text not null,
  sent_at timestamptz not null default now(),
  sent_by uuid not null references public.people (id) on delete restrict,
  sent_by_label jsonb not null,
  due_at timestamptz not null,
  replied_at timestamptz,
  is_late boolean,
  reply_key uuid,
  constraint application_notices_number_once unique (application_id, number),
  constraint application_notices_names_something check (jsonb_array_length(items) between 1 and 60),
  constraint application_notices_replied_is_complete check ((replied_at is null) = (is_late is null))
);
comment on table public.application_notices is 'One list of everything that is missing or wrong. A second one on the same case needs a supervisor and marks the window.';
comment on column public.application_notices.items is '[{kind: material or field, code, name, points: [bilingual], text}]: what is wrong and how to mend it.';
comment on column public.application_notices.fields_before is 'What the named fields held when the notice was sent. Not granted.';
create index application_notices_sent_by on public.application_notices (sent_by);

create table public.second_notice_requests (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  asked_at timestamptz not null default now(),
  asked_by uuid not null references public.people (id) on delete restrict,
  asked_by_label jsonb not null,
  reason text not null,
  answered_at timestamptz,
  constraint second_notice_requests_reason_length check (length(reason) between 5 and 500)
);
create index second_notice_requests_application on public.second_notice_requests (application_id);
create index second_notice_requests_asked_by on public.second_notice_requests (asked_by);
create unique index second_notice_requests_one_open on public.second_notice_requests (application_id) where answered_at is null;
create index second_notice_requests_open on public.second_notice_requests (asked_at, id) where answered_at is null;

create table public.window_marks (
  id uuid primary key default gen_random_uuid(),
  window_code text not null references public.divisions (code) on delete restrict,
  application_id uuid not null references public.applications (id) on delete cascade,
  kind text not null,
  reason text not null,
  at timestamptz not null default now(),
  by_id uuid not null references public.people (id) on delete restrict,
  by_label jsonb not null,
  constraint window_marks_kind check (kind in ('second_notice')),
  constraint window_marks_reason_length check (length(reason) between 5 and 500)
);
comment on table public.window_marks is 'Faults on a window''s record: a case that had to be asked about twice.';
create index window_marks_window on public.window_marks (window_code, at desc);
create index window_marks_application on public.window_marks (application_id, kind);
create index window_marks_by on public.window_marks (by_id);
create index window_marks_at on public.window_marks (at desc, id);

create table public.application_questions (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  asked_at timestamptz not null default now(),
  text text not null,
  answered_at timestamptz,
  answer text,
  answered_by uuid references public.people (id) on delete restrict,
  answered_by_label jsonb,
  constraint application_questions_text_length check (length(text) between 2 and 500),
  constraint application_questions_answer_length check (length(answer) between 2 and 1000),
  constraint application_questions_answered_is_complete check (
    (answered_at is null) = (answer is null) and (answered_at is null) = (answered_by is null) and (answered_at is null) = (answered_by_label is null))
);
create index application_questions_application on public.application_questions (application_id, asked_at);
create index application_questions_open on public.application_questions (application_id) where answered_at is null;
create index application_questions_answered_by on public.application_questions (answered_by);

create table public.application_owed (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  material_code text not null,
  until_on date not null,
  status text not null default 'owed',
  window_code text not null references public.divisions (code) on delete restrict,
  asked_at timestamptz not null default now(),
  handed_in_at timestamptz,
  sent_back_at timestamptz,
  text text,
  confirmed_at timestamptz,
  confirmed_by_label jsonb,
  constraint application_owed_once unique (application_id, material_code),
  constraint application_owed_status check (status in ('owed', 'handed_in', 'confirmed')),
  constraint application_owed_text_length check (length(text) between 5 and 500)
);
comment on table public.application_owed is 'Materials that an approval still waits for: approved first, completed afterwards (容缺受理).';
comment on column public.application_owed.text is 'What was wrong with the file that was handed in last.';
create index application_owed_window on public.application_owed (window_code, handed_in_at, id);
create index application_owed_waiting on public.application_owed (window_code, handed_in_at, id) where status = 'handed_in';

alter table public.application_notices enable row level security;
alter table public.second_notice_requests enable row level security;
alter table public.window_marks enable row level security;
alter table public.application_questions enable row level security;
alter table public.application_owed enable row level security;
create policy "Who reads a case reads its notices" on public.application_notices for select to authenticated using (private.may_read_case(application_id));
create policy "Who reads a case reads its questions" on public.application_questions for select to authenticated using (private.may_read_case(application_id));
create policy "Who reads a case reads what it still owes" on public.application_owed for select to authenticated using (private.may_read_case(application_id));
create policy "Overseers read requests for a second notice" on public.second_notice_requests for select to authenticated
  using ((select private.has_role('supervisor')) or (select private.has_role('administrator')));
create policy "Clerks read requests of their own" on public.second_notice_requests for select to authenticated using (asked_by = (select auth.uid()));
create policy "Overseers read the marks of windows" on public.window_marks for select to authenticated
  using ((select private.has_role('supervisor')) or (select private.has_role('administrator')));
create policy "Window clerks read the marks of their windows" on public.window_marks for select to authenticated
  using (window_code = any (array(select unnest(private.my_window_codes()))));
grant select (id, application_id, number, items, sent_at, sent_by_label, due_at, replied_at, is_late) on public.application_notices to authenticated;
grant select (id, application_id, asked_at, asked_by, asked_by_label, reason, answered_at) on public.second_notice_requests to authenticated;
grant select (id, window_code, application_id, kind, reason, at, by_label) on public.window_marks to authenticated;
grant select (id, application_id, asked_at, text, answered_at, answer, answered_by_label) on public.application_questions to authenticated;
grant select on public.application_owed to authenticated;

create function private.asked_fields(p_application_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(i.value -> 'code'), '[]') from public.application_notices as n, jsonb_array_elements(n.items) as i
  where n.application_id = p_application_id and n.replied_at is null and i.value ->> 'kind' = 'field';
$$;
comment on function private.asked_fields is 'Names of the fields that the open notice asks to be mended.';

create function private.asked_by(p_application_id uuid, p_material_code text) returns uuid language sql stable security definer set search_path = '' as $$
  select coalesce(
    (select n.id from public.application_notices as n where n.application_id = p_application_id and n.replied_at is null
     and n.items @> jsonb_build_array(jsonb_build_object('kind', 'material', 'code', p_material_code)) and a.status = 'waiting_for_citizen'),
    (select o.id from public.application_owed as o where o.application_id = p_application_id and o.material_code = p_material_code and o.status = 'owed'
     and a.status not in ('refused', 'returned', 'withdrawn')))
  from public.applications as a where a.id = p_application_id;
$$;
comment on function private.asked_by is 'The open notice, or the owed material, that asks the applicant for files of this material now; else null.';

create function private.note_event(p_application_id uuid, p_kind text, p_actor text, p_details jsonb default '{}') returns void
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.application_events (application_id, kind, actor_id, actor, actor_label, details)
  values (p_application_id, p_kind, (select auth.uid()), p_actor, case when p_actor <> 'citizen' then private.staff_label((select auth.uid())) end, p_details);
  perform private.record('case_' || p_kind, 'application', p_application_id::text, p_details);
  -- Moves every open page about the case.
  update public.applications set updated_at = private.now() where id = p_application_id;
end $$;
comment on function private.note_event is 'What somebody did to a case: for its page, for the audit, and for everybody who looks at it now.';

create function private.let_stand(p_application_id uuid, p_status text, p_reason text, p_details jsonb) returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform private.stop_clock(p_application_id, p_reason, p_details);
  update public.applications set status = p_status, holder = case p_status when 'waiting_for_citizen' then 'citizen' else holder end
  where id = p_application_id;
end $$;
comment on function private.let_stand is 'The clock of a case stands, for the applicant''s answer or for a listed reason.';

create function private.let_go_on(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from public.applications where id = p_application_id and status in ('waiting_for_citizen', 'suspended')) then return; end if;
  perform private.run_clock(p_application_id);
  update public.applications set status = 'in_progress' where id = p_application_id;
  perform private.open_stage(p_application_id, private.now());
end $$;
comment on function private.let_go_on is 'The clock of a case that stood runs again; nothing where none stood.';

create function private.notice_item(p_application public.applications, p_item jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_code text := coalesce(p_item ->> 'material', p_item ->> 'field');
  v_material public.guide_materials;
  v_field jsonb;
  v_points jsonb := '[]';
  v_text text := private.clean_text(p_item ->> 'text', 500, true);
begin
  if (p_item ? 'material') = (p_item ? 'field') then perform private.refuse('notice_item_invalid', 422); end if;
  if p_item ? 'material' then
    select * into v_material from public.guide_materials as m
    where m.guide_id = (p_application).guide_id and m.code = v_code and private.holds(m.needed_when, (p_application).form)
      and (m.source = 'upload' or m.registry is not null or exists (select from public.documents where application_id = (p_application).id and material_code = v_code and status = 'verified'));
    if v_material.id is null then perform private.refuse('material_not_in_guide', 422, v_code); end if;
    if exists (select from jsonb_array_elements(coalesce(p_item -> 'points', '[]')) as p
               where jsonb_typeof(p.value) <> 'number' or v_material.acceptance_points -> (p.value #>> '{}')::int is null or (p.value #>> '{}')::int < 0) then
      perform private.refuse('point_not_in_guide', 422, v_code);
    end if;
    select coalesce(jsonb_agg(v_material.acceptance_points -> (p.value #>> '{}')::int order by (p.value #>> '{}')::int), '[]') into v_points
    from jsonb_array_elements(coalesce(p_item -> 'points', '[]')) as p;
    if v_points = '[]' and v_material.acceptance_points <> '[]' then perform private.refuse('notice_point_needed', 422, v_code); end if;
  else
    v_field := (select form_schema -> 'properties' -> v_code from public.guides where id = (p_application).guide_id);
    if v_field is null or v_field ->> 'x-field' in ('file', 'signature')
        or v_field ? 'x-shown-when' and (p_application).form -> (v_field -> 'x-shown-when' ->> 'field') is distinct from v_field -> 'x-shown-when' -> 'equals' then
      perform private.refuse('field_not_in_form', 422, v_code);
    end if;
  end if;
  if length(v_text) < 5 then perform private.refuse('notice_text_needed', 422, v_code); end if;
  return jsonb_build_object('kind', case when p_item ? 'material' then 'material' else 'field' end, 'code', v_code,
    'name', coalesce(v_material.name, v_field -> 'x-label'), 'points', v_points, 'text', v_text);
end $$;
comment on function private.notice_item is
  'One thing that a notice asks for, checked against the guide: {material or field, points: [index of acceptance points], text}. Refuses material_not_in_guide, point_not_in_guide, notice_point_needed, field_not_in_form, notice_text_needed, notice_item_invalid.';

create function private.reply_days() returns integer language sql immutable set search_path = '' as $$ select 15 $$;
comment on function private.reply_days is 'Working days an applicant has to answer a notice; later answers are taken as well, until the case was returned.';

create function private.may_notice_again(p_application_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select (select count(*) from public.application_notices where application_id = p_application_id)
      <= (select count(*) from public.window_marks where application_id = p_application_id and kind = 'second_notice');
$$;
comment on function private.may_notice_again is 'The first notice is free; each later one needs a permission of its own.';

create function public.send_notice(p_application_id uuid, p_items jsonb) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_step public.application_steps;
  v public.applications;
  v_last public.application_notices;
  v_press text := md5(p_items::text);
  v_items jsonb := '[]';
  v_item jsonb;
  v_now timestamptz := private.now();
begin
  v_step := private.my_step_of(p_application_id, array['in_progress', 'waiting_for_citizen']);
  select * into v from public.applications where id = p_application_id;
  select * into v_last from public.application_notices where application_id = v.id order by number desc limit 1;
  if v.status = 'waiting_for_citizen' then
    if v_last.press = v_press and v_last.sent_by = (select auth.uid()) then return v_last.id; end if;
    perform private.refuse('case_waits_for_citizen', 409);
  end if;
  if not private.may_notice_again(v.id) then perform private.refuse('second_notice_needs_supervisor', 403); end if;
  if jsonb_typeof(p_items) is distinct from 'array' or jsonb_array_length(p_items) not between 1 and 60 then perform private.refuse('notice_empty', 422); end if;
  for v_item in select private.notice_item(v, value) from jsonb_array_elements(p_items) loop
    if v_items @> jsonb_build_array(jsonb_build_object('kind', v_item -> 'kind', 'code', v_item -> 'code')) then
      perform private.refuse('notice_item_invalid', 422, v_item ->> 'code');
    end if;
    v_items := v_items || v_item;
  end loop;
  insert into public.application_notices (application_id, number, items, fields_before, press, sent_at, sent_by, sent_by_label, due_at)
  values (v.id, coalesce(v_last.number, 0) + 1, v_items,
    (select coalesce(jsonb_object_agg(i.value ->> 'code', v.form -> (i.value ->> 'code')), '{}') from jsonb_array_elements(v_items) as i where i.value ->> 'kind' = 'field'),
    v_press, v_now, (select auth.uid()), private.staff_label((select auth.uid())), public.add_working_time(v_now, private.reply_days(), 'working_day'))
  returning * into v_last;
  update public.applications set kind = 'supplementary' where id = v.id;
  perform private.let_stand(v.id, 'waiting_for_citizen', 'notice', jsonb_build_object('notice_id', v_last.id, 'until', v_last.due_at));
  perform private.note_event(v.id, 'notice_sent', v_step.actor, jsonb_build_object('notice_id', v_last.id, 'number', v_last.number, 'due_at', v_last.due_at));
  return v_last.id;
end $$;
comment on function public.send_notice is
  'One-time notice (一次性告知): one list [{material: code or field: name, points: [index], text}] of all that is wrong and how to mend it. The applicant holds the ball, the clock stands. Again with the same list: the same notice. Refuses notice_empty, second_notice_needs_supervisor, case_waits_for_citizen, and as private.notice_item() and private.my_step_of().';
grant execute on function public.send_notice to authenticated;

create function public.ask_second_notice(p_application_id uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_step public.application_steps := private.my_step_of(p_application_id);
  v_reason text := private.clean_text(p_reason, 500, true);
begin
  if private.may_notice_again(p_application_id) then perform private.refuse('second_notice_not_needed', 409); end if;
  if length(v_reason) < 5 then perform private.refuse('reason_needed', 422, 'reason'); end if;
  if exists (select from public.second_notice_requests where application_id = p_application_id and answered_at is null) then return; end if;
  insert into public.second_notice_requests (application_id, asked_by, asked_by_label, reason)
  values (p_application_id, (select auth.uid()), private.staff_label((select auth.uid())), v_reason);
  perform private.note_event(p_application_id, 'second_notice_asked', v_step.actor);
end $$;
comment on function public.ask_second_notice is 'Asks the supervisor for another notice on a case. Again: nothing happens. Refuses second_notice_not_needed, reason_needed, and as private.my_step_of().';
grant execute on function public.ask_second_notice to authenticated;

create function public.allow_second_notice(p_application_id uuid, p_reason text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_reason text := private.clean_text(p_reason, 500, true);
begin
  if not private.has_role('supervisor') then perform private.refuse('not_your_desk', 403); end if;
  select * into v from public.applications where id = p_application_id and status <> 'draft' for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id = (select auth.uid()) then perform private.refuse('own_case', 403); end if;
  if v.status in ('approved', 'refused', 'returned', 'withdrawn') then perform private.refuse('case_closed', 409); end if;
  if private.may_notice_again(v.id) then
    if exists (select from public.window_marks where application_id = v.id and kind = 'second_notice') then return; end if;
    perform private.refuse('second_notice_not_needed', 409);
  end if;
  if length(v_reason) < 5 then perform private.refuse('reason_needed', 422, 'reason'); end if;
  insert into public.window_marks (window_code, application_id, kind, reason, by_id, by_label)
  values (v.window_code, v.id, 'second_notice', v_reason, (select auth.uid()), private.staff_label((select auth.uid())));
  update public.second_notice_requests set answered_at = private.now() where application_id = v.id and answered_at is null;
  perform private.note_event(v.id, 'second_notice_allowed', 'department');
end $$;
comment on function public.allow_second_notice is
  'A supervisor lets a desk ask once more; the window bears a mark for it. Again before it was used: nothing happens. Refuses not_your_desk, case_not_found, own_case, case_closed, second_notice_not_needed, reason_needed.';
grant execute on function public.allow_second_notice to authenticated;

create function private.may_return(p_application public.applications) returns boolean language sql stable security definer set search_path = '' as $$
  select (p_application).return_asked_at is not null or (p_application).status = 'waiting_for_citizen'
    and exists (select from public.application_notices where application_id = (p_application).id and replied_at is null and due_at < private.now());
$$;
comment on function private.may_return is 'A case goes back only when its applicant asked for it, or did not answer a notice in time.';

create function private.notice_items(p_notice public.application_notices, p_form jsonb) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_agg(i.value || jsonb_build_object('is_answered', case i.value ->> 'kind'
    when 'material' then exists (select from public.documents as d where d.asked_by_id = (p_notice).id and d.application_id = (p_notice).application_id
                                 and d.material_code = i.value ->> 'code' and d.status = 'verified')
    else p_form -> (i.value ->> 'code') is distinct from nullif((p_notice).fields_before -> (i.value ->> 'code'), 'null') end) order by i.ordinality)
  from jsonb_array_elements((p_notice).items) with ordinality as i;
$$;
comment on function private.notice_items is 'The items of a notice, each with is_answered: a new file came, or the field was changed.';

create function public.reply_to_notice(p_application_id uuid, p_submission_key uuid) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_notice public.application_notices;
  v_schema jsonb;
  v_problems jsonb;
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) and status <> 'draft' for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  select * into v_notice from public.application_notices where application_id = v.id order by number desc limit 1;
  if v_notice.id is null then perform private.refuse('no_open_notice', 409); end if;
  if v_notice.replied_at is null then
    if v.status = 'withdrawn' then perform private.refuse('case_withdrawn', 409); end if;
    if v.status <> 'waiting_for_citizen' then perform private.refuse('case_closed', 409); end if;
    select jsonb_agg(i.value -> 'code') into v_problems from jsonb_array_elements(private.notice_items(v_notice, v.form)) as i where not (i.value ->> 'is_answered')::boolean;
    if v_problems is not null then perform private.refuse('notice_unanswered', 422, v_problems::text); end if;
    v_schema := (select form_schema from public.guides where id = v.guide_id);
    v_problems := private.form_problems(v_schema, v.form);
    if v_problems <> '{}' then perform private.refuse('form_incomplete', 422, v_problems::text); end if;
    update public.application_notices set replied_at = private.now(), is_late = private.now() > due_at, reply_key = p_submission_key
    where id = v_notice.id returning * into v_notice;
    update public.applications set masked_name = private.case_name(v_schema, v.form, v.applicant_id) where id = v.id;
    update public.application_steps set masked_name = private.case_name(v_schema, v.form, v.applicant_id) where application_id = v.id;
    perform private.let_go_on(v.id);
    perform private.note_event(v.id, 'replied', 'citizen', jsonb_build_object('notice_id', v_notice.id, 'is_late', v_notice.is_late));
    select * into v from public.applications where id = v.id;
    return jsonb_build_object('application_id', v.id, 'replied_at', v_notice.replied_at, 'is_late', v_notice.is_late, 'promised_at', v.promised_at, 'is_repeated', false);
  end if;
  return jsonb_build_object('application_id', v.id, 'replied_at', v_notice.replied_at, 'is_late', v_notice.is_late, 'promised_at', v.promised_at,
                            'is_repeated', v_notice.reply_key is not distinct from p_submission_key);
end $$;
comment on function public.reply_to_notice is
  'The applicant hands in what the open notice asks for; the clock goes on. A late answer is taken, and says so. Idempotent. Returns {application_id, replied_at, is_late, promised_at, is_repeated}. Refuses case_not_found, no_open_notice, notice_unanswered (detail: codes), form_incomplete, case_withdrawn, case_closed.';
grant execute on function public.reply_to_notice to authenticated;

create function public.ask_case(p_application_id uuid, p_text text) returns uuid language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_text text := private.clean_text(p_text, 500, true);
  v_id uuid;
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) and status <> 'draft' for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.status = 'withdrawn' then perform private.refuse('case_withdrawn', 409); end if;
  if length(v_text) < 2 then perform private.refuse('question_needed', 422, 'text'); end if;
  select id into v_id from public.application_questions where application_id = v.id and answered_at is null and text = v_text;
  if v_id is not null then return v_id; end if;
  if (select count(*) from public.application_questions where application_id = v.id and answered_at is null) >= 10 then
    perform private.refuse('too_many_questions', 409);
  end if;
  insert into public.application_questions (application_id, asked_at, text) values (v.id, private.now(), v_text) returning id into v_id;
  perform private.note_event(v.id, 'asked', 'citizen', jsonb_build_object('question_id', v_id));
  return v_id;
end $$;
comment on function public.ask_case is
  'The applicant asks the case a question of 2 to 500 characters, at most 10 open at a time; the clock does not mind. The same question again: the same question. Refuses case_not_found, case_withdrawn, question_needed, too_many_questions, text_too_long.';
grant execute on function public.ask_case to authenticated;

create function private.may_answer(p_application public.applications) returns boolean language sql stable security definer set search_path = '' as $$
  select (p_application).applicant_id <> (select auth.uid()) and (
    exists (select from public.application_steps as s where s.application_id = (p_application).id and s.status = 'current'
            and private.serves_desk((select auth.uid()), s.window_code, s.department_id))
    or (p_application).holder = 'nobody' and private.serves_desk((select auth.uid()), (p_application).window_code, null));
$$;
comment on function private.may_answer is 'Whoever holds a step that runs now answers; when nothing runs any more, the window of the case.';

create function public.answer_question(p_question_id uuid, p_answer text) returns void language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_question public.application_questions;
  v_answer text := private.clean_text(p_answer, 1000, true);
begin
  select a.* into v from public.applications as a join public.application_questions as q on q.application_id = a.id where q.id = p_question_id for update of a;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id = (select auth.uid()) then perform private.refuse('own_case', 403); end if;
  if not private.may_answer(v) then perform private.refuse('not_your_step', 403); end if;
  select * into v_question from public.application_questions where id = p_question_id;
  if v_question.answered_at is not null then
    if v_question.answered_by = (select auth.uid()) and v_question.answer = v_answer then return; end if;
    perform private.refuse('question_already_answered', 409, v_question.answered_by_label ->> 'zh');
  end if;
  if length(v_answer) < 2 then perform private.refuse('answer_needed', 422, 'answer'); end if;
  update public.application_questions set answered_at = private.now(), answer = v_answer, answered_by = (select auth.uid()),
    answered_by_label = private.staff_label((select auth.uid())) where id = p_question_id;
  perform private.note_event(v.id, 'answered', case when private.my_window_codes() @> array[v.window_code] then 'window' else 'department' end,
                             jsonb_build_object('question_id', p_question_id));
end $$;
comment on function public.answer_question is
  'Whoever holds the ball answers a question to the case, 2 to 1000 characters. Refuses case_not_found, own_case, not_your_step, question_already_answered (detail: who), answer_needed, text_too_long.';
grant execute on function public.answer_question to authenticated;

create function private.owe(p_application public.applications, p_owed jsonb, p_actor text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_item jsonb;
  v_until date;
begin
  if jsonb_typeof(p_owed) <> 'array' then perform private.refuse('owed_invalid', 422); end if;
  for v_item in select value from jsonb_array_elements(p_owed) loop
    if not exists (select from public.guide_materials as m where m.guide_id = (p_application).guide_id and m.code = v_item ->> 'material' and m.source = 'upload'
                   and private.holds(m.needed_when, (p_application).form)) then
      perform private.refuse('material_not_in_guide', 422, v_item ->> 'material');
    end if;
    if coalesce(v_item ->> 'until', '') !~ '^[0-9]{4}-[01][0-9]-[0-3][0-9]$' then perform private.refuse('until_invalid', 422, 'until'); end if;
    v_until := (v_item ->> 'until')::date;
    if v_until not between (private.now() at time zone private.zone())::date + 1 and (private.now() at time zone private.zone())::date + 366 then perform private.refuse('until_invalid', 422, 'until'); end if;
    insert into public.application_owed (application_id, material_code, until_on, window_code)
    values ((p_application).id, v_item ->> 'material', v_until, (p_application).window_code) on conflict do nothing;
  end loop;
  if p_owed <> '[]' then perform private.note_event((p_application).id, 'owed', p_actor, jsonb_build_object('owed', p_owed)); end if;
end $$;
comment on function private.owe is 'Materials of the guide [{material, until: date within a year}] that may come after the approval. Refuses owed_invalid, material_not_in_guide, until_invalid.';

create function public.hand_in_owed(p_owed_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_owed public.application_owed;
begin
  select a.* into v from public.applications as a join public.application_owed as o on o.application_id = a.id
  where o.id = p_owed_id and a.applicant_id = (select auth.uid()) for update of a;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.status in ('refused', 'returned', 'withdrawn') then perform private.refuse('case_closed', 409); end if;
  select * into v_owed from public.application_owed where id = p_owed_id;
  if v_owed.status <> 'owed' then return; end if;
  if not exists (select from public.documents where application_id = v.id and asked_by_id = p_owed_id and status = 'verified'
                 and greatest(created_at, verified_at) > coalesce(v_owed.sent_back_at, '-infinity')) then
    perform private.refuse('owed_file_missing', 422, v_owed.material_code);
  end if;
  update public.application_owed set status = 'handed_in', handed_in_at = private.now() where id = p_owed_id;
  perform private.note_event(v.id, 'owed', 'citizen', jsonb_build_object('handed_in', v_owed.material_code));
end $$;
comment on function public.hand_in_owed is 'The applicant hands in the files of a material that an approval waits for. Again: nothing happens. Refuses case_not_found, case_closed, owed_file_missing.';
grant execute on function public.hand_in_owed to authenticated;

create function public.confirm_owed(p_owed_id uuid, p_is_accepted boolean, p_text text default null) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_owed public.application_owed;
  v_text text := private.clean_text(p_text, 500, true);
begin
  select a.* into v from public.applications as a join public.application_owed as o on o.application_id = a.id where o.id = p_owed_id for update of a;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id = (select auth.uid()) then perform private.refuse('own_case', 403); end if;
  if not private.serves_desk((select auth.uid()), v.window_code, null) then perform private.refuse('not_your_step', 403); end if;
  select * into v_owed from public.application_owed where id = p_owed_id;
  if v_owed.status = 'confirmed' and p_is_accepted then return; end if;
  if v_owed.status <> 'handed_in' then perform private.refuse('owed_not_handed_in', 409); end if;
  if not p_is_accepted and length(v_text) < 5 then perform private.refuse('notice_text_needed', 422, 'text'); end if;
  update public.application_owed set status = case when p_is_accepted then 'confirmed' else 'owed' end,
    confirmed_at = case when p_is_accepted then private.now() end, confirmed_by_label = case when p_is_accepted then private.staff_label((select auth.uid())) end,
    sent_back_at = case when p_is_accepted then sent_back_at else private.now() end, text = case when p_is_accepted then null else v_text end
  where id = p_owed_id;
  perform private.note_event(v.id, case when p_is_accepted then 'owed_confirmed' else 'owed_sent_back' end, 'window',
                             jsonb_build_object('material', v_owed.material_code, 'text', nullif(v_text, '')));
end $$;
comment on function public.confirm_owed is
  'The window takes an owed material, or sends it back with what is wrong (5 to 500 characters). Refuses case_not_found, own_case, not_your_step, owed_not_handed_in, notice_text_needed.';
grant execute on function public.confirm_owed to authenticated;
