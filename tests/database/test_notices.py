"""The one-time notice, its answer, the second one, questions to the case, and materials owed after
an approval: what each does, and each refusal."""

from typing import Any
from uuid import uuid4

import county
import pytest
from case_rows import kinds_of_events, row
from county import Actor, DraftOf, MakeActor, draft, one, steps
from desk_cases import page

ID_CARD = {"material": "id-card", "points": [0], "text": "正面反光看不清，请在亮处重拍一张"}
ADDRESS = {"field": "address", "text": "请写到几组几号，方便上门核对"}


@pytest.fixture
def supervisor(actor: MakeActor) -> Actor:
    return actor(county.SUPERVISOR)


def notice(clerk: Actor, case: DraftOf, *items: dict[str, Any]) -> str:
    return clerk.call("send_notice", application_id=case.id, items=list(items or [ID_CARD]))


def new_file(citizen: Actor, case: DraftOf, material: str = "id-card") -> str:
    """A file that arrives and is verified, as the server does it."""
    begun = citizen.call(
        "begin_upload", application_id=case.id, material_code=material, file_name="new.jpg",
        mime="image/jpeg", size=10, sha256=uuid4().hex * 2,
    )  # fmt: skip
    Actor(citizen.connection, None, "service_role").call(
        "accept_document", document_id=begun["document_id"], path=f"test/{uuid4()}",
        mime="image/jpeg", size=10, width=1, height=1,
    )  # fmt: skip
    return begun["document_id"]


def reply(citizen: Actor, case: DraftOf, key: str = "00000000-0000-4000-8000-000000000002") -> Any:
    return citizen.call("reply_to_notice", application_id=case.id, submission_key=key)


def test_a_notice_gives_the_ball_to_the_citizen_and_the_answer_gives_it_back(
    citizen: Actor, clerk: Actor, mine: DraftOf
) -> None:
    sent = notice(clerk, mine, ID_CARD, ADDRESS)
    assert notice(clerk, mine, ID_CARD, ADDRESS) == sent, "the same press twice is one notice"
    found = row(citizen, mine.id)
    assert (found["status"], found["holder"], found["kind"]) == (
        "waiting_for_citizen", "citizen", "supplementary",
    )  # fmt: skip
    shown = page(citizen, mine)
    assert shown["case"]["stand"]["reason"] == "notice"
    assert shown["notice"]["items"][0]["name"]["zh"] and shown["notice"]["items"][0]["points"]
    assert [i["is_answered"] for i in shown["notice"]["items"]] == [False, False]
    assert {"reply", "withdraw", "ask", "ask_return"} <= set(shown["acts"])
    assert mine.id not in {line["id"] for line in clerk.call("desk_queue", limit=100)}
    standing = clerk.call("desk_standing", limit=100)
    assert {line["stand"]["reason"] for line in standing if line["id"] == mine.id} == {"notice"}

    answer = {"application_id": mine.id, "submission_key": mine.key}
    assert citizen.refused("reply_to_notice", **answer) == "notice_unanswered"
    new_file(citizen, mine)
    citizen.call(
        "save_draft", application_id=mine.id, changes={"address": "三组 8 号"}, base_version=1
    )
    assert [i["is_answered"] for i in page(citizen, mine)["notice"]["items"]] == [True, True]
    first = reply(citizen, mine)
    assert (first["is_repeated"], first["is_late"]) == (False, False)
    assert reply(citizen, mine)["is_repeated"] is True
    found = row(citizen, mine.id)
    assert (found["status"], found["holder"]) == ("in_progress", "window")
    assert page(citizen, mine)["case"]["stand"] is None
    assert mine.id in {line["id"] for line in clerk.call("desk_queue", limit=100)}
    card = next(m for m in page(clerk, mine)["materials"] if m["code"] == "id-card")
    assert [d["is_reply"] for d in card["documents"]].count(True) == 1
    assert [d["is_reply"] for d in card["documents"]].count(False) >= 1, "the old one is kept"
    assert kinds_of_events(citizen, mine.id) == ["notice_sent", "replied", "submitted"]


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([], "notice_empty"),
        ([{"material": "village-stamp", "points": [0], "text": "要村章"}], "material_not_in_guide"),
        ([ID_CARD | {"points": [9]}], "point_not_in_guide"),
        ([ID_CARD | {"points": []}], "notice_point_needed"),
        ([ID_CARD | {"text": "不行"}], "notice_text_needed"),
        ([ID_CARD | {"text": "长" * 501}], "text_too_long"),
        ([ID_CARD, ID_CARD], "notice_item_invalid"),
        ([ID_CARD | ADDRESS], "notice_item_invalid"),
        ([{"text": "都不对，重来一遍"}], "notice_item_invalid"),
        ([{"field": "points", "text": "请写上积分"}], "field_not_in_form"),
    ],
)  # fmt: skip
def test_nothing_can_be_asked_that_the_guide_does_not_name(
    clerk: Actor, mine: DraftOf, items: list[dict[str, Any]], code: str
) -> None:
    assert clerk.refused("send_notice", application_id=mine.id, items=items) == code


