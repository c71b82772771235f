-- Applications, what desks do: claim and hand over (首问负责, AB 岗), forward, decide, refer up, suspend and return. Each
-- command locks the case, then looks at its step; the first one wins and the other is told who it was. Who claimed a step
-- is the one who acts on it, or who stands in for them. Nobody acts on a case of their own. Absences are set and ended by the
-- person, by supervisors for those whose desks all lie in their division (and department), and by administrators. A department in
-- which nobody can decide gets somebody from another one, whom an administrator names for a while.

create table public.staff_absences (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references public.people (id) on delete cascade,
  substitute_id uuid references public.people (id) on delete cascade,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null,
  set_by uuid not null references public.people (id) on delete restrict,
  constraint staff_absences_span check (from_at < to_at),
  constraint staff_absences_needs_two check (person_id <> substitute_id),
  constraint staff_absences_reason check (reason in ('leave', 'sick', 'training', 'field_work', 'other'))
);
comment on column public.staff_absences.substitute_id is 'Null where nobody has the same desk: what was claimed is free again.';
comment on table public.staff_absences is 'AB posts: while A is away, B of the same role, department and window acts on what A has claimed.';
create index staff_absences_person on public.staff_absences (person_id, to_at);
create index staff_absences_substitute on public.staff_absences (substitute_id, to_at);
create index staff_absences_set_by on public.staff_absences (set_by);
alter table public.staff_absences enable row level security;
create policy "Staff read their own absences" on public.staff_absences for select to authenticated using (person_id = (select auth.uid()));
create policy "Substitutes read when they stand in" on public.staff_absences for select to authenticated using (substitute_id = (select auth.uid()));
create policy "Administrators read absences" on public.staff_absences for select to authenticated using ((select private.has_role('administrator')));
grant select (id, person_id, substitute_id, from_at, to_at, reason) on public.staff_absences to authenticated;

create function private.serves_desk(p_person_id uuid, p_window_code text, p_department_id uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.staff_roles as r
    where r.person_id = p_person_id and (private.now() at time zone private.zone())::date between r.starts_on and coalesce(r.ends_on, 'infinity'::date)
      and (r.role = 'window_clerk' and starts_with(p_window_code, r.division_code) or r.role = 'approver' and r.department_id = p_department_id));
$$;
comment on function private.serves_desk is 'Whether somebody serves this window or this department today (one of the two is null).';

create function private.stands_in_for(p_owner_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from public.staff_absences as b where b.person_id = p_owner_id and b.substitute_id = (select auth.uid())
                 and private.now() >= b.from_at and private.now() < b.to_at);
$$;
comment on function private.stands_in_for is 'Whether the caller is the substitute of somebody who is away now.';

create function private.is_away_alone(p_person_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from public.staff_absences as b where b.person_id = p_person_id and b.substitute_id is null
                 and private.now() >= b.from_at and private.now() < b.to_at);
$$;
comment on function private.is_away_alone is 'Whether somebody is away now with nobody to stand in.';

create function private.claim_state(p_step public.application_steps) returns text language sql stable security definer set search_path = '' as $$
  select case
    when (p_step).owner_id = (select auth.uid()) then 'mine'
    when (p_step).owner_id is null or not private.serves_desk((p_step).owner_id, (p_step).window_code, (p_step).department_id)
      or private.is_away_alone((p_step).owner_id) then 'free'
    when private.stands_in_for((p_step).owner_id) then 'substitute'
    else 'other' end;
$$;
comment on function private.claim_state is 'Whose a step is for the caller: mine, free (also when its owner left the desk, or is away with nobody to stand in), substitute (its owner is away), other.';

create function private.take_step(p_step public.application_steps) returns boolean language plpgsql security definer set search_path = '' as $$
begin
  case private.claim_state(p_step)
    when 'other' then perform private.refuse('case_claimed', 409, (p_step).owner_label ->> 'zh');
    when 'free' then
      update public.application_steps set owner_id = (select auth.uid()), owner_label = private.staff_label((select auth.uid())), claimed_at = private.now()
      where id = (p_step).id;
      return true;
    else null;
  end case;
  return false;
end $$;
comment on function private.take_step is 'Makes the caller the owner of a free step; returns whether it was free. Refuses case_claimed (detail: who).';

create function private.step_to_act_on(p_step_id uuid, p_while text[] default array['in_progress']) returns public.application_steps
language plpgsql security definer set search_path = '' as $$
declare
  v_step public.application_steps;
  v public.applications;
