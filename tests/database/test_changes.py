"""The live feed: whatever was committed is told once it is settled, in whatever order it began."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import county
import psycopg
import pytest
from county import Actor, draft


class Reader:
    """Somebody who asks again and again with the horizon of the last answer."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._server = Actor(connection, None, "service_role")
        self._horizon: str | None = None
        self.read()

    def read(self) -> list[tuple[str, str]]:
        answer = self._server.call("read_changes", since=self._horizon)
        self._horizon = answer["horizon"]
        return [(topic, subject) for topic, subject in answer["changes"]]


@pytest.fixture
def reader(superuser: psycopg.Connection) -> Reader:
    return Reader(superuser)


@contextmanager
def writer(dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(dsn) as connection:
        yield connection
        connection.rollback()


def announce(connection: psycopg.Connection, subject: str) -> None:
    connection.execute("select private.announce('test', %s)", (subject,))


def named(found: list[tuple[str, str]], *subjects: str) -> list[str]:
    """Which of these subjects were told, each as often as it was."""
    return [subject for topic, subject in found if topic == "test" and subject in subjects]


def test_the_first_answer_is_a_horizon_and_nothing_else(superuser: psycopg.Connection) -> None:
    server = Actor(superuser, None, "service_role")
    answer = server.call("read_changes")
    assert answer["changes"] == []
    assert int(answer["horizon"]) > 0


def test_a_change_is_told_once(reader: Reader, dsn: str) -> None:
    subject = str(uuid4())
    with writer(dsn) as one:
        announce(one, subject)
        assert named(reader.read(), subject) == []
        one.commit()
    assert named(reader.read(), subject) == [subject]
    assert named(reader.read(), subject) == []


def test_many_changes_of_one_subject_are_one(reader: Reader, dsn: str) -> None:
    subject = str(uuid4())
    with writer(dsn) as one:
        for _ in range(5):
            announce(one, subject)
        one.commit()
    assert named(reader.read(), subject) == [subject]


def test_who_began_earlier_and_commits_later_is_not_missed(reader: Reader, dsn: str) -> None:
    early, late = str(uuid4()), str(uuid4())
    with writer(dsn) as slow, writer(dsn) as quick:
        announce(slow, early)
        announce(quick, late)
        quick.commit()
        # The quick one lies above the oldest that still runs: it waits its turn, it is not lost.
        assert named(reader.read(), early, late) == []
        slow.commit()
    assert sorted(named(reader.read(), early, late)) == sorted([early, late])
    assert named(reader.read(), early, late) == []


def test_who_began_earlier_and_gave_up_holds_nothing_back(reader: Reader, dsn: str) -> None:
    early, late = str(uuid4()), str(uuid4())
    with writer(dsn) as slow, writer(dsn) as quick:
        announce(slow, early)
        announce(quick, late)
        quick.commit()
        slow.rollback()
    assert named(reader.read(), early, late) == [late]


def test_two_readers_do_not_take_from_each_other(
    reader: Reader, superuser: psycopg.Connection, dsn: str
) -> None:
    other, subject = Reader(superuser), str(uuid4())
    with writer(dsn) as one:
        announce(one, subject)
        one.commit()
    assert named(reader.read(), subject) == named(other.read(), subject) == [subject]


def test_many_writers_in_any_order(reader: Reader, dsn: str) -> None:
    """Twelve that begin one after the other and end in another order: each is told once."""
    subjects = [str(uuid4()) for _ in range(12)]
    connections = [psycopg.connect(dsn) for _ in subjects]
    told: list[str] = []
    try:
        for connection, subject in zip(connections, subjects, strict=True):
            announce(connection, subject)
        for number in (5, 0, 11, 3, 4, 1, 10, 2, 9, 8, 7, 6):
            connections[number].commit()
            told += named(reader.read(), *subjects)
    finally:
        for connection in connections:
            connection.close()
    assert sorted(told) == sorted(subjects)


def test_a_case_wakes_who_watches_it(reader: Reader, superuser: psycopg.Connection) -> None:
    citizen = Actor(superuser, county.id_of(superuser, county.MA))
    department = str(
        county.one(superuser, "select id from public.departments where code = 'medical-insurance'")
    )
    mine = draft(citizen, county.INSURANCE)
    told = reader.read()
    assert ("case", mine.id) in told and ("applicant", citizen.id) in told
    assert not [topic for topic, _ in told if topic in ("window", "department")]
    mine.submit()
    assert {
        ("case", mine.id),
        ("applicant", citizen.id),
        ("window", county.XIAOJINWAN),
        ("department", department),
    } <= set(reader.read())


def test_old_lines_are_forgotten_and_new_ones_kept(undone: psycopg.Connection) -> None:
    old, new = str(uuid4()), str(uuid4())
    announce(undone, old)
    undone.execute(
        "update private.changes set at = now() - interval '61 minutes' where subject_id = %s",
        (old,),
    )
    announce(undone, new)
    assert Actor(undone, None, "service_role").call("forget_changes") >= 1
    left = undone.execute(
        "select subject_id from private.changes where subject_id = any (%s)", ([old, new],)
    ).fetchall()
    assert left == [(new,)]
