"""A case while it runs: the one-time notice answered without a signal, questions, papers that are
owed, and the ways out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from backend import case_acts
from e2e import steps
from e2e.browsing import LINE_IS_CUT, Complaints
from e2e.county import APPROVER, CLERK, Citizen, County
from e2e.steps import SOON, Open
from e2e.test_every_page import faults

ADDRESS: case_acts.NoticeItem = {"field": "address", "text": "请写到几组几号，方便上门核对"}


@pytest.fixture
def citizen(county: County) -> Citizen:
    return county.new_citizen()


def test_what_is_mended_without_signal_arrives_later(
    county: County, citizen: Citizen, phone: Open, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT)
    case = county.case(citizen)
    county.notice(CLERK, case, ADDRESS)
    page = steps.case_on(phone(citizen.phone), case)
    page.context.set_offline(True)
    page.fill("#address", "三组 8 号")
    page.locator("#address").blur()
    expect(page.locator("#save-status")).to_contain_text("先存在这部手机里")
    page.context.set_offline(False)
    expect(page.locator("#save-status")).to_contain_text("已保存", timeout=40_000)
    expect(page.locator("#mend")).to_contain_text("1 处已改好 1 处", timeout=40_000)
    page.click("#reply")
    expect(page.locator("#received")).to_contain_text("补正收到了")
    # The answer's answer may be lost: the page says it again.
    page.reload()
    expect(page.locator("#received")).to_contain_text("补正收到了")


def test_a_question_is_answered_and_the_case_withdrawn(
    county: County, citizen: Citizen, phone: Open
) -> None:
    case = county.case(citizen)
    page = steps.case_on(phone(citizen.phone), case)
    # Half a question is still there after a reload.
    page.locator("#question").press_sequentially("几时能好？")
    page.reload()
    expect(page.locator("#question")).to_have_value("几时能好？")
    page.locator("#question").press("End")
    page.locator("#question").press_sequentially("要我来一趟吗？")
    page.locator("#questions").get_by_role("button", name="提问").click()
    asked = page.locator("#questions .card", has_text="您问：几时能好")
    expect(asked).to_contain_text("等答复")
    expect(page.locator("#question")).to_have_value("")
    question = county.page(CLERK, case)["questions"][0]["id"]
    county.ask(case_acts.answer(county.person(CLERK).db, question, "不用来，下周一前办好"))
    expect(asked).to_contain_text("不用来，下周一前办好", timeout=SOON)
    assert faults(page) == []

    # With a signal nothing stands above the bar, and the bar covers nothing.
    bar, number = page.locator(".bar").bounding_box(), page.locator("#receipt").bounding_box()
    assert bar and number and bar["y"] + bar["height"] <= number["y"]

    # Six digits, each apart; a screen reader hears them one by one.
    digits = page.locator("#code .code span[aria-hidden]").inner_text()
    assert re.fullmatch(r"\d( \d){5}", digits.strip())
    expect(page.locator("#code .sr").first).to_contain_text(", ".join(digits.split()))

    page.get_by_role("button", name="撤回申请").click()
    page.get_by_role("dialog").get_by_role("button", name="撤回申请").click()
    expect(page.locator("#case .tag").first).to_contain_text("已撤回")
    expect(page.locator("#code")).to_have_count(0)
    page.click("#copy")
    page.wait_for_url("**/apply/**")
    expect(page.locator("#address")).to_have_value("二组 15 号")


def test_a_paper_that_is_owed_and_the_receipt(
    county: County, citizen: Citizen, phone: Open
) -> None:
    case = county.case(citizen)
    county.forward(CLERK, case)
    page = steps.case_on(phone(citizen.phone), case)
    county.approve(APPROVER, case, owed=["bank-card"])
    debt = page.locator("#owed .card")
    expect(debt).to_contain_text("前补来", timeout=SOON)
    home = phone(citizen.phone)
    home.goto("/")
    expect(
        home.get_by_role("link", name=re.compile("去补材料")).locator("visible=true")
    ).to_be_visible()
    steps.new_photo(page, "bank-card", citizen)
    debt.get_by_role("button", name=re.compile("交上去")).click()
    expect(debt).to_contain_text("等窗口看")
    owed = county.page(CLERK, case)["owed"][0]["id"]
    county.ask(case_acts.confirm_owed(county.person(CLERK).db, owed, is_accepted=True))
    expect(debt).to_contain_text("窗口收下了", timeout=SOON)
    assert faults(page) == []

    # On paper the page is a receipt and nothing else.
    page.emulate_media(media="print")
    receipt = page.locator(".receipt")
    expect(receipt).to_be_visible()
    for words in ("受理回执", "受理号", "承诺办好", "受理窗口", "已交材料", "3212345"):
        expect(receipt).to_contain_text(words)
    expect(page.locator("#owed")).to_be_hidden()
    expect(page.locator(".timeline")).to_be_hidden()
