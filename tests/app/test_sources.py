"""Wallet and registries on the apply page, handler by handler, against the real registries."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import county
import pytest
import pytest_asyncio
from county import Person, SignIn, full_draft
from psycopg import Connection

from app.pages import desk_sources
from app.pages.apply_sources import Sources
from app.pages.apply_state import Apply
from app.pages.case_sources import CaseSources
from app.pages.case_state import Case
from app.pages.wallet import Wallet
from app.text import dates, say
from backend import applications, case_acts, config, registries
from backend.config import Settings
from tests.local_registry.conftest import SECRET, key, registry

OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])

__all__ = ["key", "registry"]


@pytest.fixture
def asks(registry: str, _installed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The web process is connected to the embedded registries."""
    monkeypatch.setitem(os.environ, "REGISTRY_URL", registry)
    monkeypatch.setitem(os.environ, "REGISTRY_KEY_ID", "embedded")
    monkeypatch.setitem(os.environ, "REGISTRY_KEY", SECRET.decode())
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()
    registries.recover()


@pytest_asyncio.fixture(loop_scope="session")
async def wang(demo: SignIn, superuser: Connection) -> AsyncIterator[Person]:
    """Wang Xiuying, whom the registries know, without a draft; no paper of hers is left."""
    person = await demo(county.WANG)

    def forget() -> None:
        for each in (
            "delete from public.applications where applicant_id = %s and status = 'draft'",
            "delete from public.wallet_uses where owner_id = %s",
            "delete from public.wallet_items where owner_id = %s",
        ):
            superuser.execute(each, (person.id,))

    forget()
    yield person
    forget()


async def opened(
    open_tab: OpenTab, handle: Handle, person: Person, case: str, language: str = "zh"
):
    tab = open_tab(person, language=language)
    page = tab.at(Apply, f"/apply/?id={case}")
    await handle(page, "load")
    return page, tab.at(Sources, f"/apply/?id={case}")


def card(page: Apply, code: str) -> Any:
    return next(card for card in page.materials if card.code == code)


@BOTH
async def test_allowed_once_the_papers_are_there_and_the_form_filled(
    asks: None, open_tab: OpenTab, handle: Handle, wang: Person, language: str
) -> None:
    case = await applications.start(wang.db, county.ALLOWANCE)
    page, sources = await opened(open_tab, handle, wang, case, language)
    assert card(page, "household-page").sources.ask
    await handle(sources, "ask", "household")
    assert sources.is_asking
    await handle(sources, "fetch", "household")
    assert not sources.is_asking and sources.trouble == ""
    await handle(page, "photo_done", "")
    shown = card(page, "household-page")
    assert shown.is_done and not shown.has_room
    values = [fact.value for fact in shown.sources.facts]
    assert "王*英" in values and not any("南门村3组" in value for value in values)
    form = (await applications.page(wang.db, case))["form"]
    assert form["address"].startswith("南门村")


async def test_what_was_typed_is_not_overwritten(
    asks: None, open_tab: OpenTab, handle: Handle, wang: Person
) -> None:
    case = await applications.start(wang.db, county.ALLOWANCE)
    page, sources = await opened(open_tab, handle, wang, case)
    await handle(page, "save", {"address": "女儿家"}, page.receipt)
    await handle(sources, "fetch", "household")
    assert (await applications.page(wang.db, case))["form"]["address"] == "女儿家"


async def test_not_right_opens_the_paper_way(
    asks: None, open_tab: OpenTab, handle: Handle, wang: Person
) -> None:
    case = await applications.start(wang.db, county.ALLOWANCE)
    page, sources = await opened(open_tab, handle, wang, case)
    await handle(sources, "fetch", "household")
    await handle(page, "photo_done", "")
    await handle(sources, "dispute", card(page, "household-page").sources.query_id)
    await handle(page, "photo_done", "")
    shown = card(page, "household-page")
    assert (shown.is_done, shown.has_room, shown.sources.facts) == (False, True, [])
    assert "没有采用" in shown.sources.paper_note


