"""Who says that somebody is away: they themselves, who oversees their desk, and administrators."""

from datetime import timedelta
from typing import Any

import county
import pytest
from county import Actor, MakeActor, one
from desk_cases import MakeStaff

CHIJIN = "620981102"


def away(person: Actor, substitute: Actor, *, hours: float = 24) -> dict[str, Any]:
    now = one(person.connection, "select now()")
    return {
        "person_id": person.id,
        "substitute_id": substitute.id,
        "from_at": now - timedelta(hours=1),
        "to_at": now + timedelta(hours=hours),
        "reason": "sick",
    }


@pytest.fixture
def hall(actor: MakeActor) -> Actor:
    return actor(county.CLERK_OF_THE_HALL)


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_overseers_arrange_for_others_and_end_it(
    clerk: Actor, hall: Actor, staff: MakeStaff, role: str
) -> None:
    overseer = staff(role, "620981", name="顾明")
    entry = overseer.call("set_absence", **away(clerk, hall))
    assert overseer.call("set_absence", **away(clerk, hall)) == entry, "again is the same"
    seen = clerk.call("absences_page")["absences"]
    assert [(line["id"], "顾明" in line["set_by"]["zh"]) for line in seen] == [(str(entry), True)]
    shown = overseer.call("absences_page")
    assert str(entry) in {line["id"] for line in shown["arranged"]}
    assert {clerk.id, hall.id} <= {person["id"] for person in shown["staff"]}
    assert shown["serves"] is False
    overseer.call("end_absence", absence_id=entry)
    assert clerk.call("absences_page")["absences"] == []


def test_a_supervisor_of_a_township_arranges_for_it_alone(
    clerk: Actor, hall: Actor, approver: Actor, actor: MakeActor, staff: MakeStaff
) -> None:
    here = actor(county.CLERK_OF_CHIJIN)
    supervisor = staff("supervisor", CHIJIN)
    supervisor.call("set_absence", **away(here, hall))
    shown = supervisor.call("absences_page")
    assert here.id in {person["id"] for person in shown["staff"]}
    for other in (clerk, hall, approver):
        assert supervisor.refused("set_absence", **away(other, hall)) == "absence_not_yours"
        refused = supervisor.refused("absences_page", person_id=other.id)
        assert refused == "absence_not_yours"
        assert other.id not in {person["id"] for person in shown["staff"]}


def test_a_supervisor_of_a_department_arranges_for_its_approvers_alone(
    clerk: Actor, approver: Actor, hall: Actor, staff: MakeStaff
) -> None:
    supervisor = staff("supervisor", "620981", "civil-affairs")
    colleague = staff("approver", "620981", "civil-affairs")
    supervisor.call("set_absence", **away(approver, colleague))
    assert supervisor.refused("set_absence", **away(clerk, hall)) == "absence_not_yours"
    # Whoever has a second desk elsewhere is not theirs alone.
    supervisor.connection.execute(
        "insert into public.staff_roles (person_id, role, division_code)"
        " values (%s, 'window_clerk', %s)",
        (colleague.id, CHIJIN),
    )
    assert supervisor.refused("absences_page", person_id=colleague.id) == "absence_not_yours"


def test_colleagues_and_substitutes_do_not_arrange(
    citizen: Actor, clerk: Actor, hall: Actor, actor: MakeActor
) -> None:
    entry = clerk.call("set_absence", **away(clerk, hall))
    for who in (citizen, hall, actor(county.CLERK_OF_CHIJIN)):
        assert who.refused("set_absence", **away(clerk, hall, hours=3)) == "absence_not_yours"
        assert who.refused("end_absence", absence_id=entry) == "absence_not_yours"
    assert "set_by" in clerk.call("absences_page")["absences"][0]
    assert clerk.call("absences_page")["absences"][0]["set_by"] is None


def test_nobody_is_absent_from_no_desk(citizen: Actor, hall: Actor, actor: MakeActor) -> None:
    administrator = actor(county.ADMINISTRATOR)
    assert administrator.refused("set_absence", **away(citizen, hall)) == "absence_not_needed"
    assert administrator.refused("set_absence", **away(administrator, hall)) == "not_your_desk"
    supervisor = actor(county.SUPERVISOR)
    assert supervisor.refused("set_absence", **away(citizen, hall)) == "absence_not_yours"
