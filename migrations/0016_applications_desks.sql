-- Applications, the desks: what waits for a window or a department, due first; what stands there; finding a case by its code,
-- its number or a name; what overseers look at; who stands in for whom. Each reads with its owner's rights after narrowing
-- to the caller's own desks: one index scan for each desk, merged, however many desks and cases there are.

create function private.my_step(p_application public.applications) returns public.application_steps
language sql stable security definer set search_path = '' as $$
  select s.* from public.application_steps as s
  where s.application_id = (p_application).id and s.status = 'current' and (p_application).applicant_id <> (select auth.uid())
    and private.serves_desk((select auth.uid()), s.window_code, s.department_id)
  order by (s.owner_id is not distinct from (select auth.uid())) desc, s.position limit 1;
$$;
comment on function private.my_step is 'The step of a case that runs at the caller''s desk, or null; of several the one the caller owns.';

create function private.acts_on(p_application public.applications) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  v alias for p_application;
  v_me uuid := (select auth.uid());
  v_is_open boolean := v.status in ('in_progress', 'waiting_for_citizen', 'suspended');
  v_step public.application_steps;
  v_claim text;
  v_may_act boolean;
  v_acts text[] := '{}';
begin
  if v.applicant_id = v_me then
    return (select coalesce(jsonb_agg(act order by position), '[]') from (values
      (1, 'reply', v.status = 'waiting_for_citizen'),
      (2, 'hand_in_owed', v.status not in ('draft', 'refused', 'returned', 'withdrawn')
          and exists (select from public.application_owed where application_id = v.id and status = 'owed')),
      (3, 'ask', v.status not in ('draft', 'withdrawn')
          and (select count(*) from public.application_questions where application_id = v.id and answered_at is null) < 10),
      (4, 'withdraw', v_is_open),
      (5, 'ask_return', v.status = 'waiting_for_citizen' and v.return_asked_at is null),
      (6, 'copy', v.status in ('approved', 'refused', 'returned', 'withdrawn'))) as a(position, act, is_allowed) where is_allowed);
  end if;
  v_step := private.my_step(v);
  if v_step.id is not null and v_is_open then
    v_claim := private.claim_state(v_step);
    v_may_act := v_claim <> 'other';
    if v_claim = 'free' then v_acts := v_acts || 'claim'::text; end if;
    if v_may_act and v.status = 'in_progress' then
      v_acts := v_acts || case when v_step.actor = 'window' then array['forward'] when v_step.referral is not null then array['record_answer']
                               else array['approve', 'refuse', 'refer_up', 'suspend'] end;
      if private.may_notice_again(v.id) then
        v_acts := v_acts || 'send_notice'::text;
      elsif not exists (select from public.second_notice_requests where application_id = v.id and answered_at is null) then
        v_acts := v_acts || 'ask_second_notice'::text;
      end if;
    end if;
    if v_may_act and v.status = 'suspended' and v_step.actor = 'department' then v_acts := v_acts || 'resume'::text; end if;
    if v_may_act and private.may_return(v) then v_acts := v_acts || 'return'::text; end if;
    if v_may_act then v_acts := v_acts || 'hand_over'::text; end if;
  end if;
  if v_is_open and private.has_role('supervisor') then
    if not v_acts @> array['hand_over'] and exists (select from public.application_steps where application_id = v.id and status = 'current') then
      v_acts := v_acts || 'hand_over'::text;
    end if;
    if not private.may_notice_again(v.id) then v_acts := v_acts || 'allow_second_notice'::text; end if;
  end if;
  if exists (select from public.application_questions where application_id = v.id and answered_at is null) and private.may_answer(v) then
    v_acts := v_acts || 'answer_question'::text;
  end if;
  if v.status not in ('refused', 'returned', 'withdrawn') and private.serves_desk(v_me, v.window_code, null)
      and exists (select from public.application_owed where application_id = v.id and status = 'handed_in') then
    v_acts := v_acts || 'confirm_owed'::text;
  end if;
  return to_jsonb(v_acts);
end $$;
comment on function private.acts_on is
  'What the caller may do with a case now. The applicant: reply, hand_in_owed, ask, withdraw, ask_return, copy. A desk: claim, forward, approve, refuse, refer_up, record_answer, suspend, send_notice, ask_second_notice, resume, return, hand_over, answer_question, confirm_owed. A supervisor: hand_over, allow_second_notice.';

