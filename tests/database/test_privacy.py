"""Personal data: clear for its owner, masked for staff, every look recorded, the record kept."""

from typing import Any

import county
import psycopg
import pytest
from county import Actor, MakeActor, draft, one

ADDRESS = "九组 77 号"  # not an example of the guide
SECRETS = ("王秀英", "622101194312060027", "13800000001", ADDRESS)


@pytest.fixture
def citizen(actor: MakeActor) -> Actor:
    return actor(county.WANG)


@pytest.fixture
def case(citizen: Actor) -> str:
    mine = draft(citizen, address=ADDRESS)
    mine.submit()
    return mine.id


@pytest.fixture
def clerk(actor: MakeActor) -> Actor:
    return actor(county.CLERK_OF_YUMEN_TOWN)


def looks(citizen: Actor) -> list[dict[str, Any]]:
    return citizen.call("my_profile")["looks"]


def audit(connection: psycopg.Connection, subject_id: str) -> list[tuple[str, str]]:
    return connection.execute(
        "select action, actor_id::text from private.audit_log where subject_id = %s order by id",
        (subject_id,),
    ).fetchall()  # type: ignore[return-value]


def test_the_owner_reads_the_form_in_the_clear(citizen: Actor, case: str) -> None:
    page = citizen.call("application_page", application_id=case)
    assert page["is_owner"] is True
    assert page["form"] == county.ANSWERS[county.ALLOWANCE] | {"address": ADDRESS}
    assert len(page["case_code"]) == 6


@pytest.mark.parametrize(
    "phone",
    [
        county.CLERK_OF_YUMEN_TOWN,
        county.CLERK_OF_THE_HALL,
        county.APPROVER_OF_CIVIL_AFFAIRS,
        county.SUPERVISOR,
        county.ADMINISTRATOR,
    ],
)
def test_staff_read_it_masked(citizen: Actor, case: str, actor: MakeActor, phone: str) -> None:
    staff = actor(phone)
    page = staff.call("application_page", application_id=case)
    assert page["is_owner"] is False and page["case_code"] is None and page["profile"] is None
    shown = str(page) + str(staff.call("desk_queue", limit=100)) + str(staff.call("desk_done"))
    assert not [secret for secret in SECRETS if secret in shown]
    assert page["form"]["id_number"] == "622*************27"
    assert page["form"]["name"] == page["applicant"] == "王*英"
    assert page["form"]["phone"] == "138****0001"
    # What the decision needs and names nobody stays readable.
    assert page["form"]["pay_method"] == "social_card"


@pytest.mark.parametrize("service", [county.ALLOWANCE, county.INSURANCE, county.SIGN])
def test_every_personal_field_of_every_form_is_masked(
    citizen: Actor, actor: MakeActor, service: str
) -> None:
    answers = {
        county.ALLOWANCE: {"pay_method": "bank_card", "bank_name": "农行"}
        | {"bank_card_number": "6222020000000000000"},
        county.INSURANCE: {},
        county.SIGN: {},
    }[service]
    mine = draft(actor(county.MA), service, **answers)
    mine.submit()
    page = actor(county.SUPERVISOR).call("application_page", application_id=mine.id)
    rules = page["form_schema"]["properties"]
    clear = county.ANSWERS[service] | answers
    personal = {
        name
        for name, rule in rules.items()
        if rule["x-field"] in ("id_number", "phone", "bank_card")
        or rule.get("x-prefill") == "name"
        or "address" in name
    }
    assert personal & set(clear)
    for name in personal & set(clear):
        assert page["form"][name] != clear[name], name
        assert "*" in page["form"][name], name


def test_a_look_is_recorded_where_the_person_reads_it(
    citizen: Actor, case: str, clerk: Actor
) -> None:
    before = len(looks(citizen))
    clear = clerk.call("reveal_field", application_id=case, field="id_number", purpose=" 核对身份 ")
    assert clear == "622101194312060027"
    found = looks(citizen)
    assert len(found) == before + 1
    newest = next(look for look in found if look["what"] == "id_number")
    assert newest["purpose"] == "核对身份"
    assert "李雪" in newest["who"]["zh"]
    assert ("field_revealed", clerk.id) in audit(citizen.connection, case)


def test_a_look_needs_a_purpose(case: str, clerk: Actor) -> None:
    for purpose in ("", " ", "x", None):
        found = clerk.refused(
            "reveal_field", application_id=case, field="id_number", purpose=purpose
        )
        assert found == "purpose_needed"


def test_the_owner_looks_without_being_recorded(citizen: Actor, case: str) -> None:
    before = looks(citizen)
    assert citizen.call("reveal_field", application_id=case, field="name", purpose="") == "王秀英"
    assert looks(citizen) == before


def test_opening_a_file_is_a_look(citizen: Actor, case: str, clerk: Actor) -> None:
    document = str(
        one(citizen.connection, "select id from public.documents where application_id = %s", case)
    )
    before = len(looks(citizen))
    assert citizen.call("open_document", document_id=document)["mime"] == "image/jpeg"
    assert len(looks(citizen)) == before
    assert clerk.call("open_document", document_id=document)["path"]
    assert len(looks(citizen)) == before + 1
    assert audit(citizen.connection, document) == [("document_opened", clerk.id)]


