"""One case from draft to decision, by the commands: what each does, and each refusal once."""

from typing import Any

import county
import psycopg
import pytest
from case_rows import first_reason, kinds_of_events, row
from county import Actor, MakeActor, draft, one, steps

NOWHERE = "00000000-0000-4000-8000-00000000dead"


def test_from_draft_to_approval(citizen: Actor, clerk: Actor, approver: Actor) -> None:
    mine = draft(citizen)
    assert row(citizen, mine.id)["status"] == "draft"
    receipt = mine.submit()
    assert receipt["application_id"] == mine.id
    assert receipt["is_repeated"] is False
    submitted = row(citizen, mine.id)
    assert submitted["status"] == "in_progress"
    assert submitted["holder"] == "window"
    assert submitted["window_code"] == county.YUMEN_TOWN
    assert submitted["promised_at"] == receipt["promised_at"]
    window_step, department_step, *_ = steps(citizen.connection, mine.id)
    clerk.call("forward_application", step_id=window_step, note=" 材料齐全 ")
    forwarded = row(citizen, mine.id)
    assert forwarded["holder"] == "department"
    for step in steps(citizen.connection, mine.id)[1:]:
        approver.call("decide_application", step_id=step, decision="approve", reason="符合条件")
    decided = row(citizen, mine.id)
    assert decided["status"] == "approved"
    assert decided["holder"] == "nobody"
    assert decided["decision"] == {"outcome": "approved"}
    assert decided["decided_at"] and decided["next_due_at"] is None
    assert department_step != window_step
    done = citizen.connection.execute(
        "select status, done_by::text, note from public.application_steps"
        " where application_id = %s order by position",
        (mine.id,),
    ).fetchall()
    assert done[0] == ("done", clerk.id, "材料齐全")
    assert {d[:2] for d in done[1:]} == {("done", approver.id)}
    assert kinds_of_events(citizen, mine.id)[-1] == "submitted"


def test_a_refusal_carries_law_and_way_on(citizen: Actor, clerk: Actor, approver: Actor) -> None:
    mine = draft(citizen)
    mine.submit()
    window_step, department_step, *later = steps(citizen.connection, mine.id)
    clerk.call("forward_application", step_id=window_step)
    reason = first_reason(citizen, mine.id)
    approver.call(
        "decide_application", step_id=department_step, decision="refuse",
        reason_code=reason["code"], reason="  户籍已经迁出玉门市  ",
    )  # fmt: skip
    decision = row(citizen, mine.id)["decision"]
    assert decision["outcome"] == "refused"
    assert decision["reason"] == "户籍已经迁出玉门市"
    assert decision["legal_basis"] == reason["legal_basis"]
    assert decision["way_on"] == reason["way_on"]
    assert row(citizen, mine.id)["status"] == "refused"
    statuses = citizen.connection.execute(
        "select status from public.application_steps where application_id = %s"
        " order by position offset 2",
        (mine.id,),
    ).fetchall()
    assert statuses == [("skipped",)] * len(later)
    assert citizen.refused("withdraw_application", application_id=mine.id) == "already_decided"
    assert (
        approver.refused("decide_application", step_id=department_step, decision="approve")
        == "step_already_done"
    )


def test_withdrawing_ends_everything_once(citizen: Actor, clerk: Actor) -> None:
    mine = draft(citizen)
    assert citizen.refused("withdraw_application", application_id=mine.id) == "case_not_found"
    mine.submit()
    citizen.call("withdraw_application", application_id=mine.id)
    citizen.call("withdraw_application", application_id=mine.id)
    assert row(citizen, mine.id)["status"] == "withdrawn"
    assert kinds_of_events(citizen, mine.id) == ["submitted", "withdrawn"]
    step = steps(citizen.connection, mine.id)[0]
    assert clerk.refused("forward_application", step_id=step) == "case_withdrawn"


def test_a_new_draft_can_follow_a_submitted_case(citizen: Actor) -> None:
    first = draft(citizen)
    first.submit()
    assert citizen.call("start_application", service_code=county.ALLOWANCE) != first.id


