"""One case from draft to decision, by the commands: what each does, and each refusal once."""

from typing import Any

import county
import psycopg
import pytest
from county import Actor, DraftOf, MakeActor, draft, one, steps
from psycopg.types.json import Jsonb
from stdnum.iso7064 import mod_97_10

from backend.seed import services

NOWHERE = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture
def citizen(actor: MakeActor) -> Actor:
    return actor(county.WANG)


@pytest.fixture
def clerk(actor: MakeActor) -> Actor:
    return actor(county.CLERK_OF_YUMEN_TOWN)


@pytest.fixture
def approver(actor: MakeActor) -> Actor:
    return actor(county.APPROVER_OF_CIVIL_AFFAIRS)


def row(actor: Actor, application_id: str) -> dict[str, Any]:
    """A case as it lies in the table."""
    return one(
        actor.connection,
        "select to_jsonb(a) from public.applications as a where id = %s",
        application_id,
    )


def kinds_of_events(actor: Actor, application_id: str) -> list[str]:
    rows = actor.connection.execute(
        "select kind from public.application_events where application_id = %s", (application_id,)
    )
    return sorted(r[0] for r in rows)


def first_reason(actor: Actor, application_id: str) -> dict[str, Any]:
    return one(
        actor.connection,
        "select g.refusal_reasons -> 0 from public.applications as a"
        " join public.guides as g on g.id = a.guide_id where a.id = %s",
        application_id,
    )


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


def test_a_stranger_cannot_start(undone: psycopg.Connection) -> None:
    nobody = Actor(undone, None)
    assert nobody.refused("start_application", service_code=county.ALLOWANCE) == "sign_in_needed"


def test_only_applicable_services_start(citizen: Actor) -> None:
    guide_only = one(
        citizen.connection, "select code from public.services where not is_applicable limit 1"
    )
    for code in (guide_only, "no-such-service"):
        assert citizen.refused("start_application", service_code=code) == "service_not_applicable"


def test_starting_again_gives_the_same_draft(citizen: Actor) -> None:
    first, second = (
        citizen.call("start_application", service_code=county.ALLOWANCE) for _ in range(2)
    )
    assert first == second


def test_saving_counts_versions_and_keeps_the_rest(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False)
    before = row(citizen, mine.id)
    answer = citizen.call(
        "save_draft", application_id=mine.id, changes={"address": "三组 1 号"},
        base_version=before["form_version"],
    )  # fmt: skip
    assert answer == {"version": before["form_version"] + 1, "overwritten": {}}
    assert row(citizen, mine.id)["form"] == before["form"] | {"address": "三组 1 号"}
    again = citizen.call(
        "save_draft", application_id=mine.id, changes={"address": "三组 1 号"}, base_version=0
    )
    assert again == {"version": before["form_version"] + 1, "overwritten": {}}


def test_the_newer_save_wins_and_is_told_what_it_replaced(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False)
    base = row(citizen, mine.id)["form_version"]
    save = {"application_id": mine.id, "base_version": base}
    citizen.call("save_draft", changes={"address": "甲"}, **save)
    answer = citizen.call("save_draft", changes={"address": "乙", "name": "王秀"}, **save)
    assert answer == {"version": base + 2, "overwritten": {"address": "甲"}}
    assert row(citizen, mine.id)["form"]["address"] == "乙"


def test_a_field_can_be_emptied(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False)
    citizen.call("save_draft", application_id=mine.id, changes={"address": None}, base_version=9)
    assert "address" not in row(citizen, mine.id)["form"]


def test_unknown_fields_are_refused(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False)
    save = {"application_id": mine.id, "base_version": 1}
    assert citizen.refused("save_draft", changes={"points": 5}, **save) == "field_unknown"


def test_a_draft_belongs_to_one_person(citizen: Actor, actor: MakeActor, clerk: Actor) -> None:
    mine = draft(citizen)
    for other in (actor(county.MA), clerk):
        for function, arguments in (
            ("save_draft", {"changes": {}, "base_version": 0}),
            ("submit_application", {"submission_key": mine.key}),
            ("discard_draft", {}),
            ("take_newest_guide", {}),
            ("withdraw_application", {}),
            ("application_page", {}),
            ("reveal_field", {"field": "name", "purpose": "审核材料"}),
        ):
            found = other.refused(function, application_id=mine.id, **arguments)
            assert found == "case_not_found", function


def test_discarding_deletes_the_draft_and_abandons_its_files(citizen: Actor) -> None:
    mine = draft(citizen)
    paths = citizen.connection.execute(
        "select incoming_path, path from public.documents where application_id = %s", (mine.id,)
    ).fetchall()
    citizen.call("discard_draft", application_id=mine.id)
    assert row(citizen, mine.id) is None
    abandoned = citizen.connection.execute("select path from private.abandoned_files").fetchall()
    assert {path for pair in paths for path in pair} <= {line[0] for line in abandoned}
    assert citizen.refused("discard_draft", application_id=mine.id) == "case_not_found"


def test_nothing_changes_a_draft_that_was_handed_in(citizen: Actor) -> None:
    mine = draft(citizen)
    document = one(
        citizen.connection, "select id from public.documents where application_id = %s", mine.id
    )
    mine.submit()
    of_case = {"application_id": mine.id}
    for function, arguments in (
        ("save_draft", of_case | {"changes": {"name": "某"}, "base_version": 0}),
        ("discard_draft", of_case),
        ("take_newest_guide", of_case),
        ("remove_document", {"document_id": document}),
        (
            "begin_upload",
            of_case
            | {"material_code": "id_card", "file_name": "a", "mime": "image/png", "size": 1}
            | {"sha256": "0" * 64},
        ),
    ):
        assert citizen.refused(function, **arguments) == "already_submitted", function


