"""Finding a service on a phone: by sound, with a slip, by filters, by a question, in English, and
with no network."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from e2e.browsing import LINE_IS_CUT, Complaints, ready
from e2e.steps import Open
from e2e.test_every_page import faults

FIRST = ".answers .list-row .strong"


def first(page: Page) -> None:
    """Wait for the list."""
    ready(page)
    expect(page.locator(FIRST).first).to_be_visible()


def test_while_typing_the_list_follows_and_the_field_keeps_its_words(phone: Open) -> None:
    page = phone()
    page.goto("/services/")
    first(page)
    page.locator("#q").press_sequentially("yibao", delay=40)
    expect(page.locator(FIRST).first).to_contain_text("医疗保险")
    page.wait_for_url("**/services/?q=yibao")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.input_value("#q") == "yibao"
    # A slip, and Chinese that only sounds alike.
    for typed in ("yibo", "衣保"):
        page.fill("#q", typed)
        page.wait_for_function(
            "typed => new URLSearchParams(location.search).get('q') === typed", arg=typed
        )
        expect(page.locator(".answers[aria-busy=false]")).to_be_visible()
        expect(page.locator(FIRST).first).to_contain_text("医疗保险")
    expect(page.locator(".skeleton:visible")).to_have_count(0)
    assert faults(page) == []


def test_from_home_by_enter_and_back(phone: Open) -> None:
    page = phone()
    page.goto("/")
    ready(page)
    page.fill("#q", "zunlaojin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/?q=zunlaojin")
    expect(page.locator(FIRST).first).to_contain_text("尊老金")
    assert page.input_value("#q") == "zunlaojin"
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#q")).to_have_value("")


def test_filters_combine_in_the_address_and_back_undoes_them(phone: Open) -> None:
    page = phone()
    page.goto("/services/?event=retirement")
    first(page)
    page.locator(".filters summary").click()
    page.locator(".filters .chip", has_text="老年人").click()
    page.wait_for_url("**/services/?event=retirement&who=elderly")
    expect(page.locator(".answers")).to_contain_text("尊老金")
    expect(
        page.locator(".chip[aria-current=true]:visible", has_text="老年人").first
    ).to_be_visible()
    assert faults(page) == []
    page.go_back()
    page.wait_for_url(re.compile(r"event=retirement$"))
    expect(page.locator(".filters .chip[aria-current=true]")).to_have_count(0)
    # The link alone brings somebody else to the same list.
    other = phone()
    other.goto("/services/?who=elderly&q=%E8%AE%A4%E8%AF%81")
    expect(other.locator(FIRST).first).to_contain_text("认证")
    assert other.input_value("#q") == "认证"


def test_a_question_is_answered_in_place(phone: Open) -> None:
    page = phone()
    page.goto("/services/?q=尊老金多少岁")
    question = page.locator(".answers .question", has_text="尊老金").first
    question.locator("summary").click()
    expect(question).to_contain_text("80")
    question.get_by_role("link").click()
    page.wait_for_url("**/service/?code=elderly-allowance")


def test_nothing_found_leads_to_people_and_to_what_others_need(phone: Open) -> None:
    page = phone()
    page.goto("/services/?q=qqqqqq")
    expect(page.locator("a[href='tel:12345']")).to_be_visible()
    expect(page.locator("a[href='tel:09373212345']")).to_be_visible()
    expect(page.locator(".answers")).to_contain_text("qqqqqq")
    expect(page.locator(FIRST).first).to_be_visible()
    assert faults(page) == []


def test_in_english_with_a_slip(phone: Open) -> None:
    page = phone(lang="en")
    page.goto("/services/?q=medcal insurence")
    expect(page.locator(FIRST).first).to_contain_text("medical insurance", ignore_case=True)
    expect(page.locator(".notice", has_text="close")).to_be_visible()


def test_without_a_network_the_last_list_is_there_or_a_sentence(
    phone: Open, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT)
    page = phone()
    page.goto("/services/")
    first(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".rows .list-row").first).to_be_visible()
    expect(page.get_by_text("上次看到的事项")).to_be_visible()
    expect(page.locator(".skeleton:visible")).to_have_count(0)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.get_by_text("还打不开事项")).to_be_visible()
    expect(page.locator(".skeleton:visible")).to_have_count(0)
    page.context.set_offline(False)
    first(page)
