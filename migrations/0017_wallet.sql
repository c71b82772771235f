-- The wallet: what a window or a department accepted once is offered on the next application, by name, with date and
-- office. Only its owner reads a wallet; staff see a paper of it as a document of a case of theirs, never the wallet. Each
-- use is consented to, bound to one case, and written where the owner reads it. Nothing is copied: a document of the new
-- case points to the same file. Nobody writes these tables: they are written by the commands below.

create table private.wallet_kinds (
  kind text primary key,
  name jsonb not null,
  months smallint not null,
  constraint wallet_kinds_kind_is_a_word check (kind ~ '^[a-z_]{3,40}$'),
  constraint wallet_kinds_months check (months between 1 and 120),
  constraint wallet_kinds_name_is_bilingual check (private.is_bilingual(name))
);
comment on table private.wallet_kinds is 'What a wallet holds, and how many months after it was verified a paper of that kind is offered again.';
alter table private.wallet_kinds enable row level security;
insert into private.wallet_kinds (kind, name, months) values
  ('id_card', '{"zh": "身份证", "en": "ID card"}', 24),
  ('household_page', '{"zh": "户口簿", "en": "household register"}', 12),
  ('bank_card', '{"zh": "银行卡", "en": "bank card"}', 24),
  ('portrait_photo', '{"zh": "证件照片", "en": "portrait photo"}', 6),
  ('marriage_certificate', '{"zh": "结婚证", "en": "marriage certificate"}', 12),
  ('birth_certificate', '{"zh": "出生医学证明", "en": "birth certificate"}', 60),
  ('medical_record', '{"zh": "病历", "en": "medical record"}', 6),
  ('business_licence', '{"zh": "营业执照", "en": "business licence"}', 12),
  ('property_certificate', '{"zh": "不动产权证", "en": "property certificate"}', 12),
  ('disability_card', '{"zh": "残疾人证", "en": "disability card"}', 60),
  ('residence_permit', '{"zh": "居住证", "en": "residence permit"}', 12),
  ('land_contract', '{"zh": "土地承包合同", "en": "land contract"}', 24),
  ('forest_right', '{"zh": "林权证", "en": "forest right"}', 24);

create table public.wallet_items (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references public.people (id) on delete cascade,
  kind text not null references private.wallet_kinds (kind) on delete restrict,
  application_id uuid not null references public.applications (id) on delete cascade,
  material_code text not null,
  verified_at timestamptz not null,
  verified_by jsonb not null,
  valid_until date not null,
  is_offered boolean not null default true,
  constraint wallet_items_once unique (owner_id, kind),
  constraint wallet_items_verified_by_is_bilingual check (private.is_bilingual(verified_by))
);
comment on column public.wallet_items.application_id is 'The case in which it was verified: its files stay there.';
comment on column public.wallet_items.is_offered is 'False when the owner withdrew the consent to be offered it; nothing is deleted by that.';
create index wallet_items_kind on public.wallet_items (kind);
create index wallet_items_application on public.wallet_items (application_id);
create index wallet_items_valid_until on public.wallet_items (valid_until);

create table private.wallet_files (
  item_id uuid not null references public.wallet_items (id) on delete cascade,
  document_id uuid not null references public.documents (id) on delete cascade,
  constraint wallet_files_pkey primary key (item_id, document_id)
);
create index wallet_files_document on private.wallet_files (document_id);
alter table private.wallet_files enable row level security;

create table public.wallet_uses (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null references public.people (id) on delete cascade,
  item_id uuid references public.wallet_items (id) on delete set null,
  kind text not null references private.wallet_kinds (kind) on delete restrict,
  application_id uuid not null references public.applications (id) on delete cascade,
  material_code text not null,
  purpose jsonb not null,
  verified_at timestamptz not null,
  verified_by jsonb not null,
  consented_at timestamptz not null,
  ended_at timestamptz,
  constraint wallet_uses_purpose_is_bilingual check (private.is_bilingual(purpose))
);
comment on table public.wallet_uses is 'What was used where: which paper, for which service, when its owner agreed; ended_at when it was taken out of the draft again.';
create index wallet_uses_owner on public.wallet_uses (owner_id, consented_at desc, id);
create index wallet_uses_item on public.wallet_uses (item_id);
create index wallet_uses_kind on public.wallet_uses (kind);
create index wallet_uses_application on public.wallet_uses (application_id);