def test_who_may_not_touch_a_step(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor
) -> None:
    mine = draft(citizen)
    mine.submit()
    window_step, department_step, *_ = steps(citizen.connection, mine.id)
    decide = {"step_id": department_step, "decision": "approve"}
    assert clerk.refused("forward_application", step_id=NOWHERE) == "case_not_found"
    stranger = actor(county.MA)
    assert stranger.refused("forward_application", step_id=window_step) == "case_not_found"
    assert citizen.refused("forward_application", step_id=window_step) == "own_case"
    elsewhere = actor(county.CLERK_OF_CHIJIN)
    assert elsewhere.refused("forward_application", step_id=window_step) == "case_not_found"
    supervisor = actor(county.SUPERVISOR)
    assert supervisor.refused("forward_application", step_id=window_step) == "not_your_step"
    assert approver.refused("forward_application", step_id=window_step) == "not_your_step"
    assert clerk.refused("forward_application", step_id=department_step) == "not_your_step"
    assert clerk.refused("decide_application", **decide) == "not_your_step"
    assert approver.refused("decide_application", **decide) == "step_not_current"
    assert (
        clerk.refused("decide_application", step_id=window_step, decision="refuse")
        == "windows_cannot_decide"
    )


def test_a_refusal_needs_its_reason(citizen: Actor, clerk: Actor, approver: Actor) -> None:
    mine = draft(citizen)
    mine.submit()
    window_step, department_step, *_ = steps(citizen.connection, mine.id)
    clerk.call("forward_application", step_id=window_step)
    code = first_reason(citizen, mine.id)["code"]
    refuse = {"step_id": department_step, "decision": "refuse"}
    full = {"reason_code": code, "reason": "户籍已经迁出"}
    for missing, expected in (
        ({"reason_code": None}, "reason_code_needed"),
        ({"reason_code": "made_up"}, "reason_code_needed"),
        ({"reason": "不行"}, "reason_needed"),
        ({"reason": "     "}, "reason_needed"),
        ({"reason": None}, "reason_needed"),
        ({"reason": "长" * 1001}, "reason_needed"),
        ({"decision": "postpone"}, "decision_invalid"),
    ):
        arguments = refuse | full | missing
        assert approver.refused("decide_application", **arguments) == expected, missing
    approver.call("decide_application", **refuse, **full)


def test_staff_never_handle_their_own_case(clerk: Actor, actor: MakeActor) -> None:
    mine = draft(clerk, household_division=f"{county.YUMEN_TOWN}200")
    mine.submit()
    step = steps(clerk.connection, mine.id)[0]
    assert clerk.refused("forward_application", step_id=step) == "own_case"
    actor(county.CLERK_OF_THE_HALL).call("forward_application", step_id=step)
    assert row(clerk, mine.id)["holder"] == "department"


def test_a_step_ends_once_and_says_who_ended_it(
    citizen: Actor, clerk: Actor, actor: MakeActor
) -> None:
    mine = draft(citizen)
    mine.submit()
    step = steps(citizen.connection, mine.id)[0]
    clerk.call("forward_application", step_id=step)
    hall = actor(county.CLERK_OF_THE_HALL)
    with pytest.raises(psycopg.Error) as caught, citizen.connection.transaction():
        hall.call("forward_application", step_id=step)
    assert caught.value.diag.message_primary == "step_already_done"
    assert "李雪" in (caught.value.diag.message_detail or "")
    assert clerk.refused("forward_application", step_id=step) == "step_already_done"


def test_the_window_follows_the_form_then_the_home(citizen: Actor, actor: MakeActor) -> None:
    elsewhere = draft(citizen, household_division=f"{county.XIAOJINWAN}200")
    elsewhere.submit()
    assert row(citizen, elsewhere.id)["window_code"] == county.XIAOJINWAN
    shop = draft(actor(county.MA), county.SIGN)
    shop.submit()
    assert row(citizen, shop.id)["window_code"] == "620981002"