create function private.colleagues_for(p_application public.applications) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', c.person_id, 'label', private.staff_label(c.person_id), 'is_away', exists (
      select from public.staff_absences as b where b.person_id = c.person_id and private.now() >= b.from_at and private.now() < b.to_at)) order by c.person_id), '[]')
  from (
    select distinct r.person_id from public.application_steps as s
    join public.staff_roles as r on r.role = case s.actor when 'window' then 'window_clerk' else 'approver' end
    where s.application_id = (p_application).id and s.status = 'current' and r.person_id not in ((select auth.uid()), (p_application).applicant_id)
      and (private.has_role('supervisor') or private.serves_desk((select auth.uid()), s.window_code, s.department_id))
      and s.owner_id is distinct from r.person_id and private.serves_desk(r.person_id, s.window_code, s.department_id)) as c;
$$;
comment on function private.colleagues_for is 'To whom what runs of a case can be handed: [{id, label, is_away}].';

create function private.queue_rows(p_step_ids uuid[]) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'step_id', m.id, 'step', m.name, 'actor', m.actor, 'due_at', m.due_at, 'is_late', coalesce(m.due_at < private.now(), false),
    'hours_left', case when m.due_at > private.now() then round(public.working_time_between(private.now(), m.due_at) / 60.0, 1) end,
    'days_left', private.working_days_between(private.now(), m.due_at), 'service', s.name, 'short_name', s.short_name, 'kind', a.kind, 'channel', a.channel,
    'applicant', a.masked_name, 'receipt_number', a.receipt_number, 'submitted_at', a.submitted_at, 'window', d.name,
    'status', a.status, 'claim', private.claim_state(m), 'owner', m.owner_label, 'part', m.part_code, 'is_own_case', a.applicant_id = (select auth.uid()),
    'referral', m.referral - 'own_limit' - 'own_due_at', 'return_asked', a.return_asked_at is not null,
    'question_waits', exists (select from public.application_questions as q where q.application_id = a.id and q.answered_at is null),
    'stand', (select jsonb_build_object('reason', n.reason, 'since', n.from_at, 'until', n.details -> 'until')
              from public.application_stands as n where n.application_id = a.id and n.to_at is null)) order by m.due_at, m.id), '[]')
  from public.application_steps as m join public.applications as a on a.id = m.application_id join public.services as s on s.id = a.service_id
  join public.divisions as d on d.code = a.window_code
  where m.id = any (p_step_ids);
$$;
comment on function private.queue_rows is 'Steps as a desk lists them, due first.';

create function private.queue_steps(p_after_due timestamptz, p_after_id uuid, p_limit integer, p_only_mine boolean) returns uuid[]
language plpgsql stable security definer set search_path = '' as $$
declare
  v_due timestamptz := coalesce(p_after_due, '-infinity');
  v_id uuid := coalesce(p_after_id, '00000000-0000-0000-0000-000000000000');
  v_limit integer := least(coalesce(p_limit, 30), 100);
  v_windows text[] := case when p_only_mine then '{}' else private.my_window_codes() end;
  v_departments uuid[] := case when p_only_mine then '{}' else private.my_department_ids() end;
  v_owners uuid[] := case when p_only_mine then array(
    select (select auth.uid()) union select b.person_id from public.staff_absences as b
    where b.substitute_id = (select auth.uid()) and private.now() >= b.from_at and private.now() < b.to_at) else '{}' end;
begin
  -- One index scan for each desk, each stopping after a page, merged: a table of any size costs the same.
  return (select array_agg(q.id order by q.due_at, q.id) from (
    select s.id, s.due_at from unnest(v_windows) as w(code), lateral (
      select id, due_at from public.application_steps where status = 'current' and window_code = w.code and (due_at, id) > (v_due, v_id)
      order by due_at, id limit v_limit) as s
    union all
    select s.id, s.due_at from unnest(v_departments) as w(id), lateral (
      select id, due_at from public.application_steps where status = 'current' and department_id = w.id and (due_at, id) > (v_due, v_id)
      order by due_at, id limit v_limit) as s
    union all
    select s.id, s.due_at from unnest(v_owners) as w(id), lateral (
      select id, due_at from public.application_steps where status = 'current' and owner_id = w.id and (due_at, id) > (v_due, v_id)
      order by due_at, id limit v_limit) as s
    order by due_at, id limit v_limit) as q);
end $$;
comment on function private.queue_steps is 'A page of the steps that wait for the caller''s desks, due first.';