def test_who_may_not_know_a_case_learns_nothing(
    citizen: Actor, case: str, actor: MakeActor
) -> None:
    document = one(
        citizen.connection, "select id from public.documents where application_id = %s", case
    )
    for phone in (county.MA, county.CLERK_OF_CHIJIN, county.APPROVER_OF_SIGNS):
        stranger = actor(phone)
        assert stranger.refused("open_document", document_id=document) == "document_not_found"
        assert stranger.call("expected_document", document_id=document) is None
        assert stranger.refused("remove_document", document_id=document) == "document_not_found"
        assert (
            stranger.refused("reveal_field", application_id=case, field="name", purpose="审核材料")
            == "case_not_found"
        )


def test_a_draft_is_nobody_elses_business(citizen: Actor, actor: MakeActor) -> None:
    mine = draft(citizen)
    for phone in (county.CLERK_OF_THE_HALL, county.SUPERVISOR, county.ADMINISTRATOR):
        assert actor(phone).refused("application_page", application_id=mine.id) == "case_not_found"


def test_the_audit_log_is_written_by_every_transition(
    citizen: Actor, case: str, clerk: Actor
) -> None:
    step = county.steps(citizen.connection, case)[0]
    clerk.call("forward_application", step_id=step)
    citizen.call("withdraw_application", application_id=case)
    assert audit(citizen.connection, case) == [
        ("application_submitted", citizen.id),
        ("step_forwarded", clerk.id),
        ("application_withdrawn", citizen.id),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "update private.audit_log set action = 'nothing'",
        "delete from private.audit_log",
        "truncate private.audit_log",
        "delete from private.audit_log where false",
    ],
)
def test_the_audit_log_cannot_be_changed_even_by_its_owner(
    undone: psycopg.Connection, statement: str
) -> None:
    for role in ("postgres", None):
        with pytest.raises(psycopg.Error) as caught, undone.transaction():
            if role:
                undone.execute("set local role postgres")
            undone.execute(statement)  # type: ignore[arg-type]
        assert caught.value.diag.message_primary == "audit_log_is_kept"


def test_published_guides_cannot_be_changed_even_by_their_owner(
    undone: psycopg.Connection,
) -> None:
    for statement in (
        "update public.guides set fee_fen = 1",
        "delete from public.guides",
        "update public.guide_materials set is_required = false",
        "delete from public.guide_materials",
        "update public.guide_steps set limit_value = 9",
        "delete from public.guide_steps",
    ):
        with pytest.raises(psycopg.Error) as caught, undone.transaction():
            undone.execute(statement)  # type: ignore[arg-type]
        assert caught.value.diag.message_primary == "published_guide_is_kept"


@pytest.mark.parametrize(
    ("kind", "clear", "masked"),
    [
        ("name", "王秀英", "王*英"),
        ("name", "马山", "马*"),
        ("name", "买买提·艾合买提江", "买******江"),
        ("phone", "8613800000001", "138****0001"),
        ("phone", "13800000001", "138****0001"),
        ("id_number", "622101194312060027", "622*************27"),
        ("bank_card", "6222020000000000000", "**** **** **** 0000"),
        ("address", "二组 15 号", "二组****"),
        ("name", "", ""),
        ("name", None, ""),
    ],
)
def test_masks(superuser: psycopg.Connection, kind: str, clear: str | None, masked: str) -> None:
    assert one(superuser, "select private.mask(%s, %s)", kind, clear) == masked


def test_id_numbers_are_judged_as_the_standard_says(superuser: psycopg.Connection) -> None:
    from stdnum.cn import ric

    bodies = [f"62098119{year}0615{n:03d}" for year in (43, 80, 99) for n in range(0, 999, 37)]
    for body in bodies:
        right = ric.calc_check_digit(body + "0")
        judged = superuser.execute(
            "select c from unnest(string_to_array('0123456789X', null)) as c"
            " where private.is_id_number(%s || c)",
            (body,),
        ).fetchall()
        assert judged == [(right,)]
    for wrong in ("", "62210119431206002", "6221011943120600270", "abc", "62210119431206002x"):
        assert not one(superuser, "select private.is_id_number(%s)", wrong)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " 王 "}, "name_invalid"),
        ({"name": "长" * 61}, "name_invalid"),
        ({"id_number": "622101194312060028"}, "id_number_invalid"),
        ({"division_code": "110101001001"}, "division_unknown"),
        ({"id_number": "622101198009180032"}, "id_number_taken"),
    ],
)
def test_profile_refusals(citizen: Actor, change: dict[str, Any], code: str) -> None:
    profile = {"name": "王秀英", "id_number": None, "division_code": None}
    assert citizen.refused("save_my_profile", **profile | change) == code


def test_a_saved_profile_masks_itself(citizen: Actor) -> None:
    saved = citizen.call(
        "save_my_profile", name=" 王秀兰 ", id_number="622101194312060027 ", division_code=None
    )
    assert (saved["name"], saved["masked_name"]) == ("王秀兰", "王*兰")
    assert saved["birthday"] == "1943-12-06"
    nobody = Actor(citizen.connection, None)
    assert (
        nobody.refused("save_my_profile", name="某某", id_number=None, division_code=None)
        == "sign_in_needed"
    )
    assert nobody.call("my_profile") is None


def test_answers_that_were_hidden_in_the_end_are_not_kept(citizen: Actor) -> None:
    mine = draft(
        citizen,
        pay_method="social_card",
        bank_card_number="6217000010001234567",
        is_applying_for_self=True,
        agent_name="李代办",
        agent_phone="13900000000",
    )
    mine.submit()
    form = citizen.call("application_page", application_id=mine.id)["form"]
    assert form["pay_method"] == "social_card"
    assert not {"bank_card_number", "agent_name", "agent_phone"} & set(form)
