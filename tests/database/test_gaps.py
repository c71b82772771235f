"""A department in which nobody can decide: overseers see it, an administrator names somebody."""

from datetime import timedelta
from typing import Any

import county
import psycopg
import pytest
from case_rows import row
from county import Actor, DraftOf, MakeActor, draft, one, steps
from desk_cases import MakeStaff

BUREAU = "civil-affairs"


def alone(person: Actor) -> dict[str, Any]:
    """Somebody is away, and nobody has the same desk."""
    now = one(person.connection, "select now()")
    return {
        "person_id": person.id,
        "substitute_id": None,
        "from_at": now - timedelta(hours=1),
        "to_at": now + timedelta(days=3),
        "reason": "sick",
    }


def naming(person: Actor, **more: Any) -> dict[str, Any]:
    return {
        "department_code": BUREAU,
        "person_id": person.id,
        "until": one(person.connection, "select private.today() + 10"),
        "reason": "张某休病假，李副局长书面同意",
    } | more


def gap_of(overseer: Actor) -> dict[str, Any] | None:
    gaps = overseer.call("supervision_page")["gaps"]
    return next((gap for gap in gaps if gap["department"] == BUREAU), None)


def at_the_department(clerk: Actor, case: DraftOf) -> str:
    """The window forwards a case; returns the step of the department."""
    case.submit()
    window, decision = steps(clerk.connection, case.id)
    clerk.call("forward_application", step_id=window)
    return decision


@pytest.fixture(autouse=True)
def only_one(undone: psycopg.Connection, approver: Actor) -> None:
    """Other tests leave their own people at the bureau."""
    undone.execute(
        "update public.staff_roles set starts_on = current_date - 9, ends_on = current_date - 2"
        " where role = 'approver' and person_id <> %s"
        " and department_id = (select id from public.departments where code = %s)",
        (approver.id, BUREAU),
    )


@pytest.fixture
def supervisor(actor: MakeActor) -> Actor:
    return actor(county.SUPERVISOR)


@pytest.fixture
def other(actor: MakeActor) -> Actor:
    """An approver of another department."""
    return actor(county.APPROVER_OF_SIGNS)


def test_the_only_approver_applied_for_it(
    clerk: Actor, approver: Actor, supervisor: Actor, administrator: Actor, other: Actor
) -> None:
    own = draft(approver, household_division=f"{county.YUMEN_TOWN}200")
    step = at_the_department(clerk, own)
    assert approver.refused("decide_application", step_id=step, decision="approve") == "own_case"
    gap = gap_of(supervisor) or {}
    assert gap["why"] == "own" and [line["id"] for line in gap["steps"]] == [own.id]
    assert other.refused("application_page", application_id=own.id) == "case_not_found"
    role = administrator.call("appoint_stand_in", **naming(other))
    assert administrator.call("appoint_stand_in", **naming(other)) == role, "again is the same"
    assert gap_of(supervisor) is None
    shown = supervisor.call("supervision_page")["stand_ins"]
    assert [(line["id"], "孙志强" in line["person"]["zh"]) for line in shown] == [(str(role), True)]
    assert own.id in {line["id"] for line in other.call("desk_queue")}
    other.call("decide_application", step_id=step, decision="approve")
    assert row(approver, own.id)["status"] == "approved"
    done = approver.call("application_page", application_id=own.id)["steps"][1]
    assert "城管局" in done["by"]["zh"], "people read from which office it was decided"
    services = {line["code"] for line in other.call("guides_desk", limit=100)["rows"]}
    assert county.ALLOWANCE not in services, "who decides for a while writes no guides"