create function public.desk_queue(p_after_due timestamptz default null, p_after_id uuid default null, p_limit integer default 30, p_only_mine boolean default false)
returns jsonb language sql stable security definer set search_path = '' as $$
  select private.queue_rows(private.queue_steps(p_after_due, p_after_id, p_limit, p_only_mine));
$$;
comment on function public.desk_queue is
  'Steps that wait for the caller''s windows and departments, due first, or only those the caller owns or stands in for; the next page starts after (due_at, step_id) of the last one. What stands is in desk_standing().';
grant execute on function public.desk_queue to authenticated;

create function public.desk_standing(p_after_id uuid default null, p_limit integer default 30) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_id uuid := coalesce(p_after_id, '00000000-0000-0000-0000-000000000000');
  v_limit integer := least(coalesce(p_limit, 30), 100);
  v_steps uuid[];
begin
  select array_agg(q.id) into v_steps from (
    select s.id from unnest(private.my_window_codes()) as w(code), lateral (
      select id from public.application_steps where status = 'current' and window_code = w.code and due_at is null and id > v_id order by id limit v_limit) as s
    union all
    select s.id from unnest(private.my_department_ids()) as w(id), lateral (
      select id from public.application_steps where status = 'current' and department_id = w.id and due_at is null and id > v_id order by id limit v_limit) as s
    order by id limit v_limit) as q;
  return private.queue_rows(v_steps);
end $$;
comment on function public.desk_standing is 'Steps of the caller''s desks whose clock stands, with the reason; the next page starts after the last step_id.';
grant execute on function public.desk_standing to authenticated;

create function public.desk_owed(p_limit integer default 30) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('owed_id', o.id, 'id', a.id, 'material', o.material_code, 'name', m.name, 'until', o.until_on, 'handed_in_at', o.handed_in_at,
    'service', s.name, 'short_name', s.short_name, 'applicant', a.masked_name, 'receipt_number', a.receipt_number) order by o.handed_in_at, o.id), '[]')
  from (select f.* from unnest(private.my_window_codes()) as w(code), lateral (
          select * from public.application_owed where window_code = w.code and status = 'handed_in' order by handed_in_at, id limit least(p_limit, 100)) as f
        order by f.handed_in_at, f.id limit least(p_limit, 100)) as o
  join public.applications as a on a.id = o.application_id join public.services as s on s.id = a.service_id
  left join public.guide_materials as m on m.guide_id = a.guide_id and m.code = o.material_code;
$$;
comment on function public.desk_owed is 'Materials that came after an approval and wait for the caller''s windows to take them, the oldest first.';
grant execute on function public.desk_owed to authenticated;

create function public.desk_done(p_limit integer default 30) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'done_at', t.done_at, 'outcome', t.outcome, 'step', t.name, 'service', s.name, 'short_name', s.short_name,
    'status', a.status, 'applicant', a.masked_name, 'receipt_number', a.receipt_number) order by t.done_at desc), '[]')
  from (select * from public.application_steps where done_by = (select auth.uid()) order by done_at desc limit least(p_limit, 100)) as t
  join public.applications as a on a.id = t.application_id join public.services as s on s.id = a.service_id;
$$;
comment on function public.desk_done is 'What the caller finished last.';
grant execute on function public.desk_done to authenticated;

create function public.find_case(p_search text, p_limit integer default 20) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_text text := private.clean_text(left(p_search, 60), 60);
  v_limit integer := least(coalesce(p_limit, 20), 50);
  v_windows text[] := private.my_window_codes();
  v_departments uuid[] := private.my_department_ids();
  v_from text;
  v_to text;
  v_cases uuid[];
