"""Notices, questions, referrals and hand-overs through the real client, as phones and desks do."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import county
import pytest
from county import MakeCase, Person, SignIn, jpeg, upload

from backend import applications, case_acts, desks
from backend.config import Settings
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError

CARD: case_acts.NoticeItem = {"material": "id-card", "points": [0], "text": "反光看不清，请重新拍"}
ADDRESS: case_acts.NoticeItem = {"field": "address", "text": "请写到几组几号"}


async def refusal(work: Any) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await work
    return caught.value


async def page(who: Person, case: str) -> dict[str, Any]:
    return await applications.page(who.db, case)


async def step_of(who: Person, case: str) -> str:
    return (await page(who, case))["my_step_id"]


async def test_a_notice_is_answered_in_place(
    settings: Settings, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    await case_acts.claim(clerk.db, case)
    await case_acts.send_notice(clerk.db, case, [CARD, ADDRESS])
    assert case in {line["id"] for line in await desks.standing(clerk.db, limit=100)}
    key = str(uuid4())
    error = await refusal(case_acts.reply(citizen.db, case, submission_key=key))
    assert isinstance(error, case_acts.NoticeUnanswered)
    assert set(error.items) == {"id-card", "address"} == set(json.loads(error.detail))
    shown = await page(citizen, case)
    await applications.save_draft(
        citizen.db, case, {"address": "三组 8 号"}, base_version=shown["form_version"]
    )
    await upload(settings, citizen, case, "id-card", jpeg((1, 2, 3)))
    answer = await case_acts.reply(citizen.db, case, submission_key=key)
    assert (answer.is_repeated, answer.is_late) == (False, False)
    assert (await case_acts.reply(citizen.db, case, submission_key=key)).is_repeated
    assert case in {
        line["id"] for line in await applications.queue(clerk.db, limit=100, only_mine=True)
    }
    second = await refusal(case_acts.send_notice(clerk.db, case, [ADDRESS]))
    assert isinstance(second, NotAllowed) and second.code == "second_notice_needs_supervisor"
    await case_acts.ask_second_notice(clerk.db, case, reason="照片又发现一处")
    supervisor = await demo(county.SUPERVISOR)
    await case_acts.allow_second_notice(supervisor.db, case, reason="确有必要再问一次")
    marks = (await applications.supervision(supervisor.db))["marks"]
    assert case in {mark["id"] for mark in marks}
    await case_acts.send_notice(clerk.db, case, [ADDRESS])
    await applications.withdraw(citizen.db, case)


async def test_what_the_guide_does_not_name_is_refused(
    sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    clerk, case = await demo(county.CLERK_OF_YUMEN_TOWN), await cases(await sign_in())
    made_up: case_acts.NoticeItem = {"material": "village-stamp", "text": "请村上盖章"}
    error = await refusal(case_acts.send_notice(clerk.db, case, [made_up]))
    assert isinstance(error, Invalid)
    assert (error.code, error.detail) == ("material_not_in_guide", "village-stamp")


async def test_questions_and_a_return(sign_in: SignIn, demo: SignIn, cases: MakeCase) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    question = await case_acts.ask(citizen.db, case, "几时能好？")
    await case_acts.answer(clerk.db, question, "三天之内")
    late = await refusal(
        case_acts.answer((await demo(county.CLERK_OF_THE_HALL)).db, question, "明天")
    )
    assert isinstance(late, Conflict) and "李雪" in late.detail
    assert (await page(citizen, case))["questions"][0]["answer"] == "三天之内"
    early = await refusal(case_acts.send_back(clerk.db, case, reason="无人补正材料"))
    assert early.code == "return_not_due"
    await case_acts.ask_return(citizen.db, case)
    await case_acts.send_back(clerk.db, case, reason="申请人要求退回")
    assert (await page(citizen, case))["decision"]["cause"] == "asked"


async def test_a_department_refers_suspends_and_takes_what_is_owed(
    settings: Settings, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    approver = await demo(county.APPROVER_OF_CIVIL_AFFAIRS)
    case, other = await cases(citizen), await cases(citizen)
    for each in (case, other):
        await applications.forward(clerk.db, await step_of(clerk, each))
    step = await step_of(approver, case)
    soon = date.today() + timedelta(days=9)
    await case_acts.suspend(
        approver.db, step, reason_code="site_visit", text="周三上门核实情况", until=soon
    )
    assert (await page(citizen, case))["case"]["stand"]["reason"] == "site_visit"
    await case_acts.resume(approver.db, case)
    await case_acts.refer_up(
        approver.db, step, level="prefecture", authority="酒泉市民政局", days=10
    )
    await case_acts.record_referred_answer(
        approver.db, step, outcome="approve", reference="酒民〔2026〕9号", note="同意"
    )
    assert (await page(citizen, case))["case"]["status"] == "approved"

    owed = [{"material": "bank-card", "until": soon.isoformat()}]
    await applications.approve(approver.db, await step_of(approver, other), owed=owed)
    entry = (await page(citizen, other))["owed"][0]["id"]
    missing = await refusal(case_acts.hand_in_owed(citizen.db, entry))
    assert missing.code == "owed_file_missing"
    await upload(settings, citizen, other, "bank-card", jpeg((9, 8, 7)))
    await case_acts.hand_in_owed(citizen.db, entry)
    assert entry in {line["owed_id"] for line in (await desks.page(clerk.db, view="owed"))["rows"]}
    await case_acts.confirm_owed(clerk.db, entry, is_accepted=True)
    assert (await page(citizen, other))["owed"][0]["status"] == "confirmed"


async def test_desks_find_hand_over_and_stand_in(
    sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    hall, elsewhere = await demo(county.CLERK_OF_THE_HALL), await demo(county.CLERK_OF_CHIJIN)
    case = await cases(citizen)
    code = (await page(citizen, case))["case_code"]
    assert [line["id"] for line in await desks.find(clerk.db, code)] == [case]
    assert await desks.find(elsewhere.db, code) == []
    assert isinstance(await refusal(desks.find(citizen.db, code)), NotAllowed)
    await case_acts.claim(clerk.db, case)
    claimed = await refusal(case_acts.claim(hall.db, case))
    assert claimed.code == "case_claimed" and "李雪" in claimed.detail
    assert isinstance(await refusal(case_acts.claim(elsewhere.db, case)), NotFound)
    now = datetime.now(UTC)
    entry = await desks.set_absence(
        clerk.db,
        substitute_id=hall.id,
        from_at=now - timedelta(hours=1),
        to_at=now + timedelta(hours=8),
        reason="sick",
    )
    try:
        assert entry in {a["id"] for a in (await desks.absences(hall.db))["standing_in"]}
        assert "forward" in (await page(hall, case))["acts"]
    finally:
        await desks.end_absence(clerk.db, entry)
    assert "forward" not in (await page(hall, case))["acts"]
    await case_acts.hand_over(clerk.db, case, hall.id)
    await applications.forward(hall.db, await step_of(hall, case))