def test_who_may_not_send_a_notice(
    citizen: Actor,
    clerk: Actor,
    approver: Actor,
    supervisor: Actor,
    actor: MakeActor,
    mine: DraftOf,
) -> None:
    asked = {"application_id": mine.id, "items": [ID_CARD]}
    assert citizen.refused("send_notice", **asked) == "own_case"
    assert approver.refused("send_notice", **asked) == "not_your_step"
    assert supervisor.refused("send_notice", **asked) == "not_your_step"
    assert actor(county.CLERK_OF_CHIJIN).refused("send_notice", **asked) == "case_not_found"
    assert actor(county.MA).refused("send_notice", **asked) == "case_not_found"
    citizen.call("withdraw_application", application_id=mine.id)
    assert clerk.refused("send_notice", **asked) == "case_withdrawn"


def test_only_what_the_notice_names_can_be_changed(
    citizen: Actor, clerk: Actor, mine: DraftOf
) -> None:
    old = one(
        citizen.connection,
        "select id::text from public.documents where application_id = %s"
        " and material_code = 'id-card' limit 1",
        mine.id,
    )
    upload = {"application_id": mine.id, "file_name": "a.jpg", "mime": "image/jpeg", "size": 9}
    change = {"application_id": mine.id, "base_version": 1}
    card = upload | {"material_code": "id-card", "sha256": "a" * 64}
    assert citizen.refused("begin_upload", **card) == "already_submitted"
    notice(clerk, mine, ID_CARD, ADDRESS)
    other = card | {"material_code": "bank-card"}
    assert citizen.refused("begin_upload", **other) == "material_not_in_notice"
    assert citizen.refused("remove_document", document_id=old) == "file_was_handed_in"
    assert (
        citizen.refused("save_draft", changes={"name": "王秀"}, **change) == "field_not_in_notice"
    )
    citizen.call("save_draft", changes={"address": "五组 9 号"}, **change)
    sent = new_file(citizen, mine)
    citizen.call("remove_document", document_id=sent)
    sent = new_file(citizen, mine)
    reply(citizen, mine)
    assert citizen.refused("remove_document", document_id=sent) == "already_submitted"
    assert (
        citizen.refused("save_draft", changes={"address": "六组"}, **change) == "already_submitted"
    )


def test_the_photo_that_was_wanting_is_no_answer(
    citizen: Actor, clerk: Actor, mine: DraftOf
) -> None:
    sha256 = one(
        citizen.connection,
        "select sha256 from public.documents where application_id = %s"
        " and material_code = 'id-card' limit 1",
        mine.id,
    )
    notice(clerk, mine)
    assert (
        citizen.refused(
            "begin_upload", application_id=mine.id, material_code="id-card", file_name="a.jpg",
            mime="image/jpeg", size=1000, sha256=sha256,
        )
        == "file_already_there"
    )  # fmt: skip


