"""Questions to registries: with consent, about oneself, recorded; they help and never block."""

from typing import Any

import county
import psycopg
import pytest
from county import Actor, DraftOf, MakeActor, draft, one, verify_files
from psycopg import sql

HASH = "a" * 64
FACTS = [
    {"code": "name", "kind": "name", "value": "王秀英"},
    {"code": "birthday", "kind": "date", "value": "1943-12-06"},
    {"code": "address", "kind": "address", "value": "南门村三组七号"},
]


@pytest.fixture
def citizen(actor: MakeActor, undone: psycopg.Connection) -> Actor:
    """Wang Xiuying before anybody asked about her."""
    wang = actor(county.WANG)
    for table in ("registry_queries", "wallet_uses"):
        undone.execute(
            sql.SQL("delete from {} where owner_id = %s").format(sql.Identifier("public", table)),
            (wang.id,),
        )
    return wang


@pytest.fixture
def mine(citizen: Actor) -> DraftOf:
    return draft(citizen, with_files=False)


def begun(mine: DraftOf, registry: str = "household") -> dict[str, Any]:
    return mine.actor.call("begin_registry_query", application_id=mine.id, registry=registry)


def answered(server: Actor, query: str, status: str = "found", reason: str | None = None) -> bool:
    return server.call(
        "record_registry_answer", query_id=query, status=status, reason=reason,
        facts=FACTS if status == "found" else [], as_of="2026-10-31",
        result_hash=HASH if status == "found" else None,
    )  # fmt: skip


def asked(mine: DraftOf, server: Actor, registry: str = "household", **answer: Any) -> str:
    query = begun(mine, registry)["query_id"]
    assert answered(server, query, **answer) is True
    return query


def card(actor: Actor, case: str, code: str = "household-page") -> dict[str, Any]:
    page = actor.call("application_page", application_id=case)
    return next(m for m in page["materials"] if m["code"] == code)


def test_asking_is_recorded_before_it_leaves(
    mine: DraftOf, become: Any, citizen: Actor, undone: psycopg.Connection
) -> None:
    question = begun(mine)
    assert question["subject"] == {
        "name": "王秀英",
        "id_number": "622101194312060027",
        "phone": "8613800000001",
    }
    assert (question["service"], question["is_existing"]) == (county.ALLOWANCE, False)
    with become("authenticated", citizen.id):
        rows = undone.execute(
            "select registry, status, purpose ->> 'en' from public.registry_queries"
        ).fetchall()
    assert rows == [("household", "asked", "Elderly allowance")]


def test_a_second_press_waits_for_the_first(mine: DraftOf, service_role: Actor) -> None:
    first = begun(mine)
    assert begun(mine) == {"query_id": first["query_id"], "is_existing": True}
    assert answered(service_role, first["query_id"]) is True
    assert answered(service_role, first["query_id"]) is False
    assert begun(mine)["is_existing"] is True


def test_everything_from_registries_is_a_whole_application(
    mine: DraftOf, service_role: Actor
) -> None:
    missing = mine.actor.refused(
        "submit_application", application_id=mine.id, submission_key=mine.key
    )
    assert missing == "materials_missing"
    asked(mine, service_role)
    asked(mine, service_role, "social_insurance")
    assert mine.submit()["is_repeated"] is False


def test_the_answer_is_shown_masked_and_compared_with_the_form(
    mine: DraftOf, service_role: Actor, clerk: Actor
) -> None:
    asked(mine, service_role)
    asked(mine, service_role, "social_insurance")
    before = card(mine.actor, mine.id)["query"]
    mine.submit()
    for query in (before, card(clerk, mine.id)["query"]):
        assert {f["code"]: f["value"] for f in query["facts"]} == {
            "name": "王*英",
            "birthday": "1943-12-06",
            "address": "南门****",
        }
        assert query["fields"] == {"name": True, "birthday": True, "address": False}


