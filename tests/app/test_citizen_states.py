"""What a citizen's pages do, handler by handler: signed in, not signed in, somebody else's."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import county
import psycopg
import pytest
import reflex as rx
from county import MakeCase, Person, SignIn, full_draft

from app.pages.apply_state import Apply
from app.pages.case import Case
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
    assert (home.is_signed_in, home.is_loading, home.trouble) == (False, False, "")
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
    assert home.waiting_to == home.cases[0].href
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
    assert page.event == "birth" and page.found
    page = tab.at(Services, "/services/?event=nonsense&q=qqqqq")
    await handle(page, "load")
    assert (page.event, page.found) == ("", [])


@BOTH
async def test_a_guide_shows_its_eight_items(
    open_tab: OpenTab, handle: Handle, language: str
) -> None:
    page = open_tab(language=language).at(Service, f"/service/?code={county.ALLOWANCE}")
    await handle(page, "load")
    assert page.is_found and page.is_applicable and page.trouble == ""
    for shown in (
        page.title, page.what, page.conditions, page.materials, page.procedure, page.laws,
        page.promised_number, page.fee_number, page.result_name, page.questions, page.steps,
    ):  # fmt: skip
        assert shown
    texts = [page.title, page.what, page.procedure, page.steps[1].title]
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
    assert target == "/sign-in/?next=%2Fservice%2F%3Fcode%3Delderly-allowance"
    citizen = await sign_in()
    page = open_tab(citizen).at(Service, url)
    await handle(page, "load")
    first, second = [leads_to(await handle(page, "start")) for _ in range(2)]
    case = (await applications.mine(citizen.db))[0]["id"]
    assert first == second == f"/apply/?id={case}"
    assert page.is_starting is False
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
    assert not state.is_signed_in and not state.is_loading


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


# apply


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
    before = field(here, "address").key
    await here.read_again()
    assert field(here, "address").value == "乙 2 号" and field(here, "address").key != before
    assert [(o.name, o.text) for o in here.offers] == [("address", "甲 1 号")]
    assert here.announcement == say("zh", "apply.changed_elsewhere")
    await handle(here, "take_back", "address", "甲 1 号")
    assert here.offers == [] and field(here, "address").value == "甲 1 号"
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
    assert page.is_found and page.is_open and len(page.case_code.replace(" ", "")) == 6
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
    assert page.refusal and not page.is_open and page.case_code == ""
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


# me


@BOTH
async def test_me_shows_myself_masked_and_who_looked(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn, demo: SignIn, cases: MakeCase,
    language: str,
) -> None:  # fmt: skip
    citizen, clerk = await sign_in(), await demo(county.CLERK_OF_YUMEN_TOWN)
    case = await cases(citizen)
    await applications.reveal(clerk.db, case, "id_number", purpose="check")
    page = open_tab(citizen, language=language).at(Me, "/me/")
    await handle(page, "load")
    assert page.is_signed_in and len(page.looks) == 1 and len(page.devices) == 1
    assert citizen.phone not in str(page.phone) and "*" in page.phone
    stranger = open_tab(language=language).at(Me, "/me/")
    await handle(stranger, "load")
    assert not stranger.is_signed_in and stranger.trouble == ""


async def test_me_is_changed_field_by_field(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn
) -> None:
    citizen = await sign_in()
    page = open_tab(citizen).at(Me, "/me/")
    await handle(page, "load")
    await handle(page, "edit")
    assert page.is_editing and len(page.options) >= 84
    form = {"name": "欧阳某某", "id_number": "", "division_code": "620981101200"}
    for change, shown in (
        ({"name": "欧"}, "name_error"),
        ({"id_number": "622101194312060028"}, "id_number_error"),
        ({"id_number": "622101194312060027"}, "id_number_error"),
        ({"division_code": "1"}, "division_error"),
    ):
        await handle(page, "save", form | change)
        assert getattr(page, shown) and page.is_editing and page.errors, change
    await handle(page, "save", form)
    assert (page.name, page.is_editing, page.errors) == ("欧阳某某", False, [])
    assert page.announcement == say("zh", "me.saved")


async def test_me_closes_my_other_devices(
    open_tab: OpenTab, handle: Handle, sign_in: SignIn
) -> None:
    first = await sign_in(device_label="iPhone · WeChat")
    second = await sign_in(first.phone, device_label="Android · Chrome")
    page = open_tab(second).at(Me, "/me/")
    await handle(page, "load")
    assert len(page.devices) == 2
    other = next(d for d in page.devices if d.title == "iPhone · WeChat")
    await handle(page, "close_device", other.id)
    assert [d.title for d in page.devices] == ["Android · Chrome"]
    await handle(page, "close_device", other.id)
    assert page.trouble == say("zh", "error.session_not_found")
