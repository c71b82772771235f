"""The wallet: filled by acceptance, its owner's alone, used with consent, never copied."""

from typing import Any

import county
import psycopg
import pytest
from county import Actor, DraftOf, MakeActor, draft, one, steps


def accepted(citizen: Actor, clerk: Actor, service: str = county.ALLOWANCE, **answers: Any) -> str:
    """A case of the citizen that the window passed on."""
    mine = draft(citizen, service, **answers)
    mine.submit()
    clerk.call("forward_application", step_id=steps(citizen.connection, mine.id)[0])
    return mine.id


def items(citizen: Actor) -> dict[str, dict[str, Any]]:
    return {item["name"]["en"]: item for item in citizen.call("wallet_page")["items"]}


def material(actor: Actor, case: str, code: str) -> dict[str, Any]:
    page = actor.call("application_page", application_id=case)
    return next(m for m in page["materials"] if m["code"] == code)


@pytest.fixture
def citizen(actor: MakeActor, undone: psycopg.Connection) -> Actor:
    """Wang Xiuying before anything of hers was verified."""
    wang = actor(county.WANG)
    undone.execute("delete from public.wallet_items where owner_id = %s", (wang.id,))
    undone.execute("delete from public.wallet_uses where owner_id = %s", (wang.id,))
    return wang


@pytest.fixture
def wallet(citizen: Actor, clerk: Actor) -> dict[str, dict[str, Any]]:
    accepted(citizen, clerk)
    return items(citizen)


@pytest.fixture
def next_draft(citizen: Actor, wallet: dict[str, Any]) -> DraftOf:
    """The next application of somebody whose papers are known."""
    return draft(citizen, with_files=False)


def use(draft_of: DraftOf, item: dict[str, Any], code: str = "id-card") -> None:
    draft_of.actor.call(
        "use_wallet_item", application_id=draft_of.id, material_code=code, item_id=item["id"]
    )


def test_what_a_window_accepted_is_kept_with_date_and_office(
    wallet: dict[str, dict[str, Any]],
) -> None:
    assert set(wallet) == {"ID card", "bank card", "household register"}
    card = wallet["ID card"]
    assert card["verified_by"]["zh"] == "玉门镇"
    assert len(card["documents"]) == 2
    assert card["is_offered"] and not card["is_expired"]
    assert card["valid_until"] > wallet["household register"]["valid_until"]


def test_what_nobody_accepted_is_not_kept(citizen: Actor) -> None:
    draft(citizen).submit()
    assert items(citizen) == {}


def test_papers_of_somebody_else_are_not_kept_nor_offered(citizen: Actor, clerk: Actor) -> None:
    parent = {"name": "王大爷", "id_number": "622101193501010016", "birthday": "1935-01-01"}
    accepted(citizen, clerk, **parent, is_applying_for_self=False, agent_name="王秀英",
             agent_phone="13800000001")  # fmt: skip
    assert items(citizen) == {}
    accepted(citizen, clerk)
    other = draft(citizen, with_files=False, **parent)
    assert material(citizen, other.id, "id-card")["wallet_offer"] is None
    card = items(citizen)["ID card"]["id"]
    assert (
        citizen.refused(
            "use_wallet_item", application_id=other.id, material_code="id-card", item_id=card
        )
        == "wallet_item_not_offered"
    )


