-- Status by code: who knows the six digits of a case and the last four of its phone learns how far it has come, without
-- signing in. Only the server may ask, for a person at an address, and every wrong try counts: 5 an hour for a code, 20 an
-- hour for an address. Nothing personal is told, and of the service only its name.

create index applications_case_code on public.applications (case_code) where case_code is not null;

create function public.case_status(p_case_code text, p_phone_end text, p_address text) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v public.applications;
  v_card jsonb;
  v_wait integer;
begin
  -- A try is taken before it is looked at: tries at the same moment wait for each other and all of them count. A refusal
  -- would take the count back with it, so that waiting is an answer here.
  v_wait := public.take_attempt('case_status_address', p_address, 20, 3600);
  if v_wait = 0 then
    v_wait := public.take_attempt('case_status_code', p_case_code, 5, 3600);
  end if;
  if v_wait > 0 then
    return jsonb_build_object('wait', v_wait);
  end if;
  -- One question for code and phone together: a wrong code takes the same way as a wrong phone.
  select a.* into v from public.applications as a join private.identities as i on i.person_id = a.applicant_id
  where a.case_code = p_case_code and a.status <> 'draft' and private.is_code_in_use(a) and p_phone_end ~ '^[0-9]{4}$'
    and p_phone_end in (right(i.phone, 4), right(a.form ->> 'phone', 4))
  order by a.submitted_at desc limit 1;
  if v.id is null then
    return '{}';
  end if;
  update private.attempts set taken = taken - 1
  where (kind, key_hash) in (('case_status_address', encode(sha256(convert_to('case_status_address:' || p_address, 'UTF8')), 'hex')),
                             ('case_status_code', encode(sha256(convert_to('case_status_code:' || p_case_code, 'UTF8')), 'hex')));
  v_card := private.case_card(v);
  return jsonb_build_object('service', v_card -> 'service', 'status', v.status, 'holder', v.holder, 'updated_at', v.updated_at,
    'promised_at', v.promised_at, 'decided_at', v.decided_at,
    'step', case when v_card -> 'step' <> 'null' then jsonb_build_object('actor', v_card -> 'step' -> 'actor', 'who', v_card -> 'step' -> 'who') end);
end $$;
comment on function public.case_status is
  'How far a case has come, for who says its code and the last four digits of the applicant''s phone or of the phone in the form: {service, status, holder, step: {actor, who}, updated_at, promised_at, decided_at}; {} when they do not belong together; {wait: seconds} after too many wrong tries.';
grant execute on function public.case_status to service_role;