begin
  if private.has_role('supervisor') or private.has_role('administrator') then
    v_windows := array(select code from public.divisions where level in ('county', 'township'));
  end if;
  if v_windows = '{}' and v_departments = '{}' then perform private.refuse('not_your_desk', 403); end if;
  if v_text ~ '^[0-9]+$' then
    select array_agg(f.id) into v_cases from (
      select id from public.applications where length(v_text) = 6 and case_code = v_text and status in ('in_progress', 'waiting_for_citizen', 'suspended')
      union
      select id from public.applications where length(v_text) = 20 and receipt_number = v_text
      union
      (select id from public.applications where length(v_text) = 8 and receipt_number is not null and right(receipt_number, 8) = v_text limit 50)) as f
    where private.may_read_case(f.id);
  elsif v_text <> '' then
    -- A name in full is looked up as it is kept: masked. Less than that is the beginning of one.
    v_from := case when length(v_text) > 1 and strpos(v_text, '*') = 0 then private.mask('name', v_text) else v_text end;
    v_to := v_from || case when v_from <> v_text or length(v_text) > 1 and strpos(v_text, '*') = 0 then '' else chr(1114111) end;
    select array_agg(f.id) into v_cases from (
      select c.id from unnest(v_windows) as w(code), lateral (
        select id, masked_name, submitted_at from public.applications where window_code = w.code and status <> 'draft'
          and masked_name collate "C" >= v_from and masked_name collate "C" <= v_to
        order by masked_name collate "C", submitted_at desc, id limit v_limit) as c
      union
      select c.application_id from unnest(v_departments) as w(id), lateral (
        select application_id from public.application_steps where department_id = w.id
          and masked_name collate "C" >= v_from and masked_name collate "C" <= v_to
        order by masked_name collate "C" desc, due_at desc limit v_limit) as c) as f;
  end if;
  return (
    select coalesce(jsonb_agg(f.line order by f.masked_name collate "C", f.submitted_at desc, f.id), '[]') from (
      select a.id, a.masked_name, a.submitted_at, jsonb_build_object('id', a.id, 'service', s.name, 'short_name', s.short_name, 'status', a.status, 'kind', a.kind,
        'applicant', a.masked_name, 'receipt_number', a.receipt_number, 'submitted_at', a.submitted_at, 'promised_at', a.promised_at, 'holder', a.holder,
        'window', (select name from public.divisions where code = a.window_code)) as line
      from public.applications as a join public.services as s on s.id = a.service_id where a.id = any (v_cases)
      order by a.submitted_at desc, a.id limit v_limit) as f);
end $$;
comment on function public.find_case is
  'Cases the caller''s desks may see, at most 50: by spoken code (6 digits), receipt number (20 digits or the last 8), or name (in full, or its first character; a masked name as it is shown). Refuses not_your_desk.';
grant execute on function public.find_case to authenticated;

create function private.my_topics() returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_array(t.topic, t.subject) order by t.topic, t.subject), '[]') from (
    select 'department' as topic, unnest(private.my_department_ids())::text as subject
    union all
    select 'window', d.code from public.divisions as d where d.level in ('county', 'township') and exists (
      select from unnest(array['window_clerk', 'supervisor', 'administrator']) as k(role), lateral private.my_roles(k.role) as r
      where starts_with(d.code, r.division_code))) as t;
$$;
comment on function private.my_topics is 'What the live feed tells the caller because of their desk roles: [[topic, subject]].';

create function private.places_in(p_form jsonb) returns jsonb language sql stable security definer set search_path = '' as $$
  with named as (select v #>> '{}' as code from jsonb_path_query(p_form, '$.** ? (@.type() == "string" && @ like_regex "^[0-9]{12}$")') as v)
  select coalesce(jsonb_agg(jsonb_build_object('code', d.code, 'parent_code', d.parent_code, 'level', d.level, 'name', d.name) order by d.code), '[]')
  from public.divisions as d where d.code in (select code from named union select left(code, 9) from named);
$$;
comment on function private.places_in is 'The villages that a form names, and their townships.';

create function public.desk_page(p_application_id uuid default null, p_view text default 'waiting', p_search text default '', p_limit integer default 30) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
  v_me jsonb := private.my_desk();
  v_waiting uuid[];
  v_page jsonb;
begin
  if not v_me @? '$.roles[*] ? (@.role == "window_clerk" || @.role == "approver" || @.role == "supervisor" || @.role == "administrator")' then
    return jsonb_build_object('me', v_me, 'topics', '[]'::jsonb, 'rows', '[]'::jsonb, 'waiting', 0, 'case', null, 'places', '[]'::jsonb);
  end if;
  v_waiting := private.queue_steps(null, null, p_limit, false);
  -- What is not there, and what is not this desk's business, are the same.
  if private.may_read_case(p_application_id) and (select status from public.applications where id = p_application_id) <> 'draft' then
    v_page := public.application_page(p_application_id);
  end if;
  return jsonb_build_object('me', v_me, 'topics', private.my_topics(),
    'rows', case p_view
      when 'mine' then public.desk_queue(p_limit => p_limit, p_only_mine => true)
      when 'standing' then public.desk_standing(p_limit => p_limit)
      when 'owed' then public.desk_owed(100)
      when 'done' then public.desk_done(p_limit)
      when 'found' then case when coalesce(p_search, '') = '' then '[]' else public.find_case(p_search, p_limit) end
      else private.queue_rows(v_waiting) end,
    'waiting', coalesce(cardinality(v_waiting), 0),
    'case', v_page, 'places', private.places_in(v_page -> 'form'));
end $$;
comment on function public.desk_page is
  'Everything a desk shows when it is opened: who sits there, what the live feed is to tell, one list (waiting, mine, standing, owed, done, found), how much waits, and the case that lies open (null: none, or none of theirs) with the places it names. Lists that go on are desk_queue() and desk_standing().';
grant execute on function public.desk_page to authenticated;

create function private.overseen(p_steps public.application_steps[]) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'service', s.name, 'step', t.name, 'due_at', t.due_at, 'receipt_number', a.receipt_number,
    'who', case t.actor when 'window' then d.name else dep.short_name end, 'owner', t.owner_label) order by t.due_at), '[]')
  from unnest(p_steps) as t join public.applications as a on a.id = t.application_id join public.services as s on s.id = a.service_id
  left join public.divisions as d on d.code = t.window_code left join public.departments as dep on dep.id = t.department_id;