def test_it_is_offered_by_name_and_goes_along_once(
    citizen: Actor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    offer = material(citizen, next_draft.id, "id-card")["wallet_offer"]
    assert offer["id"] == wallet["ID card"]["id"] and offer["name"]["zh"] == "身份证"
    use(next_draft, offer)
    use(next_draft, offer)
    found = material(citizen, next_draft.id, "id-card")
    assert found["is_there"] is True and len(found["documents"]) == 2
    assert found["wallet_use"]["verified_by"]["zh"] == "玉门镇"
    uses = citizen.call("wallet_page")["uses"]
    assert [(u["status"], u["name"]["zh"], u["is_draft"]) for u in uses] == [
        ("used", "身份证", True)
    ]


def test_the_bytes_are_the_same_file(
    undone: psycopg.Connection, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    use(next_draft, wallet["ID card"])
    rows = undone.execute(
        "select path, count(*) from public.documents where path in (select path from"
        " public.documents where application_id = %s) group by path",
        (next_draft.id,),
    ).fetchall()
    assert [count for _, count in rows] == [2, 2]


def test_a_file_stays_while_any_document_points_to_it(
    undone: psycopg.Connection, citizen: Actor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    use(next_draft, wallet["ID card"])
    path = one(
        undone, "select path from public.documents where application_id = %s limit 1", next_draft.id
    )
    abandoned = "select count(*) from private.abandoned_files where path = %s"
    citizen.call("discard_draft", application_id=next_draft.id)
    assert one(undone, abandoned, path) == 0
    undone.execute("delete from public.documents where path = %s", (path,))
    assert one(undone, abandoned, path) == 1


def test_staff_see_it_in_the_new_case_only(
    next_draft: DraftOf, wallet: dict[str, Any], clerk: Actor, actor: MakeActor
) -> None:
    use(next_draft, wallet["ID card"])
    use(next_draft, wallet["bank card"], "bank-card")
    use(next_draft, wallet["household register"], "household-page")
    next_draft.submit()
    seen = material(clerk, next_draft.id, "id-card")
    assert seen["wallet_offer"] is None and seen["wallet_use"]["name"]["zh"] == "身份证"
    document = seen["documents"][0]["id"]
    assert clerk.call("open_document", document_id=document)["path"]
    elsewhere = actor(county.CLERK_OF_CHIJIN)
    assert elsewhere.refused("open_document", document_id=document) == "document_not_found"
    assert clerk.call("wallet_page") == {"items": [], "uses": []}


def test_taking_it_out_of_the_draft_is_written_down(
    citizen: Actor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    use(next_draft, wallet["ID card"])
    for document in material(citizen, next_draft.id, "id-card")["documents"]:
        citizen.call("remove_document", document_id=document["id"])
    found = material(citizen, next_draft.id, "id-card")
    assert (found["is_there"], found["wallet_use"]) == (False, None)
    assert citizen.call("wallet_page")["uses"][0]["status"] == "taken_back"
    use(next_draft, wallet["ID card"])
    assert material(citizen, next_draft.id, "id-card")["is_there"] is True


def test_consent_can_be_withdrawn_and_given_again(
    citizen: Actor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    card = wallet["ID card"]["id"]
    citizen.call("offer_wallet_item", item_id=card, is_offered=False)
    assert material(citizen, next_draft.id, "id-card")["wallet_offer"] is None
    refusal = citizen.refused(
        "use_wallet_item", application_id=next_draft.id, material_code="id-card", item_id=card
    )
    assert refusal == "wallet_item_not_offered"
    citizen.call("offer_wallet_item", item_id=card, is_offered=True)
    use(next_draft, wallet["ID card"])


def test_what_expired_is_not_offered_and_is_forgotten_later(
    undone: psycopg.Connection,
    citizen: Actor,
    next_draft: DraftOf,
    service_role: Actor,
    wallet: dict[str, Any],
) -> None:
    undone.execute("update public.wallet_items set valid_until = current_date - 10")
    assert material(citizen, next_draft.id, "id-card")["wallet_offer"] is None
    assert items(citizen)["ID card"]["is_expired"] is True
    assert service_role.call("forget_wallet") == 0
    undone.execute("update public.wallet_items set valid_until = current_date - 100")
    assert service_role.call("forget_wallet") == 3
    assert items(citizen) == {}


def test_removing_leaves_the_cases_alone(
    citizen: Actor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    use(next_draft, wallet["ID card"])
    citizen.call("remove_wallet_item", item_id=wallet["ID card"]["id"])
    assert "ID card" not in items(citizen)
    assert material(citizen, next_draft.id, "id-card")["is_there"] is True
    assert citizen.call("wallet_page")["uses"][0]["status"] == "used"


def test_nobody_touches_the_wallet_of_another(
    actor: MakeActor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    ma, card = actor(county.MA), wallet["ID card"]["id"]
    theirs = draft(ma, county.INSURANCE, with_files=False)
    for function, more in (
        ("use_wallet_item", {"application_id": theirs.id, "material_code": "id-card"}),
        ("offer_wallet_item", {"is_offered": False}),
        ("remove_wallet_item", {}),
    ):
        assert ma.refused(function, item_id=card, **more) == "wallet_item_not_found"
    refusal = ma.refused(
        "use_wallet_item", application_id=next_draft.id, material_code="id-card", item_id=card
    )
    assert refusal == "case_not_found"


def test_only_the_kind_that_is_asked_for_goes_along(
    citizen: Actor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    refusal = citizen.refused(
        "use_wallet_item", application_id=next_draft.id, material_code="bank-card",
        item_id=wallet["ID card"]["id"],
    )  # fmt: skip
    assert refusal == "material_unknown"
    full = draft(citizen)
    refusal = citizen.refused(
        "use_wallet_item", application_id=full.id, material_code="id-card",
        item_id=wallet["ID card"]["id"],
    )  # fmt: skip
    assert refusal == "too_many_files"


def test_a_newer_acceptance_takes_the_place_of_the_old(
    undone: psycopg.Connection, citizen: Actor, clerk: Actor, wallet: dict[str, Any]
) -> None:
    undone.execute("update public.wallet_items set is_offered = false where kind = 'bank_card'")
    newer = accepted(citizen, clerk)
    now = items(citizen)
    assert now["ID card"]["id"] == wallet["ID card"]["id"]
    assert now["ID card"]["documents"] != wallet["ID card"]["documents"]
    assert now["bank card"]["is_offered"] is False
    case = one(undone, "select distinct application_id from public.wallet_items")
    assert str(case) == newer


def test_what_was_removed_does_not_come_back_with_the_approval(
    citizen: Actor, clerk: Actor, approver: Actor
) -> None:
    case = accepted(citizen, clerk)
    citizen.call("remove_wallet_item", item_id=items(citizen)["ID card"]["id"])
    approver.call(
        "decide_application", step_id=steps(citizen.connection, case)[1], decision="approve"
    )
    assert "ID card" not in items(citizen)


PHOTO = {"material": "id-card", "points": [0], "text": "正面反光看不清，请在亮处重拍一张"}
BANK = {"material": "bank-card", "points": [0], "text": "卡号有一位看不清，请重拍一张"}


@pytest.fixture
def handed_in(citizen: Actor, wallet: dict[str, Any]) -> DraftOf:
    """A second case with photos of its own, while the wallet holds those of the first."""
    made = draft(citizen)
    made.submit()
    return made


def ask_for(clerk: Actor, case: DraftOf, *items: dict[str, Any]) -> str:
    return clerk.call("send_notice", application_id=case.id, items=list(items))


def refused_use(case: DraftOf, item: dict[str, Any], code: str = "id-card") -> str:
    return case.actor.refused(
        "use_wallet_item", application_id=case.id, material_code=code, item_id=item["id"]
    )


def test_it_answers_a_notice_that_names_its_material(
    citizen: Actor, clerk: Actor, handed_in: DraftOf, wallet: dict[str, Any]
) -> None:
    assert material(citizen, handed_in.id, "id-card")["wallet_offer"] is None
    assert refused_use(handed_in, wallet["ID card"]) == "already_submitted"
    notice = str(ask_for(clerk, handed_in, PHOTO))
    assert material(citizen, handed_in.id, "bank-card")["wallet_offer"] is None
    assert refused_use(handed_in, wallet["bank card"], "bank-card") == "material_not_in_notice"
    assert refused_use(handed_in, wallet["bank card"]) == "material_unknown"
    offer = material(citizen, handed_in.id, "id-card")["wallet_offer"]
    assert (offer["name"]["zh"], offer["verified_by"]["zh"]) == ("身份证", "玉门镇")
    assert material(clerk, handed_in.id, "id-card")["wallet_offer"] is None

    use(handed_in, offer)
    use(handed_in, offer)
    found = material(citizen, handed_in.id, "id-card")
    assert [d["asked_by_id"] for d in found["documents"]].count(notice) == 2
    assert found["wallet_use"]["asked_by_id"] == notice
    last = citizen.call("wallet_page")["uses"][0]
    assert (last["status"], last["purpose"]["zh"]) == ("used", "老年人尊老金待遇申领")
    key = "00000000-0000-4000-8000-000000000009"
    citizen.call("reply_to_notice", application_id=handed_in.id, submission_key=key)
    assert refused_use(handed_in, offer) == "already_submitted"
    assert material(clerk, handed_in.id, "id-card")["wallet_use"]["name"]["zh"] == "身份证"


def test_only_the_owner_answers_with_it(
    actor: MakeActor, clerk: Actor, handed_in: DraftOf, wallet: dict[str, Any]
) -> None:
    ask_for(clerk, handed_in, PHOTO)
    other = {
        "application_id": handed_in.id,
        "material_code": "id-card",
        "item_id": wallet["ID card"]["id"],
    }
    assert actor(county.MA).refused("use_wallet_item", **other) == "case_not_found"
    assert clerk.refused("use_wallet_item", **other) == "case_not_found"


def test_the_paper_that_was_found_wanting_is_no_answer(
    citizen: Actor, clerk: Actor, approver: Actor, next_draft: DraftOf, wallet: dict[str, Any]
) -> None:
    use(next_draft, wallet["ID card"])
    use(next_draft, wallet["bank card"], "bank-card")
    use(next_draft, wallet["household register"], "household-page")
    next_draft.submit()
    ask_for(clerk, next_draft, PHOTO)
    assert material(citizen, next_draft.id, "id-card")["wallet_offer"] is None
    assert refused_use(next_draft, wallet["ID card"]) == "wallet_item_found_wanting"

    # What the window passed on is in the wallet; the department's notice is about that very photo.
    first = draft(citizen)
    first.submit()
    clerk.call("forward_application", step_id=steps(citizen.connection, first.id)[0])
    ask_for(approver, first, BANK)
    assert material(citizen, first.id, "bank-card")["wallet_offer"] is None
    assert refused_use(first, items(citizen)["bank card"], "bank-card") == (
        "wallet_item_found_wanting"
    )


def test_it_comes_after_an_approval_once(
    undone: psycopg.Connection, citizen: Actor, clerk: Actor, approver: Actor, handed_in: DraftOf,
    wallet: dict[str, Any],
) -> None:  # fmt: skip
    window, decision = steps(citizen.connection, handed_in.id)
    clerk.call("forward_application", step_id=window)
    # The wallet learned of a newer photo elsewhere.
    undone.execute(
        "update public.documents set sha256 = encode(sha256(convert_to(id::text, 'UTF8')), 'hex'),"
        " path = 'test/' || gen_random_uuid() where application_id = %s"
        " and material_code = 'bank-card'",
        (handed_in.id,),
    )
    newer = accepted(citizen, clerk)
    until = one(undone, "select (current_date + 30)::text")
    approver.call(
        "decide_application", step_id=decision, decision="approve",
        owed=[{"material": "bank-card", "until": until}],
    )  # fmt: skip
    owed = citizen.call("application_page", application_id=handed_in.id)["owed"][0]["id"]
    card = items(citizen)["bank card"]
    assert str(one(undone, "select application_id from public.wallet_items where id = %s",
                   card["id"])) == newer  # fmt: skip
    assert refused_use(handed_in, items(citizen)["ID card"]) == "already_submitted"
    use(handed_in, card, "bank-card")
    citizen.call("hand_in_owed", owed_id=owed)
    clerk.call("confirm_owed", owed_id=owed, is_accepted=False, text="卡号有一位看不清")
    assert refused_use(handed_in, card, "bank-card") == "wallet_item_found_wanting"
    for document in material(citizen, handed_in.id, "bank-card")["documents"]:
        if document["asked_by_id"] == owed:
            citizen.call("remove_document", document_id=document["id"])
    assert refused_use(handed_in, card, "bank-card") == "wallet_item_found_wanting"
    assert material(citizen, handed_in.id, "bank-card")["wallet_offer"] is None
