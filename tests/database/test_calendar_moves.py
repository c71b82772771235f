"""A change of the calendar moves open cases and says which; a forecast says what will be late."""

from typing import Any

import county
import psycopg
import pytest
from case_clock import SetClock
from case_rows import kinds_of_events, row
from county import Actor, MakeActor, draft, one, steps

from backend.seed import content

NOTHING = {"days": 0, "moved": 0, "moves": []}


def closed(*days: str) -> list[dict[str, Any]]:
    """Days on which the county is closed, as an import says them."""
    name = {"zh": "防汛停工", "en": "Closed for the flood"}
    return [{"day": d, "kind": "holiday", "name": name, "is_provisional": False} for d in days]


def submitted(citizen: Actor) -> tuple[str, dict[str, Any]]:
    mine = draft(citizen)
    mine.submit()
    return mine.id, row(citizen, mine.id)


def test_a_closed_day_moves_what_spans_it(
    citizen: Actor, service_role: Actor, actor: MakeActor, clock: SetClock
) -> None:
    clock("2026-06-01 10:00")
    earlier, before_earlier = submitted(citizen)
    clock("2026-11-02 10:00")
    later, before = submitted(citizen)
    change = service_role.call("import_calendar", days=closed("2026-11-03"), hours=None)
    after = row(citizen, later)
    assert (change["days"], change["moved"]) == (1, 1)
    assert change["moves"] == [
        {
            "receipt_number": before["receipt_number"],
            "old_promised_at": before["promised_at"],
            "new_promised_at": after["promised_at"],
        }
    ]
    assert after["promised_at"] > before["promised_at"]
    assert after["next_due_at"] > before["next_due_at"]
    # What lay wholly before the changed day stays as it is, and nobody is told anything.
    assert row(citizen, earlier) == before_earlier
    assert kinds_of_events(citizen, earlier) == ["submitted"]
    assert kinds_of_events(citizen, later) == ["clock_moved", "submitted"]
    with county.becoming(citizen.connection, "authenticated", citizen.id):
        told = one(
            citizen.connection,
            "select details from public.application_events"
            " where application_id = %s and kind = 'clock_moved'",
            later,
        )
    assert told["old_promised_at"] == before["promised_at"]
    assert told["new_promised_at"] == after["promised_at"]
    read = actor(county.ADMINISTRATOR).call("moved_cases", limit=5)
    assert [line["receipt_number"] for line in read] == [before["receipt_number"]]
    next_page = {"before_at": read[0]["at"], "before_id": read[0]["id"]}
    assert actor(county.SUPERVISOR).call("moved_cases", **next_page) == []
    assert citizen.refused("moved_cases") == "not_your_desk"
    # The same again changes nothing and moves nothing.
    again = service_role.call("import_calendar", days=closed("2026-11-03"), hours=None)
    assert again == NOTHING


def test_hours_move_cases_too(citizen: Actor, service_role: Actor, clock: SetClock) -> None:
    clock("2026-11-02 10:00")
    case, before = submitted(citizen)
    hours = content("service_hours.json")
    assert service_role.call("import_calendar", days=[], hours=hours) == NOTHING
    hours[1]["closes"] = "17:30"
    change = service_role.call("import_calendar", days=[], hours=hours)
    # Cases that other tests left open move along.
    assert change["days"] == 0 and change["moved"] == len(change["moves"])
    assert before["receipt_number"] in {line["receipt_number"] for line in change["moves"]}
    assert row(citizen, case)["promised_at"] < before["promised_at"]
    del hours[:2]
    assert service_role.refused("import_calendar", days=[], hours=hours) == "working_time_invalid"


def test_a_case_that_ended_or_stands(citizen: Actor, service_role: Actor, clock: SetClock) -> None:
    clock("2026-11-02 10:00")
    ended, standing = submitted(citizen)[0], submitted(citizen)[0]
    citizen.call("withdraw_application", application_id=ended)
    one(citizen.connection, "select private.stop_clock(%s, 'notice')", standing)
    before = row(citizen, ended), row(citizen, standing)
    clock("2026-11-03 09:00")
    service_role.call("import_calendar", days=closed("2026-11-04"), hours=None)
    assert row(citizen, ended) == before[0]
    assert row(citizen, standing)["promised_at"] > before[1]["promised_at"]
    due = "select due_at from public.application_steps where application_id = %s limit 1"
    assert one(citizen.connection, due, standing) is None


def test_only_administrators_set_a_day_of_the_county(
    citizen: Actor, service_role: Actor, actor: MakeActor
) -> None:
    day = {"days": closed("2026-11-03"), "hours": None}
    for who in (citizen, actor(county.SUPERVISOR), actor(county.CLERK_OF_THE_HALL)):
        assert who.refused("import_calendar", **day) == "not_your_desk"
    assert "42501" in Actor(citizen.connection, None, "anon").refused("import_calendar", **day)
    assert actor(county.ADMINISTRATOR).call("import_calendar", **day)["days"] == 1
    published = [closed("2026-11-03")[0] | {"kind": "workday", "name": None}]
    assert service_role.call("import_calendar", days=published, hours=None) == NOTHING
    kind = "select kind from public.calendar_days where day = '2026-11-03'"
    assert one(citizen.connection, kind) == "holiday"


