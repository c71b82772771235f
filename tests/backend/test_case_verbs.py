"""A case through the real client, from the draft on one phone to the decision at a desk."""

import asyncio
import json
from datetime import date
from typing import Any
from uuid import uuid4

import county
import pytest
from county import MakeCase, Person, SignIn, full_draft

from backend import applications, desks, people
from backend.applications import FormIncomplete, MaterialsMissing, Saved
from backend.changes import Feed
from backend.config import Settings
from backend.database import call, service_db
from backend.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from backend.seed import services

TODAY = date(2026, 11, 20)


async def refusal(work: Any) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        await work
    return caught.value


async def submit(person: Person, application_id: str, key: str) -> applications.Receipt:
    return await applications.submit(person.db, application_id, submission_key=key, today=TODAY)


async def current_step(person: Person, application_id: str) -> str:
    return (await applications.page(person.db, application_id))["case"]["step"]["id"]


async def test_the_whole_way(settings: Settings, sign_in: SignIn, demo: SignIn) -> None:
    citizen = await sign_in()
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    approver = await demo(county.APPROVER_OF_CIVIL_AFFAIRS)
    case = await full_draft(settings, citizen)
    receipt = await submit(citizen, case, str(uuid4()))
    assert receipt.application_id == case and not receipt.is_repeated
    assert case in {line["id"] for line in await applications.queue(clerk.db, limit=100)}
    await applications.forward(clerk.db, await current_step(clerk, case), note="材料齐全")
    assert (await desks.page(clerk.db, view="done"))["rows"][0]["id"] == case
    await applications.approve(approver.db, await current_step(approver, case), note="符合条件")
    page = await applications.page(citizen.db, case)
    assert page["case"]["status"] == "approved"
    assert [s["status"] for s in page["steps"]] == ["done", "done"]
    assert "李雪" in page["steps"][0]["by"]["zh"] and page["steps"][0]["note"] == "材料齐全"
    assert [c["id"] for c in await applications.mine(citizen.db)] == [case]
    assert (await applications.home(citizen.db))["open"] == []
    assert await applications.supervision((await demo(county.SUPERVISOR)).db)
    assert isinstance(await refusal(applications.supervision(citizen.db)), NotAllowed)


