"""Applies `migrations/` the way the official command line does, into the history it reads."""

import re
from pathlib import Path

import psycopg

from backend.local_supabase.failure import StackError
from backend.local_supabase.sql_statements import split_statements

_NAME = re.compile(r"^(\d+)_(.+)\.sql$")
_HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text not null primary key
);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
"""
# One starter at a time; the number only has to be the same for every starter.
_ONE_AT_A_TIME = "select pg_advisory_lock(715517)"


def apply(superuser_dsn: str, migrations_dir: Path) -> list[str]:
    """Apply what is new, each file in one transaction, and answer the applied file names.

    Raises StackError when a file fails or when one that is already applied was changed since.
    """
    applied: list[str] = []
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        connection.execute(_ONE_AT_A_TIME)
        connection.execute(_HISTORY)
        known = _history(connection)
        for path in migration_files(migrations_dir):
            version, statements = path.name.split("_", 1)[0], split_statements(_text(path))
            if version in known:
                _refuse_changed(path, known[version], statements)
            else:
                _apply_one(connection, path, statements)
                applied.append(path.name)
        if applied:
            connection.execute("notify pgrst, 'reload schema'")
    return applied


def migration_files(migrations_dir: Path) -> list[Path]:
    """The files that are migrations, in order of their version."""
    return sorted(path for path in migrations_dir.glob("*.sql") if _NAME.match(path.name))


def _history(connection: "psycopg.Connection[tuple[object, ...]]") -> dict[str, list[str]]:
    rows = connection.execute(
        "select version, coalesce(statements, '{}') from supabase_migrations.schema_migrations"
    ).fetchall()
    return {str(version): statements for version, statements in rows}  # type: ignore[misc]


def _refuse_changed(path: Path, applied: list[str], statements: list[str]) -> None:
    if applied and applied != statements:
        raise StackError(
            f"{path.name} was changed after it had been applied; undo the change and add a new "
            "migration, or run `make reset`, which deletes the embedded data."
        )


def _apply_one(
    connection: "psycopg.Connection[tuple[object, ...]]", path: Path, statements: list[str]
) -> None:
    version, name = path.stem.split("_", 1)
    try:
        with connection.transaction():
            connection.execute("set local role postgres")
            connection.execute(_text(path).encode())  # as one script: errors know their line
            connection.execute("reset all")
            connection.execute("reset role")
            connection.execute(
                "insert into supabase_migrations.schema_migrations (version, name, statements) "
                "values (%s, %s, %s)",
                (version, name, statements),
            )
    except psycopg.Error as error:
        raise StackError(f"{path.name} failed: {_where(error)}") from error


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _where(error: psycopg.Error) -> str:
    diagnostic = error.diag
    position = diagnostic.statement_position
    parts = [
        diagnostic.message_primary or str(error),
        diagnostic.message_detail,
        diagnostic.context,
        f"at character {position}" if position else None,
    ]
    return " — ".join(part for part in parts if part)