begin
  -- Always the case first, then its step, so that two commands never wait for each other.
  select a.* into v from public.applications as a join public.application_steps as s on s.application_id = a.id where s.id = p_step_id for update of a;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id = (select auth.uid()) then perform private.refuse('own_case', 403); end if;
  select * into v_step from public.application_steps where id = p_step_id;
  if not private.serves_desk((select auth.uid()), v_step.window_code, v_step.department_id) then perform private.refuse('not_your_step', 403); end if;
  if v.status = 'withdrawn' then perform private.refuse('case_withdrawn', 409); end if;
  if v_step.status = 'done' then perform private.refuse('step_already_done', 409, coalesce(v_step.done_by_label ->> 'zh', '')); end if;
  if v_step.status = 'current' and not v.status = any (p_while) then
    perform private.refuse(case v.status when 'waiting_for_citizen' then 'case_waits_for_citizen' when 'suspended' then 'case_suspended' else 'step_not_current' end, 409);
  end if;
  if v_step.status <> 'current' then perform private.refuse('step_not_current', 409); end if;
  perform private.take_step(v_step);
  select * into v_step from public.application_steps where id = p_step_id;
  return v_step;
end $$;
comment on function private.step_to_act_on is
  'Locks a case and returns its step, which runs now and is the caller''s to act on; a free step becomes the caller''s. Refuses case_not_found, own_case, not_your_step, case_withdrawn, step_already_done (detail: who), case_waits_for_citizen, case_suspended, step_not_current, case_claimed (detail: who).';

create function private.my_step_of(p_application_id uuid, p_while text[] default array['in_progress']) returns public.application_steps
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_step uuid;
begin
  select * into v from public.applications where id = p_application_id for update;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id = (select auth.uid()) then perform private.refuse('own_case', 403); end if;
  if v.status = 'withdrawn' then perform private.refuse('case_withdrawn', 409); end if;
  if v.status in ('approved', 'refused', 'returned') then perform private.refuse('case_closed', 409); end if;
  select s.id into v_step from public.application_steps as s
  where s.application_id = v.id and s.status = 'current' and private.serves_desk((select auth.uid()), s.window_code, s.department_id)
  order by (s.owner_id is not distinct from (select auth.uid())) desc, s.position limit 1;
  if v_step is null then perform private.refuse('not_your_step', 403); end if;
  return private.step_to_act_on(v_step, p_while);
end $$;
comment on function private.my_step_of is 'The step of a case that runs at the caller''s desk, locked, as private.step_to_act_on(). Refuses also case_closed.';