async def test_a_registry_that_is_down_opens_the_paper_way_and_comes_back(
    asks: None,
    open_tab: OpenTab,
    handle: Handle,
    wang: Person,
    monkeypatch: pytest.MonkeyPatch,
    registry: str,
) -> None:
    monkeypatch.setitem(os.environ, "REGISTRY_URL", "http://127.0.0.1:9")
    config.settings.cache_clear()
    case = await applications.start(wang.db, county.INSURANCE)
    await applications.save_draft(wang.db, case, {"is_registered_here": True}, base_version=0)
    page, sources = await opened(open_tab, handle, wang, case)
    assert card(page, "household-page").sources.is_paper_folded
    await handle(sources, "fetch", "household")
    await handle(page, "photo_done", "")
    shown = card(page, "household-page")
    assert sources.trouble == "" and "连不上" in shown.sources.paper_note
    assert shown.has_room and not shown.sources.is_paper_folded
    monkeypatch.setitem(os.environ, "REGISTRY_URL", registry)
    config.settings.cache_clear()
    await handle(sources, "fetch", shown.sources.registry)
    await handle(page, "photo_done", "")
    assert card(page, "household-page").is_done


async def test_who_has_no_number_is_told_the_way_on(
    asks: None, open_tab: OpenTab, handle: Handle, sign_in: SignIn
) -> None:
    stranger = await sign_in()
    case = await applications.start(stranger.db, county.ALLOWANCE)
    page, sources = await opened(open_tab, handle, stranger, case)
    await handle(sources, "fetch", "household")
    assert "拍照" in sources.trouble and not sources.is_asking
    assert card(page, "household-page").has_room


@BOTH
async def test_the_wallet_is_offered_used_stopped_and_emptied(
    asks: None,
    open_tab: OpenTab,
    handle: Handle,
    settings: Settings,
    wang: Person,
    demo: SignIn,
    language: str,
) -> None:
    first = await full_draft(settings, wang)
    key = "00000000-0000-4000-8000-000000000077"
    await applications.submit(wang.db, first, submission_key=key, today=dates.today())
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    steps = (await applications.page(clerk.db, first))["steps"]
    await applications.forward(clerk.db, steps[0]["id"])

    case = await applications.start(wang.db, county.ALLOWANCE)
    page, sources = await opened(open_tab, handle, wang, case, language)
    await handle(page, "save", {"id_number": "622101194312060027"}, page.receipt)
    offer = card(page, "id-card").sources
    assert offer.offer_id and ("玉门镇" if language == "zh" else "Yumen Town") in offer.offer
    await handle(sources, "use", "id-card", offer.offer_id)
    await handle(page, "photo_done", "")
    shown = card(page, "id-card")
    assert shown.is_done and shown.sources.used and len(shown.photos) == 2

    mine = open_tab(wang, language=language).at(Wallet, "/wallet/")
    await handle(mine, "load")
    assert len(mine.papers) == 3 and mine.uses[0].link == f"/apply/?id={case}"
    paper = mine.papers[0].id
    assert await handle(mine, "offer", paper, False) is Wallet.load
    await handle(mine, "load")
    assert next(p for p in mine.papers if p.id == paper).is_offered is False
    await handle(mine, "remove", paper)
    await handle(mine, "load")
    assert paper not in [p.id for p in mine.papers]
    await handle(mine, "remove", paper)
    assert mine.trouble


async def with_other_photos(settings: Settings, person: Person) -> str:
    """A case like any other, with photos that nobody has seen before."""
    case = await applications.start(person.db, county.ALLOWANCE)
    answers = county.ANSWERS[county.ALLOWANCE]
    await applications.save_draft(person.db, case, answers, base_version=0)
    for number, code in enumerate(("id-card", "id-card", "bank-card", "household-page")):
        await county.upload(settings, person, case, code, county.jpeg((200, 9 * number, 3)))
    await handed_in(person, case)
    return case


async def handed_in(person: Person, case: str) -> None:
    await applications.submit(person.db, case, submission_key=str(uuid4()), today=dates.today())


