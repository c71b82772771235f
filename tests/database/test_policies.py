"""Every table × role × command of `policies.txt` is tried; a table without lines fails."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import county
import psycopg
import pytest
from county import Actor, becoming, id_of, one
from psycopg import sql
from psycopg.types.json import Jsonb

HERE = Path(__file__).parent
COMMANDS = ("select", "insert", "update", "delete")
PHONES = {
    "anon": None,
    "citizen": county.WANG,
    "other_citizen": county.MA,
    "clerk": county.CLERK_OF_YUMEN_TOWN,
    "clerk_elsewhere": county.CLERK_OF_CHIJIN,
    "hall_clerk": county.CLERK_OF_THE_HALL,
    "approver": county.APPROVER_OF_CIVIL_AFFAIRS,
    "approver_elsewhere": county.APPROVER_OF_SIGNS,
    "supervisor": county.SUPERVISOR,
    "administrator": county.ADMINISTRATOR,
}
KEYS = {
    "divisions": "code",
    "calendar_days": "day",
    "search_entries": "subject_id",
    "guide_withdrawals": "guide_id",
    "guide_withdrawal_proposals": "service_id",
}
OF_EVERYBODY = (
    "departments", "divisions", "calendar_days", "service_hours",
    "services", "guides", "guide_materials", "guide_steps",
    "frequent_questions", "search_entries", "guide_withdrawals",
)  # fmt: skip
OF_WRITERS = ("guide_reviews", "law_changes", "guide_law_flags", "guide_withdrawal_proposals")


def lines_of(name: str) -> list[list[str]]:
    """The lines of a table in a text file, without comments and blanks."""
    text = (HERE / name).read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines()]
    return [row for row in rows if row and not row[0].startswith("#")]


HEAD, *LINES = lines_of("policies.txt")
MATRIX = {(row[0], row[1]): dict(zip(HEAD[2:], row[2:], strict=True)) for row in LINES}
TABLES = sorted({table for table, _ in MATRIX})


@dataclass(frozen=True)
class World:
    """Two citizens with cases, their desks, and the rows that the words of the matrix mean."""

    connection: psycopg.Connection
    people: dict[str, str | None]
    rows: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def world(dsn: str) -> Iterator[World]:
    with (
        psycopg.connect(dsn, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        people = {
            role: id_of(connection, phone) if phone else None for role, phone in PHONES.items()
        }
        citizen, other = (Actor(connection, people[r]) for r in ("citizen", "other_citizen"))
        cases = {
            "own": county.draft(citizen).submit()["application_id"],
            "draft": county.draft(citizen, county.INSURANCE).id,
            "other": county.draft(other, county.INSURANCE).submit()["application_id"],
        }
        hall = Actor(connection, people["hall_clerk"])
        for label in ("own", "other"):
            hall.call("reveal_field", application_id=cases[label], field="phone", purpose="call")
            connection.execute("select private.stop_clock(%s, 'site_visit')", (cases[label],))
            connection.execute(
                "insert into public.calendar_moves (at, application_id, receipt_number,"
                " old_promised_at, new_promised_at) select now(), id, receipt_number,"
                " promised_at, promised_at from public.applications where id = %s",
                (cases[label],),
            )
        _fill(connection, people, {k: cases[k] for k in ("own", "other")})
        for label in ("own", "other"):
            _fill_wallet(connection, cases[label])
        _fill_guides(connection)
        yield World(connection, people, _rows(connection, people, cases))


def _fill(
    connection: psycopg.Connection, people: dict[str, str | None], cases: dict[str, str]
) -> None:
    """Whatever desk and applicant may say to each other, once for each case."""
    for label, case in cases.items():
        by = people["clerk" if label == "own" else "hall_clerk"]
        for statement in (
            "insert into public.application_notices (application_id, number, items, press, sent_by,"
            " sent_by_label, due_at) values (%(case)s, 1, '[{}]', '', %(by)s, '{}', now())",
            "insert into public.application_questions (application_id, text)"
            " values (%(case)s, '几时能好')",
            "insert into public.application_owed (application_id, material_code, until_on,"
            " window_code) values (%(case)s, 'id-card', current_date, '620981101')",
            "insert into public.second_notice_requests (application_id, asked_by, asked_by_label,"
            " reason) values (%(case)s, %(by)s, '{}', '又看出一处')",
            "insert into public.window_marks (window_code, application_id, kind, reason, by_id,"
            " by_label) select window_code, id, 'second_notice', '又看出一处', %(by)s, '{}'"
            " from public.applications where id = %(case)s",
        ):
            connection.execute(statement, {"case": case, "by": by})
    connection.execute(
        "insert into public.staff_absences (person_id, substitute_id, from_at, to_at, reason,"
        " set_by) values (%s, %s, now(), now() + interval '1 day', 'leave', %s)",
        (people["clerk"], people["hall_clerk"], people["clerk"]),
    )


def _fill_wallet(connection: psycopg.Connection, case: str) -> None:
    """A paper, its use and a question to a registry, all about the applicant of a case."""
    label = Jsonb({"zh": "玉门镇", "en": "Yumen Town"})
    rows = (
        "insert into public.wallet_items (owner_id, kind, application_id, material_code,"
        " verified_at, verified_by, valid_until)"
        " select applicant_id, 'id_card', id, 'id-card', now(), %(label)s, current_date + 30",
        "insert into public.wallet_uses (owner_id, kind, application_id, material_code, purpose,"
        " verified_at, verified_by, consented_at)"
        " select applicant_id, 'id_card', id, 'id-card', %(label)s, now(), %(label)s, now()",
        "insert into public.registry_queries (application_id, owner_id, registry, purpose,"
        " consented_at) select id, applicant_id, 'household', %(label)s, now()",
    )
    for statement in rows:
        connection.execute(
            f"{statement} from public.applications where id = %(case)s",  # type: ignore[arg-type]
            {"label": label, "case": case},
        )


def _fill_guides(connection: psycopg.Connection) -> None:
    """A draft, a check and a flag of the service of the citizen's case; a guide withdrawn."""
    for statement in (
        "insert into public.guide_drafts (service_id, base_id, body, editors, edited_by)"
        " select s.id, private.newest_guide(s.id), '{}', '{}', '{}' from public.services as s"
        " where s.code = 'elderly-allowance'",
        "insert into public.guide_reviews (guide_id, service_id, checked_by, result, notes, ticks)"
        " select base_id, service_id, '{}', 'ok', '', '{}' from public.guide_drafts"
        " where body = '{}'",
        "insert into public.law_changes (law, law_key, changed_on, entered_by)"
        " values ('《新法》', '新法', current_date, '{}')",
        "insert into public.guide_law_flags (law_change_id, service_id, guide_id)"
        " select l.id, d.service_id, d.base_id from public.law_changes as l,"
        " public.guide_drafts as d where d.body = '{}' and l.law_key = '新法'",
        "insert into public.guide_withdrawals (guide_id, service_id, reason, by_label)"
        ' select base_id, service_id, \'{"zh": "不办了", "en": "Gone"}\', \'{}\''
        " from public.guide_drafts where body = '{}'",
        "insert into public.guide_withdrawal_proposals (service_id, reason, proposed_by, by_label)"
        ' select d.service_id, \'{"zh": "不办了", "en": "Gone"}\', r.person_id, \'{}\''
        " from public.guide_drafts as d, public.staff_roles as r"
        " where d.body = '{}' and r.role = 'administrator'",
    ):
        connection.execute(statement)  # type: ignore[arg-type]


