-- What a hosted project already has before its first migration: the roles of the data API, the
-- schemas, and the rights new tables get. Runs at every start as the superuser and changes
-- nothing the second time.

do $$
begin
  if to_regrole('anon') is null then create role anon nologin noinherit; end if;
  if to_regrole('authenticated') is null then create role authenticated nologin noinherit; end if;
  if to_regrole('service_role') is null then create role service_role nologin noinherit bypassrls; end if;
  -- Hosted roles that migrations may name in grants; nobody can sign in as them here.
  if to_regrole('authenticator') is null then create role authenticator nologin noinherit; end if;
  if to_regrole('supabase_auth_admin') is null then create role supabase_auth_admin nologin noinherit; end if;
  if to_regrole('supabase_storage_admin') is null then create role supabase_storage_admin nologin noinherit; end if;
  -- The API signs in as this role: no superuser, so that no function can reach the machine.
  if to_regrole('local_supabase_api') is null then create role local_supabase_api login; end if;
end $$;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to local_supabase_api with inherit true, set true;

create schema if not exists auth authorization local_supabase_api;
create schema if not exists storage authorization local_supabase_api;
create schema if not exists supabase_migrations authorization local_supabase_api;
create schema if not exists local_supabase authorization local_supabase_api;
create schema if not exists extensions;

grant usage on schema auth, storage, extensions to anon, authenticated, service_role;
grant usage on schema public to anon, authenticated, service_role, local_supabase_api;
grant usage on schema extensions to local_supabase_api;
grant usage on schema auth to supabase_auth_admin;

alter default privileges for role postgres in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to anon, authenticated, service_role;

do $$
begin
  -- `create schema if not exists` asks for this right even when the schema is there.
  execute format('grant create, connect, temporary on database %I to local_supabase_api', current_database());
  execute format('alter database %I set search_path = "$user", public, extensions', current_database());
end $$;
