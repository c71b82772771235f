"""What desks do with a case: refer it up, suspend it, find it again; each act once, and each
refusal."""

from datetime import UTC, datetime, timedelta

import county
from case_rows import first_reason, kinds_of_events, row
from county import Actor, DraftOf, MakeActor, draft, one, steps
from desk_cases import MakeStaff, line_of, page


def test_a_step_is_referred_up_and_comes_back_with_a_number(
    citizen: Actor, clerk: Actor, approver: Actor, mine: DraftOf, at_department: str
) -> None:
    up = {
        "step_id": at_department,
        "to_level": "prefecture",
        "authority": "酒泉市民政局",
        "days": 10,
    }
    for wrong, code in (
        ({"to_level": "moon"}, "choice_invalid"),
        ({"to_level": None}, "choice_invalid"),
        ({"authority": " "}, "authority_needed"),
        ({"days": 0}, "days_invalid"),
        ({"days": 91}, "days_invalid"),
    ):
        assert approver.refused("refer_up", **(up | wrong)) == code
    assert clerk.refused("refer_up", **up) == "not_your_step"
    assert citizen.refused("refer_up", **up) == "own_case"
    window = steps(citizen.connection, mine.id)[0]
    assert clerk.refused("refer_up", **(up | {"step_id": window})) == "windows_cannot_decide"
    answer = {
        "step_id": at_department,
        "outcome": "approve",
        "note": "同意",
        "reference": "酒民〔2026〕9号",
    }
    assert approver.refused("record_referred_answer", **answer) == "step_not_referred"
    approver.call("refer_up", **up)
    approver.call("refer_up", **up)
    assert approver.refused("refer_up", **(up | {"authority": "省民政厅"})) == "step_referred"
    found = row(citizen, mine.id)
    assert found["kind"] == "referred_up"
    due = one(
        citizen.connection,
        "select s.due_at = public.add_working_time(now(), 10, 'working_day')"
        " and a.next_due_at = s.due_at from public.application_steps as s"
        " join public.applications as a on a.id = s.application_id where s.id = %s",
        at_department,
    )
    assert due is True
    shown = page(citizen, mine)["case"]["step"]["referral"]
    assert (shown["authority"], shown["days"]) == ("酒泉市民政局", 10)
    decide = {"step_id": at_department, "decision": "approve"}
    assert approver.refused("decide_application", **decide) == "step_referred"
    assert clerk.refused("decide_application", **decide) == "not_your_step"
    assert "record_answer" in page(approver, mine)["acts"]
    bare = answer | {"reference": ""}
    assert approver.refused("record_referred_answer", **bare) == "reference_needed"
    refusing = answer | {"outcome": "refuse", "note": "不符合省里的条件"}
    assert approver.refused("record_referred_answer", **refusing) == "reason_code_needed"
    assert clerk.refused("record_referred_answer", **answer) == "not_your_step"
    approver.call("record_referred_answer", **answer)
    assert row(citizen, mine.id)["status"] == "approved"
    step = page(citizen, mine)["steps"][1]
    assert step["referral"]["answer"]["reference"] == "酒民〔2026〕9号"


def test_a_higher_level_may_refuse(
    citizen: Actor, approver: Actor, mine: DraftOf, at_department: str
) -> None:
    approver.call(
        "refer_up", step_id=at_department, to_level="province", authority="省民政厅", days=20
    )
    reason = first_reason(citizen, mine.id)
    approver.call(
        "record_referred_answer", step_id=at_department, outcome="refuse", note="户籍不在本省",
        reference="甘民〔2026〕3号", reason_code=reason["code"],
    )  # fmt: skip
    assert row(citizen, mine.id)["decision"]["way_on"] == reason["way_on"]


