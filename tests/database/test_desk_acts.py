"""What desks do with a case: claim and hand over, stand in for each other, refer up, suspend, and
decide part by part; each act once, and each refusal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import county
import psycopg
import pytest
from case_rows import first_reason, kinds_of_events, published, row
from county import Actor, DraftOf, MakeActor, draft, one, steps
from psycopg.types.json import Jsonb

MakeStaff = Callable[..., Actor]


@pytest.fixture
def staff(undone: psycopg.Connection) -> MakeStaff:
    """Somebody new with a role."""

    def make(role: str, division: str, department: str | None = None, name: str = "赵新") -> Actor:
        person = one(
            undone,
            "insert into auth.users (id, phone) values (gen_random_uuid(), %s) returning id",
            f"86139{uuid4().int % 10**8:08d}",
        )
        undone.execute(
            "update private.identities set name = %s where person_id = %s", (name, person)
        )
        undone.execute(
            "insert into public.staff_roles (person_id, role, department_id, division_code)"
            " values (%s, %s, (select id from public.departments where code = %s), %s)",
            (person, role, department, division),
        )
        return Actor(undone, str(person))

    return make


@pytest.fixture
def mine(citizen: Actor) -> DraftOf:
    made = draft(citizen)
    made.submit()
    return made


@pytest.fixture
def at_department(mine: DraftOf, clerk: Actor) -> str:
    """The step of a case that waits for the Civil Affairs Bureau."""
    window, step = steps(clerk.connection, mine.id)
    clerk.call("forward_application", step_id=window)
    return step


def page(who: Actor, case: DraftOf) -> dict[str, Any]:
    return who.call("application_page", application_id=case.id)


def claim(who: Actor, case: DraftOf) -> None:
    who.call("claim_case", application_id=case.id)


def line_of(who: Actor, case: DraftOf, **which: Any) -> dict[str, Any] | None:
    lines = who.call("desk_queue", limit=100, **which)
    return next((line for line in lines if line["id"] == case.id), None)


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
    stands_in.call("end_absence", absence_id=entry)
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
    assert hall.refused("set_absence", **absence(hall, of=clerk.id)) == "not_your_desk"
    assert clerk.refused("absences_page", person_id=hall.id) == "not_your_desk"
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


def test_free_text_is_cleaned_by_one_rule(citizen: Actor) -> None:
    def clean(text: str, has_lines: bool = False) -> str:
        return one(citizen.connection, "select private.clean_text(%s, 20, %s)", text, has_lines)

    assert clean(" 王\u202e秀\u200b英\ufeff\x07 ") == "王秀英"
    assert clean("一\r\n二\t三") == "一 二 三"
    assert clean("一\r\n二\t三\x00"[:-1], has_lines=True) == "一\n二\t三"
    assert clean("\u3000 \u2066\u2069 ") == ""
    assert clean("=1+1 سلام 👵") == "=1+1 سلام 👵"
    with pytest.raises(psycopg.Error, match="text_too_long"), citizen.connection.transaction():
        clean("长" * 21)


def test_a_form_takes_no_invisible_characters(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False, name="王\u202e秀\u200d英", address="三组\n8 号")
    assert row(citizen, mine.id)["form"]["name"] == "王秀英"
    assert row(citizen, mine.id)["form"]["address"] == "三组 8 号"
    save = {"application_id": mine.id, "base_version": 1}
    assert citizen.refused("save_draft", changes={"name": "长" * 10_000}, **save) == "text_too_long"
    nested = Jsonb([{"a\u200b": "b\u2067c", "d": [1, None, "\x01"]}])
    cleaned = one(citizen.connection, "select private.clean_json(%s, 10)", nested)
    assert cleaned == [{"a": "bc", "d": [1, None, ""]}]
    profile = {"id_number": None, "division_code": None}
    assert citizen.refused("save_my_profile", name="长" * 10_000, **profile) == "name_invalid"
