"""What a desk does, act by act: with what was typed, refused, and when somebody else was faster."""

from datetime import timedelta
from uuid import uuid4

import county
from at_desk import Sit
from county import MakeCase, Person, SignIn, jpeg, upload

from app.pages.desk_state import Desk
from app.pages.supervision import Supervision
from app.text import dates
from backend import applications, case_acts, documents
from backend.config import Settings

CARD = {"ask id-card": True, "point id-card 0": True, "mend id-card": "反光看不清，请重新拍"}
ADDRESS = {"field address": True, "change address": "请写到几组几号"}


def until(days: int) -> str:
    return (dates.today() + timedelta(days=days)).isoformat()


async def with_approver(demo: SignIn, case: str) -> Person:
    """The window forwards; returns the approver."""
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    page = await applications.page(clerk.db, case)
    await applications.forward(clerk.db, page["my_step_id"])
    return await demo(county.APPROVER_OF_CIVIL_AFFAIRS)


async def test_the_first_clerk_claims_and_the_other_is_told_who(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    first = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    second = at_desk(await demo(county.CLERK_OF_THE_HALL))
    await first.open(case)
    await second.open(case)
    assert "claim" in first.state.case.acts and first.state.case.claim == "还没有人接"
    await first.press("claim")
    assert first.state.case.claim == "您在办" and "归您办" in first.state.said
    await second.press("forward", note="材料齐全")
    assert "李雪" in second.state.said and second.state.said_tone == "amber"
    assert second.state.case.acts == [] and "李雪" in second.state.case.claim
    # Nothing was settled: the browser keeps what was typed.
    assert second.state.settled == ""
    mine = await first.open(view="mine")
    assert case in [row.id for row in mine.rows]
    assert mine.rows[0].marks[0].text == "我在办"


async def test_forwarding_goes_on_to_the_next_case(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    await clerk.open(case)
    answer = await clerk.press("forward", note="材料齐全")
    assert answer and clerk.state.settled == f"{case}/forward"
    await clerk.open()
    assert "已转民政局" in clerk.state.said
    assert case not in [row.id for row in clerk.state.rows]


async def test_a_press_for_a_step_that_is_over_does_nothing(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    await clerk.open(case)
    turn = clerk.state.turn
    answer = await clerk.handle(clerk.state, "press", "forward", case, str(uuid4()), {})
    assert answer is None and clerk.state.turn == turn + 1
    assert "还没有轮到" in clerk.state.said
    other = await clerk.handle(clerk.state, "press", "forward", str(uuid4()), "", {})
    assert other is None
    assert (await applications.page((await demo(county.CLERK_OF_YUMEN_TOWN)).db, case))["case"][
        "status"
    ] == "in_progress"


async def test_a_state_that_was_lost_reads_the_case_again(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    await clerk.open(case)
    step = clerk.state.case.act.step_id
    fresh = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    lost = fresh.tab.at(Desk, f"/desk/?id={case}")
    await fresh.handle(lost, "press", "forward", case, step, {"note": "齐全"})
    assert lost.settled == f"{case}/forward"


async def test_a_notice_is_previewed_sent_once_and_answered(
    at_desk: Sit, settings: Settings, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    desk = await clerk.open(case)
    assert {ask.code for ask in desk.case.asks} >= {"id-card", "bank-card"}
    assert "address" in [option.value for option in desk.case.ask_fields]
    await clerk.handle(desk, "preview_notice", case, {})
    assert "notice" in desk.errors and not desk.preview
    await clerk.handle(desk, "preview_notice", case, {"ask id-card": True})
    assert set(desk.errors) == {"points-id-card", "mend-id-card"}
    await clerk.handle(desk, "preview_notice", case, CARD | ADDRESS)
    assert desk.errors == {}
    assert [line.text for line in desk.preview] == ["反光看不清，请重新拍", "请写到几组几号"]
    await clerk.handle(desk, "change_notice")
    assert desk.preview == []
    await clerk.handle(desk, "send_notice", case)
    assert "send_notice" in desk.case.acts
    await clerk.handle(desk, "preview_notice", case, CARD | ADDRESS)
    await clerk.handle(desk, "send_notice", case)
    assert desk.settled == f"{case}/send_notice" and "告知已发出" in desk.said
    assert "等申请人补正" in desk.case.stand
    assert [line.is_answered for line in desk.case.notices[0].lines] == [False, False]
    standing = await clerk.open(view="standing")
    assert case in [row.id for row in standing.rows]

    shown = await applications.page(citizen.db, case)
    await applications.save_draft(
        citizen.db, case, {"address": "三组 8 号"}, base_version=shown["form_version"]
    )
    await upload(settings, citizen, case, "id-card", jpeg((9, 2, 3)))
    await case_acts.reply(citizen.db, case, submission_key=str(uuid4()))
    desk = await clerk.open(case)
    card = next(m for m in desk.case.materials if m.code == "id-card")
    assert "补来 1 个" in card.reply
    changed = [a.name for s in desk.case.sections for a in s.answers if a.is_changed]
    assert changed == ["address"]
    assert desk.case.stand == "" and "send_notice" not in desk.case.acts

    # The second one goes through the supervisor.
    await clerk.press("ask_second_notice", reason="短")
    assert "ask_second_notice-reason" in desk.errors
    await clerk.press("ask_second_notice", reason="照片又发现一处看不清")
    assert "已报负责人" in desk.said and desk.case.notes
    supervisor = await demo(county.SUPERVISOR)
    tab = at_desk(supervisor)
    overview = tab.tab.at(Supervision, "/supervision/")
    await tab.handle(overview, "load")
    assert case in [item.id for item in overview.requests]
    await tab.handle(overview, "allow", case, {"reason": ""})
    assert case in overview.errors
    await tab.handle(overview, "allow", case, {"reason": "确有必要，记录窗口"})
    assert case not in [item.id for item in overview.requests]
    assert case in overview.marks[0].link and overview.said
    desk = await clerk.open(case)
    assert "send_notice" in desk.case.acts


async def test_a_department_refuses_with_reason_law_and_way_on(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    approver = at_desk(await with_approver(demo, case))
    desk = await approver.open(case)
    await approver.press("refuse", reason="短")
    assert set(desk.errors) == {"refuse-reason_code", "refuse-reason"}
    code = desk.case.reasons[0].code
    await approver.press("refuse", reason_code=code, reason="户籍已经迁出玉门市")
    assert desk.settled == f"{case}/refuse"
    decision = (await applications.page(citizen.db, case))["decision"]
    assert decision["reason_code"] == code and decision["way_on"]


async def test_an_approval_may_wait_for_materials(
    at_desk: Sit, settings: Settings, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    approver = at_desk(await with_approver(demo, case))
    desk = await approver.open(case)
    owed = {"owed bank-card": True, "until bank-card": ""}
    await approver.press("approve", **owed)
    assert "approve-until-bank-card" in desk.errors
    await approver.press("approve", **(owed | {"until bank-card": "2020-01-01"}))
    assert "approve-until" in desk.errors
    await approver.press("approve", note="同意", **(owed | {"until bank-card": until(20)}))
    assert desk.settled == f"{case}/approve"
    page = await applications.page(citizen.db, case)
    assert page["case"]["status"] == "approved" and len(page["owed"]) == 1
    owed_id = page["owed"][0]["id"]

    await upload(settings, citizen, case, "bank-card", jpeg((5, 6, 7)))
    await case_acts.hand_in_owed(citizen.db, owed_id)
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    listed = await clerk.open(view="owed")
    assert case in [row.id for row in listed.rows]
    desk = await clerk.open(case, "owed")
    assert desk.case.owed[0].may_confirm
    await clerk.handle(desk, "send_back_owed", owed_id, {"text": "糊"})
    assert f"owed-{owed_id}-text" in desk.errors
    await clerk.handle(desk, "send_back_owed", owed_id, {"text": "照片糊了，请重拍"})
    assert desk.settled == f"{case}/owed-{owed_id}" and not desk.case.owed[0].may_confirm
    page = await applications.page(citizen.db, case)
    card = next(m for m in page["materials"] if m["code"] == "bank-card")
    wrong = next(d for d in card["documents"] if d["is_reply"])
    await documents.remove(citizen.db, wrong["id"])
    await upload(settings, citizen, case, "bank-card", jpeg((5, 6, 9)))
    await case_acts.hand_in_owed(citizen.db, owed_id)
    desk = await clerk.open(case, "owed")
    await clerk.handle(desk, "confirm_owed", owed_id)
    assert desk.case.owed[0].tone == "done"


async def test_a_step_goes_up_and_its_answer_is_recorded(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    approver = at_desk(await with_approver(demo, case))
    desk = await approver.open(case)
    await approver.press("refer_up", level="", authority="", days="x")
    assert set(desk.errors) == {"refer_up-level", "refer_up-authority", "refer_up-days"}
    await approver.press("refer_up", level="prefecture", authority="酒泉市民政局", days="99")
    assert set(desk.errors) == {"refer_up-days"}
    await approver.press("refer_up", level="prefecture", authority="酒泉市民政局", days="9")
    assert "record_answer" in desk.case.acts and "refer_up" not in desk.case.acts
    assert any("酒泉市民政局" in step.referral for step in desk.case.steps)
    await approver.press("record_answer", outcome="approve", reference="")
    assert set(desk.errors) == {"record_answer-reference"}
    await approver.press("record_answer", outcome="approve", reference="酒民函〔2026〕3号")
    assert (await applications.page(citizen.db, case))["case"]["status"] == "approved"


async def test_a_clock_is_suspended_for_a_listed_reason_and_goes_on(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    case = await cases(await sign_in())
    approver = at_desk(await with_approver(demo, case))
    desk = await approver.open(case)
    await approver.press("suspend")
    assert set(desk.errors) == {"suspend-reason_code", "suspend-reason", "suspend-until"}
    typed = {"reason_code": "site_visit", "reason": "下周二上门看一看", "until": until(400)}
    await approver.press("suspend", **typed)
    assert set(desk.errors) == {"suspend-until"}
    await approver.press("suspend", **(typed | {"until": until(9)}))
    desk = await approver.open(case, "standing")
    assert "现场勘察" in desk.case.stand and "下周二" in desk.case.stand
    assert "resume" in desk.case.acts and "approve" not in desk.case.acts
    await approver.press("resume")
    assert desk.case.stand == "" and "approve" in desk.case.acts


async def test_a_case_goes_back_when_its_applicant_asked(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    await clerk.open(case)
    await case_acts.send_notice(
        (await demo(county.CLERK_OF_YUMEN_TOWN)).db,
        case,
        [{"material": "id-card", "points": [0], "text": "请重新拍照"}],
    )
    await case_acts.ask_return(citizen.db, case)
    desk = await clerk.open(case)
    assert "return" in desk.case.acts and any("退回" in note for note in desk.case.notes)
    await clerk.press("return", reason="")
    assert "return-reason" in desk.errors
    await clerk.press("return", reason="按您的要求退回")
    desk = await clerk.open(case)
    assert desk.case.decision_title == "退回" and desk.case.acts == []


async def test_a_question_is_answered_once(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    question = await case_acts.ask(citizen.db, case, "钱什么时候到账？")
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    row = next(row for row in (await clerk.open()).rows if row.id == case)
    assert "有人提问" in [mark.text for mark in row.marks]
    desk = await clerk.open(case)
    other = at_desk(await demo(county.CLERK_OF_THE_HALL))
    await other.open(case)
    await clerk.handle(desk, "answer", question, {"answer": " "})
    assert f"answer-{question}-answer" in desk.errors
    await clerk.handle(desk, "answer", question, {"answer": "审批以后下个月 10 日前到账。"})
    assert desk.case.questions[0].answer.startswith("审批以后")
    await other.handle(other.state, "answer", question, {"answer": "别的答复"})
    assert "李雪" in other.state.said and other.state.settled == ""


async def test_cases_are_found_by_code_number_and_name(
    at_desk: Sit, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    page = await applications.page(citizen.db, case)
    clerk = at_desk(await demo(county.CLERK_OF_YUMEN_TOWN))
    for text in (page["case_code"], page["case"]["receipt_number"], "王秀英"):
        await clerk.open()
        await clerk.handle(clerk.state, "find", {"q": text})
        desk = await clerk.open(view="found")
        assert case in [row.id for row in desk.rows], text
    await clerk.handle(clerk.state, "find", {"q": "没有这个人"})
    assert (await clerk.open(view="found")).rows == []