def test_a_case_is_suspended_for_a_listed_reason_only(
    citizen: Actor, clerk: Actor, approver: Actor, mine: DraftOf, at_department: str
) -> None:
    today = datetime.now(UTC).date()
    stop = {
        "step_id": at_department, "reason_code": "site_visit", "text": "周三上门核实",
        "until": today + timedelta(days=7),
    }  # fmt: skip
    for wrong, code in (
        ({"reason_code": "busy"}, "suspension_reason_needed"),
        ({"reason_code": None}, "suspension_reason_needed"),
        ({"text": "忙"}, "reason_needed"),
        ({"until": today - timedelta(days=3)}, "until_invalid"),
        ({"until": today + timedelta(days=400)}, "until_invalid"),
    ):
        assert approver.refused("suspend_case", **(stop | wrong)) == code
    window = steps(citizen.connection, mine.id)[0]
    assert clerk.refused("suspend_case", **(stop | {"step_id": window})) == "windows_cannot_decide"
    assert clerk.refused("suspend_case", **stop) == "not_your_step"
    assert citizen.refused("suspend_case", **stop) == "own_case"
    approver.call("suspend_case", **stop)
    approver.call("suspend_case", **stop)
    other = stop | {"reason_code": "expert_opinion"}
    assert approver.refused("suspend_case", **other) == "case_suspended"
    shown = page(citizen, mine)["case"]
    assert shown["status"] == "suspended"
    assert shown["stand"]["reason"] == "site_visit" and shown["stand"]["text"] == "周三上门核实"
    decide = {"step_id": at_department, "decision": "approve"}
    assert approver.refused("decide_application", **decide) == "case_suspended"
    assert (
        "resume" in page(approver, mine)["acts"] and "approve" not in page(approver, mine)["acts"]
    )
    assert line_of(approver, mine) is None
    case = {"application_id": mine.id}
    assert clerk.refused("resume_case", **case) == "not_your_step"
    assert citizen.refused("resume_case", **case) == "own_case"
    approver.call("resume_case", **case)
    approver.call("resume_case", **case)
    assert line_of(approver, mine)
    approver.call("decide_application", **decide)
    assert row(citizen, mine.id)["status"] == "approved"
    assert approver.refused("resume_case", **case) == "case_closed"
    assert {"suspended", "resumed"} <= set(kinds_of_events(citizen, mine.id))


def test_a_suspended_case_can_be_withdrawn(
    citizen: Actor, approver: Actor, mine: DraftOf, at_department: str
) -> None:
    until = datetime.now(UTC).date() + timedelta(days=7)
    approver.call(
        "suspend_case", step_id=at_department, reason_code="public_notice", text="公示七个工作日",
        until=until,
    )  # fmt: skip
    citizen.call("withdraw_application", application_id=mine.id)
    assert row(citizen, mine.id)["status"] == "withdrawn"
    assert page(citizen, mine)["case"]["stand"] is None


def test_an_approver_never_handles_a_case_of_their_own(
    approver: Actor, clerk: Actor, staff: MakeStaff
) -> None:
    own = draft(approver, household_division=f"{county.YUMEN_TOWN}200")
    own.submit()
    window, decision = steps(approver.connection, own.id)
    clerk.call("forward_application", step_id=window)
    step, case = {"step_id": decision}, {"application_id": own.id}
    until = datetime.now(UTC).date() + timedelta(days=7)
    for function, arguments in (
        ("claim_case", case),
        ("hand_over_case", case | {"person_id": approver.id}),
        ("decide_application", step | {"decision": "approve"}),
        ("send_notice", case | {"items": []}),
        ("ask_second_notice", case | {"reason": "再看一次"}),
        ("refer_up", step | {"to_level": "province", "authority": "民政厅", "days": 5}),
        ("record_referred_answer", step | {"outcome": "approve", "note": "", "reference": "1"}),
        (
            "suspend_case",
            step | {"reason_code": "site_visit", "text": "上门核实情况", "until": until},
        ),
        ("resume_case", case),
        ("return_application", case | {"reason": "自己退回"}),
    ):
        assert approver.refused(function, **arguments) == "own_case", function
    acts = page(approver, own)["acts"]
    assert "approve" not in acts and "withdraw" in acts
    assert (line_of(approver, own) or {})["is_own_case"] is True
    colleague = staff("approver", "620981", "civil-affairs")
    colleague.call("decide_application", decision="approve", **step)


def test_cases_are_found_by_code_number_and_name(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor, mine: DraftOf
) -> None:
    found = row(citizen, mine.id)

    def search(who: Actor, text: str) -> set[str]:
        return {line["id"] for line in who.call("find_case", search=text, limit=50)}

    for text in (found["case_code"], found["receipt_number"], found["receipt_number"][-8:]):
        for who in (clerk, approver, actor(county.SUPERVISOR), actor(county.CLERK_OF_THE_HALL)):
            assert search(who, text) == {mine.id}
        assert search(actor(county.CLERK_OF_CHIJIN), text) == set()
        assert search(actor(county.APPROVER_OF_SIGNS), text) == set()
    for text in ("王秀英", " 王秀英\u200b", "王*英", "王"):
        for who in (clerk, approver, actor(county.ADMINISTRATOR)):
            assert mine.id in search(who, text), text
        assert mine.id not in search(actor(county.CLERK_OF_CHIJIN), text)
    assert mine.id not in search(clerk, "王秀芳") | search(clerk, "李") | search(clerk, "")
    assert search(clerk, "1234567") == search(clerk, "%") == search(clerk, "长" * 10_000) == set()
    assert citizen.refused("find_case", search="王秀英") == "not_your_desk"
