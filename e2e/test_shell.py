"""What holds for the product as a whole: language, keyboard, print, no network, wrong addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.browsing import LINE_IS_CUT, Complaints, give_session, ready, tab_to
from e2e.county import ALLOWANCE, CLERK, County
from e2e.steps import Open

_STATUS_404 = "status of 404"


def test_the_language_changes_without_signing_in_and_stays(phone: Open) -> None:
    page = phone()
    page.goto("/")
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("从这里开始")
    page.locator("[data-pick=lang-en]:visible").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".list-row").first).to_contain_text(re.compile("[A-Za-z]{4}"))
    assert page.title().isascii() or "OneTrip" in page.title()

    # On the next visit it is there before the first paint, and the text beside it too.
    page.add_init_script(
        """addEventListener("DOMContentLoaded", () => {
            window.languageAtFirst = document.documentElement.lang;
            window.hiddenAtFirst = getComputedStyle(document.querySelector("h1 .zh")).display;
        });"""
    )
    page.goto("/")
    assert page.evaluate("window.languageAtFirst") == "en"
    assert page.evaluate("window.hiddenAtFirst") == "none"


def test_large_text_stays_too(phone: Open) -> None:
    page = phone()
    page.goto("/")
    ready(page)
    page.locator("[data-pick=mode-elder]:visible").first.click()
    expect(page.locator(".button.door").first).to_be_visible()
    page.goto("/services/")
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")


def test_the_language_of_an_account_follows_messages(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    case = county.case(citizen)
    page = phone(citizen.phone, lang="en")
    page.goto(f"/case/?id={case}")
    expect(page.locator("#case .tag").first).to_contain_text(re.compile("[a-z]{3}"))
    page.goto("/me/")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.goto(f"/case/?id={case}")
    expect(page.locator("#case .tag").first).to_contain_text("窗口在核对")


def test_the_keyboard_alone_signs_somebody_in(county: County, desk: Open) -> None:
    citizen = county.new_citizen()
    page = desk()
    page.goto("/")
    ready(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    tab_to(page, "a[href='/me/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")
    expect(page.locator("a[href^='/sign-in/']").first).to_be_visible()
    tab_to(page, "a[href^='/sign-in/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in/**")
    expect(page.locator("#phone")).to_be_visible()
    tab_to(page, "#phone")
    page.keyboard.type(citizen.phone.removeprefix("+86"))
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_visible()
    if not page.evaluate("document.activeElement.matches('#code')"):
        tab_to(page, "#code")
    page.keyboard.type(county.code_for(citizen.phone))
    page.keyboard.press("Enter")
    page.wait_for_url("**/me/")
    expect(page.locator("#sign-out")).to_be_visible()


def test_a_guide_on_paper_is_the_guide_alone(phone: Open) -> None:
    page = phone()
    page.goto(f"/service/?code={ALLOWANCE}")
    expect(page.locator("#guide")).to_be_visible()
    expect(page.locator("#start")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#guide")).to_be_visible()
    expect(page.get_by_text("法律依据").first).to_be_visible()
    for selector in ("#start", ".bar", ".bottom", ".quiet-actions button"):
        expect(page.locator(selector).first).to_be_hidden()


def test_without_network_the_shell_opens_and_lives(phone: Open, complaints: Complaints) -> None:
    complaints.expect(LINE_IS_CUT)
    page = phone()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.goto("/")
    expect(page.locator(".offline")).to_be_visible()
    page.evaluate("window.isTheSameDocument = true")
    page.locator(".bottom-nav a[href='/me/']").click()
    page.wait_for_url("**/me/")
    expect(page.locator("section", has_text="阅读方式").first).to_be_visible()
    assert page.evaluate("window.isTheSameDocument"), "a dead page was loaded anew"
    # What needs no server works.
    page.get_by_role("button", name="大字版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_be_hidden(timeout=30_000)


def test_the_inbox_shows_a_code_as_it_comes(county: County, phone: Open) -> None:
    number = county.new_phone()
    inbox, page = phone(), phone()
    inbox.goto("/dev/inbox/")
    ready(inbox)
    page.goto("/sign-in/")
    ready(page)
    page.fill("#phone", number.removeprefix("+86"))
    page.click("#send-code")
    expect(page.locator("#code")).to_be_visible()
    code = county.code_for(number)
    expect(inbox.locator("#main")).to_contain_text(f"{code[:3]} {code[3:]}")


def test_an_address_that_is_none(phone: Open, complaints: Complaints) -> None:
    complaints.expect(_STATUS_404)
    page = phone()
    answer = page.goto("/no-such-page/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", name="没有这个页面")).to_be_visible()


@pytest.mark.parametrize("page_name", ["case", "apply"])
def test_somebody_elses_case_is_politely_not_there(
    county: County, phone: Open, page_name: str
) -> None:
    owner, other = county.new_citizen(), county.new_citizen()
    theirs = county.case(owner) if page_name == "case" else county.draft(owner)
    page = phone(other.phone)
    for wanted in (theirs, "00000000-0000-4000-8000-000000000000", "nonsense"):
        page.goto(f"/{page_name}/?id={wanted}")
        expect(page.locator("#main")).to_contain_text("没有找到这一件")
        expect(page.locator("body")).not_to_contain_text(owner.name)


def test_who_is_not_signed_in_is_led_there_and_back(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    case = county.case(citizen)
    page = phone()
    page.goto(f"/case/?id={case}")
    steps.sign_in(page, county, citizen.phone)
    page.wait_for_url(f"**/case/?id={case}")
    expect(page.locator("#receipt")).to_be_visible()


def test_a_desk_is_not_for_everybody(county: County, phone: Open) -> None:
    page = phone(county.new_citizen().phone)
    for address in ("/desk/", "/supervision/"):
        page.goto(address)
        expect(page.locator("#main")).to_contain_text("这里是工作台")
        page.get_by_role("link", name="回首页办事").click()
        page.wait_for_url(lambda url: url.endswith(":" + url.split(":")[2].split("/")[0] + "/"))


def test_somebody_without_the_role_reaches_no_desk_by_its_address(
    county: County, phone: Open
) -> None:
    owner = county.new_citizen()
    case = county.case(owner)
    page = phone(county.new_citizen().phone)
    page.goto(f"/desk/?id={case}")
    expect(page.locator("#main")).to_contain_text("这里是工作台")
    expect(page.locator("body")).not_to_contain_text(owner.name)


def test_signing_out_ends_the_session_in_the_whole_browser(
    county: County, phone: Open, complaints: Complaints
) -> None:
    complaints.expect("status of 401")
    citizen = county.new_citizen()
    mine = county.signed_in_anew(citizen.phone)
    page = phone()
    give_session(page.context, county, mine.secret)
    other_tab = page.context.new_page()
    other_tab.goto("/me/")
    expect(other_tab.locator("#sign-out")).to_be_visible()
    page.goto("/me/")
    page.click("#sign-out")
    page.wait_for_url(lambda url: "/me/" not in url)
    assert not [c for c in page.context.cookies() if c["name"] == "onetrip_session"]

    other_tab.goto("/cases/")
    other_tab.wait_for_url("**/sign-in/**")
    # Also the secret itself opens nothing any more.
    give_session(page.context, county, mine.secret)
    page.goto("/me/")
    expect(page.locator("a[href^='/sign-in/']").first).to_be_visible()


def test_a_tab_left_open_shows_nothing_after_the_session_ended(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    mine = county.signed_in_anew(citizen.phone)
    page = phone()
    give_session(page.context, county, mine.secret)
    page.goto("/me/")
    expect(page.locator("#sign-out")).to_be_visible()
    ended = page.context.request.post(
        "/api/session/end", headers={"x-requested-with": "onetrip"}, data={}
    )
    assert ended.ok
    page.get_by_role("button", name="修改资料").click()
    page.wait_for_url("**/sign-in/**")


def test_a_clerk_reaches_the_desk_from_home(phone: Open, desk: Open) -> None:
    opened: list[Callable[..., Page]] = [phone, desk]
    for kind in opened:
        page = kind(CLERK)
        page.goto("/")
        page.get_by_role("link", name=re.compile("进入工作台")).click()
        page.wait_for_url("**/desk/")
        expect(page.locator("h2", has_text="待办").first).to_be_visible()


def test_another_case_in_the_same_tab_never_shows_the_one_before(
    county: County, phone: Open
) -> None:
    citizen = county.new_citizen()
    first = county.case(citizen)
    county.forward(CLERK, first)
    second = county.case(citizen)
    page = phone(citizen.phone)
    page.goto(f"/case/?id={first}")
    expect(page.locator("#case .tag").first).to_contain_text("民政局在办理")
    seen = page.locator("#receipt").inner_text()
    page.add_init_script(
        """new MutationObserver(() => {
            const shown = document.querySelector("#receipt")?.innerText;
            if (shown) (window.receiptsSeen ??= new Set()).add(shown);
        }).observe(document, {childList: true, subtree: true, characterData: true});"""
    )
    page.goto(f"/case/?id={second}")
    expect(page.locator("#case .tag").first).to_contain_text("窗口在核对")
    assert seen not in page.evaluate("[...window.receiptsSeen]")