$$;

create function private.gaps() returns jsonb language sql stable security definer set search_path = '' as $$
  with desks as (select d.id, d.code, d.short_name, private.present_approvers(d.id) as present from public.departments as d),
  hanging as (
    select d.id, array(select t from public.application_steps as t where t.status = 'current' and t.department_id = d.id order by t.due_at, t.id limit 20) as steps
    from desks as d where d.present = '{}'
    union all
    -- Whoever is the only one there cannot decide what they applied for themselves.
    select d.id, array(select t from public.applications as a join public.application_steps as t on t.application_id = a.id
                       where a.applicant_id = d.present[1] and a.status in ('in_progress', 'waiting_for_citizen', 'suspended')
                         and t.status = 'current' and t.department_id = d.id order by t.due_at, t.id limit 20)
    from desks as d where cardinality(d.present) = 1)
  select coalesce(jsonb_agg(jsonb_build_object('department', d.code, 'name', d.short_name,
    'why', case when d.present <> '{}' then 'own' when exists (select from public.staff_roles as r where r.department_id = d.id and r.role = 'approver'
        and (private.now() at time zone private.zone())::date between r.starts_on and coalesce(r.ends_on, 'infinity'::date)) then 'away' else 'none' end,
    'steps', private.overseen(h.steps)) order by d.code), '[]')
  from hanging as h join desks as d on d.id = h.id where cardinality(h.steps) > 0;
$$;
comment on function private.gaps is
  'Departments in which nobody can decide what runs there, the first 20 steps each; why: none (no approver at all), away (all of them), own (the only one who is there applied for it).';

create function private.stand_ins() returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'person', private.staff_label(r.person_id), 'name', d.short_name, 'until', r.ends_on, 'reason', r.reason)
    order by r.ends_on, r.id), '[]')
  from (select * from public.staff_roles where reason is not null and ends_on >= (private.now() at time zone private.zone())::date order by ends_on, id limit 50) as r
  join public.departments as d on d.id = r.department_id;
$$;
comment on function private.stand_ins is 'Who decides for a department that is not their own, until when and why.';

create function public.supervision_page() returns jsonb language plpgsql stable security definer set search_path = '' as $$
begin
  if not (private.has_role('supervisor') or private.has_role('administrator')) then perform private.refuse('not_your_desk', 403); end if;
  return jsonb_build_object('me', private.my_desk(), 'topics', private.my_topics(),
    'late', private.overseen(array(select t from public.application_steps as t where status = 'current' and due_at < private.now() order by due_at, id limit 50)),
    'running', private.overseen(array(select t from public.application_steps as t where status = 'current' and due_at >= private.now() order by due_at, id limit 50)),
    'second_notices', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'service', s.name, 'receipt_number', a.receipt_number, 'window', d.name, 'asked_at', r.asked_at,
        'by', r.asked_by_label, 'reason', r.reason) order by r.asked_at), '[]')
      from (select * from public.second_notice_requests where answered_at is null order by asked_at, id limit 50) as r
      join public.applications as a on a.id = r.application_id join public.services as s on s.id = a.service_id join public.divisions as d on d.code = a.window_code),
    'marks', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'receipt_number', a.receipt_number, 'window', d.name, 'kind', k.kind, 'at', k.at, 'by', k.by_label,
        'reason', k.reason) order by k.at desc), '[]')
      from (select * from public.window_marks order by at desc, id limit 50) as k
      join public.applications as a on a.id = k.application_id join public.divisions as d on d.code = k.window_code),
    'gaps', private.gaps(), 'stand_ins', private.stand_ins(),
    'approvers', case when private.has_role('administrator') then (
      select coalesce(jsonb_agg(jsonb_build_object('id', c.person_id, 'label', private.staff_label(c.person_id)) order by private.staff_label(c.person_id) ->> 'zh'), '[]')
      from (select distinct person_id from public.staff_roles where role = 'approver' and reason is null and person_id <> (select auth.uid())
            and (private.now() at time zone private.zone())::date between starts_on and coalesce(ends_on, 'infinity'::date)) as c) else '[]' end,
    'forecast', public.supervision_forecast(), 'moved', public.moved_cases(p_limit => 20));
