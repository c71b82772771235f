"""Migrations are applied once, in order, whole or not at all, and remembered as upstream does."""

from pathlib import Path

import psycopg
import pytest

from backend.local_supabase import Access, StackError, apply
from backend.local_supabase.sql_statements import split_statements

from .conftest import MIGRATIONS


@pytest.fixture
def folder(tmp_path: Path, access: Access) -> Path:
    """A copy of what is applied, and a history that is as before afterwards."""
    for path in MIGRATIONS.glob("*.sql"):
        (tmp_path / path.name).write_text(path.read_text())
    return tmp_path


def history(access: Access) -> list[tuple[str, str, list[str]]]:
    with psycopg.connect(access.superuser_dsn) as connection:
        return connection.execute(
            "select version, name, statements from supabase_migrations.schema_migrations order by 1"
        ).fetchall()  # type: ignore[return-value]


def test_what_is_applied_is_left_alone(access: Access) -> None:
    """A second run does nothing."""
    assert apply(access.superuser_dsn, MIGRATIONS) == []


def test_new_files_follow_in_order(access: Access, folder: Path) -> None:
    """Name and statements are kept as the official command line keeps them."""
    (folder / "0011_second.sql").write_text("create table public.second (id int);\n")
    (folder / "0010_first.sql").write_text(
        "-- why\ncreate function public.first() returns int language sql as $$ select 1; $$;\n"
        "comment on function public.first() is 'a; b';"
    )
    (folder / "notes.txt").write_text("no migration")
    assert apply(access.superuser_dsn, folder) == ["0010_first.sql", "0011_second.sql"]
    assert history(access)[1:] == [
        (
            "0010",
            "first",
            [
                "-- why\ncreate function public.first() returns int language sql "
                "as $$ select 1; $$",
                "comment on function public.first() is 'a; b'",
            ],
        ),
        ("0011", "second", ["create table public.second (id int)"]),
    ]


def test_a_changed_file_is_refused_by_name(access: Access, folder: Path) -> None:
    """The error names the file and the way on."""
    path = folder / "0001_conformance.sql"
    path.write_text(path.read_text() + "\nselect 1;")
    with pytest.raises(StackError, match=r"0001_conformance\.sql was changed.*make reset"):
        apply(access.superuser_dsn, folder)


def test_a_failing_file_leaves_nothing(access: Access, folder: Path) -> None:
    """One transaction a file; the error says what and where."""
    (folder / "0020_broken.sql").write_text("create table public.half (id int);\nselect nonsense;")
    with pytest.raises(StackError, match=r"0020_broken\.sql failed: column .nonsense."):
        apply(access.superuser_dsn, folder)
    with psycopg.connect(access.superuser_dsn) as connection:
        row = connection.execute("select to_regclass('public.half')").fetchone()
    assert row == (None,)
    assert "0020" not in [version for version, *_ in history(access)]


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        ("select 1; select 2", ["select 1", "select 2"]),
        ("select ';'; select \"a;b\"", ["select ';'", 'select "a;b"']),
        ("select 'it''s; ok'; select 2;", ["select 'it''s; ok'", "select 2"]),
        (r"select E'a\';b'; select 2", [r"select E'a\';b'", "select 2"]),
        ("select $a$ ; $b$ ; $a$; select 2", ["select $a$ ; $b$ ; $a$", "select 2"]),
        ("do $$ begin; end $$; select 2", ["do $$ begin; end $$", "select 2"]),
        ("-- a; b\nselect 1;", ["-- a; b\nselect 1"]),
        ("/* a; /* b; */ ; */ select 1; select 2", ["/* a; /* b; */ ; */ select 1", "select 2"]),
        (
            "create function f() returns int begin atomic select case when true then 1 end; "
            "select 2; end; select 3",
            [
                "create function f() returns int begin atomic select case when true then 1 end; "
                "select 2; end",
                "select 3",
            ],
        ),
        ("begin; select 1; end;", ["begin", "select 1", "end"]),
        ("select a$b$c; select 2", ["select a$b$c", "select 2"]),
        (" ;; \n", []),
    ],
)
def test_statements_are_split(script: str, statements: list[str]) -> None:
    """Semicolons inside quotes, comments and bodies end nothing."""
    assert split_statements(script) == statements
