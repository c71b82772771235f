"""What a citizen's pages do, handler by handler: signed in, not signed in, somebody else's."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import county
import psycopg
import pytest
import reflex as rx
from county import MakeCase, SignIn

from app.pages.apply_state import Apply
from app.pages.case_state import Case
from app.pages.cases import Cases
from app.pages.home import Home
from app.pages.me import Me
from app.pages.service import Service
from app.pages.services import Services
from app.pages.sign_in import SignIn as SignInPage
from app.text import say
from backend import applications, web_sessions
from backend.config import Settings

OpenTab = Callable[..., Any]
Handle = Callable[..., Awaitable[Any]]
LeadsTo = Callable[[Any], str]
BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= c <= "\u9fff" for c in text)


# home


@BOTH
async def test_a_stranger_sees_the_services(
    open_tab: OpenTab, handle: Handle, language: str
) -> None:
    home = open_tab(language=language).at(Home, "/")
    assert await handle(home, "load") is None
    assert (home.is_signed_in, home.trouble) == (False, "")
    assert len(home.popular) == 6
    assert all(is_chinese(row.title) is (language == "zh") for row in home.popular)


@BOTH
async def test_home_shows_who_i_am_and_what_is_open(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, cases: MakeCase, language: str
) -> None:
    citizen = await sign_in()
    await cases(citizen)
    await applications.start(citizen.db, county.SIGN)
    home = open_tab(citizen, language=language).at(Home, "/")
    assert await handle(home, "load") is Home.follow_mine
    assert home.is_signed_in and home.open_count == 2 and home.desk_to == ""
    assert home.cases[0].is_draft and home.cases[0].href.startswith("/apply/?id=")
    assert [card.href for card in home.waiting] == [home.cases[0].href]
    assert is_chinese(home.cases[1].title) is (language == "zh")


async def test_home_moves_when_a_case_moves(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, cases: MakeCase
) -> None:
    citizen = await sign_in()
    case = await cases(citizen)
    home = open_tab(citizen).at(Home, "/")
    await handle(home, "load")
    await home.read_again()
    assert home.announcement == ""
    await applications.withdraw(citizen.db, case)
    await applications.start(citizen.db, county.SIGN)
    await home.read_again()
    assert home.announcement


async def test_home_leads_staff_to_their_desk(
    open_tab: OpenTab, handle: Handle, demo: SignIn
) -> None:
    for phone, desk in (
        (county.CLERK_OF_YUMEN_TOWN, "/desk/"),
        (county.APPROVER_OF_SIGNS, "/desk/"),
        (county.SUPERVISOR, "/supervision/"),
        (county.WANG, ""),
    ):
        home = open_tab(await demo(phone)).at(Home, "/")
        await handle(home, "load")
        assert home.desk_to == desk, phone


async def test_a_cookie_that_ended_is_a_stranger(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, settings: Settings
) -> None:
    citizen = await sign_in()
    home = open_tab(citizen).at(Home, "/")
    await handle(home, "load")
    await web_sessions.close_session(settings, citizen.secret)
    await handle(home, "load")
    assert (home.is_signed_in, home.name, home.cases) == (False, "", [])


async def test_language_and_mode_follow_the_person(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, superuser: psycopg.Connection
) -> None:
    citizen = await sign_in()
    home = open_tab(citizen).at(Home, "/")
    await handle(home, "choose_language", "en")
    await handle(home, "choose_mode", "elder")
    assert home.reads == "en"
    kept = superuser.execute(
        "select language, mode from public.people where id = %s", (citizen.id,)
    ).fetchone()
    assert kept == ("en", "elder")
    await handle(home, "choose_language", "<script>")
    assert home.reads == "zh"
    stranger = open_tab().at(Home, "/")
    await handle(stranger, "choose_language", "en")
    assert (stranger.reads, stranger.trouble) == ("en", "")


# sign-in


async def test_sign_in_asks_for_the_code_next(open_tab: OpenTab, handle: Handle) -> None:
    page = open_tab().at(SignInPage, "/sign-in/?next=%2Fapply%2F%3Fid%3Dx")
    await handle(page, "load")
    assert (page.next_to, page.has_inbox) == ("/apply/?id=x", True)
    number = f"135{uuid4().int % 10**8:08d}"
    await handle(page, "send", {"phone": f" {number[:3]} {number[3:]} "})
    assert page.is_code_sent and page.phone == f"+86{number}"
    assert page.phone_shown == f"{number[:3]} {number[3:7]} {number[7:]}"
    await handle(page, "change_number")
    assert not page.is_code_sent and page.phone == f"+86{number}"


@BOTH
@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "phone_needed"), ("123", "phone_invalid"), ("+85291234567", "phone_foreign")],
)
async def test_sign_in_says_what_is_wrong_with_a_number(
    open_tab: OpenTab, handle: Handle, typed: str, code: str, language: str
) -> None:
    page = open_tab(language=language).at(SignInPage, "/sign-in/")
    await handle(page, "send", {"phone": typed})
    assert page.phone_error == say(language, f"error.{code}")  # type: ignore[arg-type]
    assert not page.is_code_sent and page.trouble == ""


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
async def test_sign_in_leads_only_to_our_own_pages(
    open_tab: OpenTab, handle: Handle, target: str
) -> None:
    from urllib.parse import quote

    page = open_tab().at(SignInPage, f"/sign-in/?next={quote(target, safe='')}")
    await handle(page, "load")
    assert page.next_to == "/"


async def test_what_the_endpoint_refused_is_shown_at_its_field(
    open_tab: OpenTab, handle: Handle
) -> None:
    page = open_tab().at(SignInPage, "/sign-in/")
    page.is_code_sent = True
    await handle(page, "refuse", "code_wrong_or_expired", "code", "")
    assert page.code_error == say("zh", "error.code_wrong_or_expired") and page.is_code_sent
    await handle(page, "refuse", "phone_invalid", "phone", "看看号码")
    assert page.phone_error == "看看号码" and not page.is_code_sent


# services and guides


@BOTH
async def test_services_are_found_by_words_and_life_event(
    open_tab: OpenTab, handle: Handle, language: str
) -> None:
    tab = open_tab(language=language)
    page = tab.at(Services, "/services/?q=elderly")
    await handle(page, "load")
    assert "/service/?code=elderly-allowance" in {row.href for row in page.found}
    page = tab.at(Services, "/services/?event=birth")
    await handle(page, "load")
    assert page.found and [chip.is_on for chip in page.filters.events][:2] == [False, True]
    page = tab.at(Services, "/services/?event=nonsense&q=qqqqq")
    await handle(page, "load")
    assert page.filters.events[0].is_on and page.found == [] and page.others


@BOTH
async def test_a_guide_shows_its_eight_items(
    open_tab: OpenTab, handle: Handle, language: str
) -> None:
    page = open_tab(language=language).at(Service, f"/service/?code={county.ALLOWANCE}")
    await handle(page, "load")
    assert page.is_found and page.shown.is_applicable and page.trouble == ""
    guide = page.shown
    for shown in (
        guide.title, guide.what, guide.conditions, guide.materials, guide.procedure, guide.laws,
        guide.promised_number, guide.fee_number, guide.results, guide.questions, guide.stages,
    ):  # fmt: skip
        assert shown
    assert page.address == f"/g/{county.ALLOWANCE}" + ("?lang=en" if language == "en" else "")
    texts = [guide.title, guide.what, guide.procedure, guide.stages[1].boxes[0].title]
    assert all(is_chinese(text) is (language == "zh") for text in texts)


@BOTH
@pytest.mark.parametrize("code", ["no-such-service", "", "x" * 400])
async def test_a_guide_that_is_not_there(
    open_tab: OpenTab, handle: Handle, code: str, language: str
) -> None:
    page = open_tab(language=language).at(Service, f"/service/?code={code}")
    assert await handle(page, "load") is None
    assert not page.is_found and page.is_ready
    assert page.trouble == say(language, "error.service_not_found")  # type: ignore[arg-type]


async def test_starting_opens_my_draft_and_a_stranger_signs_in_first(
    open_tab: OpenTab, handle: Handle, leads_to: LeadsTo, sign_in: SignIn
) -> None:
    url = f"/service/?code={county.ALLOWANCE}"
    stranger = open_tab().at(Service, url)
    await handle(stranger, "load")
    target = leads_to(await handle(stranger, "start"))
    assert target == "/sign-in/?next=%2Fservice%2F%3Fcode%3Delderly-allowance%26start%3D1"
    citizen = await sign_in()
    page = open_tab(citizen).at(Service, url)
    await handle(page, "load")
    first, second = [leads_to(await handle(page, "start")) for _ in range(2)]
    case = (await applications.mine(citizen.db))[0]["id"]
    assert first == second == f"/apply/?id={case}"
    assert page.is_starting is False
    back = open_tab(citizen).at(Service, f"{url}&start=1")
    await handle(back, "load")
    assert leads_to(await handle(back, "go_on")) == f"/apply/?id={case}"
    unsigned = open_tab().at(Service, f"{url}&start=1")
    await handle(unsigned, "load")
    assert await handle(unsigned, "go_on") is None and unsigned.is_found
    page.code = "ordinary-passport"
    assert await handle(page, "start") is None
    assert page.trouble == say("zh", "error.service_not_applicable")


# who is not signed in, and what is not theirs


SIGNED_IN_PAGES: list[tuple[type[rx.State], str, str]] = [
    (Apply, "/apply/?id=11111111-1111-4111-8111-111111111111", "load"),
    (Case, "/case/?id=11111111-1111-4111-8111-111111111111", "load"),
    (Cases, "/cases/", "load"),
    (Cases, "/cases/", "more"),
    (Case, "/case/?id=11111111-1111-4111-8111-111111111111", "withdraw"),
    (Apply, "/apply/?id=11111111-1111-4111-8111-111111111111", "submit"),
    (Apply, "/apply/?id=11111111-1111-4111-8111-111111111111", "discard"),
    (Me, "/me/", "edit"),
]


@pytest.mark.parametrize(("page", "url", "handler"), SIGNED_IN_PAGES)
async def test_who_is_not_signed_in_is_led_there_and_back(
    open_tab: OpenTab, handle: Handle, leads_to: LeadsTo,
    page: type[rx.State], url: str, handler: str,
) -> None:  # fmt: skip
    from urllib.parse import quote

    state = open_tab().at(page, url)
    assert leads_to(await handle(state, handler)) == f"/sign-in/?next={quote(url, safe='')}"
    assert not state.is_signed_in


@BOTH
@pytest.mark.parametrize("page", [Apply, Case])
async def test_somebody_elses_case_is_a_sentence(
    open_tab: OpenTab, handle: Handle, demo: SignIn, sign_in: SignIn, page: Any, language: str
) -> None:
    other = await sign_in()
    foreign = await applications.start(other.db, county.ALLOWANCE)
    name = page.__name__.lower()
    for wanted, code in ((foreign, "case_not_found"), (str(uuid4()), "case_not_found")):
        tab = open_tab(await demo(county.MA), language=language)
        state = tab.at(page, f"/{name}/?id={wanted}")
        assert await handle(state, "load") is None
        assert not state.is_found and state.is_ready
        assert state.trouble == say(language, f"error.{code}")  # type: ignore[arg-type]


@pytest.mark.parametrize("wanted", ["", "not-a-uuid", "x" * 300, "1;drop table people"])
async def test_nonsense_in_the_address_is_a_sentence(
    open_tab: OpenTab, handle: Handle, demo: SignIn, wanted: str
) -> None:
    from urllib.parse import quote

    for page in (Apply, Case):
        tab = open_tab(await demo(county.MA))
        state = tab.at(page, f"/case/?id={quote(wanted)}")
        assert await handle(state, "load") is None
        assert state.trouble and not state.is_found  # type: ignore[attr-defined]


# case and cases


@BOTH
async def test_a_case_tells_its_story(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase,
    language: str,
) -> None:  # fmt: skip
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    approver = await demo(county.APPROVER_OF_CIVIL_AFFAIRS)
    case = await cases(citizen)
    page = open_tab(citizen, language=language).at(Case, f"/case/?id={case}")
    assert await handle(page, "load") is Case.follow_case
    assert page.is_found and page.is_open and len(page.code.digits.replace(" ", "")) == 6
    assert page.receipt_number.replace("-", "").startswith("620981")
    assert [row.state for row in page.rows] == ["done", "now", "todo", "todo"]
    assert is_chinese(page.tag) is (language == "zh") is is_chinese(page.rows[1].title)
    step = (await applications.page(clerk.db, case))["case"]["step"]["id"]
    await applications.forward(clerk.db, step)
    await page.read_again()
    assert [row.state for row in page.rows] == ["done", "done", "now", "todo"]
    assert page.announcement
    found = await applications.page(approver.db, case)
    reason = found["refusal_reasons"][0]
    await applications.refuse(
        approver.db, found["case"]["step"]["id"], reason_code=reason["code"],
        reason="户籍已经迁出玉门市",
    )  # fmt: skip
    await page.read_again()
    assert page.refusal and not page.is_open and page.code.digits == ""
    assert [row.state for row in page.rows][-1] == "stopped"
    await handle(page, "withdraw")
    assert page.trouble == say(language, "error.already_decided")  # type: ignore[arg-type]


async def test_withdrawing_and_the_ways_between_pages(
    open_tab: OpenTab, handle: Handle, leads_to: LeadsTo, sign_in: SignIn, demo: SignIn,
    cases: MakeCase,
) -> None:  # fmt: skip
    citizen = await sign_in()
    case = await cases(citizen)
    tab = open_tab(citizen)
    assert leads_to(await handle(tab.at(Apply, f"/apply/?id={case}"), "load")) == (
        f"/case/?id={case}"
    )
    page = tab.at(Case, f"/case/?id={case}")
    await handle(page, "load")
    await handle(page, "withdraw")
    assert not page.is_open and page.trouble == ""
    started = await applications.start(citizen.db, county.SIGN)
    found = await handle(tab.at(Case, f"/case/?id={started}"), "load")
    assert leads_to(found) == f"/apply/?id={started}"
    clerk = open_tab(await demo(county.CLERK_OF_YUMEN_TOWN)).at(Case, f"/case/?id={case}")
    assert leads_to(await handle(clerk, "load")) == f"/desk/?id={case}"


async def test_my_cases_page_by_page(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.pages import cases as module

    citizen = await sign_in()
    for code in county.ANSWERS:
        await applications.start(citizen.db, code)
    monkeypatch.setattr(module, "_PAGE", 2)
    page = open_tab(citizen).at(Cases, "/cases/")
    assert await handle(page, "load") is Cases.follow_mine
    assert len(page.cases) == 2 and page.has_more
    await handle(page, "more")
    assert len({card.id for card in page.cases}) == 3 and not page.has_more
    await page.read_again()
    assert len(page.cases) == 2 and page.announcement
