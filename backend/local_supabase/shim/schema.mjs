// What the library's own schema lacks or does differently from a hosted project's.

const HOSTED_FUNCTIONS = `
create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), ''), '{}')::jsonb
$$;
create or replace function auth.uid() returns uuid language sql stable as $$
  select nullif(coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  ), '')::uuid
$$;
create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;
create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;
grant usage on schema auth, storage to anon, authenticated, service_role;
grant all on storage.buckets, storage.objects to anon, authenticated, service_role;
grant select on all tables in schema auth to service_role;
`;

// One live code per person. Guesses are counted here, so that neither a restart nor two requests
// at once give an extra try.
const PHONE_CODES = `
create table if not exists local_supabase.phone_codes (
  user_id uuid primary key references auth.users (id) on delete cascade,
  code_hash text,
  sent_at timestamptz not null default now(),
  guesses integer not null default 0,
  hour_began_at timestamptz not null default now(),
  sent_in_hour integer not null default 1
);
`;

export async function completeSchema(app) {
  const { driver } = app.connection;
  const [{ is_new: isNew }] = await driver`select to_regclass('storage.objects') is null as is_new`;
  if (isNew) await app.ensureSystemSchema();
  await driver.unsafe(HOSTED_FUNCTIONS + PHONE_CODES);
}
