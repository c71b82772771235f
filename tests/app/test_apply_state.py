"""Filling in an application, handler by handler: kept, judged, shared by two phones, handed in."""

from collections.abc import Awaitable, Callable
from typing import Any

import county
import pytest
from county import Person, SignIn, full_draft

from app.layout import PAGES
from app.pages.apply_state import Apply
from app.text import say
from backend import applications, web_sessions
from backend.config import Settings

OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]
LeadsTo = Callable[[Any], str]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


@pytest.fixture
def apply_at(open_tab: OpenTab, handle: Handle) -> Callable[..., Awaitable[Apply]]:
    async def apply_at(person: Person, case: str, language: str = "zh") -> Apply:
        page = open_tab(person, language=language).at(Apply, f"/apply/?id={case}")
        assert await handle(page, "load") is Apply.follow_draft
        return page

    return apply_at


ApplyAt = Callable[..., Awaitable[Apply]]


def field(page: Apply, name: str) -> Any:
    return next(f for section in page.sections for f in section.fields if f.name == name)


@BOTH
async def test_typing_is_kept_and_judged_field_by_field(
    apply_at: ApplyAt, handle: Handle, sign_in: SignIn, language: str
) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    page = await apply_at(citizen, case, language)
    before = page.last_receipt
    await handle(page, "save", {"name": " 王秀英 ", "phone": "123"}, page.receipt)
    assert page.last_receipt > before and page.trouble == ""
    assert field(page, "name").value == "王秀英"
    assert field(page, "phone").error == say(language, "error.phone_invalid")  # type: ignore[arg-type]
    assert is_chinese(field(page, "name").label) is (language == "zh")
    await handle(page, "save", {"phone": "13800000001", "made_up": "x"}, page.last_receipt)
    assert field(page, "phone").error == ""
    kept = (await applications.page(citizen.db, case))["form"]
    assert (kept["name"], kept["phone"]) == ("王秀英", "13800000001")
    assert "made_up" not in kept
    reopened = await apply_at(citizen, case, language)
    assert field(reopened, "name").value == "王秀英"


async def test_the_profile_fills_in_what_the_county_knows(apply_at: ApplyAt, demo: SignIn) -> None:
    wang = await demo(county.WANG)
    case = await applications.start(wang.db, county.ALLOWANCE)
    page = await apply_at(wang, case)
    assert field(page, "name").value == "王秀英"
    assert field(page, "id_number").value == "622101194312060027"
    await applications.discard_draft(wang.db, case)


async def test_two_phones_at_once_lose_nothing(
    apply_at: ApplyAt, handle: Handle, sign_in: SignIn
) -> None:
    first = await sign_in()
    second = await sign_in(first.phone)
    case = await applications.start(first.db, county.ALLOWANCE)
    here, there = await apply_at(first, case), await apply_at(second, case)
    await handle(here, "save", {"address": "甲 1 号"}, here.receipt)
    await handle(there, "save", {"address": "乙 2 号"}, there.receipt)
    # The newer wins; its writer is offered what it replaced.
    assert [(o.name, o.text) for o in there.offers] == [("address", "甲 1 号")]
    assert (await applications.page(first.db, case))["form"]["address"] == "乙 2 号"
    # The other phone follows visibly, and is offered its own text.
    await here.read_again()
    assert field(here, "address").value == "乙 2 号"
    assert here.incoming == {"turn": 1, "values": {"address": "乙 2 号"}, "is_forced": False}
    assert [(o.name, o.text) for o in here.offers] == [("address", "甲 1 号")]
    assert here.announcement == say("zh", "apply.changed_elsewhere")
    await handle(here, "take_back", "address")
    assert here.offers == [] and field(here, "address").value == "甲 1 号"
    assert here.incoming == {"turn": 2, "values": {"address": "甲 1 号"}, "is_forced": True}
    assert (await applications.page(first.db, case))["form"]["address"] == "甲 1 号"
    await handle(there, "leave_it", "address")
    assert there.offers == []


async def test_a_draft_that_another_phone_handed_in_is_closed(
    apply_at: ApplyAt, handle: Handle, leads_to: LeadsTo, sign_in: SignIn, settings: Settings
) -> None:
    first = await sign_in()
    second = await sign_in(first.phone)
    case = await full_draft(settings, first)
    here, there = await apply_at(first, case), await apply_at(second, case)
    assert leads_to(await handle(here, "submit")) == f"/case/?id={case}"
    await there.read_again()
    assert there.is_closed and there.trouble
    await handle(there, "save", {"address": "丙 3 号"}, there.receipt)
    assert there.trouble
    # Pressed there too: the same receipt, one application.
    assert leads_to(await handle(there, "submit")) == f"/case/?id={case}"
    assert len(await applications.mine(first.db)) == 1