alter table public.wallet_items enable row level security;
alter table public.wallet_uses enable row level security;
create policy "People read their own wallet" on public.wallet_items for select to authenticated using (owner_id = (select auth.uid()));
create policy "People read where their own papers were used" on public.wallet_uses for select to authenticated using (owner_id = (select auth.uid()));
grant select on public.wallet_items, public.wallet_uses to authenticated;

-- One file may belong to documents of several cases of the same person.
alter table public.documents drop constraint documents_path_once;
create index documents_path on public.documents (path);
alter table public.documents
  add column origin text not null default 'upload',
  add column wallet_use_id uuid references public.wallet_uses (id) on delete set null,
  add constraint documents_origin check (origin in ('upload', 'wallet'));
create index documents_wallet_use on public.documents (wallet_use_id);
grant select (origin) on public.documents to authenticated;
comment on column public.documents.wallet_use_id is 'Not granted: the consent under which a paper of the wallet goes along.';

create function private.is_for_self(p_application public.applications) returns boolean language sql stable security definer set search_path = '' as $$
  -- Somebody who applies for a parent holds the parent's papers: those belong in no wallet of theirs.
  select coalesce((
      select upper((p_application).form ->> p.key) from public.guides as g, lateral jsonb_each(g.form_schema -> 'properties') as p
      where g.id = (p_application).guide_id and p.value ->> 'x-prefill' = 'id_number' and (p_application).form ->> p.key <> '' order by p.key limit 1), i.id_number)
    is not distinct from i.id_number
  from private.identities as i where i.person_id = (p_application).applicant_id;
$$;
comment on function private.is_for_self is 'Whether the case is about its applicant: the identity number in the form, if it asks for one, is theirs.';

create function private.keep_verified() returns trigger language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_office jsonb;
  v_material record;
  v_item uuid;
begin
  select * into v from public.applications where id = new.application_id;
  -- The first acceptance of a case fills the wallet; what the owner takes out afterwards stays out.
  if not private.is_for_self(v) or exists (
      select from public.application_steps where application_id = v.id and id <> new.id and outcome in ('forwarded', 'approved')) then
    return null;
  end if;
  v_office := case new.actor when 'window' then (select name from public.divisions where code = new.window_code)
                             else (select short_name from public.departments where id = new.department_id) end;
  for v_material in
    select m.code, k.kind, k.months from public.guide_materials as m join private.wallet_kinds as k on k.kind = m.wallet_kind
    where m.guide_id = v.guide_id and exists (
      select from public.documents as d where d.application_id = v.id and d.material_code = m.code and d.status = 'verified' and d.origin = 'upload')
    order by m.position
  loop
    insert into public.wallet_items as i (owner_id, kind, application_id, material_code, verified_at, verified_by, valid_until)
    values (v.applicant_id, v_material.kind, v.id, v_material.code, new.done_at, v_office,
            ((new.done_at at time zone private.zone()) + make_interval(months => v_material.months))::date)
    on conflict (owner_id, kind) do update set application_id = excluded.application_id, material_code = excluded.material_code,
      verified_at = excluded.verified_at, verified_by = excluded.verified_by, valid_until = excluded.valid_until
    returning i.id into v_item;
    delete from private.wallet_files where item_id = v_item;
    insert into private.wallet_files (item_id, document_id)
    select v_item, d.id from public.documents as d
    where d.application_id = v.id and d.material_code = v_material.code and d.status = 'verified' and d.origin = 'upload';
  end loop;
  return null;
