"""Handing in is once, however often and on however bad a line somebody presses."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e import steps
from e2e.browsing import LINE_IS_CUT, Complaints
from e2e.county import County
from e2e.steps import Open

pytestmark = pytest.mark.hosted


def test_pressed_twice_it_is_one_application(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    draft = county.draft(citizen)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    page.locator("#submit").evaluate("button => { button.click(); button.click(); }")
    assert steps.receipt(page)
    assert county.count_of_cases(citizen) == 1


def test_after_a_lost_answer_it_is_one_application(
    county: County, phone: Open, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT)
    citizen = county.new_citizen()
    draft = county.draft(citizen)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    # The press leaves the phone; its answer does not reach it any more.
    page.locator("#submit").click(no_wait_after=True)
    page.context.set_offline(True)
    page.context.set_offline(False)
    page.goto(f"/apply/?id={draft}")
    # Whether the first press arrived or not, there is one way on.
    page.locator("#submit, #receipt").first.wait_for()
    if page.locator("#receipt").count() == 0:
        page.click("#submit")
    assert steps.receipt(page)
    assert county.count_of_cases(citizen) == 1
    assert county.page(citizen.phone, draft)["case"]["status"] == "in_progress"


def test_two_phones_hand_in_the_same_draft(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    draft = county.draft(citizen)
    first, second = phone(citizen.phone), phone(citizen.phone)
    steps.open_draft(first, draft)
    steps.open_draft(second, draft)
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
