"""Status by code: who asks with the right digits is told how far it is, and guessing ends soon."""

from datetime import timedelta
from typing import Any

import county
import psycopg
import pytest
from county import Actor, MakeActor, draft, one

WRONG_TRIES = 5
TRIES_OF_AN_ADDRESS = 20


@pytest.fixture
def citizen(actor: MakeActor) -> Actor:
    return actor(county.WANG)


@pytest.fixture
def receipt(citizen: Actor) -> dict[str, Any]:
    return draft(citizen).submit()


def asked(
    server: Actor, code: str, phone_end: str = "0001", address: str = "203.0.113.1"
) -> dict[str, Any]:
    return server.call("case_status", case_code=code, phone_end=phone_end, address=address)


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_digits_tell_how_far_it_is(
    receipt: dict[str, Any], service_role: Actor, citizen: Actor
) -> None:
    found = asked(service_role, receipt["case_code"])
    assert set(found) == {
        "service", "status", "holder", "step", "updated_at", "promised_at", "decided_at",
    }  # fmt: skip
    assert (found["status"], found["holder"]) == ("in_progress", "window")
    assert found["step"]["actor"] == "window" and set(found["step"]) == {"actor", "who"}
    for secret in ("王秀英", "622101194312060027", receipt["receipt_number"], citizen.id):
        assert secret not in str(found)


def test_the_phone_of_the_form_opens_it_as_well(citizen: Actor, service_role: Actor) -> None:
    code = draft(citizen, phone="13712345678").submit()["case_code"]
    assert asked(service_role, code, "5678")["status"] == "in_progress"
    assert asked(service_role, code, "0001")["status"] == "in_progress"


@pytest.mark.parametrize("phone_end", ["0002", "", "000", "00001", "%", "____"])
def test_a_wrong_phone_is_answered_like_a_wrong_code(
    receipt: dict[str, Any], service_role: Actor, phone_end: str
) -> None:
    code = receipt["case_code"]
    assert asked(service_role, code, phone_end) == asked(service_role, another(code)) == {}


def test_a_draft_has_no_status(citizen: Actor, service_role: Actor) -> None:
    draft(citizen)
    assert asked(service_role, "000000") == {}


def test_five_wrong_tries_close_a_code_for_an_hour(
    receipt: dict[str, Any], service_role: Actor
) -> None:
    code = receipt["case_code"]
    for n in range(WRONG_TRIES):
        assert asked(service_role, code, "9999", f"198.51.100.{n}") == {}
    # From whatever address, and with the right digits too.
    assert 3000 < asked(service_role, code, address="198.51.100.99")["wait"] <= 3600
    service_role.connection.execute(
        "update private.attempts set opened_at = opened_at - interval '61 minutes'"
    )
    assert asked(service_role, code)["status"] == "in_progress"


def test_twenty_wrong_tries_close_an_address(receipt: dict[str, Any], service_role: Actor) -> None:
    code = int(receipt["case_code"])
    for n in range(TRIES_OF_AN_ADDRESS):
        assert asked(service_role, f"{(code + 1 + n) % 1_000_000:06d}") == {}
    assert asked(service_role, receipt["case_code"])["wait"] > 0
    assert asked(service_role, receipt["case_code"], address="198.51.100.7")["status"]


def test_right_tries_are_not_counted(receipt: dict[str, Any], service_role: Actor) -> None:
    for _ in range(TRIES_OF_AN_ADDRESS + 5):
        assert asked(service_role, receipt["case_code"])["status"] == "in_progress"


def test_the_table_of_tries_names_no_code_and_no_address(
    receipt: dict[str, Any], service_role: Actor
) -> None:
    asked(service_role, receipt["case_code"], "9999")
    kept = one(service_role.connection, "select string_agg(a::text, ' ') from private.attempts a")
    assert receipt["case_code"] not in kept and "203.0.113.1" not in kept


def test_nobody_but_the_server_may_ask(receipt: dict[str, Any], citizen: Actor) -> None:
    for who in (citizen, Actor(citizen.connection, None, "anon")):
        said = who.refused(
            "case_status", case_code=receipt["case_code"], phone_end="0001", address="x"
        )
        assert said.startswith("42501")


def test_an_ended_case_is_found_for_ninety_days_and_keeps_its_code_so_long(
    receipt: dict[str, Any], service_role: Actor, citizen: Actor
) -> None:
    citizen.call("withdraw_application", application_id=receipt["application_id"])
    connection = service_role.connection
    assert asked(service_role, receipt["case_code"])["status"] == "withdrawn"

    def aged(days: int) -> bool:
        connection.execute(
            "update public.applications set updated_at = now() - %s where id = %s",
            (timedelta(days=days), receipt["application_id"]),
        )
        return one(
            connection,
            "select private.is_code_in_use(a) from public.applications a where id = %s",
            receipt["application_id"],
        )

    assert aged(89) and asked(service_role, receipt["case_code"])["status"] == "withdrawn"
    assert not aged(91) and asked(service_role, receipt["case_code"]) == {}


def test_a_new_code_avoids_those_still_in_use(
    undone: psycopg.Connection, receipt: dict[str, Any], citizen: Actor
) -> None:
    """One code in fifty stands for a case that ended lately: without looking, many would be hit."""
    citizen.call("withdraw_application", application_id=receipt["application_id"])
    undone.execute("set local session_replication_role = replica")
    undone.execute(
        """
        insert into public.applications
        select copied.* from public.applications as a, generate_series(0, 19999) as n,
            lateral jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid(),
                'receipt_number', 'ended ' || n, 'case_code', lpad(n::text, 6, '0'))) as copied
        where a.id = %s
        """,
        (receipt["application_id"],),
    )
    codes = [one(undone, "select private.new_case_code()") for _ in range(600)]
    assert [code for code in codes if int(code) < 20_000] == []