def _rows(
    connection: psycopg.Connection, people: dict[str, str | None], cases: dict[str, str]
) -> dict[str, dict[str, Any]]:
    def first(table: str, column: str, value: object) -> Any:
        statement = sql.SQL("select id from public.{} where {} = %s limit 1")
        found = connection.execute(
            statement.format(sql.Identifier(table), sql.Identifier(column)), (value,)
        ).fetchone()
        assert found, f"the world has no row of {table}"
        return found[0]

    submitted = {label: cases[label] for label in ("own", "other")}
    of_case = {
        table: {label: first(table, "application_id", case) for label, case in which.items()}
        for table, which in (
            ("application_steps", submitted),
            ("application_events", submitted),
            ("application_stands", submitted),
            ("calendar_moves", submitted),
            ("application_notices", submitted),
            ("application_questions", submitted),
            ("application_owed", submitted),
            ("second_notice_requests", submitted),
            ("window_marks", submitted),
            ("documents", cases),
        )
    }
    staff = {label: people[label] for label in ("clerk", "approver")}
    return {
        "applications": dict(cases),
        **of_case,
        "people": {"own": people["citizen"], "other": people["other_citizen"], **staff},
        "staff_roles": {k: first("staff_roles", "person_id", v) for k, v in staff.items()},
        "staff_absences": {"own": first("staff_absences", "person_id", people["clerk"])},
        "data_looks": {k: first("data_looks", "subject_id", v) for k, v in submitted.items()},
        **{
            table: {k: first(table, "application_id", v) for k, v in submitted.items()}
            for table in ("wallet_items", "wallet_uses", "registry_queries")
        },
        "guide_drafts": {"any": first("guide_drafts", "body", Jsonb({}))},
        **{table: {"any": _any(connection, table)} for table in OF_WRITERS},
        **{table: {"any": _any(connection, table)} for table in OF_EVERYBODY},
    }


def _any(connection: psycopg.Connection, table: str) -> Any:
    statement = sql.SQL("select {} from public.{} limit 1")
    key = sql.Identifier(KEYS.get(table, "id"))
    found = connection.execute(statement.format(key, sql.Identifier(table))).fetchone()
    assert found
    return found[0]


def _changeable_column(connection: psycopg.Connection, role: str, table: str) -> str:
    """A column this role may change; the key when there is none, so that the try is refused."""
    found = one(
        connection,
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0"
        " and not attisdropped and has_column_privilege(%s, attrelid, attnum, 'update') limit 1",
        f"public.{table}",
        role,
    )
    return found or KEYS.get(table, "id")


