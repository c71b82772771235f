"""What the catalogue of the database must always say: closed doors, indexed keys, named rules."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

API_ROLES = ("anon", "authenticated", "service_role")
_FUNCTIONS = Path(__file__).with_name("functions.txt")


def all_rows(connection: psycopg.Connection, statement: str) -> list[tuple[Any, ...]]:
    return connection.execute(statement).fetchall()  # type: ignore[arg-type]


def granted_by_the_list() -> dict[str, set[str]]:
    lines = (line.split() for line in _FUNCTIONS.read_text(encoding="utf-8").splitlines())
    kept = [line for line in lines if line and line[0] != "#"]
    names = [line[0] for line in kept]
    assert len(names) == len(set(names)), "a function has two lines"
    return {
        name: {"service_role" if role == "server" else role for role in roles} - {"-"}
        for name, *roles in kept
    }


def test_every_function_is_executable_by_whom_the_list_names(
    superuser: psycopg.Connection,
) -> None:
    found: dict[str, set[str]] = {}
    for name, roles in all_rows(
        superuser,
        """
        select p.pronamespace::regnamespace || '.' || p.proname,
            array(select r from unnest(array['anon', 'authenticated', 'service_role']) as r
                  where has_function_privilege(r, p.oid, 'execute'))
        from pg_proc as p
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
        """,
    ):
        assert name not in found, f"{name} is overloaded: the data API could not tell which"
        found[name] = set(roles)
    assert found == granted_by_the_list()


def test_nothing_is_executable_by_everybody_who_can_connect(
    superuser: psycopg.Connection,
) -> None:
    found = all_rows(
        superuser,
        """
        select p.oid::regprocedure::text
        from pg_proc as p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace)
          and a.grantee = 0
        """,
    )
    assert found == []


def test_every_function_says_where_names_are_looked_up(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select oid::regprocedure::text from pg_proc
        where pronamespace in ('public'::regnamespace, 'private'::regnamespace)
          and 'search_path=""' <> all (coalesce(proconfig, '{}'))
        """,
    )
    assert found == []


def test_a_new_function_is_closed(undone: psycopg.Connection) -> None:
    for schema in ("public", "private"):
        with undone.transaction(force_rollback=True):
            undone.execute("set local role postgres")
            undone.execute(f"create function {schema}.fresh() returns int language sql return 1")
            undone.execute("reset role")
            rights = [
                undone.execute(
                    "select has_function_privilege(%s, %s, 'execute')", (role, f"{schema}.fresh()")
                ).fetchone()
                for role in ("anon", "authenticated")
            ]
            assert rights == [(False,), (False,)]


def test_a_new_table_is_closed(undone: psycopg.Connection) -> None:
    for schema in ("public", "private"):
        undone.execute("set local role postgres")
        undone.execute(f"create table {schema}.fresh (id int generated always as identity)")
        undone.execute("reset role")
        for role in ("anon", "authenticated"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), undone.transaction():
                undone.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
                undone.execute(f"select from {schema}.fresh")


def test_no_role_of_the_api_touches_a_private_table(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select r, c.oid::regclass::text, p
        from pg_class as c,
            unnest(array['anon', 'authenticated', 'service_role']) as r,
            unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references',
                         'trigger']) as p
        where c.relnamespace = 'private'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
          and (has_table_privilege(r, c.oid, p) or case when p in ('select', 'insert', 'update',
               'references') then has_any_column_privilege(r, c.oid, p) else false end)
        """,
    )
    assert found == []


@pytest.mark.parametrize("role", API_ROLES)
def test_a_private_table_is_refused_when_tried(undone: psycopg.Connection, role: str) -> None:
    tables = all_rows(
        undone,
        "select relname from pg_class where relnamespace = 'private'::regnamespace"
        " and relkind = 'r'",
    )
    assert len(tables) >= 7
    for (table,) in tables:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), undone.transaction():
            undone.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            undone.execute(sql.SQL("select from private.{}").format(sql.Identifier(table)))


def test_no_role_of_the_api_takes_numbers_from_a_sequence(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select r, c.oid::regclass::text from pg_class as c,
            unnest(array['anon', 'authenticated']) as r
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and c.relkind = 'S' and has_sequence_privilege(r, c.oid, 'usage, select, update')
        """,
    )
    assert found == []


