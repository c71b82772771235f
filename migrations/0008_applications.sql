-- Applications: one person's case of a service, from draft to decision, on the legal clock. People read their own cases;
-- window clerks those of their windows; approvers those with a step of their department; supervisors and administrators
-- all but drafts. What people wrote (form) is granted to nobody: commands give it to its owner, and masked to staff; every
-- look at the clear text is recorded. Nobody writes a table directly: each transition is one command below.

create table public.applications (
  id uuid primary key default gen_random_uuid(),
  service_id uuid not null references public.services (id) on delete restrict,
  guide_id uuid not null references public.guides (id) on delete restrict,
  applicant_id uuid not null references public.people (id) on delete restrict,
  masked_name text not null default '',
  channel text not null default 'phone',
  kind text not null,
  status text not null default 'draft',
  holder text not null default 'citizen',
  window_code text references public.divisions (code) on delete restrict,
  department_ids uuid[] not null default '{}',
  form jsonb not null default '{}',
  form_version integer not null default 0,
  field_versions jsonb not null default '{}',
  submission_key uuid,
  receipt_number text,
  case_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  submitted_at timestamptz,
  promised_at timestamptz,
  next_due_at timestamptz,
  decided_at timestamptz,
  decision jsonb,
  return_asked_at timestamptz,
  constraint applications_channel check (channel in ('phone', 'window', 'call', 'errand')),
  constraint applications_kind check (kind in ('instant', 'promised', 'joint', 'referred_up', 'returned', 'supplementary')),
  constraint applications_status check (status in ('draft', 'in_progress', 'waiting_for_citizen', 'suspended', 'approved', 'refused', 'returned', 'withdrawn')),
  constraint applications_holder check (holder in ('citizen', 'window', 'department', 'nobody')),
  constraint applications_submitted_is_complete check (
    status = 'draft' or (submitted_at is not null and receipt_number is not null and case_code is not null and promised_at is not null and window_code is not null)),
  constraint applications_decided_has_decision check ((status in ('approved', 'refused', 'returned')) = (decision is not null)),
  constraint applications_receipt_number_once unique (receipt_number),
  constraint applications_form_size check (pg_column_size(form) <= 65536)
);
comment on column public.applications.form is 'Not granted: the owner gets it from application_page(), staff get it masked, or in the clear one field at a time and recorded.';
comment on column public.applications.masked_name is 'Whose case it is, as queues show it: the name in the form, or else that of the profile, masked.';
comment on column public.applications.holder is 'Who holds the ball now.';
comment on column public.applications.return_asked_at is 'When the applicant asked to get the case back; only then, or when the answer to a notice is overdue, may it be returned.';
comment on column public.applications.next_due_at is 'The earliest due step: what queues are ordered by.';
create index applications_applicant on public.applications (applicant_id, updated_at desc, id);
create index applications_window on public.applications (window_code, next_due_at, id);
create index applications_window_name on public.applications (window_code, masked_name collate "C", submitted_at desc, id) where status <> 'draft';
create index applications_receipt_ending on public.applications (right(receipt_number, 8)) where receipt_number is not null;
create index applications_departments on public.applications using gin (department_ids);
create index applications_service on public.applications (service_id);
create index applications_guide on public.applications (guide_id);
create unique index applications_one_draft on public.applications (applicant_id, service_id) where status = 'draft';
create unique index applications_case_code_once on public.applications (case_code) where status in ('in_progress', 'waiting_for_citizen', 'suspended');