def test_submitting_again_gives_the_same_receipt(citizen: Actor) -> None:
    mine = draft(citizen)
    first = mine.submit()
    assert mine.submit() == first | {"is_repeated": True}
    other_key = DraftOf(citizen, mine.id, "00000000-0000-4000-8000-000000000002")
    assert other_key.submit() == first
    assert kinds_of_events(citizen, mine.id) == ["submitted"]


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({"name": None}, "name", "field_required"),
        ({"declaration": False}, "declaration", "field_required"),
        ({"pay_method": "points"}, "pay_method", "choice_invalid"),
        ({"id_number": "622101194312060028"}, "id_number", "id_number_invalid"),
        ({"id_number": "62210119"}, "id_number", "field_invalid"),
        ({"address": "长" * 500}, "address", "text_too_long"),
        ({"name": 5}, "name", "field_invalid"),
    ],
)
def test_an_incomplete_form_is_refused_by_the_database_too(
    citizen: Actor, answers: dict[str, Any], field: str, code: str
) -> None:
    mine = draft(citizen, **answers)
    with pytest.raises(psycopg.Error) as caught, citizen.connection.transaction():
        mine.submit()
    assert caught.value.diag.message_primary == "form_incomplete"
    problems = one(
        citizen.connection, "select %s::jsonb ->> %s", caught.value.diag.message_detail, field
    )
    assert problems == code


def test_a_form_that_went_past_save_is_still_refused(citizen: Actor) -> None:
    mine = draft(citizen)
    citizen.connection.execute(
        "update public.applications set form = form || %s where id = %s",
        (Jsonb({"points": 5}), mine.id),
    )
    assert (
        citizen.refused("submit_application", application_id=mine.id, submission_key=mine.key)
        == "form_incomplete"
    )


def test_missing_materials_are_named(citizen: Actor) -> None:
    mine = draft(citizen, with_files=False)
    wanted = one(
        citizen.connection,
        "select jsonb_agg(m.code order by m.position) from public.applications as a"
        " join public.guide_materials as m on m.guide_id = a.guide_id"
        " where a.id = %s and m.source = 'upload' and m.is_required",
        mine.id,
    )
    with pytest.raises(psycopg.Error) as caught, citizen.connection.transaction():
        mine.submit()
    assert caught.value.diag.message_primary == "materials_missing"
    named = one(citizen.connection, "select %s::jsonb", caught.value.diag.message_detail)
    assert named == wanted
    county.verify_files(citizen.connection, mine.id)
    citizen.connection.execute(
        "update public.documents set status = 'expected', path = null, verified_at = null"
        " where id = (select id from public.documents where application_id = %s limit 1)",
        (mine.id,),
    )
    assert (
        citizen.refused("submit_application", application_id=mine.id, submission_key=mine.key)
        == "materials_missing"
    )


def test_the_newest_guide_is_asked_for(citizen: Actor, service_role: Actor) -> None:
    mine = draft(citizen)
    service = published(county.ALLOWANCE)
    service["guide"]["fee_note"]["en"] += " Changed."
    assert service_role.call("import_service", service=service) is True
    submission = {"application_id": mine.id, "submission_key": mine.key}
    assert citizen.refused("submit_application", **submission) == "guide_changed"
    typed = row(citizen, mine.id)["form"]
    citizen.call("take_newest_guide", application_id=mine.id)
    assert row(citizen, mine.id)["form"] == typed
    assert mine.submit()["is_repeated"] is False


def test_an_answer_that_is_no_longer_asked_does_not_stand_in_the_way(
    citizen: Actor, service_role: Actor
) -> None:
    mine = draft(citizen)
    service = published(county.ALLOWANCE)
    schema = service["guide"]["form_schema"]
    del schema["properties"]["address"]
    schema["required"] = [name for name in schema["required"] if name != "address"]
    service_role.call("import_service", service=service)
    kept = {k: v for k, v in row(citizen, mine.id)["form"].items() if k != "address"}
    citizen.call("take_newest_guide", application_id=mine.id)
    assert row(citizen, mine.id)["form"] == kept
    assert mine.submit()["is_repeated"] is False


def published(code: str) -> dict[str, Any]:
    """A service as its seed file says it."""
    return next(service for service in services() if service["code"] == code)


def test_receipt_number_and_case_code(citizen: Actor, actor: MakeActor) -> None:
    receipts = [draft(citizen).submit() for _ in range(5)]
    receipts += [draft(actor(county.MA), county.INSURANCE).submit()]
    numbers = [receipt["receipt_number"] for receipt in receipts]
    today = one(citizen.connection, "select to_char(now() at time zone 'Asia/Shanghai', 'YYMMDD')")
    for number in numbers:
        assert len(number) == 20 and number.isdigit()
        assert number.startswith("620981" + today)
        assert mod_97_10.is_valid(number)
        # A wrong digit and two swapped digits are noticed.
        assert not mod_97_10.is_valid(number[:9] + str((int(number[9]) + 1) % 10) + number[10:])
    assert len(set(numbers)) == len(numbers)
    codes = [receipt["case_code"] for receipt in receipts]
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(set(codes)) == len(codes)


def test_a_case_code_is_free_again_when_its_case_is_closed(citizen: Actor) -> None:
    first, second = (draft(citizen).submit() for _ in range(2))
    take = "update public.applications set case_code = %s where id = %s"
    values = (first["case_code"], second["application_id"])
    with pytest.raises(psycopg.errors.UniqueViolation), citizen.connection.transaction():
        citizen.connection.execute(take, values)
    citizen.call("withdraw_application", application_id=first["application_id"])
    assert citizen.connection.execute(take, values).rowcount == 1


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
