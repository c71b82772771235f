"""Whose a case is: claimed first, handed over, and looked after while its owner is away."""

from datetime import timedelta
from typing import Any

import county
import psycopg
import pytest
from case_rows import kinds_of_events
from county import Actor, DraftOf, MakeActor, draft, one, steps
from desk_cases import MakeStaff, claim, line_of, page


def test_the_first_to_claim_owns_the_case(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor, mine: DraftOf
) -> None:
    hall = actor(county.CLERK_OF_THE_HALL)
    case = {"application_id": mine.id}
    assert citizen.refused("claim_case", **case) == "own_case"
    assert approver.refused("claim_case", **case) == "not_your_step"
    assert actor(county.CLERK_OF_CHIJIN).refused("claim_case", **case) == "case_not_found"
    assert (line_of(clerk, mine) or {})["claim"] == "free"
    claim(clerk, mine)
    claim(clerk, mine)
    assert kinds_of_events(citizen, mine.id).count("claimed") == 1
    with pytest.raises(psycopg.Error) as caught, citizen.connection.transaction():
        claim(hall, mine)
    assert caught.value.diag.message_primary == "case_claimed"
    assert "李雪" in (caught.value.diag.message_detail or "")
    assert (line_of(hall, mine) or {})["claim"] == "other"
    assert (line_of(clerk, mine) or {})["claim"] == "mine"
    assert line_of(clerk, mine, only_mine=True) and not line_of(hall, mine, only_mine=True)
    step = steps(citizen.connection, mine.id)[0]
    assert hall.refused("forward_application", step_id=step) == "case_claimed"
    assert "forward" not in page(hall, mine)["acts"] and "forward" in page(clerk, mine)["acts"]
    assert "李雪" in page(citizen, mine)["case"]["step"]["owner"]["zh"]
    citizen.call("withdraw_application", **case)
    assert clerk.refused("claim_case", **case) == "case_withdrawn"


def test_a_case_is_handed_to_a_colleague_of_the_same_desk(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor, staff: MakeStaff, mine: DraftOf
) -> None:
    hall, colleague = actor(county.CLERK_OF_THE_HALL), staff("window_clerk", county.YUMEN_TOWN)
    elsewhere = actor(county.CLERK_OF_CHIJIN)

    def to(person: Actor) -> dict[str, Any]:
        return {"application_id": mine.id, "person_id": person.id}

    claim(clerk, mine)
    assert hall.refused("hand_over_case", **to(hall)) == "case_claimed"
    assert approver.refused("hand_over_case", **to(colleague)) == "not_your_step"
    assert citizen.refused("hand_over_case", **to(colleague)) == "own_case"
    assert elsewhere.refused("hand_over_case", **to(colleague)) == "case_not_found"
    for stranger in (elsewhere, approver, citizen):
        assert clerk.refused("hand_over_case", **to(stranger)) == "not_a_colleague"
    assert colleague.id in {c["id"] for c in page(clerk, mine)["colleagues"]}
    clerk.call("hand_over_case", **to(colleague))
    assert (line_of(colleague, mine) or {})["claim"] == "mine"
    step = steps(citizen.connection, mine.id)[0]
    assert clerk.refused("forward_application", step_id=step) == "case_claimed"
    # Nobody is stuck: a supervisor may give it to somebody else.
    actor(county.SUPERVISOR).call("hand_over_case", **to(hall))
    hall.call("forward_application", step_id=step)
    assert kinds_of_events(citizen, mine.id).count("handed_over") == 2
    citizen.call("withdraw_application", application_id=mine.id)
    assert hall.refused("hand_over_case", **to(colleague)) == "case_closed"


def test_who_left_the_desk_holds_nobody_up(
    citizen: Actor, clerk: Actor, actor: MakeActor, mine: DraftOf
) -> None:
    claim(clerk, mine)
    citizen.connection.execute(
        "update public.staff_roles set starts_on = current_date - 9, ends_on = current_date - 2"
        " where person_id = %s",
        (clerk.id,),
    )
    claim(actor(county.CLERK_OF_THE_HALL), mine)


def absence(
    substitute: Actor, *, days: float = 1, since: float = -1, of: str | None = None
) -> dict[str, Any]:
    now = one(substitute.connection, "select now()")
    return {
        "person_id": of,
        "substitute_id": substitute.id,
        "from_at": now + timedelta(hours=since),
        "to_at": now + timedelta(days=days),
        "reason": "leave",
    }


