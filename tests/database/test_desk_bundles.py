"""Bundles at desks: each department decides its own part, and refuses only that."""

import county
import pytest
from case_rows import first_reason, published, row
from county import Actor, DraftOf, MakeActor, draft, one, steps
from desk_cases import page

PARTS = (("allowance", "civil-affairs", 2), ("insurance", "medical-insurance", 2))


@pytest.fixture
def bundle(citizen: Actor, service_role: Actor, clerk: Actor) -> DraftOf:
    """A case of two parts at its two departments, with one step after both at the window."""
    service = published(county.ALLOWANCE)
    guide, approve = service["guide"], service["guide"]["steps"][1]
    guide["parts"] = [
        {"code": code, "name": {"zh": code, "en": code}, "department": department,
         "result": guide["result"]}
        for code, department, _ in PARTS
    ]  # fmt: skip
    guide["steps"] = [
        guide["steps"][0] | {"stage": 1},
        *(
            approve
            | {"code": f"{code}-{stage}", "department": department, "part": code, "stage": stage}
            for code, department, first in PARTS
            for stage in (first, first + 1)
        ),
        guide["steps"][0] | {"code": "hand-out", "kind": "produce", "stage": 9},
    ]  # fmt: skip
    service_role.call("import_service", service=service)
    made = draft(citizen)
    made.submit()
    clerk.call("forward_application", step_id=steps(citizen.connection, made.id)[0])
    return made


@pytest.fixture
def insurer(actor: MakeActor) -> Actor:
    return actor(county.APPROVER_OF_INSURANCE)


def states(who: Actor, case: DraftOf) -> dict[str, str]:
    return {part["code"]: part["state"] for part in page(who, case)["parts"]}


def decide(who: Actor, step: str, reason: str | None = None) -> None:
    if reason is None:
        who.call("decide_application", step_id=step, decision="approve")
    else:
        who.call(
            "decide_application", step_id=step, decision="refuse", reason_code=reason,
            reason="这一项不符合条件",
        )  # fmt: skip


def test_a_refused_part_refuses_only_itself(
    citizen: Actor, clerk: Actor, approver: Actor, insurer: Actor, bundle: DraftOf
) -> None:
    _, a1, a2, b1, b2, last = steps(citizen.connection, bundle.id)
    assert states(citizen, bundle) == {"allowance": "current", "insurance": "current"}
    assert approver.refused("decide_application", step_id=b1, decision="approve") == "not_your_step"
    reason = first_reason(citizen, bundle.id)
    decide(approver, a1, reason["code"])
    assert states(citizen, bundle) == {"allowance": "refused", "insurance": "current"}
    assert row(citizen, bundle.id)["status"] == "in_progress"
    decide(insurer, b1)
    assert (
        approver.refused("decide_application", step_id=a2, decision="approve") == "step_not_current"
    )
    decide(insurer, b2)
    clerk.call("forward_application", step_id=last)
    found = row(citizen, bundle.id)
    assert found["status"] == "approved" and found["decision"]["outcome"] == "approved"
    by_code = {part["code"]: part for part in found["decision"]["parts"]}
    assert by_code["allowance"]["outcome"] == "refused"
    assert by_code["allowance"]["way_on"] == reason["way_on"]
    assert by_code["allowance"]["name"]["zh"] == "allowance"
    assert by_code["insurance"]["outcome"] == "approved" and by_code["insurance"]["result"]


def test_a_bundle_whose_every_part_is_refused_is_refused(
    citizen: Actor, approver: Actor, insurer: Actor, bundle: DraftOf
) -> None:
    _, a1, _, b1, _, last = steps(citizen.connection, bundle.id)
    reason = first_reason(citizen, bundle.id)
    decide(approver, a1, reason["code"])
    decide(insurer, b1, reason["code"])
    found = row(citizen, bundle.id)
    assert (found["status"], found["holder"]) == ("refused", "nobody")
    assert [p["outcome"] for p in found["decision"]["parts"]] == ["refused", "refused"]
    assert found["decision"]["reason"] == "这一项不符合条件"
    skipped = one(
        citizen.connection, "select status from public.application_steps where id = %s", last
    )
    assert skipped == "skipped"


def test_a_whole_bundle_is_approved_part_by_part(
    citizen: Actor, clerk: Actor, approver: Actor, insurer: Actor, bundle: DraftOf
) -> None:
    _, a1, a2, b1, b2, last = steps(citizen.connection, bundle.id)
    decide(approver, a1)
    assert states(citizen, bundle) == {"allowance": "current", "insurance": "current"}
    decide(insurer, b1)
    decide(approver, a2)
    decide(insurer, b2)
    assert states(citizen, bundle) == {"allowance": "approved", "insurance": "approved"}
    assert row(citizen, bundle.id)["holder"] == "window"
    clerk.call("forward_application", step_id=last)
    assert [p["outcome"] for p in row(citizen, bundle.id)["decision"]["parts"]] == ["approved"] * 2