def test_the_clear_answer_is_for_its_owner_and_for_recorded_looks(
    mine: DraftOf, service_role: Actor, clerk: Actor, actor: MakeActor
) -> None:
    query = asked(mine, service_role)
    asked(mine, service_role, "social_insurance")
    facts = mine.actor.call("my_registry_facts", application_id=mine.id)
    assert facts["household.address"] == "南门村三组七号"
    mine.submit()
    assert clerk.call("my_registry_facts", application_id=mine.id) == {}
    evidence = clerk.call("open_registry_answer", query_id=query)
    assert evidence["facts"]["address"] == "南门村三组七号"
    assert (evidence["asked_about"], evidence["result_sha256"]) == ("王*英", HASH)
    assert evidence["asked_at"] and evidence["answered_at"] and evidence["purpose"]["zh"]
    look = mine.actor.call("my_profile")["looks"][0]
    assert (look["what"], look["purpose"]) == ("registry_answer", "review")
    for stranger in (actor(county.MA), actor(county.CLERK_OF_CHIJIN)):
        assert (
            stranger.refused("open_registry_answer", query_id=query) == "registry_answer_not_found"
        )


@pytest.mark.parametrize(
    ("status", "reason"), [("nothing", None), ("failed", "down"), ("failed", "slow")]
)
def test_a_registry_that_does_not_help_leaves_the_paper_way(
    mine: DraftOf, service_role: Actor, status: str, reason: str | None
) -> None:
    asked(mine, service_role, status=status, reason=reason)
    found = card(mine.actor, mine.id)
    assert (found["is_there"], found["query"]["status"]) == (False, status)
    county.verify_files(mine.actor.connection, mine.id)
    assert mine.submit()["receipt_number"]


def test_after_a_failure_it_can_be_asked_again(mine: DraftOf, service_role: Actor) -> None:
    asked(mine, service_role, status="failed", reason="down")
    asked(mine, service_role)
    assert card(mine.actor, mine.id)["is_there"] is True


def test_not_right_opens_the_paper_way_and_stays_visible(
    mine: DraftOf, service_role: Actor, clerk: Actor
) -> None:
    query = asked(mine, service_role)
    asked(mine, service_role, "social_insurance")
    mine.actor.call("dispute_registry_answer", query_id=query, note="  搬家了，还没改  ")
    assert card(mine.actor, mine.id)["is_there"] is False
    assert (
        mine.actor.call("my_registry_facts", application_id=mine.id).get("household.name") is None
    )
    refusal = mine.actor.refused(
        "submit_application", application_id=mine.id, submission_key=mine.key
    )
    assert refusal == "materials_missing"
    county.verify_files(mine.actor.connection, mine.id)
    mine.submit()
    seen = card(clerk, mine.id)["query"]
    assert (seen["is_disputed"], seen["dispute_note"]) == (True, "搬家了，还没改")


def test_a_paper_may_be_handed_in_for_what_a_registry_holds(
    citizen: Actor, undone: psycopg.Connection
) -> None:
    insurance = draft(citizen, county.INSURANCE, with_files=False)
    begin = {
        "application_id": insurance.id, "file_name": "a.jpg", "mime": "image/jpeg",
        "size": 10, "sha256": HASH,
    }  # fmt: skip
    assert citizen.call("begin_upload", material_code="household-page", **begin)["document_id"]
    assert citizen.refused("begin_upload", material_code="registration-form", **begin) == (
        "material_unknown"
    )


def test_only_what_the_guide_needs_is_asked(citizen: Actor, mine: DraftOf) -> None:
    for registry in ("property", "birth", "everything"):
        refusal = citizen.refused("begin_registry_query", application_id=mine.id, registry=registry)
        assert refusal == "registry_not_asked"


def test_nobody_asks_about_somebody_else(
    citizen: Actor, actor: MakeActor, undone: psycopg.Connection
) -> None:
    parents = draft(citizen, with_files=False, id_number="622101193501010016")
    ask = {"application_id": parents.id, "registry": "household"}
    assert citizen.refused("begin_registry_query", **ask) == "registry_own_only"
    assert actor(county.MA).refused("begin_registry_query", **ask) == "case_not_found"
    undone.execute(
        "update private.identities set id_number = null where person_id = %s", (citizen.id,)
    )
    assert citizen.refused("begin_registry_query", **ask) == "registry_needs_profile"


def test_nobody_but_the_server_answers(mine: DraftOf, actor: MakeActor) -> None:
    query = begun(mine)["query_id"]
    refusal = mine.actor.refused(
        "record_registry_answer", query_id=query, status="found", reason=None, facts=FACTS,
        as_of=None, result_hash=HASH,
    )  # fmt: skip
    assert refusal.startswith("42501")
    ma = actor(county.MA)
    assert ma.refused("dispute_registry_answer", query_id=query) == "registry_answer_not_found"


