"""The clock of a case through its commands: it stops, goes on, and moves the dates of the case."""

from datetime import date, datetime
from typing import Any

import county
import psycopg
import pytest
from case_clock import SetClock
from case_rows import row
from county import Actor, MakeActor, draft, one, steps
from working_time import Reference

REFERENCE = Reference(date(2026, 1, 1), date(2027, 12, 31))
REASONS = ("notice", "site_visit", "public_notice", "expert_opinion")


def stop(actor: Actor, case: str, reason: str = "notice") -> Any:
    return one(actor.connection, "select private.stop_clock(%s, %s)", case, reason)


def run(actor: Actor, case: str) -> bool:
    return one(actor.connection, "select private.run_clock(%s)", case)


def dates(actor: Actor, case: str) -> tuple[Any, Any, Any]:
    """promised_at, next_due_at, due_at of the current step."""
    found = actor.connection.execute(
        "select a.promised_at, a.next_due_at, s.due_at from public.applications as a"
        " join public.application_steps as s on s.application_id = a.id and s.status = 'current'"
        " where a.id = %s order by s.position limit 1",
        (case,),
    ).fetchone()
    assert found
    return found


def by_reference(
    actor: Actor, case: str, received: datetime, stands: list[tuple[datetime, datetime]]
) -> tuple[datetime, datetime]:
    """The promise and the due date of the first step as the slow clock says."""
    limits = actor.connection.execute(
        "select g.promised_value, g.promised_unit, s.limit_value, s.limit_unit"
        " from public.applications as a join public.guides as g on g.id = a.guide_id"
        " join public.application_steps as s on s.application_id = a.id"
        " where a.id = %s order by s.position limit 1",
        (case,),
    ).fetchone()
    assert limits

    def due(amount: int, unit: str) -> datetime:
        if unit == "working_day":
            return REFERENCE.due_in_days(received, amount, stands)
        return REFERENCE.due_in_minutes(received, 60 * amount, stands)

    return due(*limits[:2]), due(*limits[2:])


@pytest.mark.parametrize(
    ("received", "spans"),
    [
        # A reply the same day, a reply days later, a reply at night after a make-up Sunday.
        ("2026-03-03 10:00", [("2026-03-03 11:00", "2026-03-03 16:00")]),
        ("2026-03-03 10:00", [("2026-03-04 09:00", "2026-03-11 15:30")]),
        ("2026-02-13 17:50", [("2026-02-13 17:55", "2026-02-28 23:40")]),
        # Twice, over National Day, and at the very moment of receipt.
        (
            "2026-09-28 08:00",
            [("2026-09-29 12:00", "2026-09-30 08:30"), ("2026-09-30 17:59", "2026-10-10 00:00")],
        ),
        ("2026-06-30 18:00", [("2026-06-30 18:00", "2026-07-04 12:00")]),
    ],
)
def test_a_stand_moves_the_dates_as_the_slow_clock_says(
    citizen: Actor, clock: SetClock, received: str, spans: list[tuple[str, str]]
) -> None:
    start = clock(received)
    mine = draft(citizen)
    mine.submit()
    assert dates(citizen, mine.id)[0::2] == by_reference(citizen, mine.id, start, [])
    stands = []
    for stopped, went_on in spans:
        before, begin = dates(citizen, mine.id), clock(stopped)
        stop(citizen, mine.id)
        # While it stands no step is due; the dates of the case wait as they were.
        assert dates(citizen, mine.id) == (before[0], before[1], None)
        since = "select private.standing_since(%s)"
        assert one(citizen.connection, since, mine.id) == begin
        stands.append((begin, clock(went_on)))
        assert run(citizen, mine.id) is True
        assert one(citizen.connection, since, mine.id) is None
    promised, next_due, due = dates(citizen, mine.id)
    assert (promised, due) == by_reference(citizen, mine.id, start, stands)
    assert next_due == due


def test_what_was_late_stays_late(citizen: Actor, clock: SetClock) -> None:
    clock("2026-03-03 10:00")
    mine = draft(citizen)
    mine.submit()
    before = dates(citizen, mine.id)
    clock("2026-05-20 10:00")
    stop(citizen, mine.id)
    clock("2026-05-28 10:00")
    run(citizen, mine.id)
    assert dates(citizen, mine.id) == before


def test_a_later_step_starts_after_the_stand(citizen: Actor, clerk: Actor, clock: SetClock) -> None:
    clock("2026-03-03 10:00")
    mine = draft(citizen)
    mine.submit()
    clock("2026-03-03 11:00")
    stop(citizen, mine.id)
    clock("2026-03-06 11:00")
    run(citizen, mine.id)
    clerk.call("forward_application", step_id=steps(citizen.connection, mine.id)[0])
    fresh = dates(citizen, mine.id)
    one(citizen.connection, "select private.recompute_case_clock(%s)", mine.id)
    assert dates(citizen, mine.id) == fresh


def test_a_clock_stands_once_and_runs_once(citizen: Actor, clock: SetClock) -> None:
    clock("2026-03-03 10:00")
    mine = draft(citizen)
    with pytest.raises(psycopg.Error, match="clock_not_running"), citizen.connection.transaction():
        stop(citizen, mine.id)
    mine.submit()
    assert run(citizen, mine.id) is False
    for reason in REASONS:
        assert stop(citizen, mine.id, reason)
        with (
            pytest.raises(psycopg.Error, match="clock_already_stands"),
            citizen.connection.transaction(),
        ):
            stop(citizen, mine.id)
        assert run(citizen, mine.id) is True
    with pytest.raises(psycopg.errors.CheckViolation), citizen.connection.transaction():
        stop(citizen, mine.id, "lunch")
    # Stands without length move nothing.
    assert dates(citizen, mine.id)[0] == datetime.fromisoformat(
        row(citizen, mine.id)["promised_at"]
    )


def test_a_stand_never_ends_before_it_began(citizen: Actor, clock: SetClock) -> None:
    clock("2026-03-03 10:00")
    mine = draft(citizen)
    mine.submit()
    stop(citizen, mine.id)
    clock("2026-03-03 09:59")
    assert run(citizen, mine.id) is True
    length = "select to_at - from_at = interval '0' from public.application_stands"
    assert one(citizen.connection, f"{length} where application_id = %s", mine.id) is True


def test_a_case_that_ends_stands_no_longer(citizen: Actor, clock: SetClock) -> None:
    clock("2026-03-03 10:00")
    mine = draft(citizen)
    mine.submit()
    stop(citizen, mine.id)
    clock("2026-03-05 10:00")
    citizen.call("withdraw_application", application_id=mine.id)
    assert one(citizen.connection, "select private.standing_since(%s)", mine.id) is None
    with pytest.raises(psycopg.Error, match="clock_not_running"), citizen.connection.transaction():
        stop(citizen, mine.id)


def test_a_stand_says_why(citizen: Actor, actor: MakeActor, clock: SetClock) -> None:
    clock("2026-03-03 10:00")
    mine = draft(citizen)
    mine.submit()
    one(
        citizen.connection,
        """select private.stop_clock(%s, 'site_visit', '{"zh": "看现场"}')""",
        mine.id,
    )
    statement = "select reason, details ->> 'zh' from public.application_stands"
    for who, expected in ((citizen, [("site_visit", "看现场")]), (actor(county.MA), [])):
        with county.becoming(citizen.connection, "authenticated", who.id):
            found = citizen.connection.execute(
                f"{statement} where application_id = %s", (mine.id,)
            ).fetchall()
        assert found == expected