async def test_a_refusal_says_why_and_how_to_go_on(
    sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    clerk = await demo(county.CLERK_OF_THE_HALL)
    approver = await demo(county.APPROVER_OF_CIVIL_AFFAIRS)
    case = await cases(citizen)
    step = await current_step(clerk, case)
    await applications.forward(clerk.db, step)
    again = await refusal(applications.forward(clerk.db, step))
    assert isinstance(again, Conflict) and "周文博" in again.detail
    page = await applications.page(approver.db, case)
    reason, step = page["refusal_reasons"][0], page["case"]["step"]["id"]
    missing = await refusal(
        applications.refuse(approver.db, step, reason_code="", reason="户籍已经迁出")
    )
    assert isinstance(missing, Invalid) and missing.code == "reason_code_needed"
    await applications.refuse(
        approver.db, step, reason_code=reason["code"], reason="户籍已经迁出玉门市"
    )
    decision = (await applications.page(citizen.db, case))["decision"]
    assert decision["reason"] == "户籍已经迁出玉门市"
    assert decision["legal_basis"] == reason["legal_basis"] and decision["way_on"]
    assert (await refusal(applications.withdraw(citizen.db, case))).code == "already_decided"


async def test_the_same_press_many_times_is_one_application(
    settings: Settings, sign_in: SignIn
) -> None:
    citizen, key = await sign_in(), str(uuid4())
    case = await full_draft(settings, citizen)
    receipts = await asyncio.gather(*(submit(citizen, case, key) for _ in range(6)))
    assert len({r.receipt_number for r in receipts}) == 1
    assert [r.is_repeated for r in receipts].count(False) == 1
    assert (await submit(citizen, case, key)).is_repeated
    assert len(await applications.mine(citizen.db)) == 1


async def test_an_incomplete_form_is_named_field_by_field(sign_in: SignIn) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    error = await refusal(submit(citizen, case, str(uuid4())))
    assert isinstance(error, FormIncomplete)
    assert error.problems["name"] == "field_required"
    assert json.loads(error.detail) == error.problems
    wrong = county.ANSWERS[county.ALLOWANCE] | {"birthday": "1943-12-07"}
    await applications.save_draft(citizen.db, case, wrong, base_version=0)
    error = await refusal(submit(citizen, case, str(uuid4())))
    assert isinstance(error, FormIncomplete)
    assert error.problems == {"birthday": "birthday_contradicts_id_number"}


async def test_missing_photos_are_named(sign_in: SignIn) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    answers = county.ANSWERS[county.ALLOWANCE]
    await applications.save_draft(citizen.db, case, answers, base_version=0)
    error = await refusal(submit(citizen, case, str(uuid4())))
    assert isinstance(error, MaterialsMissing)
    assert error.materials == ["id-card", "bank-card", "household-page"]


async def test_two_phones_write_one_draft(sign_in: SignIn) -> None:
    first = await sign_in()
    second = await sign_in(first.phone)
    case = await applications.start(first.db, county.INSURANCE)
    assert await applications.start(second.db, county.INSURANCE) == case
    await applications.save_draft(first.db, case, {"name": "马小山"}, base_version=0)
    saved = await applications.save_draft(second.db, case, {"name": "马大山"}, base_version=0)
    assert saved == Saved(2, {"name": "马小山"})
    await applications.discard_draft(first.db, case)
    error = await refusal(applications.save_draft(second.db, case, {}, base_version=2))
    assert isinstance(error, NotFound) and error.code == "case_not_found"


async def test_a_new_guide_meets_an_open_draft(settings: Settings, sign_in: SignIn) -> None:
    citizen, service = await sign_in(), service_db(settings)
    case = await full_draft(settings, citizen, county.SIGN)
    original = next(s for s in services() if s["code"] == county.SIGN)
    changed = json.loads(json.dumps(original))
    changed["guide"]["fee_note"]["en"] += " (changed)"
    assert await call(service, "import_service", service=changed) is True
    try:
        assert await call(service, "import_service", service=changed) is False
        page = await applications.page(citizen.db, case)
        assert (page["guide_version"], page["is_newest_guide"]) == (1, False)
        error = await refusal(submit(citizen, case, str(uuid4())))
        assert isinstance(error, Conflict) and error.code == "guide_changed"
        await applications.take_newest_guide(citizen.db, case)
        page = await applications.page(citizen.db, case)
        assert (page["guide_version"], page["is_newest_guide"]) == (2, True)
        assert page["form"] == county.ANSWERS[county.SIGN]
        assert (await submit(citizen, case, str(uuid4()))).receipt_number
    finally:
        assert await call(service, "import_service", service=original) is True


async def test_pages_of_cases(sign_in: SignIn) -> None:
    citizen = await sign_in()
    made = [await applications.start(citizen.db, code) for code in county.ANSWERS]
    first = await applications.mine(citizen.db, limit=2)
    last = (first[-1]["updated_at"], first[-1]["id"])
    rest = await applications.mine(citizen.db, before=last, limit=2)
    assert [c["id"] for c in first + rest] == made[::-1]


async def test_a_look_at_a_desk_is_read_by_the_person(
    sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    shown = await applications.reveal(clerk.db, case, "id_number", purpose="核对身份")
    assert shown == "622101194312060027"
    look = (await people.my_profile(citizen.db))["looks"][0]
    assert (look["what"], look["purpose"]) == ("id_number", "核对身份")
    error = await refusal(applications.reveal(clerk.db, case, "id_number", purpose=" "))
    assert error.code == "purpose_needed"


async def test_whoever_watches_is_woken(
    settings: Settings, sign_in: SignIn, demo: SignIn, cases: MakeCase
) -> None:
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    feed = Feed(service_db(settings))
    told = (await desks.page(clerk.db))["topics"]
    at_desk = feed.watch((topic, subject) for topic, subject in told)
    at_home = feed.watch([("applicant", citizen.id)])
    elsewhere = feed.watch([("applicant", str(uuid4())), ("window", "620981102")])
    assert await feed.read_once() == 0
    case = await cases(citizen)
    assert await feed.read_once() > 0
    assert await at_desk.woken(within=0) and await at_home.woken(within=0)
    assert not await elsewhere.woken(within=0)
    assert not await at_home.woken(within=0)
    feed.unwatch(at_home)
    feed.unwatch(at_home)
    await applications.withdraw(citizen.db, case)
    await feed.read_once()
    assert not await at_home.woken(within=0) and await at_desk.woken(within=0)


async def test_topics_of_every_desk(demo: SignIn) -> None:
    async def topics(phone: str) -> list[list[str]]:
        return (await desks.page((await demo(phone)).db))["topics"]

    assert await topics(county.CLERK_OF_CHIJIN) == [["window", "620981102"]]
    assert len(await topics(county.CLERK_OF_THE_HALL)) == 17
    assert len(await topics(county.SUPERVISOR)) == 17
    assert [kind for kind, _ in await topics(county.APPROVER_OF_SIGNS)] == ["department"]
    assert await topics(county.MA) == []