def test_row_level_security_is_on_everywhere(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select oid::regclass::text from pg_class
        where relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and relkind in ('r', 'p') and not relrowsecurity
        """,
    )
    assert found == []


def test_every_policy_is_a_sentence_for_one_command_and_named_roles(
    superuser: psycopg.Connection,
) -> None:
    policies = all_rows(
        superuser,
        "select policyname, cmd, roles::text[], permissive from pg_policies"
        " where schemaname in ('public', 'private', 'storage')",
    )
    assert len(policies) >= 20
    for name, command, roles, permissive in policies:
        assert name[0].isupper() and len(name.split()) >= 3, name
        assert command in ("SELECT", "INSERT", "UPDATE", "DELETE"), name
        assert set(roles) <= {"anon", "authenticated"}, name
        assert permissive == "PERMISSIVE", name


def test_every_table_has_a_primary_key(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select c.oid::regclass::text from pg_class as c
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
          and c.relkind = 'r'
          and not exists (select from pg_index where indrelid = c.oid and indisprimary)
        """,
    )
    assert found == []


def test_every_foreign_key_is_indexed(superuser: psycopg.Connection) -> None:
    """By a whole index: a partial one does not help the check when the parent row goes."""
    found = all_rows(
        superuser,
        """
        select f.conname from pg_constraint as f
        where f.contype = 'f'
          and f.connamespace in ('public'::regnamespace, 'private'::regnamespace)
          and not exists (
            select from pg_index as i
            where i.indrelid = f.conrelid and i.indpred is null
              and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] @> f.conkey)
        order by 1
        """,
    )
    assert found == []


def test_every_foreign_key_says_what_happens_on_delete(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select conname from pg_constraint
        where contype = 'f' and confdeltype = 'a'
          and connamespace in ('public'::regnamespace, 'private'::regnamespace)
        """,
    )
    assert found == []


def test_every_column_that_a_policy_compares_is_indexed(superuser: psycopg.Connection) -> None:
    """The column leads a whole index, so that a policy never makes a query read a whole table."""
    policies = all_rows(
        superuser,
        """
        select p.polname, c.oid::regclass::text, a.attname,
            exists (select from pg_index as i where i.indrelid = c.oid and i.indpred is null
                    and i.indkey[0] = a.attnum)
        from pg_policy as p
        join pg_class as c on c.oid = p.polrelid
        join pg_depend as d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
            and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid > 0
        join pg_attribute as a on a.attrelid = c.oid and a.attnum = d.refobjsubid
        where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
        """,
    )
    assert len(policies) >= 10
    # A status narrows little; it never stands alone in a policy for people, only for overseers.
    missing = {(table, column) for _, table, column, ok in policies if not ok}
    assert missing == {("applications", "status")}


def test_constraints_are_named_after_table_and_rule(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select n.conname from pg_constraint as n join pg_class as c on c.oid = n.conrelid
        where n.connamespace in ('public'::regnamespace, 'private'::regnamespace)
          and (not starts_with(n.conname, c.relname || '_')
               or n.conname ~ '_(check|key|excl|not_null)[0-9]+$'
               or n.contype in ('c', 'u', 'x') and n.conname ~ '_(check|key|excl)$')
        """,
    )
    assert found == []


def test_times_know_their_zone_and_ids_are_uuids(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        """
        select c.relname, a.attname, format_type(a.atttypid, null)
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not a.attisdropped
          and (a.attname ~ '_at$' and a.atttypid <> 'timestamptz'::regtype
               or a.attname ~ '_on$' and a.atttypid <> 'date'::regtype
               or a.attname ~ '(^|_)id$' and a.atttypid <> 'uuid'::regtype
               or a.attname ~ '^is_' and a.atttypid <> 'bool'::regtype
               or a.atttypid in ('timestamp'::regtype, 'int8'::regtype, 'money'::regtype))
        """,
    )
    assert found == []


def test_every_served_function_tells_its_promise_or_is_plain(
    superuser: psycopg.Connection,
) -> None:
    """What people may call says in a comment what it does and how it refuses."""
    found = all_rows(
        superuser,
        """
        select p.proname from pg_proc as p
        where p.pronamespace = 'public'::regnamespace
          and has_function_privilege('authenticated', p.oid, 'execute')
          and obj_description(p.oid, 'pg_proc') is null order by 1
        """,
    )
    assert found == []


def test_buckets_are_closed_and_limited(superuser: psycopg.Connection) -> None:
    found = all_rows(
        superuser,
        "select id, public, file_size_limit, allowed_mime_types from storage.buckets order by id",
    )
    kinds = ["image/jpeg", "image/png", "image/webp", "application/pdf"]
    assert found == [
        ("incoming", False, 10485760, kinds),
        ("materials", False, 10485760, kinds),
    ]