end $$;
comment on function private.keep_verified is 'What staff accepted in somebody''s own case goes into that person''s wallet, newest of each kind.';
create trigger keep_verified after update of status on public.application_steps for each row
  when (new.status = 'done' and old.status <> 'done' and new.outcome in ('forwarded', 'approved')) execute function private.keep_verified();

create function private.was_found_wanting(p_application_id uuid, p_material_code text, p_item public.wallet_items) returns boolean
language sql stable security definer set search_path = '' as $$
  with asking as (
    select n.id, null::timestamptz as back_at from public.application_notices as n where n.id = private.asked_by(p_application_id, p_material_code)
    union all
    select o.id, o.sent_back_at from public.application_owed as o where o.id = private.asked_by(p_application_id, p_material_code))
  select exists (
      select from asking, public.documents as d, private.wallet_files as f join public.documents as w on w.id = f.document_id
      where f.item_id = (p_item).id and d.application_id = p_application_id and d.material_code = p_material_code and d.status = 'verified'
        and (d.path = w.path or d.sha256 = w.sha256) and (d.asked_by_id is distinct from asking.id or d.created_at <= asking.back_at))
    or exists (
      select from asking join public.wallet_uses as u on u.consented_at <= asking.back_at and u.ended_at >= asking.back_at
      where u.application_id = p_application_id and u.material_code = p_material_code and u.item_id = (p_item).id and u.verified_at = (p_item).verified_at);
$$;
comment on function private.was_found_wanting is 'Whether a paper of the wallet is the very one that the open notice complains about, or that was sent back after the approval: the same again would be no answer.';

create function private.wallet_offer(p_application public.applications, p_material public.guide_materials) returns jsonb language sql stable security definer set search_path = '' as $$
  select jsonb_build_object('id', i.id, 'name', k.name, 'verified_at', i.verified_at, 'verified_by', i.verified_by, 'valid_until', i.valid_until)
  from public.wallet_items as i join private.wallet_kinds as k on k.kind = i.kind
  where i.owner_id = (p_application).applicant_id and i.kind = (p_material).wallet_kind and i.is_offered
    and i.valid_until >= (private.now() at time zone private.zone())::date and private.is_for_self(p_application)
    and ((p_application).status = 'draft' or private.asked_by((p_application).id, (p_material).code) is not null
         and not private.was_found_wanting((p_application).id, (p_material).code, i));
$$;
comment on function private.wallet_offer is 'The paper which the applicant could send along as this material of a draft, in answer to an open notice or as a paper still owed; or null: expired, withdrawn, not asked for, the case is about somebody else, or it is the paper that was complained about.';

create function public.use_wallet_item(p_application_id uuid, p_material_code text, p_item_id uuid) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications := private.own_files(p_application_id, p_material_code);
  v_asked_by uuid := case when v.status <> 'draft' then private.asked_by(v.id, p_material_code) end;
  v_material public.guide_materials;
  v_item public.wallet_items;
  v_use uuid;