def test_steps_run_on_the_legal_clock(citizen: Actor) -> None:
    mine = draft(citizen)
    mine.submit()
    found = citizen.connection.execute(
        """
        select s.status, s.due_at is not distinct from
            case when s.status = 'current'
                 then public.add_working_time(a.submitted_at, s.limit_value, s.limit_unit) end,
            a.next_due_at = s.due_at
        from public.application_steps as s join public.applications as a on a.id = s.application_id
        where a.id = %s order by s.position
        """,
        (mine.id,),
    ).fetchall()
    assert found[0] == ("current", True, True)
    assert {line[:2] for line in found[1:]} == {("waiting", True)}


def test_parallel_steps_wait_for_each_other(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor
) -> None:
    mine = draft(citizen)
    mine.submit()
    connection = citizen.connection
    window_step, first_step, *_ = steps(connection, mine.id)
    insurance = one(
        connection, "select id from public.departments where code = 'medical-insurance'"
    )
    second_step = one(
        connection,
        """
        insert into public.application_steps (application_id, position, stage, code, kind, name,
            actor, department_id, limit_value, limit_unit)
        select application_id, 90, stage, 'beside', kind, name, actor, %s, limit_value, limit_unit
        from public.application_steps where id = %s returning id
        """,
        insurance,
        first_step,
    )
    connection.execute(
        "update public.applications set department_ids = department_ids || %s where id = %s",
        ([insurance], mine.id),
    )
    clerk.call("forward_application", step_id=window_step)
    current = connection.execute(
        "select id from public.application_steps where application_id = %s and status = 'current'",
        (mine.id,),
    ).fetchall()
    assert {str(line[0]) for line in current} == {first_step, str(second_step)}
    approver.call("decide_application", step_id=first_step, decision="approve")
    assert row(citizen, mine.id)["status"] == "in_progress"
    other = actor(county.APPROVER_OF_INSURANCE)
    other.call("decide_application", step_id=second_step, decision="approve")
    later = steps(connection, mine.id)[2:-1]
    for step in later:
        approver.call("decide_application", step_id=step, decision="approve")
    assert row(citizen, mine.id)["status"] == "approved"


def test_queues_show_what_waits_for_a_desk(
    citizen: Actor, clerk: Actor, approver: Actor, actor: MakeActor
) -> None:
    def waiting(who: Actor) -> set[str]:
        return {line["id"] for line in who.call("desk_queue", limit=100)}

    mine = draft(citizen)
    mine.submit()
    elsewhere = actor(county.CLERK_OF_CHIJIN)
    assert mine.id in waiting(clerk) and mine.id not in waiting(approver) | waiting(elsewhere)
    step = steps(citizen.connection, mine.id)[0]
    clerk.call("forward_application", step_id=step)
    assert mine.id in waiting(approver) and mine.id not in waiting(clerk)
    assert clerk.call("desk_done")[0]["id"] == mine.id
    assert waiting(citizen) == set()


def test_supervision_is_for_overseers_and_names_nobody(
    citizen: Actor, clerk: Actor, actor: MakeActor
) -> None:
    mine = draft(citizen)
    mine.submit()
    for who in (citizen, clerk):
        assert who.refused("supervision_page") == "not_your_desk"
    citizen.connection.execute(
        "update public.application_steps set due_at = now() - interval '1 hour'"
        " where application_id = %s and status = 'current'",
        (mine.id,),
    )
    for phone in (county.SUPERVISOR, county.ADMINISTRATOR):
        page = actor(phone).call("supervision_page")
        assert mine.id in {line["id"] for line in page["late"]}
        assert mine.id not in {line["id"] for line in page["running"]}
        assert "applicant" not in page["late"][0]


def test_pages_of_my_cases_follow_on(citizen: Actor) -> None:
    made = [draft(citizen).submit()["application_id"] for _ in range(5)]
    made.append(draft(citizen, county.INSURANCE).id)
    seen: list[str] = []
    last: dict[str, Any] = {}
    while page := citizen.call(
        "my_applications", limit=2, before_at=last.get("updated_at"), before_id=last.get("id")
    ):
        seen += [line["id"] for line in page]
        last = page[-1]
    assert len(seen) == len(set(seen))
    assert set(made) <= set(seen)
    home = citizen.call("home_page")
    assert home["open"][0]["status"] == "draft"
    assert home["person"]["name"] == "王秀英"