def test_a_substitute_acts_while_the_owner_is_away(
    citizen: Actor, clerk: Actor, staff: MakeStaff, mine: DraftOf
) -> None:
    stands_in, third = (staff("window_clerk", county.YUMEN_TOWN) for _ in range(2))
    claim(clerk, mine)
    entry = clerk.call("set_absence", **absence(stands_in))
    assert clerk.call("set_absence", **absence(stands_in)) == entry
    assert (line_of(stands_in, mine) or {})["claim"] == "substitute"
    assert line_of(stands_in, mine, only_mine=True)
    step = steps(citizen.connection, mine.id)[0]
    assert third.refused("forward_application", step_id=step) == "case_claimed"
    assert stands_in.call("absences_page")["standing_in"][0]["id"] == str(entry)
    assert clerk.call("absences_page")["absences"][0]["id"] == str(entry)
    stands_in.call("forward_application", step_id=step)
    done = one(
        citizen.connection,
        "select (done_by, owner_id) = (%s::uuid, %s::uuid) from public.application_steps"
        " where id = %s",
        stands_in.id,
        clerk.id,
        step,
    )
    assert done is True, "who did it is not who owns it"


def test_an_absence_that_ended_opens_nothing(
    citizen: Actor, clerk: Actor, staff: MakeStaff, mine: DraftOf
) -> None:
    stands_in = staff("window_clerk", county.YUMEN_TOWN)
    claim(clerk, mine)
    entry = clerk.call("set_absence", **absence(stands_in))
    assert stands_in.refused("end_absence", absence_id=entry) == "absence_not_yours"
    assert (line_of(stands_in, mine) or {})["claim"] == "substitute", "only who is away ends it"
    clerk.call("end_absence", absence_id=entry)
    clerk.call("end_absence", absence_id=entry)
    assert (line_of(stands_in, mine) or {})["claim"] == "other"


def test_who_can_stand_in_for_whom(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor, staff: MakeStaff
) -> None:
    hall = actor(county.CLERK_OF_THE_HALL)
    colleague = staff("approver", "620981", "civil-affairs")
    for person in (actor(county.CLERK_OF_CHIJIN), approver, clerk, citizen):
        assert clerk.refused("set_absence", **absence(person)) == "not_a_colleague"
    assert hall.refused("set_absence", **absence(clerk)) == "not_a_colleague"
    assert approver.refused("set_absence", **absence(hall)) == "not_a_colleague"
    assert citizen.refused("set_absence", **absence(hall)) == "not_your_desk"
    assert hall.refused("set_absence", **absence(hall, of=clerk.id)) == "absence_not_yours"
    assert clerk.refused("absences_page", person_id=hall.id) == "absence_not_yours"
    assert citizen.refused("absences_page") == "not_your_desk"
    for wrong in ({"days": -2, "since": -99}, {"days": -1}, {"days": 999}):
        assert clerk.refused("set_absence", **absence(hall, **wrong)) == "absence_span_invalid"
    assert clerk.refused("set_absence", **(absence(hall) | {"reason": "tired"})) == "choice_invalid"
    clerk.call("set_absence", **absence(hall))
    assert clerk.refused("set_absence", **absence(hall, days=3)) == "absence_overlaps"
    administrator = actor(county.ADMINISTRATOR)
    administrator.call("set_absence", **absence(colleague, of=approver.id))
    shown = administrator.call("absences_page", person_id=approver.id)
    assert [a["reason"] for a in shown["absences"]] == ["leave"]
    assert colleague.id in {c["id"] for c in shown["colleagues"]}
    assert {approver.id, clerk.id} <= {c["id"] for c in shown["staff"]}


def test_the_first_asked_stays_responsible_when_the_case_comes_back(
    citizen: Actor, actor: MakeActor
) -> None:
    shop = draft(actor(county.MA), county.SIGN)
    shop.submit()
    hall = actor(county.CLERK_OF_THE_HALL)
    window, decision, _ = steps(citizen.connection, shop.id)
    hall.call("forward_application", step_id=window)
    signs = actor(county.APPROVER_OF_SIGNS)
    signs.call("decide_application", step_id=decision, decision="approve")
    assert (line_of(hall, shop) or {})["claim"] == "mine"