@pytest.mark.parametrize(
    ("now", "due", "amount", "unit", "light"),
    [
        ("2025-03-03 10:00", None, 3, "working_day", "stands"),
        ("2025-03-03 10:00", "2025-03-06 18:00", 3, "working_day", "green"),
        ("2025-03-05 18:30", "2025-03-06 18:00", 3, "working_day", "green"),
        ("2025-03-06 00:00", "2025-03-06 18:00", 3, "working_day", "yellow"),
        ("2025-03-06 18:00", "2025-03-06 18:00", 3, "working_day", "yellow"),
        ("2025-03-06 18:01", "2025-03-06 18:00", 3, "working_day", "red"),
        # Of twenty days a quarter is five: with five left it is green, with four yellow.
        ("2025-03-03 10:00", "2025-03-10 18:00", 20, "working_day", "green"),
        ("2025-03-04 10:00", "2025-03-10 18:00", 20, "working_day", "yellow"),
        # Of two hours a quarter is half an hour; noon is no time.
        ("2025-03-03 11:30", "2025-03-03 12:00", 2, "working_hour", "green"),
        ("2025-03-03 11:45", "2025-03-03 14:44", 2, "working_hour", "yellow"),
        ("2025-03-03 13:00", "2025-03-03 15:00", 2, "working_hour", "green"),
        ("2025-03-03 15:01", "2025-03-03 15:00", 2, "working_hour", "red"),
    ],
)
def test_lights(
    superuser: psycopg.Connection, now: str, due: str | None, amount: int, unit: str, light: str
) -> None:
    statement = "select private.step_light(%s::timestamptz, %s::timestamptz, %s, %s)"
    moments = [moment and f"{moment}+08" for moment in (now, due)]
    assert one(superuser, statement, *moments, amount, unit) == light


def forecast(actor: Actor, case: str) -> dict[str, Any]:
    return one(actor.connection, "select private.forecast(%s)", case)


def test_a_forecast_adds_up_the_limits_that_are_left(citizen: Actor, clock: SetClock) -> None:
    clock("2026-03-03 10:00")
    case, found = submitted(citizen)
    expected = found["next_due_at"]
    stages = citizen.connection.execute(
        "select limit_value, limit_unit from public.application_steps"
        " where application_id = %s order by stage offset 1",
        (case,),
    ).fetchall()
    for limit in stages:
        expected = one(
            citizen.connection,
            "select to_jsonb(public.add_working_time(%s::timestamptz, %s, %s))",
            expected,
            *limit,
        )
    said = forecast(citizen, case)
    assert said["expected_at"] == expected
    assert said["promised_at"] == found["promised_at"]
    assert [step["light"] for step in said["steps"]] == ["green"]
    # Long after its time nothing can keep the promise any more.
    clock("2026-09-01 10:00")
    said = forecast(citizen, case)
    assert [step["light"] for step in said["steps"]] == ["red"]
    assert said["over_days"] > 60 and said["over_minutes"] > 60 * 420
    # While it stands the promise is told as if it went on now, and nothing is late.
    clock("2026-03-03 11:00")
    one(citizen.connection, "select private.stop_clock(%s, 'notice')", case)
    clock("2026-09-01 10:00")
    said = forecast(citizen, case)
    assert [step["light"] for step in said["steps"]] == ["stands"]
    assert said["over_minutes"] < 60 * 420 and said["promised_at"] > "2026-09-01"
    citizen.call("withdraw_application", application_id=case)
    assert forecast(citizen, case) is None


def test_supervisors_page_through_the_forecast(
    citizen: Actor, clerk: Actor, actor: MakeActor, clock: SetClock
) -> None:
    clock("2026-03-03 10:00")
    running = [submitted(citizen)[0] for _ in range(3)]
    standing = submitted(citizen)[0]
    one(citizen.connection, "select private.stop_clock(%s, 'notice')", standing)
    for who in (citizen, clerk):
        assert who.refused("supervision_forecast") == "not_your_desk"
    supervisor, seen, after = actor(county.SUPERVISOR), [], {}
    while page := supervisor.call("supervision_forecast", limit=2, **after):
        seen += page
        after = {"after_due": page[-1]["due_at"], "after_id": page[-1]["step_id"]}
    ids = [line["id"] for line in seen]
    assert len(ids) == len(set(ids)) and set(running) <= set(ids) and standing not in ids
    assert [line["due_at"] for line in seen] == sorted(line["due_at"] for line in seen)
    assert {line["light"] for line in seen if line["id"] in running} == {"green"}
    assert "王" not in str(seen) and steps(citizen.connection, running[0])[0] in str(seen)