@BOTH
async def test_what_is_missing_is_listed_and_nothing_lost(
    apply_at: ApplyAt, handle: Handle, sign_in: SignIn, language: str
) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    page = await apply_at(citizen, case, language)
    assert await handle(page, "submit") is None
    assert page.attempt == 1 and not page.is_submitting and not page.is_closed
    assert {e.field for e in page.errors} >= {"name", "declaration"}
    await applications.save_draft(
        citizen.db, case, county.ANSWERS[county.ALLOWANCE], base_version=0
    )
    await page.read_again()
    await handle(page, "submit")
    assert [e.field for e in page.errors] == [
        "material-id-card", "material-bank-card", "material-household-page",
    ]  # fmt: skip
    assert page.attempt == 2


async def test_a_photo_comes_and_goes(
    apply_at: ApplyAt, handle: Handle, sign_in: SignIn, settings: Settings
) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    page = await apply_at(citizen, case)
    document = await county.upload(settings, citizen, case, "bank-card", county.jpeg())
    await handle(page, "photo_done", document)
    card = next(m for m in page.materials if m.code == "bank-card")
    assert document in str(card)
    await handle(page, "remove_photo", document)
    card = next(m for m in page.materials if m.code == "bank-card")
    assert document not in str(card)
    await handle(page, "remove_photo", document)
    assert page.trouble == say("zh", "error.document_not_found")


async def test_a_session_that_ended_while_typing(
    apply_at: ApplyAt, handle: Handle, leads_to: LeadsTo, sign_in: SignIn, settings: Settings
) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    page = await apply_at(citizen, case)
    await web_sessions.close_session(settings, citizen.secret)
    answer = await handle(page, "save", {"name": "王秀英"}, page.receipt)
    assert leads_to(answer).startswith("/sign-in/?next=%2Fapply%2F")
    assert page.last_receipt == page.receipt


async def test_discarding_leads_to_my_cases(
    apply_at: ApplyAt, handle: Handle, leads_to: LeadsTo, sign_in: SignIn
) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    page = await apply_at(citizen, case)
    assert leads_to(await handle(page, "discard")) == "/cases/"
    assert await applications.mine(citizen.db) == []


def test_every_page_can_be_built() -> None:
    """What is wrong with a page's components shows here, not first in the build of the web."""
    for known in PAGES:
        assert known.build().render(), known.route


@BOTH
async def test_everything_is_looked_over_before_it_is_sent(
    apply_at: ApplyAt, handle: Handle, sign_in: SignIn, settings: Settings, language: str
) -> None:
    citizen = await sign_in()
    empty = await applications.start(citizen.db, county.SIGN)
    page = await apply_at(citizen, empty, language)
    await handle(page, "check")
    assert not page.is_checking and page.attempt == 1
    # Fields and papers that are missing are said together.
    assert {"shop_name", "declaration"} <= {e.field for e in page.errors}
    assert any(e.field.startswith("material-") for e in page.errors)

    page = await apply_at(citizen, await full_draft(settings, citizen), language)
    await handle(page, "check")
    assert page.is_checking and page.errors == [] and page.focus_target == "review"
    shown = {row.label: row.value for block in page.review for row in block.rows}
    assert "二组 15 号" in shown.values()
    assert sum(len(block.photos) for block in page.review) == 4
    assert all(is_chinese(b.title) is (language == "zh") for b in page.review)
    page.change(page.review[0].target)
    assert not page.is_checking and page.focus_target == "name-place"


async def test_a_new_draft_takes_the_last_case_over(
    apply_at: ApplyAt, handle: Handle, leads_to: LeadsTo, sign_in: SignIn, settings: Settings
) -> None:
    citizen = await sign_in()
    first = await apply_at(citizen, await full_draft(settings, citizen))
    assert first.earlier_id == ""
    assert leads_to(await handle(first, "submit"))
    again = await applications.start(citizen.db, county.ALLOWANCE)
    page = await apply_at(citizen, again)
    assert page.earlier_id == first.application_id and page.earlier_on
    await handle(page, "take_over", True)
    assert page.earlier_id == "" and field(page, "address").value == "二组 15 号"
    assert not field(page, "declaration").is_checked
    assert page.incoming["values"]["address"] == "二组 15 号"
    # Nobody is asked again once something stands there.
    assert (await apply_at(citizen, again)).earlier_id == ""


async def test_a_text_too_long_to_keep_is_said_at_its_field(
    apply_at: ApplyAt, handle: Handle, sign_in: SignIn
) -> None:
    citizen = await sign_in()
    case = await applications.start(citizen.db, county.ALLOWANCE)
    page = await apply_at(citizen, case)
    typed = {"name": "王" * 10_000, "address": "二组\u202e 15 号"}
    await handle(page, "save", typed, page.receipt)
    assert page.trouble == "" and field(page, "name").error == say("zh", "error.text_too_long")
    kept = (await applications.page(citizen.db, case))["form"]
    assert kept["address"] == "二组 15 号" and "name" not in kept