create function public.claim_case(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_step public.application_steps;
  v_is_mine boolean := false;
begin
  select * into v from public.applications where id = p_application_id for update;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id = (select auth.uid()) then perform private.refuse('own_case', 403); end if;
  if v.status = 'withdrawn' then perform private.refuse('case_withdrawn', 409); end if;
  if v.status not in ('in_progress', 'waiting_for_citizen', 'suspended') then perform private.refuse('case_closed', 409); end if;
  for v_step in select * from public.application_steps as s where s.application_id = v.id and s.status = 'current'
                  and private.serves_desk((select auth.uid()), s.window_code, s.department_id) order by s.position loop
    v_is_mine := true;
    if private.take_step(v_step) then
      perform private.note_event(v.id, 'claimed', v_step.actor, jsonb_build_object('step', v_step.name));
    end if;
  end loop;
  if not v_is_mine then perform private.refuse('not_your_step', 403); end if;
end $$;
comment on function public.claim_case is
  'The caller takes what runs of a case at their desk (首问负责); the first wins. Again: nothing happens. Refuses case_not_found, own_case, case_withdrawn, case_closed, not_your_step, case_claimed (detail: who).';
grant execute on function public.claim_case to authenticated;

create function public.hand_over_case(p_application_id uuid, p_person_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_step public.application_steps;
  v_label jsonb := private.staff_label(p_person_id);
  v_is_overseer boolean := private.has_role('supervisor');
begin
  select * into v from public.applications where id = p_application_id for update;
  if v.id is null or not private.may_read_case(v.id) then perform private.refuse('case_not_found', 404); end if;
  if v.applicant_id = (select auth.uid()) then perform private.refuse('own_case', 403); end if;
  if v.status not in ('in_progress', 'waiting_for_citizen', 'suspended') then perform private.refuse('case_closed', 409); end if;
  select * into v_step from public.application_steps as s where s.application_id = v.id and s.status = 'current'
    and (v_is_overseer or private.serves_desk((select auth.uid()), s.window_code, s.department_id))
  order by private.serves_desk(p_person_id, s.window_code, s.department_id) desc, (s.owner_id is not distinct from (select auth.uid())) desc, s.position limit 1;
  if v_step.id is null then perform private.refuse('not_your_step', 403); end if;
  if not private.serves_desk(p_person_id, v_step.window_code, v_step.department_id) or p_person_id = v.applicant_id then
    perform private.refuse('not_a_colleague', 422, 'person');
  end if;
  if v_step.owner_id = p_person_id then return; end if;
  if not v_is_overseer then perform private.take_step(v_step); end if;
  update public.application_steps set owner_id = p_person_id, owner_label = v_label, claimed_at = private.now() where id = v_step.id;
  perform private.note_event(v.id, 'handed_over', v_step.actor, jsonb_build_object('to', v_label, 'step', v_step.name));
end $$;
comment on function public.hand_over_case is
  'Gives what runs of a case to a colleague of the same desk: its owner, who stands in for them, or a supervisor does. Again: nothing happens. Refuses case_not_found, own_case, case_closed, not_your_step, not_a_colleague, case_claimed (detail: who).';
grant execute on function public.hand_over_case to authenticated;

create function private.may_stand_in(p_person_id uuid, p_substitute_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  with desks as (select * from public.staff_roles where role in ('window_clerk', 'approver')
                 and (private.now() at time zone private.zone())::date between starts_on and coalesce(ends_on, 'infinity'::date))
  select p_person_id <> p_substitute_id and exists (select from desks where person_id = p_person_id)
    and not exists (select from desks as a where a.person_id = p_person_id and not exists (
      select from desks as b where b.person_id = p_substitute_id and b.role = a.role and b.department_id is not distinct from a.department_id
        and starts_with(a.division_code, b.division_code)));
$$;
comment on function private.may_stand_in is 'Whether somebody has every desk role of the other: the same role and department, the same window or one that covers it.';

create function private.arranges_for(p_person_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  with desks as (select division_code, department_id from public.staff_roles where person_id = p_person_id and role in ('window_clerk', 'approver')
                 and (private.now() at time zone private.zone())::date <= coalesce(ends_on, 'infinity'::date))
  select p_person_id = (select auth.uid()) or private.has_role('administrator') or exists (select from desks) and exists (
    select from private.my_roles('supervisor') as s where not exists (
      select from desks as d where not starts_with(d.division_code, s.division_code) or s.department_id <> d.department_id
        or s.department_id is not null and d.department_id is null));
$$;
comment on function private.arranges_for is
  'Whether the caller says who stands in for somebody: for themselves, as an administrator, or as a supervisor of every desk that person has.';

create function public.set_absence(p_person_id uuid, p_substitute_id uuid, p_from_at timestamptz, p_to_at timestamptz, p_reason text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_person uuid := coalesce(p_person_id, (select auth.uid()));
  v_id uuid;
begin
  if not private.arranges_for(v_person) then perform private.refuse('absence_not_yours', 403); end if;
  perform from public.people where id = v_person for update;
  if not exists (select from public.staff_roles where person_id = v_person and role in ('window_clerk', 'approver')) then
    if v_person = (select auth.uid()) then perform private.refuse('not_your_desk', 403); end if;
    perform private.refuse('absence_not_needed', 422, 'person');
  end if;
  if p_substitute_id is null and exists (select from public.staff_roles where role in ('window_clerk', 'approver') and private.may_stand_in(v_person, person_id))
      or p_substitute_id is not null and not private.may_stand_in(v_person, p_substitute_id) then perform private.refuse('not_a_colleague', 422, 'person'); end if;
  if p_from_at is null or p_to_at is null or p_from_at >= p_to_at or p_to_at <= private.now() or p_to_at > p_from_at + interval '366 days' then
    perform private.refuse('absence_span_invalid', 422, 'until');
  end if;
  if coalesce(p_reason, '') not in ('leave', 'sick', 'training', 'field_work', 'other') then perform private.refuse('choice_invalid', 422, 'reason'); end if;
  select id into v_id from public.staff_absences
  where person_id = v_person and substitute_id is not distinct from p_substitute_id and from_at = p_from_at and to_at = p_to_at;
  if v_id is not null then return v_id; end if;
  -- One that is over stands in nobody's way.
  if exists (select from public.staff_absences where person_id = v_person and from_at < p_to_at and to_at > greatest(p_from_at, private.now())) then
    perform private.refuse('absence_overlaps', 409);
  end if;
  insert into public.staff_absences (person_id, substitute_id, from_at, to_at, reason, set_by)
  values (v_person, p_substitute_id, p_from_at, p_to_at, p_reason, (select auth.uid())) returning id into v_id;
  perform private.record('absence_set', 'person', v_person::text, jsonb_build_object('substitute_id', p_substitute_id, 'from_at', p_from_at, 'to_at', p_to_at));
  return v_id;
end $$;
comment on function public.set_absence is
  'Who stands in for a person (null: the caller) of a desk while they are away (null only where nobody can); set by whom private.arranges_for() names. p_reason: leave, sick, training, field_work, other. Again: the same absence. Refuses absence_not_yours, not_your_desk, absence_not_needed, not_a_colleague, absence_span_invalid, choice_invalid, absence_overlaps.';
grant execute on function public.set_absence to authenticated;

create function public.end_absence(p_absence_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v public.staff_absences;
begin
  select * into v from public.staff_absences where id = p_absence_id for update;
  if v.id is null then return; end if;
  if not private.arranges_for(v.person_id) then perform private.refuse('absence_not_yours', 403); end if;
  if v.from_at >= private.now() then
    delete from public.staff_absences where id = v.id;
  elsif v.to_at > private.now() then
    update public.staff_absences set to_at = private.now() where id = v.id;
  end if;
  perform private.record('absence_ended', 'person', v.person_id::text);
end $$;
comment on function public.end_absence is 'Back earlier: the absence ends now, or never begins. Again: nothing happens. Refuses absence_not_yours.';
grant execute on function public.end_absence to authenticated;

create function private.present_approvers(p_department_id uuid, p_with_stand_ins boolean default true) returns uuid[] language sql stable security definer set search_path = '' as $$
  select coalesce(array_agg(distinct r.person_id), '{}') from public.staff_roles as r
  where r.role = 'approver' and r.department_id = p_department_id and (p_with_stand_ins or r.reason is null)
    and (private.now() at time zone private.zone())::date between r.starts_on and coalesce(r.ends_on, 'infinity'::date)
    and not exists (select from public.staff_absences as b where b.person_id = r.person_id and private.now() >= b.from_at and private.now() < b.to_at);
$$;
comment on function private.present_approvers is 'Who can decide for a department now: its approvers in force who are not away.';

create function public.appoint_stand_in(p_department_code text, p_person_id uuid, p_until date, p_reason text) returns uuid
language plpgsql security definer set search_path = '' as $$
declare
  v_today date := (private.now() at time zone private.zone())::date;
  v_reason text := private.clean_text(left(p_reason, 500), 500, true);
  v_department uuid;
  v_own public.staff_roles;
  v_id uuid;
begin
  if not private.has_role('administrator') then perform private.refuse('stand_in_by_administrator', 403); end if;
  select id into v_department from public.departments where code = p_department_code for update;
  if v_department is null then perform private.refuse('choice_invalid', 422, 'department'); end if;
  if cardinality(private.present_approvers(v_department, false)) > 1 then perform private.refuse('department_has_approvers', 409); end if;
  select * into v_own from public.staff_roles as r where r.person_id = p_person_id and r.role = 'approver' and r.reason is null
    and v_today between r.starts_on and coalesce(r.ends_on, 'infinity'::date) order by r.department_id = v_department desc limit 1;
  if v_own.id is null or v_own.department_id = v_department or p_person_id = (select auth.uid())
      or not p_person_id = any (private.present_approvers(v_own.department_id)) then
    perform private.refuse('stand_in_not_fit', 422, 'person');
  end if;
  if p_until is null or p_until not between v_today and v_today + 90 then perform private.refuse('until_invalid', 422, 'until'); end if;
  if length(v_reason) < 5 then perform private.refuse('reason_needed', 422, 'reason'); end if;
  insert into public.staff_roles (person_id, role, department_id, division_code, starts_on, ends_on, reason)
  values (p_person_id, 'approver', v_department, v_own.division_code, v_today, p_until, v_reason)
  on conflict (person_id, role, department_id, division_code) do update set starts_on = excluded.starts_on, ends_on = excluded.ends_on, reason = excluded.reason
  returning id into v_id;
  perform private.record('stand_in_appointed', 'department', v_department::text, jsonb_build_object('person_id', p_person_id, 'until', p_until, 'reason', v_reason));
  return v_id;
end $$;
comment on function public.appoint_stand_in is
  'An approver of another department decides for this one, up to and including a day at most 90 days from now, when it has one approver of its own at most who is there; the reason names who in the department allowed it. Again: the same, with the new day and reason. Refuses stand_in_by_administrator, choice_invalid, department_has_approvers, stand_in_not_fit, until_invalid, reason_needed.';
grant execute on function public.appoint_stand_in to authenticated;

create function public.end_stand_in(p_role_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v public.staff_roles;
begin
  if not private.has_role('administrator') then perform private.refuse('stand_in_by_administrator', 403); end if;
  delete from public.staff_roles where id = p_role_id and reason is not null returning * into v;
  if v.id is not null then perform private.record('stand_in_ended', 'department', v.department_id::text, jsonb_build_object('person_id', v.person_id)); end if;
end $$;
comment on function public.end_stand_in is 'Somebody no longer decides for another department; what they had claimed there is free. Again: nothing happens. Refuses stand_in_by_administrator.';
grant execute on function public.end_stand_in to authenticated;

create function private.finish_step(p_step_id uuid, p_outcome text, p_note text, p_reason jsonb default null) returns public.application_steps
language plpgsql security definer set search_path = '' as $$
declare v_step public.application_steps := private.step_to_act_on(p_step_id);
begin
  update public.application_steps set status = 'done', done_at = private.now(), done_by = (select auth.uid()),
    done_by_label = private.staff_label((select auth.uid())), outcome = p_outcome, note = nullif(private.clean_text(p_note, 1000, true), ''), reason = p_reason
  where id = p_step_id returning * into v_step;
  insert into public.application_events (application_id, kind, actor_id, actor, actor_label, details)
  values (v_step.application_id, p_outcome, (select auth.uid()), v_step.actor, v_step.done_by_label,
          jsonb_strip_nulls(jsonb_build_object('step', v_step.name, 'note', v_step.note, 'part', v_step.part_code)));
  perform private.record('step_' || p_outcome, 'application', v_step.application_id::text, jsonb_build_object('step_id', p_step_id));
  return v_step;
end $$;
comment on function private.finish_step is 'Ends one current step in the name of the caller, once. Refuses as private.step_to_act_on().';

create function private.parts_of(p_application_id uuid) returns jsonb language sql stable security definer set search_path = '' as $$
  select coalesce(jsonb_agg(p.value || jsonb_build_object('who', (select d.short_name from public.departments as d where d.code = p.value ->> 'department'), 'state', case
      when s.is_refused then 'refused' when s.is_approved then 'approved' when s.is_current then 'current' when s.is_waiting then 'waiting'
      when s.is_skipped then 'ended' else 'not_needed' end, 'refusal', s.reason) order by p.ordinality), '[]')
  from public.applications as a join public.guides as g on g.id = a.guide_id, lateral jsonb_array_elements(g.parts) with ordinality as p
  left join lateral (
    select bool_or(outcome = 'refused') as is_refused, bool_and(status = 'done') as is_approved, bool_or(status in ('current', 'done')) as is_current,
      bool_or(status = 'waiting') as is_waiting, bool_or(status = 'skipped') as is_skipped, (array_agg(t.reason) filter (where t.reason is not null))[1] as reason
    from public.application_steps as t where t.application_id = p_application_id and t.part_code = p.value ->> 'code') as s on true
  where a.id = p_application_id;
$$;
comment on function private.parts_of is 'The parts of a bundle as the guide names them, each with who (its department), state (waiting, current, approved, refused, ended, not_needed) and refusal; [] where there is no bundle.';

create function private.close_if_complete(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare
  v_parts jsonb;
  v_is_approved boolean;
  v_refusal jsonb;
begin
  perform private.open_stage(p_application_id, private.now());
  if not exists (select from public.applications where id = p_application_id and holder = 'nobody' and status = 'in_progress') then return; end if;
  select coalesce(jsonb_agg(jsonb_build_object('code', p.value -> 'code', 'name', p.value -> 'name', 'outcome', p.value -> 'state')
      || case p.value ->> 'state' when 'refused' then p.value -> 'refusal' || jsonb_build_object('name', p.value -> 'name', 'reason_name', p.value -> 'refusal' -> 'name')
                                  else jsonb_build_object('result', p.value -> 'result') end
      order by p.ordinality) filter (where p.value ->> 'state' in ('approved', 'refused')), '[]'),
    coalesce(bool_or(p.value ->> 'state' = 'approved') filter (where p.value ->> 'state' in ('approved', 'refused')), true)
  into v_parts, v_is_approved from jsonb_array_elements(private.parts_of(p_application_id)) with ordinality as p;
  v_refusal := (select reason from public.application_steps where application_id = p_application_id and outcome = 'refused' order by done_at desc limit 1);
  update public.applications set decided_at = private.now(), status = case when v_is_approved then 'approved' else 'refused' end,
    decision = case when v_is_approved then '{"outcome": "approved"}' else jsonb_build_object('outcome', 'refused') || coalesce(v_refusal, '{}') end
      || case when v_parts = '[]' then '{}' else jsonb_build_object('parts', v_parts) end
  where id = p_application_id;
end $$;
comment on function private.close_if_complete is 'Starts the next stage, or ends the case: a bundle is approved when one of its parts is, and its decision names each part.';

create function public.forward_application(p_step_id uuid, p_note text default null) returns void
language plpgsql security definer set search_path = '' as $$
declare v_step public.application_steps;
begin
  select * into v_step from public.application_steps where id = p_step_id;
  if v_step.actor = 'department' then perform private.refuse('not_your_step', 403); end if;
  v_step := private.finish_step(p_step_id, 'forwarded', p_note);
  perform private.close_if_complete(v_step.application_id);
end $$;
comment on function public.forward_application is 'The window passes a case on. A window cannot refuse (窗口无否决权). Refuses as private.step_to_act_on(), and text_too_long.';
grant execute on function public.forward_application to authenticated;

create function private.decide(p_step_id uuid, p_decision text, p_reason_code text, p_reason text, p_owed jsonb) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_step public.application_steps;
  v public.applications;
  v_text text := private.clean_text(left(p_reason, 2000), 2000, true);
  v_reason jsonb;
begin
  select * into v_step from public.application_steps where id = p_step_id;
  if v_step.actor = 'window' then perform private.refuse('windows_cannot_decide', 403); end if;
  if p_decision is null or p_decision not in ('approve', 'refuse') then perform private.refuse('decision_invalid', 422); end if;
  if p_decision = 'refuse' then
    select r into v_reason from public.applications as a join public.guides as g on g.id = a.guide_id, lateral jsonb_array_elements(g.refusal_reasons) as r
    where a.id = v_step.application_id and r ->> 'code' = p_reason_code;
    if v_step.id is not null and v_reason is null then perform private.refuse('reason_code_needed', 422, 'reason_code'); end if;
    if length(v_text) not between 5 and 1000 then perform private.refuse('reason_needed', 422, 'reason'); end if;
    v_reason := jsonb_build_object('reason_code', p_reason_code, 'reason', v_text, 'name', v_reason -> 'name',
                                   'legal_basis', v_reason -> 'legal_basis', 'way_on', v_reason -> 'way_on');
  end if;
  v_step := private.finish_step(p_step_id, case p_decision when 'approve' then case v_step.kind when 'produce' then 'produced' else 'approved' end else 'refused' end,
                                v_text, v_reason);
  if p_decision = 'approve' then
    select * into v from public.applications where id = v_step.application_id;
    perform private.owe(v, coalesce(p_owed, '[]'), 'department');
    perform private.close_if_complete(v_step.application_id);
    return;
  end if;
  -- A refused part ends alone while another part lives; without parts the whole case ends.
  update public.application_steps as s set status = 'skipped' where s.application_id = v_step.application_id and s.status in ('waiting', 'current')
    and (v_step.part_code is null or s.part_code = v_step.part_code
         or not exists (select from public.application_steps as other where other.application_id = v_step.application_id and other.part_code is not null
                        and not exists (select from public.application_steps as r where r.application_id = other.application_id
                                        and r.part_code = other.part_code and r.outcome = 'refused')));
  if v_step.part_code is not null then
    perform private.close_if_complete(v_step.application_id);
    return;
  end if;
  update public.applications set status = 'refused', holder = 'nobody', next_due_at = null, decided_at = private.now(), updated_at = private.now(),
    decision = jsonb_build_object('outcome', 'refused') || v_reason
  where id = v_step.application_id;
end $$;
comment on function private.decide is 'Ends the step of a department, of the case or of one part of a bundle, and what follows from it.';

create function public.decide_application(p_step_id uuid, p_decision text, p_reason_code text default null, p_reason text default null, p_owed jsonb default '[]')
returns void language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from public.application_steps where id = p_step_id and referral is not null and status = 'current') then
    -- Said only to who may act here; the others are told what stands in their way.
    perform private.step_to_act_on(p_step_id);
    perform private.refuse('step_referred', 409);
  end if;
  perform private.decide(p_step_id, p_decision, p_reason_code, p_reason, p_owed);
end $$;
comment on function public.decide_application is
  'A department decides its step: approve, with materials still owed [{material, until}] if need be, or refuse with a reason code of the guide (which carries legal basis and the way on) and a text of 5 to 1000 characters. Of a bundle it decides one part. Refuses windows_cannot_decide, decision_invalid, reason_code_needed, reason_needed, step_referred, and as private.step_to_act_on() and private.owe().';
grant execute on function public.decide_application to authenticated;

create function public.refer_up(p_step_id uuid, p_to_level text, p_authority text, p_days integer, p_note text default null) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_step public.application_steps;
  v_authority text := private.clean_text(p_authority, 100);
  v_now timestamptz := private.now();
begin
  if p_to_level is null or p_to_level not in ('prefecture', 'province') then perform private.refuse('choice_invalid', 422, 'level'); end if;
  if length(v_authority) < 2 then perform private.refuse('authority_needed', 422, 'authority'); end if;
  if p_days is null or p_days not between 1 and 90 then perform private.refuse('days_invalid', 422, 'days'); end if;
  if (select actor from public.application_steps where id = p_step_id) = 'window' then perform private.refuse('windows_cannot_decide', 403); end if;
  v_step := private.step_to_act_on(p_step_id);
  if v_step.referral is not null then
    if v_step.referral ->> 'authority' = v_authority and v_step.referral ->> 'level' = p_to_level then return; end if;
    perform private.refuse('step_referred', 409);
  end if;
  update public.application_steps set limit_value = p_days, limit_unit = 'working_day', started_at = v_now, due_at = public.add_working_time(v_now, p_days, 'working_day'),
    referral = jsonb_build_object('level', p_to_level, 'authority', v_authority, 'note', nullif(private.clean_text(p_note, 1000, true), ''), 'days', p_days, 'at', v_now,
      'by', private.staff_label((select auth.uid())), 'own_limit', jsonb_build_object('value', v_step.limit_value, 'unit', v_step.limit_unit), 'own_due_at', v_step.due_at)
  where id = p_step_id returning * into v_step;
  update public.applications set kind = 'referred_up' where id = v_step.application_id;
  perform private.open_stage(v_step.application_id, v_now);
  perform private.note_event(v_step.application_id, 'referred_up', 'department', jsonb_build_object('step', v_step.name) || (v_step.referral - 'own_limit' - 'own_due_at') || jsonb_build_object('due_at', v_step.due_at));
end $$;
comment on function public.refer_up is
  'A department refers its step to a higher level (prefecture or province), which has a clock of its own of 1 to 90 working days; the applicant is told. Again: nothing happens. Refuses choice_invalid, authority_needed, days_invalid, windows_cannot_decide, step_referred, and as private.step_to_act_on().';
grant execute on function public.refer_up to authenticated;

create function public.record_referred_answer(p_step_id uuid, p_outcome text, p_note text, p_reference text, p_reason_code text default null) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_step public.application_steps := private.step_to_act_on(p_step_id);
  v_reference text := private.clean_text(p_reference, 100);
begin
  if v_step.referral is null then perform private.refuse('step_not_referred', 409); end if;
  if length(v_reference) < 3 then perform private.refuse('reference_needed', 422, 'reference'); end if;
  update public.application_steps set referral = referral || jsonb_build_object('answer', jsonb_build_object('outcome', p_outcome, 'reference', v_reference, 'at', private.now()))
  where id = p_step_id;
  perform private.decide(p_step_id, p_outcome, p_reason_code, p_note, '[]');
end $$;
comment on function public.record_referred_answer is
  'What the higher level answered (approve or refuse, with the number of its document) becomes the decision of the step. Refuses step_not_referred, reference_needed, decision_invalid, reason_code_needed, reason_needed, and as private.step_to_act_on().';
grant execute on function public.record_referred_answer to authenticated;

create function public.suspend_case(p_step_id uuid, p_reason_code text, p_text text, p_until date) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_step public.application_steps;
  v_text text := private.clean_text(p_text, 500, true);
  v_today date := (private.now() at time zone private.zone())::date;
begin
  if p_reason_code is null or p_reason_code not in ('site_visit', 'public_notice', 'expert_opinion') then perform private.refuse('suspension_reason_needed', 422, 'reason_code'); end if;
  if length(v_text) < 5 then perform private.refuse('reason_needed', 422, 'reason'); end if;
  if p_until is null or p_until not between v_today and v_today + 180 then perform private.refuse('until_invalid', 422, 'until'); end if;
  if (select actor from public.application_steps where id = p_step_id) = 'window' then perform private.refuse('windows_cannot_decide', 403); end if;
  v_step := private.step_to_act_on(p_step_id, array['in_progress', 'suspended']);
  if (select status from public.applications where id = v_step.application_id) = 'suspended' then
    if exists (select from public.application_stands where application_id = v_step.application_id and to_at is null and reason = p_reason_code) then return; end if;
    perform private.refuse('case_suspended', 409);
  end if;
  perform private.let_stand(v_step.application_id, 'suspended', p_reason_code,
    jsonb_build_object('text', v_text, 'until', p_until, 'by', private.staff_label((select auth.uid())), 'step', v_step.name));
  perform private.note_event(v_step.application_id, 'suspended', 'department', jsonb_build_object('reason', p_reason_code, 'text', v_text, 'until', p_until));
end $$;
comment on function public.suspend_case is
  'A department lets the clock stand for a listed reason (site_visit, public_notice, expert_opinion), says why in 5 to 500 characters and until when (within 180 days); the applicant is told. Again: nothing happens. Refuses suspension_reason_needed, reason_needed, until_invalid, windows_cannot_decide, and as private.step_to_act_on().';
grant execute on function public.suspend_case to authenticated;

create function public.resume_case(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v_step public.application_steps := private.my_step_of(p_application_id, array['in_progress', 'suspended']);
begin
  if v_step.actor = 'window' then perform private.refuse('windows_cannot_decide', 403); end if;
  if (select status from public.applications where id = p_application_id) <> 'suspended' then return; end if;
  perform private.let_go_on(p_application_id);
  perform private.note_event(p_application_id, 'resumed', 'department');
end $$;
comment on function public.resume_case is 'The reason is gone, the clock goes on. Again: nothing happens. Refuses windows_cannot_decide, and as private.my_step_of().';
grant execute on function public.resume_case to authenticated;

create function public.ask_return(p_application_id uuid) returns void language plpgsql security definer set search_path = '' as $$
declare v public.applications;
begin
  select * into v from public.applications where id = p_application_id and applicant_id = (select auth.uid()) and status <> 'draft' for update;
  if v.id is null then perform private.refuse('case_not_found', 404); end if;
  if v.status not in ('in_progress', 'waiting_for_citizen', 'suspended') then perform private.refuse('case_closed', 409); end if;
  if v.return_asked_at is not null then return; end if;
  update public.applications set return_asked_at = private.now() where id = v.id;
  perform private.note_event(v.id, 'return_asked', 'citizen');
end $$;
comment on function public.ask_return is 'The applicant asks the desk to send the case back. Again: nothing happens. Refuses case_not_found, case_closed.';
grant execute on function public.ask_return to authenticated;

create function public.return_application(p_application_id uuid, p_reason text) returns void language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_step public.application_steps;
  v_reason text := private.clean_text(p_reason, 500, true);
begin
  select * into v from public.applications where id = p_application_id for update;
  if v.status = 'returned' and private.may_read_case(v.id) and v.applicant_id <> (select auth.uid()) then return; end if;
  v_step := private.my_step_of(p_application_id, array['in_progress', 'waiting_for_citizen', 'suspended']);
  if not private.may_return(v) then perform private.refuse('return_not_due', 409); end if;
  if length(v_reason) < 5 then perform private.refuse('reason_needed', 422, 'reason'); end if;
  update public.application_steps set status = 'skipped' where application_id = v.id and status in ('waiting', 'current');
  update public.applications set status = 'returned', kind = 'returned', holder = 'nobody', next_due_at = null, decided_at = private.now(),
    decision = jsonb_build_object('outcome', 'returned', 'reason', v_reason, 'cause', case when v.return_asked_at is not null then 'asked' else 'no_answer' end)
  where id = v.id;
  perform private.note_event(v.id, 'returned', v_step.actor, jsonb_build_object('reason', v_reason));
end $$;
comment on function public.return_application is
  'Sends a case back whose applicant asked for it, or let the time of a notice pass; what was filled in can be used for a new one. Again: nothing happens. Refuses return_not_due, reason_needed, and as private.my_step_of().';
grant execute on function public.return_application to authenticated;