create table public.application_steps (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  position smallint not null,
  stage smallint not null,
  code text not null,
  kind text not null,
  name jsonb not null,
  actor text not null,
  window_code text references public.divisions (code) on delete restrict,
  department_id uuid references public.departments (id) on delete restrict,
  limit_value integer not null,
  limit_unit text not null,
  status text not null default 'waiting',
  started_at timestamptz,
  due_at timestamptz,
  done_at timestamptz,
  done_by uuid references public.people (id) on delete restrict,
  done_by_label jsonb,
  outcome text,
  note text,
  reason jsonb,
  part_code text,
  owner_id uuid references public.people (id) on delete restrict,
  owner_label jsonb,
  claimed_at timestamptz,
  referral jsonb,
  masked_name text not null default '',
  constraint application_steps_position_once unique (application_id, position),
  constraint application_steps_status check (status in ('waiting', 'current', 'done', 'skipped')),
  constraint application_steps_outcome check (outcome is null or outcome in ('forwarded', 'approved', 'refused', 'produced')),
  constraint application_steps_done_says_who check ((status = 'done') = (done_at is not null and done_by is not null and outcome is not null)),
  constraint application_steps_windows_cannot_refuse check (actor = 'department' or outcome is null or outcome in ('forwarded', 'produced')),
  constraint application_steps_note_length check (length(note) <= 1000),
  constraint application_steps_owner_has_a_label check ((owner_id is null) = (owner_label is null) and (owner_id is null) = (claimed_at is null)),
  constraint application_steps_refused_says_why check ((outcome is not distinct from 'refused') = (reason is not null))
);
comment on column public.application_steps.reason is 'Why a department refused: {reason_code, reason, name, legal_basis, way_on}.';
comment on column public.application_steps.part_code is 'The part of a bundle that this step decides; null: the whole case.';
comment on column public.application_steps.owner_id is 'Who took it (首问负责): nobody else acts on it but who stands in for them. Not granted: people read the label.';
comment on column public.application_steps.referral is 'Referred up: {level, authority, note, days, at, by, own_limit, answer}.';
comment on column public.application_steps.masked_name is 'Of the case, so that a department finds a name by one index. Not granted.';
-- What is due at a desk, due first, then (without a due date) what stands there.
create index application_steps_department_due on public.application_steps (department_id, due_at, id) where status = 'current';
create index application_steps_window_due on public.application_steps (window_code, due_at, id) where status = 'current';
create index application_steps_owner_due on public.application_steps (owner_id, due_at, id) where status = 'current';
create index application_steps_department_name on public.application_steps (department_id, masked_name collate "C", due_at);
create index application_steps_department on public.application_steps (department_id);
create index application_steps_window on public.application_steps (window_code);
create index application_steps_owner on public.application_steps (owner_id);
create index application_steps_done_by on public.application_steps (done_by, done_at);

create table public.application_events (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  at timestamptz not null default now(),
  kind text not null,
  actor_id uuid references public.people (id) on delete restrict,
  actor text not null,
  actor_label jsonb,
  details jsonb not null default '{}',
  constraint application_events_kind check (kind in (
    'submitted', 'claimed', 'handed_over', 'forwarded', 'approved', 'refused', 'produced', 'withdrawn', 'returned', 'return_asked',
    'notice_sent', 'replied', 'second_notice_asked', 'second_notice_allowed', 'referred_up', 'suspended', 'resumed',
    'asked', 'answered', 'owed', 'owed_confirmed', 'owed_sent_back', 'clock_moved')),
  constraint application_events_actor check (actor in ('citizen', 'window', 'department', 'system'))
);
create index application_events_application on public.application_events (application_id, at);
create index application_events_actor on public.application_events (actor_id);

create table public.documents (
  id uuid primary key default gen_random_uuid(),
  application_id uuid not null references public.applications (id) on delete cascade,
  owner_id uuid not null references public.people (id) on delete restrict,
  material_code text not null,
  incoming_path text not null,
  path text,
  file_name text not null,
  mime text not null,
  size integer not null,
  sha256 text not null,
  width integer,
  height integer,
  status text not null default 'expected',
  refusal text,
  created_at timestamptz not null default now(),
  verified_at timestamptz,
  asked_by_id uuid,
  constraint documents_incoming_path_once unique (incoming_path),
  constraint documents_path_once unique (path),
  constraint documents_status check (status in ('expected', 'verified', 'refused')),
  constraint documents_verified_is_complete check (status <> 'verified' or (path is not null and verified_at is not null)),
  constraint documents_sha256 check (sha256 ~ '^[0-9a-f]{64}$'),
  constraint documents_size check (size between 1 and 10485760),
  constraint documents_file_name_length check (length(file_name) between 1 and 200)
);
comment on column public.documents.asked_by_id is 'The notice, or the owed material, that this file answers; null: it came with the submission.';
comment on column public.documents.sha256 is 'Of the bytes the phone sent: the same file twice is one document.';
create unique index documents_once on public.documents (application_id, material_code, sha256) where status <> 'refused';
create index documents_application on public.documents (application_id, created_at);
create index documents_owner on public.documents (owner_id, created_at);

create sequence private.receipt_serial maxvalue 999999 cycle;

create function private.may_read_case(p_application_id uuid) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.applications as a where a.id = p_application_id and (
      a.applicant_id = (select auth.uid())
      or (a.status <> 'draft' and (
        a.window_code = any (private.my_window_codes()) or a.department_ids && private.my_department_ids()
        or private.has_role('supervisor') or private.has_role('administrator')))));