def test_a_mended_field_must_be_right(citizen: Actor, clerk: Actor, mine: DraftOf) -> None:
    notice(clerk, mine, {"field": "id_number", "text": "号码和证件对不上，请照着填"})
    citizen.call("save_draft", application_id=mine.id, changes={"id_number": "123"}, base_version=1)
    answer = {"application_id": mine.id, "submission_key": mine.key}
    assert citizen.refused("reply_to_notice", **answer) == "form_incomplete"


def overdue(case: DraftOf) -> None:
    case.actor.connection.execute(
        "update public.application_notices set due_at = now() - interval '1 day'"
        " where application_id = %s",
        (case.id,),
    )


def test_a_late_answer_is_still_taken_and_says_so(
    citizen: Actor, clerk: Actor, mine: DraftOf
) -> None:
    notice(clerk, mine)
    overdue(mine)
    new_file(citizen, mine)
    assert reply(citizen, mine)["is_late"] is True
    late = one(
        citizen.connection,
        "select details ->> 'is_late' from public.application_events"
        " where application_id = %s and kind = 'replied'",
        mine.id,
    )
    assert late == "true"


def test_a_case_goes_back_only_when_the_answer_is_overdue_or_its_applicant_asks(
    citizen: Actor, clerk: Actor, approver: Actor, mine: DraftOf
) -> None:
    back = {"application_id": mine.id, "reason": "一直没有补来照片"}
    assert clerk.refused("return_application", **back) == "return_not_due"
    notice(clerk, mine)
    assert clerk.refused("return_application", **back) == "return_not_due"
    overdue(mine)
    assert "return" in page(clerk, mine)["acts"]
    assert citizen.refused("return_application", **back) == "own_case"
    assert approver.refused("return_application", **back) == "not_your_step"
    assert clerk.refused("return_application", **(back | {"reason": "无"})) == "reason_needed"
    clerk.call("return_application", **back)
    clerk.call("return_application", **back)
    found = row(citizen, mine.id)
    assert (found["status"], found["kind"], found["holder"]) == ("returned", "returned", "nobody")
    assert found["decision"]["cause"] == "no_answer"
    new = {"application_id": mine.id, "submission_key": mine.key}
    assert citizen.refused("reply_to_notice", **new) == "case_closed"
    assert citizen.refused("withdraw_application", application_id=mine.id) == "already_decided"
    assert "copy" in page(citizen, mine)["acts"]
    stands = "select count(*) from public.application_stands where application_id = %s"
    assert one(citizen.connection, f"{stands} and to_at is null", mine.id) == 0

    asked = draft(citizen)
    asked.submit()
    assert clerk.refused("ask_return", application_id=asked.id) == "case_not_found"
    citizen.call("ask_return", application_id=asked.id)
    citizen.call("ask_return", application_id=asked.id)
    clerk.call("return_application", application_id=asked.id, reason="申请人要求退回")
    assert row(citizen, asked.id)["decision"]["cause"] == "asked"
    assert citizen.refused("ask_return", application_id=asked.id) == "case_closed"