end $$;
comment on function public.supervision_page is
  'Late steps first, then what is due next, requests for a second notice, the last marks of windows: 50 each, departments in which nobody can decide and who stands in there (for administrators also whom they can name), the forecast''s first page and what the calendar moved last, without personal data. Refuses not_your_desk.';
grant execute on function public.supervision_page to authenticated;

create function private.absence_line(p_absence public.staff_absences) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', (p_absence).id, 'person', private.staff_label((p_absence).person_id), 'substitute', private.staff_label((p_absence).substitute_id),
    'from_at', (p_absence).from_at, 'to_at', (p_absence).to_at, 'reason', (p_absence).reason,
    'set_by', case when (p_absence).set_by <> (p_absence).person_id then private.staff_label((p_absence).set_by) end);
$$;
comment on function private.absence_line is 'Who is away, who stands in, when and why, and who arranged it where that was somebody else.';

create function public.absences_page(p_person_id uuid default null) returns jsonb language plpgsql stable security definer set search_path = '' as $$
declare
  v_person uuid := coalesce(p_person_id, (select auth.uid()));
  v_is_overseer boolean := private.has_role('supervisor') or private.has_role('administrator');
  v_serves boolean := exists (select from public.staff_roles where person_id = v_person and role in ('window_clerk', 'approver'));
  v_staff uuid[] := '{}';
begin
  if not private.arranges_for(v_person) then perform private.refuse('absence_not_yours', 403); end if;
  if not v_is_overseer and not v_serves then perform private.refuse('not_your_desk', 403); end if;
  if v_is_overseer then
    v_staff := array(select distinct person_id from public.staff_roles where role in ('window_clerk', 'approver')
                     and person_id <> (select auth.uid()) and private.arranges_for(person_id));
  end if;
  return jsonb_build_object('me', private.my_desk(), 'serves', v_serves,
    'person', jsonb_build_object('id', v_person, 'label', private.staff_label(v_person)),
    'absences', (select coalesce(jsonb_agg(private.absence_line(b) order by b.from_at), '[]')
      from public.staff_absences as b where b.person_id = v_person and b.to_at > private.now()),
    'standing_in', (select coalesce(jsonb_agg(private.absence_line(b) order by b.from_at), '[]')
      from public.staff_absences as b where b.substitute_id = v_person and b.to_at > private.now()),
    'colleagues', (select coalesce(jsonb_agg(jsonb_build_object('id', c.person_id, 'label', private.staff_label(c.person_id)) order by c.person_id), '[]')
      from (select distinct person_id from public.staff_roles where role in ('window_clerk', 'approver')) as c where private.may_stand_in(v_person, c.person_id)),
    'staff', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'label', private.staff_label(c.id)) order by private.staff_label(c.id) ->> 'zh', c.id), '[]')
      from unnest(v_staff) as c(id)),
    'arranged', (select coalesce(jsonb_agg(private.absence_line(b) order by b.from_at, b.id), '[]')
      from (select * from public.staff_absences where person_id = any (v_staff) and to_at > private.now() order by from_at, id limit 100) as b));
end $$;
comment on function public.absences_page is
  'Absences that are not over, of the caller or of somebody the caller arranges for, where they stand in, who could stand in for them; for overseers also all they arrange for and the next 100 absences of those. Refuses absence_not_yours, not_your_desk.';
grant execute on function public.absences_page to authenticated;
