"""Drafts: saved as typed, their owner's alone, and handed in exactly once."""

from typing import Any

import county
import psycopg
import pytest
from case_rows import kinds_of_events, published, row
from county import Actor, DraftOf, MakeActor, draft, one
from psycopg.types.json import Jsonb
from stdnum.iso7064 import mod_97_10


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
        ({"id_number": "62210119"}, "id_number", "id_number_invalid"),
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
        " where a.id = %s and m.source = 'upload' and m.is_required"
        " and private.holds(m.needed_when, a.form)",
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