def _statement(world: World, role: str, table: str, command: str) -> sql.Composed:
    name, key = sql.Identifier("public", table), sql.Identifier(KEYS.get(table, "id"))
    if command == "select":
        return sql.SQL("select {} from {} where {} = %(key)s").format(key, name, key)
    if command == "insert":
        return sql.SQL("insert into {} default values").format(name)
    if command == "delete":
        return sql.SQL("delete from {} where {} = %(key)s").format(name, key)
    column = sql.Identifier(_changeable_column(world.connection, role, table))
    return sql.SQL("update {} set {} = {} where {} = %(key)s").format(name, column, column, key)


def tried(world: World, who: str, table: str, command: str) -> str:
    """What really happens when somebody tries, in the words of the matrix."""
    person = world.people[who]
    role = "authenticated" if person else "anon"
    statement = _statement(world, role, table, command)
    reached: list[str] = []
    for label, key in world.rows[table].items():
        try:
            with becoming(world.connection, role, person):
                count = world.connection.execute(statement, {"key": key}).rowcount
        except psycopg.errors.InsufficientPrivilege:
            return "x"
        except psycopg.errors.IntegrityError:
            # The door was open: only the row itself was not complete.
            return "yes"
        if command == "insert":
            return "yes"
        if count:
            reached.append(label)
    return "+".join(reached) or "-"


@pytest.mark.parametrize(("table", "command"), sorted(MATRIX))
def test_everybody_gets_what_the_matrix_says(world: World, table: str, command: str) -> None:
    expected = {
        who: "+".join(sorted(cell.split("+"))) for who, cell in MATRIX[table, command].items()
    }
    found = {who: tried(world, who, table, command) for who in HEAD[2:]}
    assert {who: "+".join(sorted(cell.split("+"))) for who, cell in found.items()} == expected


def test_every_table_has_a_line_for_every_command(superuser: psycopg.Connection) -> None:
    rows = superuser.execute(
        "select relname from pg_class where relnamespace = 'public'::regnamespace"
        " and relkind in ('r', 'p', 'v', 'm', 'f') order by relname"
    )
    tables = [row[0] for row in rows]
    assert tables == TABLES
    assert set(MATRIX) == {(table, command) for table in tables for command in COMMANDS}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_a_line_that_succeeds_and_one_that_fails(table: str) -> None:
    cells = [cell for command in COMMANDS for cell in MATRIX[table, command].values()]
    assert any(cell not in ("x", "-") for cell in cells)
    assert "x" in cells


def test_columns_are_granted_as_the_list_says(superuser: psycopg.Connection) -> None:
    expected = {(row[0], row[1]): set(row[2:]) for row in lines_of("columns.txt")[1:]}
    found: dict[tuple[str, str], set[str]] = {}
    rows = superuser.execute(
        """
        select c.relname, a.attname,
            has_column_privilege('authenticated', c.oid, a.attnum, 'select'),
            has_column_privilege('authenticated', c.oid, a.attnum, 'insert, update')
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not a.attisdropped
        """
    )
    for table, column, is_readable, is_changeable in rows:
        if not is_readable:
            found.setdefault((table, "hidden"), set()).add(column)
        if is_changeable:
            found.setdefault((table, "changeable"), set()).add(column)
    assert found == expected


@pytest.mark.parametrize(
    ("table", "column"),
    [(r[0], c) for r in lines_of("columns.txt")[1:] if r[1] == "hidden" for c in r[2:]],
)
def test_a_hidden_column_is_refused_even_to_its_owner(
    world: World, table: str, column: str
) -> None:
    statement = sql.SQL("select {} from public.{}").format(
        sql.Identifier(column), sql.Identifier(table)
    )
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        becoming(world.connection, "authenticated", world.people["citizen"]),
    ):
        world.connection.execute(statement)


def test_nobody_gives_themselves_to_another(world: World) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        becoming(world.connection, "authenticated", world.people["citizen"]),
    ):
        world.connection.execute("update public.people set id = gen_random_uuid()")
    other = world.people["other_citizen"]
    with becoming(world.connection, "authenticated", world.people["citizen"]):
        changed = world.connection.execute(
            "update public.people set language = 'en' where id = %s", (other,)
        )
        assert changed.rowcount == 0


def test_a_role_that_ended_opens_nothing(world: World) -> None:
    clerk = world.people["clerk"]
    case = world.rows["applications"]["own"]
    statement = "select count(*) from public.applications where id = %s"
    with world.connection.transaction(force_rollback=True):
        world.connection.execute(
            "update public.staff_roles set starts_on = current_date - 9,"
            " ends_on = current_date - 2 where person_id = %s",
            (clerk,),
        )
        with becoming(world.connection, "authenticated", clerk):
            assert one(world.connection, statement, case) == 0
    with becoming(world.connection, "authenticated", clerk):
        assert one(world.connection, statement, case) == 1
