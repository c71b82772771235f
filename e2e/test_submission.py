"""Handing in is once, however often and on however bad a line somebody presses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from e2e import steps
from e2e.county import County
from e2e.steps import Open

pytestmark = pytest.mark.hosted


def test_pressed_twice_it_is_one_application(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    draft = county.draft(citizen)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    steps.look_over(page)
    page.locator("#submit").evaluate("button => { button.click(); button.click(); }")
    assert steps.receipt(page)
    assert county.count_of_cases(citizen) == 1


class Line:
    """A line on which the county's answers can get lost."""

    def __init__(self, page: Page) -> None:
        self.is_cut = False
        page.route_web_socket(re.compile("/_event"), self._carry)

    def _carry(self, phone: WebSocketRoute) -> None:
        county = phone.connect_to_server()
        county.on_message(lambda message: None if self.is_cut else phone.send(message))


def test_after_a_lost_answer_it_is_one_application(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    draft = county.draft(citizen)
    page = phone(citizen.phone)
    line = Line(page)
    steps.open_draft(page, draft)
    steps.look_over(page)
    # The press reaches the county; its answer does not reach the phone.
    line.is_cut = True
    page.click("#submit")
    county.until(lambda: county.page(citizen.phone, draft)["case"]["status"] == "in_progress")
    assert "/apply/" in page.url
    # She presses again, unless the page has learned of it by itself; either way it says so.
    line.is_cut = False
    page.locator("#submit").evaluate_all("buttons => buttons.forEach(button => button.click())")
    expect(page.locator("body")).to_contain_text(re.compile("受理号 [0-9-]{20,}"))
    assert county.count_of_cases(citizen) == 1


def test_two_phones_hand_in_the_same_draft(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    draft = county.draft(citizen)
    first, second = phone(citizen.phone), phone(citizen.phone)
    steps.open_draft(first, draft)
    steps.open_draft(second, draft)
    steps.look_over(first)
    steps.look_over(second)
    first.locator("#submit").evaluate("button => button.click()")
    second.locator("#submit").evaluate("button => button.click()")
    number = steps.receipt(first)
    expect(second.locator("body")).to_contain_text(number)
    assert county.count_of_cases(citizen) == 1


def test_what_was_handed_in_can_be_taken_back(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    case = county.case(citizen)
    page = phone(citizen.phone)
    page.goto(f"/case/?id={case}")
    page.get_by_role("button", name="撤回申请").click()
    page.get_by_role("dialog").get_by_role("button", name="撤回申请").click()
    expect(page.locator("#case .tag").first).to_contain_text("已撤回")
    expect(page.get_by_role("button", name="撤回申请")).to_have_count(0)