def test_an_answer_after_submission_does_not_count(mine: DraftOf, service_role: Actor) -> None:
    query = begun(mine)["query_id"]
    county.verify_files(mine.actor.connection, mine.id)
    mine.submit()
    assert answered(service_role, query) is False
    assert one(
        mine.actor.connection, "select reason from public.registry_queries where id = %s", query
    ) == ("late")


def test_asking_has_a_limit(mine: DraftOf, service_role: Actor) -> None:
    for _ in range(10):
        asked(mine, service_role, status="failed", reason="down")
    refusal = mine.actor.refused(
        "begin_registry_query", application_id=mine.id, registry="household"
    )
    assert refusal == "too_many_registry_queries"


def test_the_list_of_uses_goes_on_page_by_page(mine: DraftOf, service_role: Actor) -> None:
    for number in range(5):
        query = asked(mine, service_role, status="nothing")
        mine.actor.connection.execute(
            "update public.registry_queries set consented_at = consented_at - %s * interval '1 h'"
            " where id = %s",
            (number, query),
        )
    first = mine.actor.call("wallet_page", limit=3)["uses"]
    last = first[-1]
    rest = mine.actor.call("wallet_page", before_at=last["at"], before_id=last["id"])["uses"]
    assert len({use["id"] for use in [*first, *rest]}) == 5


def dispute(mine: DraftOf, note: str | None, field: str = "birthday") -> None:
    mine.actor.call("dispute_field", application_id=mine.id, field=field, note=note)


def origins(mine: DraftOf) -> dict[str, Any]:
    return mine.actor.call("application_page", application_id=mine.id)["origins"]


def test_an_answer_says_where_it_came_from(
    mine: DraftOf, service_role: Actor, clerk: Actor
) -> None:
    before = origins(mine)
    assert {o["source"] for o in before.values()} == {"profile"} and "name" in before
    assert "address" not in before, "it was typed"
    query = asked(mine, service_role)
    found = origins(mine)
    assert found["birthday"] == found["name"] | {"source": "household", "query_id": query}
    assert found["phone"]["source"] == "profile" and found["birthday"]["at"]
    save = {"application_id": mine.id, "base_version": 9}
    mine.actor.call("save_draft", changes={"birthday": "1944-12-06"}, **save)
    assert "birthday" not in origins(mine)
    mine.actor.call("save_draft", changes={"birthday": "1943-12-06"}, **save)
    asked(mine, service_role, "social_insurance")
    mine.submit()
    assert clerk.call("application_page", application_id=mine.id)["origins"] == {}


def test_one_answer_is_disputed_and_taken_back(mine: DraftOf, service_role: Actor) -> None:
    query = asked(mine, service_role)
    assert card(mine.actor, mine.id)["is_there"] is True
    dispute(mine, "")
    dispute(mine, "  生日登错了，差一年  ")
    shown = card(mine.actor, mine.id)
    assert shown["is_there"] is False and shown["query"]["is_disputed"]
    assert shown["query"]["dispute_note"] == "生日登错了，差一年"
    page = mine.actor.call("application_page", application_id=mine.id)
    said = page["disputes"]["birthday"]
    assert (said["source"], said["query_id"], said["note"]) == (
        "household", query, "生日登错了，差一年",
    )  # fmt: skip
    assert page["origins"]["name"]["source"] == "profile"
    dispute(mine, None)
    dispute(mine, None)
    assert card(mine.actor, mine.id)["is_there"] is True
    assert mine.actor.call("application_page", application_id=mine.id)["disputes"] == {}


def test_what_the_profile_filled_in_is_disputed_too(mine: DraftOf, clerk: Actor) -> None:
    verify_files(mine.actor.connection, mine.id)
    dispute(mine, "换号了", "phone")
    mine.submit()
    page = clerk.call("application_page", application_id=mine.id)
    assert page["disputes"]["phone"]["note"] == "换号了"


def test_a_dispute_is_refused_where_nothing_was_filled_in(
    mine: DraftOf, actor: MakeActor, service_role: Actor
) -> None:
    def refused(who: Actor, field: str, note: str = "") -> str:
        return who.refused("dispute_field", application_id=mine.id, field=field, note=note)

    assert refused(mine.actor, "address") == "field_not_filled"
    assert refused(mine.actor, "no_such_field") == "field_not_filled"
    assert refused(mine.actor, "name", "长" * 201) == "text_too_long"
    assert refused(actor(county.MA), "name") == "case_not_found"
    asked(mine, service_role)
    asked(mine, service_role, "social_insurance")
    mine.submit()
    assert refused(mine.actor, "name") == "already_submitted"