@pytest.mark.parametrize("is_referred", [False, True])
def test_the_only_approver_is_away(
    clerk: Actor,
    approver: Actor,
    supervisor: Actor,
    administrator: Actor,
    other: Actor,
    mine: DraftOf,
    is_referred: bool,
) -> None:
    clerk.call("forward_application", step_id=steps(clerk.connection, mine.id)[0])
    step = steps(clerk.connection, mine.id)[1]
    approver.call("claim_case", application_id=mine.id)
    if is_referred:
        approver.call("refer_up", step_id=step, to_level="province", authority="省民政厅", days=10)
    assert gap_of(supervisor) is None
    approver.call("set_absence", **alone(approver))
    assert (gap_of(supervisor) or {})["why"] == "away"
    administrator.call("appoint_stand_in", **naming(other))
    assert gap_of(supervisor) is None
    line = next(line for line in other.call("desk_queue") if line["id"] == mine.id)
    assert line["claim"] == "free", "what somebody claimed who is away alone is free"
    if is_referred:
        other.call(
            "record_referred_answer",
            step_id=step, outcome="approve", note="", reference="甘民函〔2026〕1 号",
        )  # fmt: skip
    else:
        other.call("decide_application", step_id=step, decision="approve")
    assert row(clerk, mine.id)["status"] == "approved"


def test_a_department_without_any_approver(
    clerk: Actor, approver: Actor, supervisor: Actor, mine: DraftOf
) -> None:
    clerk.call("forward_application", step_id=steps(clerk.connection, mine.id)[0])
    clerk.connection.execute(
        "update public.staff_roles set starts_on = current_date - 9, ends_on = current_date - 2"
        " where person_id = %s",
        (approver.id,),
    )
    assert (gap_of(supervisor) or {})["why"] == "none"


def test_nobody_is_named_where_colleagues_are(
    approver: Actor, administrator: Actor, other: Actor, staff: MakeStaff
) -> None:
    colleague = staff("approver", "620981", BUREAU)
    refused = administrator.refused("appoint_stand_in", **naming(other))
    assert refused == "department_has_approvers"
    assert approver.refused("set_absence", **alone(approver)) == "not_a_colleague"
    administrator.call("set_absence", **alone(colleague) | {"substitute_id": approver.id})
    administrator.call("appoint_stand_in", **naming(other))


def test_only_an_administrator_names_and_only_who_fits(
    citizen: Actor,
    clerk: Actor,
    approver: Actor,
    supervisor: Actor,
    administrator: Actor,
    other: Actor,
) -> None:
    for who in (citizen, clerk, approver, supervisor, other):
        assert who.refused("appoint_stand_in", **naming(other)) == "stand_in_by_administrator"
        assert who.refused("end_stand_in", role_id=other.id) == "stand_in_by_administrator"
    for unfit in (citizen, clerk, approver, supervisor, administrator):
        refused = administrator.refused("appoint_stand_in", **naming(unfit))
        assert refused == "stand_in_not_fit"
    today = one(other.connection, "select private.today()")
    for until in (None, today - timedelta(days=1), today + timedelta(days=91)):
        refused = administrator.refused("appoint_stand_in", **naming(other, until=until))
        assert refused == "until_invalid"
    for wrong, code in (
        ({"reason": "  忙  "}, "reason_needed"),
        ({"reason": None}, "reason_needed"),
        ({"department_code": "no-such"}, "choice_invalid"),
    ):
        assert administrator.refused("appoint_stand_in", **naming(other, **wrong)) == code
    administrator.call("set_absence", **alone(other))
    assert administrator.refused("appoint_stand_in", **naming(other)) == "stand_in_not_fit"


def test_it_ends_and_what_was_claimed_is_free(
    clerk: Actor, approver: Actor, administrator: Actor, other: Actor, mine: DraftOf
) -> None:
    clerk.call("forward_application", step_id=steps(clerk.connection, mine.id)[0])
    step = steps(clerk.connection, mine.id)[1]
    role = administrator.call("appoint_stand_in", **naming(other))
    other.call("claim_case", application_id=mine.id)
    assert approver.refused("decide_application", step_id=step, decision="approve") == (
        "case_claimed"
    )
    administrator.call("end_stand_in", role_id=role)
    administrator.call("end_stand_in", role_id=role)
    assert other.refused("decide_application", step_id=step, decision="approve") == (
        "case_not_found"
    )
    approver.call("decide_application", step_id=step, decision="approve")
    own_role = one(
        other.connection,
        "select id from public.staff_roles where person_id = %s and role = 'approver'",
        other.id,
    )
    administrator.call("end_stand_in", role_id=own_role)
    assert other.call("desk_page")["me"]["roles"], "a post of one's own is not ended here"
