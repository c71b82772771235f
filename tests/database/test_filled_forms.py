"""Every service that can be applied for, handed in as a careful person fills it in: the database
takes the form, asks for the papers that fit the answers, and lays out the steps that fit them."""

from typing import Any

import county
import psycopg
import pytest
from county import Actor, MakeActor, one
from filled_forms import FILLED

BUNDLE = "urban-renewal-bundle"


def handed_in(actor: Actor, service: str, **answers: Any) -> str:
    """A case of this service, with a file for whatever could be asked."""
    case = str(actor.call("start_application", service_code=service))
    changes = {k: v for k, v in (FILLED[service] | answers).items() if v is not None}
    actor.call("save_draft", application_id=case, changes=changes, base_version=0)
    county.verify_files(actor.connection, case)
    actor.call("submit_application", application_id=case, submission_key=case)
    return case


def step_codes(connection: psycopg.Connection, case: str) -> list[str]:
    rows = connection.execute(
        "select code from public.application_steps where application_id = %s order by position",
        (case,),
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize("service", FILLED)
def test_a_careful_answer_is_taken(actor: MakeActor, service: str) -> None:
    ma = actor(county.MA)
    case = handed_in(ma, service)
    kept = one(ma.connection, "select form from public.applications where id = %s", case)
    assert kept == FILLED[service]
    assert step_codes(ma.connection, case)[0] == "window-review"


def test_a_higher_risk_brings_another_licence(actor: MakeActor) -> None:
    ma = actor(county.MA)
    quiet = {"occupies_road": False, "road_name": None, "road_area": None}
    quiet |= {"road_from": None, "road_until": None}
    low = step_codes(ma.connection, handed_in(ma, BUNDLE, risk_category="low", **quiet))
    high = step_codes(ma.connection, handed_in(ma, BUNDLE))
    assert set(high) - set(low) == {"fire-design-approval", "road-green-approval"}
    assert "joint-inspection" in low


def test_a_renewed_card_needs_no_assessment(actor: MakeActor) -> None:
    ma = actor(county.MA)
    renewal = {"apply_kind": "renewal", "began_on": None, "cause": None, "hospital": None}
    case = handed_in(ma, "disability-card", **renewal)
    assert "assessment" not in step_codes(ma.connection, case)
    assert "assessment" in step_codes(ma.connection, handed_in(ma, "disability-card"))


def test_a_paper_is_missed_only_by_whom_it_is_for(actor: MakeActor) -> None:
    ma = actor(county.MA)
    for answers, is_asked in (({}, False), ({"is_key_discharger": True}, True)):
        case = str(ma.call("start_application", service_code="sewage-discharge-permit"))
        changes = FILLED["sewage-discharge-permit"] | answers
        ma.call("save_draft", application_id=case, changes=changes, base_version=0)
        missing = one(
            ma.connection,
            "select private.missing_materials(a) from public.applications as a where id = %s",
            case,
        )
        assert ("water-test" in missing) is is_asked
