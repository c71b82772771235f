"""One application travels from a phone to the window, to the department, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.browsing import Complaints
from e2e.county import APPROVER, CLERK, County
from e2e.steps import Open, act, do

pytestmark = pytest.mark.hosted


def stays(page: Page) -> None:
    """Mark the document, to prove later that nobody reloaded it."""
    page.evaluate("window.isTheSameDocument = true")


def stayed(page: Page) -> None:
    assert page.evaluate("window.isTheSameDocument === true"), "the page was reloaded"


def row_of(page: Page, application_id: str):
    return page.locator(f".queue-rows a[href*='{application_id}']")


def test_from_the_phone_to_the_desk_and_back(
    county: County, phone: Open, desk: Open, complaints: Complaints
) -> None:
    citizen = county.new_citizen()
    clerk = desk(CLERK)
    clerk.goto("/desk/")
    expect(clerk.locator("h2", has_text="待办").first).to_be_visible()
    stays(clerk)

    # An old woman looks for the allowance, reads the guide and starts.
    page = phone()
    page.goto("/")
    steps.ready(page)
    page.fill("#q", "尊老金")
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/**")
    page.get_by_role("link", name=re.compile("老年人尊老金")).first.click()
    page.wait_for_url("**/service/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("尊老金")
    page.click("#start")

    # She signs in by a code and stands before the form she asked for.
    steps.sign_in(page, county, citizen.phone)
    page.wait_for_url("**/apply/**")

    # What the county knows is filled in; she answers the rest and takes four photos.
    expect(page.locator("#name")).to_have_value(citizen.name)
    expect(page.locator("#id_number")).to_have_value(citizen.id_number)
    page.click("#check")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name=re.compile("^现在住哪里")).click()
    expect(page.locator("#address")).to_be_focused()
    steps.answer_the_rest(page)
    steps.all_photos(page, citizen)
    steps.look_over(page)
    expect(page.locator("#main")).to_contain_text("二组 15 号")
    page.click("#submit")

    number = steps.receipt(page)
    application_id = re.search(r"id=([0-9a-f-]{36})", page.url).group(1)  # type: ignore[union-attr]
    tag = page.locator("#case .tag").first
    expect(tag).to_contain_text("窗口在核对")
    expect(page.locator("#case")).to_contain_text(re.compile("月.*日"))
    stays(page)

    # The clerk sees it without reloading, looks at a photo, and forwards.
    row = row_of(clerk, application_id)
    expect(row).to_be_visible()
    row.click()
    expect(clerk.locator(".desk-head")).to_contain_text(number)
    expect(clerk.locator(".desk-head")).to_contain_text(f"{citizen.name[0]}*{citizen.name[-1]}")
    expect(clerk.locator("body")).not_to_contain_text(citizen.id_number)
    expect(act(clerk, "不予批准…")).to_have_count(0)
    clerk.get_by_role("button", name="看材料：老人的居民身份证").click()
    opener = clerk.locator(".viewer-open").first
    expect(opener.locator("img")).to_have_js_property("complete", True)
    assert opener.locator("img").evaluate("img => img.naturalWidth") > 0
    opener.click()
    clerk.get_by_role("button", name="放大").click()
    clerk.get_by_role("button", name="关上").click()
    do(clerk, "转民政局", "转办")
    expect(row_of(clerk, application_id)).to_have_count(0)
    stayed(clerk)
    expect(tag).to_contain_text("民政局在办理")
    stayed(page)

    # The chief representative of the department approves.
    approver = desk(APPROVER)
    approver.goto(f"/desk/?id={application_id}")
    do(approver, "同意", "同意")
    expect(approver.locator("#main")).to_contain_text("已同意")
    expect(tag).to_contain_text("办好了")
    expect(page.locator("#case .card.jade")).to_contain_text("尊老金待遇核准通知")
    stayed(page)

    # She sees who looked at her data.
    page.goto("/me/")
    looks = page.locator("section", has_text="谁看过我的资料")
    expect(looks).to_contain_text("李雪")
    expect(looks).to_contain_text("看了材料照片")


def test_a_refusal_names_reason_law_and_the_way_on(county: County, phone: Open, desk: Open) -> None:
    citizen = county.new_citizen()
    case = county.case(citizen)
    page = phone(citizen.phone)
    page.goto(f"/case/?id={case}")
    expect(page.locator("#case .tag").first).to_contain_text("窗口在核对")

    # A window has no power to refuse: there is nothing to press.
    clerk = desk(CLERK)
    clerk.goto(f"/desk/?id={case}")
    expect(act(clerk, "转民政局")).to_be_visible()
    expect(act(clerk, "不予批准…")).to_have_count(0)
    county.forward(CLERK, case)

    # The department must give a reason and explain it.
    approver = desk(APPROVER)
    approver.goto(f"/desk/?id={case}")
    act(approver, "不予批准…").click()
    dialog = approver.locator(".act[open]")
    decide = dialog.get_by_role("button", name="作出不予批准的决定")
    decide.click()
    expect(dialog).to_contain_text("请选一个法定理由")
    expect(dialog).to_contain_text("请写明理由")
    dialog.get_by_text("户口不在玉门市").click()
    expect(dialog).to_contain_text("老年人权益保障法")
    dialog.locator("textarea").fill("户口簿上的住址在瓜州县，请到瓜州县申请。")
    decide.click()
    expect(approver.locator("#main")).to_contain_text("已作出不予批准的决定")

    # The citizen reads why, by which law, and what to do now, without reloading.
    expect(page.locator("#case .tag").first).to_contain_text("没有批准")
    facts = page.locator("#case .card.seal")
    for words in ("户口不在玉门市", "瓜州县", "老年人权益保障法", "您可以这样做"):
        expect(facts).to_contain_text(words)


def test_a_desk_elsewhere_does_not_see_the_case(county: County, desk: Open) -> None:
    from e2e.county import CLERK_ELSEWHERE

    case = county.case(county.new_citizen())
    other = desk(CLERK_ELSEWHERE)
    other.goto("/desk/")
    expect(other.locator("h2", has_text="待办").first).to_be_visible()
    expect(row_of(other, case)).to_have_count(0)
    other.goto(f"/desk/?id={case}")
    expect(other.locator("#main")).to_contain_text("没有找到这一件")
