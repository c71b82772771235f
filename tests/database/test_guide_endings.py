"""Ending a service takes two: one proposes it with a reason, another does it, either keeps it."""

import county
import psycopg
import pytest
from county import Actor, MakeActor, one
from desk_cases import MakeStaff

CODE = county.ALLOWANCE
REASON = {"zh": "并入新的补贴，到窗口办理", "en": "Now part of another allowance"}


def proposed(approver: Actor) -> str:
    """When it was proposed to end the service, by an approver."""
    approver.call("propose_guide_withdrawal", service_code=CODE, reason=REASON)
    return approver.call("guide_record", service_code=CODE)["ending"]["proposed_at"]


def is_offered(connection: psycopg.Connection) -> bool:
    return one(
        connection,
        "select exists (select from public.guides as g join public.services as s"
        " on s.id = g.service_id where s.code = %s and g.status = 'published')",
        CODE,
    )


def test_who_proposes_does_not_end_it(approver: Actor, administrator: Actor) -> None:
    at = proposed(approver)
    end = {"service_code": CODE, "proposed_at": at}
    assert approver.refused("withdraw_guide", **end) == "own_guide_withdrawal"
    assert is_offered(approver.connection)
    administrator.call("withdraw_guide", **end)
    assert not is_offered(approver.connection)
    record = approver.call("guide_record", service_code=CODE)
    assert record["withdrawal"]["reason"] == REASON and record["ending"] is None
    assert administrator.refused("withdraw_guide", **end) == "guide_withdrawn"


def test_a_second_approver_of_the_department_may_end_it(approver: Actor, staff: MakeStaff) -> None:
    colleague = staff("approver", "620981", "civil-affairs")
    colleague.call("withdraw_guide", service_code=CODE, proposed_at=proposed(approver))
    assert not is_offered(approver.connection)


def test_a_proposal_stands_once_and_can_be_taken_back(
    approver: Actor, administrator: Actor
) -> None:
    at = proposed(approver)
    assert proposed(approver) == at, "again is the same"
    other = REASON | {"zh": "另一个原因，群众看得懂"}
    propose = {"service_code": CODE, "reason": other}
    for who in (approver, administrator):
        assert who.refused("propose_guide_withdrawal", **propose) == "guide_withdrawal_proposed"
    listed = administrator.call("guides_desk", view="drafts")["rows"]
    assert [row["ending"]["is_mine"] for row in listed if row["code"] == CODE] == [False]
    for who in (administrator, approver):
        who.call("keep_guide", service_code=CODE)
    end = {"service_code": CODE, "proposed_at": at}
    assert administrator.refused("withdraw_guide", **end) == "guide_withdrawal_moved"
    approver.call("propose_guide_withdrawal", **propose)
    approver.connection.execute(
        "update public.guide_withdrawal_proposals set proposed_at = proposed_at + interval '1 s'"
    )
    assert administrator.refused("withdraw_guide", **end) == "guide_withdrawal_moved"
    assert is_offered(approver.connection)


@pytest.mark.parametrize(
    "reason",
    [{}, {"zh": "不再发放这项补贴了"}, {"zh": "不办", "en": "Gone"}, REASON | {"en": "\u200b" * 9}],
)
def test_people_are_told_why_in_both_languages(approver: Actor, reason: dict[str, str]) -> None:
    refused = approver.refused("propose_guide_withdrawal", service_code=CODE, reason=reason)
    assert refused == "reason_needed_in_both"


def test_others_have_no_say(approver: Actor, citizen: Actor, actor: MakeActor) -> None:
    at = proposed(approver)
    for who in (citizen, actor(county.CLERK_OF_THE_HALL), actor(county.APPROVER_OF_SIGNS)):
        for function, more in (
            ("propose_guide_withdrawal", {"reason": REASON}),
            ("withdraw_guide", {"proposed_at": at}),
            ("keep_guide", {}),
        ):
            assert who.refused(function, service_code=CODE, **more) == "guide_not_yours"
