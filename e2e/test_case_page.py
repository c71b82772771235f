"""A case while it runs: the one-time notice answered in place on two phones, desks side by side,
questions, papers that are owed, and the ways out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from backend import case_acts
from e2e import pictures
from e2e.browsing import LINE_IS_CUT, Complaints
from e2e.county import APPROVER, CLERK, Citizen, County
from e2e.steps import Open
from e2e.test_every_page import faults

PENSION, INSURANCE = "+8613800000022", "+8613800000007"
BUNDLE = "retirement-bundle"
PHOTO: case_acts.NoticeItem = {
    "material": "id-card", "points": [0], "text": "正面反光看不清，请在亮处重拍一张"
}  # fmt: skip
ADDRESS: case_acts.NoticeItem = {"field": "address", "text": "请写到几组几号，方便上门核对"}
EMPLOYER: case_acts.NoticeItem = {"field": "employer", "text": "请写营业执照上的全称，不要简称"}
# What moved somewhere is seen everywhere within this many milliseconds.
SOON = 2_000


@pytest.fixture
def citizen(county: County) -> Citizen:
    return county.new_citizen()


def case_on(page: Page, case: str) -> Page:
    """The page of a case, and the live feed behind it."""
    page.goto(f"/case/?id={case}")
    expect(page.locator("#case .tag").first).to_be_visible()
    page.wait_for_timeout(500)
    return page


def new_photo(page: Page, material: str, citizen: Citizen) -> None:
    """Choose another photo from the album."""
    content = pictures.of(material, 7, citizen.name, citizen.id_number)
    page.locator(f".photo-field:has(#material-{material}) input[type=file]").nth(1).set_input_files(
        {"name": "new.jpg", "mimeType": "image/jpeg", "buffer": content}
    )


def retiring(citizen: Citizen) -> dict[str, object]:
    """Every answer of the retirement bundle, with a second part and without a third."""
    return {
        "name": citizen.name, "id_number": citizen.id_number, "birthday": citizen.birthday,
        "phone": citizen.phone.removeprefix("+86"), "home_division": "620981101200",
        "employer": "供销社", "retire_kind": "on_time", "retires_on": "2026-12-01",
        "pay_method": "social_card", "has_housing_fund": False, "wants_elderly_card": True,
        "declaration": True,
    }  # fmt: skip


def test_a_bundle_from_notice_to_decision(
    county: County, phone: Open, desk: Open, complaints: Complaints
) -> None:
    citizen = county.new_citizen(birthday="1963-06-19")
    case = county.case(citizen, BUNDLE, answers=retiring(citizen))
    first, second = case_on(phone(citizen.phone), case), case_on(phone(citizen.phone), case)
    clerk, approver = desk(CLERK), desk(PENSION)
    clerk.goto("/desk/")
    approver.goto("/desk/")

    # The window names everything once; both phones show it by themselves.
    county.notice(CLERK, case, PHOTO, EMPLOYER)
    for page in (first, second):
        expect(page.locator("#mend")).to_be_visible(timeout=SOON)
        expect(page.locator("#case .tag").first).to_contain_text("等您补")
    expect(first.locator("#mend")).to_contain_text("正面反光看不清")
    expect(first.locator("#mend")).to_contain_text("2 处已改好 0 处")
    expect(first.locator("#case")).to_contain_text("时限停着")

    # Too early: what is still to be done is listed, and leads there.
    first.click("#reply")
    expect(first.locator(".error-summary")).to_be_focused()
    first.get_by_role("link", name=re.compile("退休前的单位")).click()
    expect(first.locator("#employer")).to_be_focused()
    first.fill("#employer", "玉门市供销合作社联合社")
    first.locator("#employer").blur()
    expect(first.locator("#mend")).to_contain_text("2 处已改好 1 处")
    new_photo(first, "id-card", citizen)
    expect(first.locator("#mend")).to_contain_text("2 处已改好 2 处")
    expect(second.locator("#mend")).to_contain_text("2 处已改好 2 处", timeout=SOON)
    expect(second.locator("#employer")).to_have_value("玉门市供销合作社联合社")
    assert faults(first) == []

    # Handed in on one phone, and on the other at the same moment: one answer.
    first.click("#reply")
    expect(first.locator("#received")).to_contain_text("补正收到了")
    expect(second.locator("#received")).to_contain_text("补正收到了", timeout=SOON)
    expect(first.locator("#mend")).to_have_count(0)
    row = clerk.locator(f".queue-rows a[href*='{case}']")
    expect(row).to_be_visible()

    # Two departments at once, then the third; each part says how far it is.
    county.forward(CLERK, case)
    expect(approver.locator(f".queue-rows a[href*='{case}']")).to_be_visible()
    parts = first.locator("#parts")
    expect(parts.locator(".tag", has_text="正在办")).to_have_count(2)
    county.approve(PENSION, case)
    expect(parts.locator(".tag", has_text="办好了")).to_have_count(1, timeout=SOON)
    reasons = county.page(APPROVER, case)["refusal_reasons"]
    county.decide(
        APPROVER,
        case,
        decision="refuse",
        reason_code=reasons[0]["code"],
        reason="还没有到办老年优待证的年龄。",
    )
    expect(parts.locator(".card.seal")).to_contain_text("还没有到办老年优待证的年龄")
    expect(parts.locator(".card.seal")).to_contain_text("您可以这样做")
    county.approve(INSURANCE, case)
    expect(parts).to_contain_text("3 样里办好了 2 样")
    step = county.page(CLERK, case)["my_step_id"]
    if step:
        county.forward(CLERK, case)
    expect(first.locator("#case .tag").first).to_contain_text("办好了")
    expect(second.locator("#case .tag").first).to_contain_text("办好了")
    assert faults(first) == []


def test_what_is_mended_without_signal_arrives_later(
    county: County, citizen: Citizen, phone: Open, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT)
    case = county.case(citizen)
    county.notice(CLERK, case, ADDRESS)
    page = case_on(phone(citizen.phone), case)
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
    page = case_on(phone(citizen.phone), case)
    page.fill("#question", "几时能好？要我来一趟吗？")
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
    page = case_on(phone(citizen.phone), case)
    county.approve(APPROVER, case, owed=["bank-card"])
    debt = page.locator("#owed .card")
    expect(debt).to_contain_text("前补来", timeout=SOON)
    home = phone(citizen.phone)
    home.goto("/")
    expect(
        home.get_by_role("link", name=re.compile("去补材料")).locator("visible=true")
    ).to_be_visible()
    new_photo(page, "bank-card", citizen)
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