$$;
grant execute on function private.may_read_case to authenticated;

alter table public.applications enable row level security;
alter table public.application_steps enable row level security;
alter table public.application_events enable row level security;
alter table public.documents enable row level security;
create policy "People read their own cases" on public.applications for select to authenticated using (applicant_id = (select auth.uid()));
create policy "Window clerks read cases of their windows" on public.applications for select to authenticated
  using (status <> 'draft' and window_code = any (array(select unnest(private.my_window_codes()))));
create policy "Approvers read cases with a step of their department" on public.applications for select to authenticated
  using (status <> 'draft' and department_ids && array(select unnest(private.my_department_ids())));
create policy "Supervisors and administrators read all but drafts" on public.applications for select to authenticated
  using (status <> 'draft' and ((select private.has_role('supervisor')) or (select private.has_role('administrator'))));
create policy "Who reads a case reads its steps" on public.application_steps for select to authenticated using (private.may_read_case(application_id));
create policy "Who reads a case reads its events" on public.application_events for select to authenticated using (private.may_read_case(application_id));
create policy "Who reads a case reads its documents" on public.documents for select to authenticated using (private.may_read_case(application_id));
grant select (id, service_id, guide_id, applicant_id, masked_name, channel, kind, status, holder, window_code, department_ids, form_version, receipt_number,
  created_at, updated_at, submitted_at, promised_at, next_due_at, decided_at, decision, return_asked_at) on public.applications to authenticated;
grant select (id, application_id, position, stage, code, kind, name, actor, window_code, department_id, limit_value, limit_unit, status,
  started_at, due_at, done_at, done_by_label, outcome, note, reason, part_code, owner_label, claimed_at, referral) on public.application_steps to authenticated;
grant select (id, application_id, at, kind, actor, actor_label, details) on public.application_events to authenticated;
grant select (id, application_id, material_code, mime, size, width, height, status, refusal, created_at, verified_at, asked_by_id) on public.documents to authenticated;
comment on column public.applications.case_code is 'Not granted: application_page() tells it to the applicant alone.';
comment on column public.application_steps.done_by is 'Not granted: people read who did a step as an office and a name.';
comment on column public.documents.path is 'Not granted: open_document() tells it, and records the look.';

create function private.announce_case() returns trigger language plpgsql security definer set search_path = '' as $$
declare v_department uuid;
begin
  perform private.announce('case', new.id::text), private.announce('applicant', new.applicant_id::text);
  if new.status <> 'draft' then
    perform private.announce('window', new.window_code);
    foreach v_department in array new.department_ids loop
      perform private.announce('department', v_department::text);
    end loop;
  end if;
  return null;
end $$;
create trigger announce_case after insert or update on public.applications for each row execute function private.announce_case();

create function private.announce_document() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  perform private.announce('case', coalesce(new.application_id, old.application_id)::text);
  return null;
end $$;
create trigger announce_document after insert or update or delete on public.documents for each row execute function private.announce_document();

-- Files: 'incoming' takes what a phone sends, 'materials' holds what the server has verified. People may put a file only at
-- the place a document row of theirs expects it; only the service role writes 'materials'.
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values
  ('incoming', 'incoming', false, 10485760, array['image/jpeg', 'image/png', 'image/webp', 'application/pdf']),
  ('materials', 'materials', false, 10485760, array['image/jpeg', 'image/png', 'image/webp', 'application/pdf'])
on conflict (id) do nothing;

create function private.may_upload(p_path text) returns boolean language plpgsql stable security definer set search_path = '' as $$
begin
  return exists (select from public.documents as d join public.applications as a on a.id = d.application_id
    where d.incoming_path = p_path and d.owner_id = (select auth.uid()) and d.status = 'expected'
      and (a.status = 'draft' or d.asked_by_id = private.asked_by(d.application_id, d.material_code)));
end $$;
create function private.may_read_material(p_path text) returns boolean language sql stable security definer set search_path = '' as $$
  select exists (select from public.documents as d where d.path = p_path and d.status = 'verified' and private.may_read_case(d.application_id));
$$;
grant execute on function private.may_upload, private.may_read_material to authenticated;
create policy "People upload where a document of theirs is expected" on storage.objects for insert to authenticated
  with check (bucket_id = 'incoming' and private.may_upload(name));
create policy "Who reads a case reads its verified files" on storage.objects for select to authenticated
  using (bucket_id = 'materials' and private.may_read_material(name));