@BOTH
async def test_a_paper_of_the_wallet_answers_a_notice(
    open_tab: OpenTab, handle: Handle, settings: Settings, wang: Person, demo: SignIn,
    language: str,
) -> None:  # fmt: skip
    clerk = await demo(county.CLERK_OF_YUMEN_TOWN)
    first = await full_draft(settings, wang)
    await handed_in(wang, first)
    steps = (await applications.page(clerk.db, first))["steps"]
    await applications.forward(clerk.db, steps[0]["id"])
    case = await with_other_photos(settings, wang)
    await case_acts.send_notice(
        clerk.db, case, [{"material": "id-card", "points": [0], "text": "正面反光看不清，请重拍"}]
    )

    tab = open_tab(wang, language=language)
    page = tab.at(Case, f"/case/?id={case}")
    await handle(page, "load")
    offered = page.wrongs[0].cards[0]
    assert offered.has_room and not offered.photos
    office = "玉门镇" if language == "zh" else "Yumen Town"
    assert office in offered.sources.offer and offered.sources.offer_note
    wallet = tab.at(CaseSources, f"/case/?id={case}")
    await handle(wallet, "use", "id-card", offered.sources.offer_id)
    assert wallet.trouble == "" and wallet.announcement
    await handle(page, "photo_done", "")
    sent = page.wrongs[0].cards[0]
    assert page.wrongs[0].is_done and len(sent.photos) == 2 and not sent.has_room
    assert office in sent.sources.used and not sent.sources.offer_id
    await handle(page, "reply")
    assert page.mend_received and page.trouble == ""

    # It was handed in: nothing is asked for any more.
    await handle(wallet, "use", "id-card", offered.sources.offer_id)
    assert wallet.trouble


async def test_the_very_paper_of_the_notice_is_not_offered(
    open_tab: OpenTab, handle: Handle, settings: Settings, wang: Person, demo: SignIn
) -> None:
    clerk, approver = [
        await demo(n) for n in (county.CLERK_OF_YUMEN_TOWN, county.APPROVER_OF_CIVIL_AFFAIRS)
    ]
    case = await full_draft(settings, wang)
    await handed_in(wang, case)
    steps = (await applications.page(clerk.db, case))["steps"]
    await applications.forward(clerk.db, steps[0]["id"])
    await case_acts.send_notice(
        approver.db, case, [{"material": "id-card", "points": [0], "text": "正面反光看不清"}]
    )
    page = open_tab(wang).at(Case, f"/case/?id={case}")
    await handle(page, "load")
    assert page.wrongs[0].cards[0].sources.offer_id == "" and page.wrongs[0].cards[0].has_room


def answer(page: Apply, name: str) -> Any:
    return next(f for section in page.sections for f in section.fields if f.name == name)


@BOTH
async def test_an_answer_says_where_it_came_from_and_can_be_disputed(
    asks: None, open_tab: OpenTab, handle: Handle, wang: Person, language: str
) -> None:
    case = await applications.start(wang.db, county.ALLOWANCE)
    page, sources = await opened(open_tab, handle, wang, case, language)
    mine = "“我的”" if language == "zh" else "your own details"
    assert mine in answer(page, "phone").origin and answer(page, "pay_method").origin == ""
    await handle(sources, "fetch", "household")
    registry = say(language, "registry.household")  # type: ignore[arg-type]
    assert registry in answer(page, "address").origin
    assert dates.day(page.reads, datetime.now(UTC).isoformat()) in answer(page, "address").origin

    await handle(sources, "not_right", "address")
    asked = answer(page, "address")
    assert sources.trouble == "" and asked.is_disputed and asked.origin == ""
    assert card(page, "household-page").has_room, "the paper way is open"
    typed = {"address": "四组 2 号", "reason:address": " 去年搬了家 ", "reason:phone": "没问"}
    await handle(page, "save", typed, page.receipt)
    found = await applications.page(wang.db, case)
    assert found["form"]["address"] == "四组 2 号"
    assert {name: said["note"] for name, said in found["disputes"].items()} == {
        "address": "去年搬了家"
    }
    again, _ = await opened(open_tab, handle, wang, case, language)
    assert answer(again, "address").reason == "去年搬了家"
    told = desk_sources.disputed(language, found)["address"]  # type: ignore[arg-type]
    assert registry in told and "去年搬了家" in told

    await handle(sources, "is_right", "address")
    assert not answer(page, "address").is_disputed and card(page, "household-page").is_done
    await handle(sources, "not_right", "pay_method")
    assert sources.trouble == say(language, "error.field_not_filled")  # type: ignore[arg-type]