def test_a_second_notice_needs_a_supervisor_and_marks_the_window(
    citizen: Actor, clerk: Actor, supervisor: Actor, mine: DraftOf
) -> None:
    again = {"application_id": mine.id, "reason": "补来的照片又发现一处"}
    assert clerk.refused("ask_second_notice", **again) == "second_notice_not_needed"
    assert supervisor.refused("allow_second_notice", **again) == "second_notice_not_needed"
    notice(clerk, mine)
    new_file(citizen, mine)
    reply(citizen, mine)
    second = {"application_id": mine.id, "items": [ADDRESS]}
    assert clerk.refused("send_notice", **second) == "second_notice_needs_supervisor"
    assert "ask_second_notice" in page(clerk, mine)["acts"]
    assert clerk.refused("ask_second_notice", **(again | {"reason": ""})) == "reason_needed"
    clerk.call("ask_second_notice", **again)
    clerk.call("ask_second_notice", **again)
    seen = supervisor.call("supervision_page")["second_notices"]
    assert [line["id"] for line in seen].count(mine.id) == 1
    assert clerk.refused("allow_second_notice", **again) == "not_your_desk"
    assert citizen.refused("allow_second_notice", **again) == "not_your_desk"
    assert "allow_second_notice" in page(supervisor, mine)["acts"]
    assert supervisor.refused("allow_second_notice", **(again | {"reason": ""})) == "reason_needed"
    supervisor.call("allow_second_notice", **again)
    supervisor.call("allow_second_notice", **again)
    overview = supervisor.call("supervision_page")
    assert mine.id not in {line["id"] for line in overview["second_notices"]}
    assert [line["id"] for line in overview["marks"]].count(mine.id) == 1
    assert "send_notice" in page(clerk, mine)["acts"]
    clerk.call("send_notice", **second)
    citizen.call(
        "save_draft", application_id=mine.id, changes={"address": "三组 8 号"}, base_version=1
    )
    reply(citizen, mine)
    third = {"application_id": mine.id, "items": [ID_CARD]}
    assert clerk.refused("send_notice", **third) == "second_notice_needs_supervisor"


def test_nothing_happens_while_the_citizen_holds_the_ball(
    citizen: Actor, clerk: Actor, mine: DraftOf
) -> None:
    step = steps(citizen.connection, mine.id)[0]
    notice(clerk, mine)
    assert clerk.refused("forward_application", step_id=step) == "case_waits_for_citizen"
    other = {"application_id": mine.id, "items": [ADDRESS]}
    assert clerk.refused("send_notice", **other) == "case_waits_for_citizen"
    citizen.call("withdraw_application", application_id=mine.id)
    answer = {"application_id": mine.id, "submission_key": mine.key}
    assert citizen.refused("reply_to_notice", **answer) == "case_withdrawn"


def test_an_answer_to_nothing(citizen: Actor, clerk: Actor, mine: DraftOf) -> None:
    answer = {"application_id": mine.id, "submission_key": mine.key}
    assert citizen.refused("reply_to_notice", **answer) == "no_open_notice"
    assert clerk.refused("reply_to_notice", **answer) == "case_not_found"


def test_questions_are_asked_and_answered_in_the_case(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor, mine: DraftOf
) -> None:
    ask = {"application_id": mine.id}
    question = citizen.call("ask_case", text="  几时能好？\u202e ", **ask)
    assert citizen.call("ask_case", text="几时能好？", **ask) == question
    assert citizen.refused("ask_case", text="长" * 501, **ask) == "text_too_long"
    assert citizen.refused("ask_case", text=" \u200b ", **ask) == "question_needed"
    assert clerk.refused("ask_case", text="几时能好？", **ask) == "case_not_found"
    for number in range(9):
        citizen.call("ask_case", text=f"问题 {number}", **ask)
    assert citizen.refused("ask_case", text="第十一个", **ask) == "too_many_questions"
    line = next(q for q in clerk.call("desk_queue", limit=100) if q["id"] == mine.id)
    assert line["question_waits"] is True
    assert page(citizen, mine)["case"]["questions_open"] == 10
    assert "answer_question" in page(clerk, mine)["acts"]
    assert row(citizen, mine.id)["next_due_at"], "a question does not stop the clock"

    answer = {"question_id": question, "answer": "三天之内"}
    assert citizen.refused("answer_question", **answer) == "own_case"
    assert approver.refused("answer_question", **answer) == "not_your_step"
    assert actor(county.CLERK_OF_CHIJIN).refused("answer_question", **answer) == "case_not_found"
    assert clerk.refused("answer_question", question_id=question, answer="") == "answer_needed"
    clerk.call("answer_question", **answer)
    clerk.call("answer_question", **answer)
    hall = actor(county.CLERK_OF_THE_HALL)
    other = answer | {"answer": "明天"}
    assert hall.refused("answer_question", **other) == "question_already_answered"
    shown = {q["id"]: q for q in page(citizen, mine)["questions"]}
    assert (
        shown[str(question)]["answer"] == "三天之内" and "李雪" in shown[str(question)]["by"]["zh"]
    )
    citizen.call("withdraw_application", application_id=mine.id)
    assert citizen.refused("ask_case", text="还能办吗", **ask) == "case_withdrawn"