begin
  select * into v_item from public.wallet_items where id = p_item_id and owner_id = v.applicant_id for share;
  if v_item.id is null then perform private.refuse('wallet_item_not_found', 404); end if;
  select * into v_material from public.guide_materials where guide_id = v.guide_id and code = p_material_code and wallet_kind = v_item.kind;
  if v_material.id is null then perform private.refuse('material_unknown', 422); end if;
  if v_asked_by is not null and private.was_found_wanting(v.id, p_material_code, v_item) then perform private.refuse('wallet_item_found_wanting', 409); end if;
  if private.wallet_offer(v, v_material) is null then perform private.refuse('wallet_item_not_offered', 409); end if;
  if exists (select from public.documents where application_id = v.id and material_code = p_material_code and status = 'verified'
             and asked_by_id is not distinct from v_asked_by and origin = 'wallet') then
    return;
  end if;
  if exists (select from public.documents where application_id = v.id and material_code = p_material_code and status = 'verified'
             and asked_by_id is not distinct from v_asked_by) then
    perform private.refuse('too_many_files', 422, v_material.max_files::text);
  end if;
  delete from public.documents where application_id = v.id and material_code = p_material_code and status = 'expected';
  -- Locked, so that no file goes while a second document begins to point to it.
  perform d.id from public.documents as d join private.wallet_files as f on f.document_id = d.id where f.item_id = v_item.id for share of d;
  if not found then perform private.refuse('wallet_item_not_found', 404); end if;
  insert into public.wallet_uses (owner_id, item_id, kind, application_id, material_code, purpose, verified_at, verified_by, consented_at)
  values (v.applicant_id, v_item.id, v_item.kind, v.id, p_material_code, (select name from public.services where id = v.service_id),
          v_item.verified_at, v_item.verified_by, private.now()) returning id into v_use;
  insert into public.documents (application_id, owner_id, material_code, incoming_path, path, file_name, mime, size, sha256, width, height,
                                status, created_at, verified_at, origin, wallet_use_id, asked_by_id)
  select v.id, v.applicant_id, p_material_code, 'wallet/' || gen_random_uuid(), d.path, d.file_name, d.mime, d.size, d.sha256, d.width, d.height,
         'verified', private.now(), v_item.verified_at, 'wallet', v_use, v_asked_by
  from public.documents as d join private.wallet_files as f on f.document_id = d.id where f.item_id = v_item.id order by d.created_at;
  perform private.record('wallet_item_used', 'application', v.id::text, jsonb_build_object('kind', v_item.kind, 'use_id', v_use));
end $$;
comment on function public.use_wallet_item is
  'Sends a paper of the caller''s wallet along with a draft of theirs, or as a material that an open notice or an approval asks for; pressing is the consent, for this case alone. Again: nothing happens. Refuses as private.own_files(), wallet_item_not_found, wallet_item_not_offered, wallet_item_found_wanting, material_unknown, too_many_files.';
grant execute on function public.use_wallet_item to authenticated;

create function private.end_wallet_use() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.wallet_uses set ended_at = private.now() where id = old.wallet_use_id and ended_at is null
    and not exists (select from public.documents where wallet_use_id = old.wallet_use_id);
  return null;
end $$;
create trigger end_wallet_use after delete on public.documents for each row when (old.wallet_use_id is not null) execute function private.end_wallet_use();

create function public.offer_wallet_item(p_item_id uuid, p_is_offered boolean) returns void language plpgsql security definer set search_path = '' as $$
begin
  update public.wallet_items set is_offered = p_is_offered where id = p_item_id and owner_id = (select auth.uid());
  if not found then perform private.refuse('wallet_item_not_found', 404); end if;
  perform private.record('wallet_consent_changed', 'wallet_item', p_item_id::text, jsonb_build_object('is_offered', p_is_offered));
end $$;
comment on function public.offer_wallet_item is 'The owner withdraws the consent to be offered a paper again, or gives it anew. Cases that have it keep it. Refuses wallet_item_not_found.';
grant execute on function public.offer_wallet_item to authenticated;

create function public.remove_wallet_item(p_item_id uuid) returns void language plpgsql security definer set search_path = '' as $$
begin
  delete from public.wallet_items where id = p_item_id and owner_id = (select auth.uid());
  if not found then perform private.refuse('wallet_item_not_found', 404); end if;
  perform private.record('wallet_item_removed', 'wallet_item', p_item_id::text);
end $$;
comment on function public.remove_wallet_item is 'Takes a paper out of the caller''s wallet; the cases in which it was used keep their documents. Refuses wallet_item_not_found.';
grant execute on function public.remove_wallet_item to authenticated;

create function public.forget_wallet() returns integer language sql security definer set search_path = '' as $$
  with gone as (delete from public.wallet_items where valid_until < (private.now() at time zone private.zone())::date - 90 returning 1) select count(*)::int from gone;
$$;
comment on function public.forget_wallet is 'Deletes what expired 90 days ago; returns how many papers.';
grant execute on function public.forget_wallet to service_role;