@pytest.fixture
def owing(citizen: Actor, clerk: Actor, approver: Actor, mine: DraftOf) -> str:
    """An approved case that still owes its bank card."""
    window, decision = steps(citizen.connection, mine.id)
    clerk.call("forward_application", step_id=window)
    until = one(citizen.connection, "select (current_date + 30)::text")
    decide = {"step_id": decision, "decision": "approve"}
    for owed, code in (
        ([{"material": "village-stamp", "until": until}], "material_not_in_guide"),
        ([{"material": "bank-card", "until": "2001-01-01"}], "until_invalid"),
        ([{"material": "bank-card"}], "until_invalid"),
        ({"material": "bank-card"}, "owed_invalid"),
    ):
        assert approver.refused("decide_application", owed=owed, **decide) == code
    approver.call("decide_application", owed=[{"material": "bank-card", "until": until}], **decide)
    assert row(citizen, mine.id)["status"] == "approved"
    return page(citizen, mine)["owed"][0]["id"]


def test_materials_may_come_after_the_approval(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor, mine: DraftOf, owing: str
) -> None:
    assert page(citizen, mine)["case"]["owed_open"] == 1
    assert "hand_in_owed" in page(citizen, mine)["acts"]
    assert citizen.refused("hand_in_owed", owed_id=owing) == "owed_file_missing"
    assert clerk.refused("hand_in_owed", owed_id=owing) == "case_not_found"
    take = {"owed_id": owing, "is_accepted": True}
    assert clerk.refused("confirm_owed", **take) == "owed_not_handed_in"
    new_file(citizen, mine, "bank-card")
    citizen.call("hand_in_owed", owed_id=owing)
    citizen.call("hand_in_owed", owed_id=owing)
    assert owing in {line["owed_id"] for line in clerk.call("desk_owed", limit=100)}
    assert "confirm_owed" in page(clerk, mine)["acts"]
    assert citizen.refused("confirm_owed", **take) == "own_case"
    assert approver.refused("confirm_owed", **take) == "not_your_step"
    assert actor(county.CLERK_OF_CHIJIN).refused("confirm_owed", **take) == "case_not_found"
    no = {"owed_id": owing, "is_accepted": False}
    assert clerk.refused("confirm_owed", **no) == "notice_text_needed"
    clerk.call("confirm_owed", text="卡号有一位看不清", **no)
    assert page(citizen, mine)["owed"][0]["text"] == "卡号有一位看不清"
    assert citizen.refused("hand_in_owed", owed_id=owing) == "owed_file_missing"


def test_an_owed_material_is_confirmed_once(
    citizen: Actor, clerk: Actor, mine: DraftOf, owing: str
) -> None:
    new_file(citizen, mine, "bank-card")
    citizen.call("hand_in_owed", owed_id=owing)
    clerk.call("confirm_owed", owed_id=owing, is_accepted=True)
    clerk.call("confirm_owed", owed_id=owing, is_accepted=True)
    shown = page(citizen, mine)
    assert shown["owed"][0]["status"] == "confirmed" and "李雪" in shown["owed"][0]["by"]["zh"]
    upload = {"application_id": mine.id, "material_code": "bank-card", "file_name": "a.jpg"}
    photo = {"mime": "image/jpeg", "size": 9, "sha256": "b" * 64}
    assert citizen.refused("begin_upload", **upload, **photo) == "already_submitted"
