"""The whole way in one go: found by sound, checked, applied for, mended once and decided, with two
phones and the desks open all the while, and nobody reloading anything."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.browsing import Complaints
from e2e.county import (
    APPROVER,
    CLERK,
    HUMAN_RESOURCES,
    INSURANCE,
    POLICE,
    Citizen,
    County,
)
from e2e.steps import SOON, Open, act, do, row_of, stayed, stays
from e2e.test_every_page import faults

pytestmark = pytest.mark.hosted

BLURRED = "正面反光看不清，请在亮处重拍一张"
AS_CERTIFIED = "请照出生医学证明写孩子的名字"
HAS_A_CARD = "孩子在瓜州县已经领过社会保障卡。"
NEWBORN_CHECK = {
    "joins_household": "father", "parents_are_married": "yes", "wants_insurance": "yes",
    "wants_card": "yes",
}  # fmt: skip
NEWBORN_WORDS = {
    "other_parent_name": "马兰花", "child_name": "马晓辰", "born_on": "2026-10-18",
    "birth_certificate_number": "W620123456",
}  # fmt: skip
NEWBORN_CHOICES = {"child_sex": "girl", "card_pickup": "courier"}


def find(page: Page, sound: str, name: str) -> None:
    """Type how it sounds, choose it, and stand before its guide."""
    page.goto("/")
    steps.ready(page)
    page.fill("#q", sound)
    page.keyboard.press("Enter")
    page.wait_for_url("**/services/**")
    page.get_by_role("link", name=re.compile(name)).first.click()
    page.wait_for_url("**/service/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def check(page: Page, answers: Mapping[str, str], needed: str, not_needed: str) -> None:
    """Answer what the guide asks and read what is to be prepared."""
    for name, value in answers.items():
        page.check(f"input[name=a-{name}][value={value}]")
    page.click("#check-go")
    mine = page.locator("#my-list")
    expect(mine).to_contain_text(needed)
    expect(mine).not_to_contain_text(not_needed)


def start(page: Page, county: County, citizen: Citizen) -> None:
    """Take the answers along, sign in on the way, and stand before the form."""
    page.get_by_role("button", name="按这些回答开始办理").click()
    steps.sign_in(page, county, citizen.phone)
    page.wait_for_url("**/apply/**")


def waiting_at(desk: Page) -> Page:
    """A desk whose list is open before anything comes."""
    desk.goto("/desk/")
    expect(desk.locator("h2", has_text="待办").first).to_be_visible()
    stays(desk)
    return desk


def open_from_the_list(desk: Page, case: str) -> None:
    """It comes by itself; open it."""
    row_of(desk, case).click()
    expect(desk.locator("h1[data-opened]")).to_be_focused()


def tag(page: Page):
    return page.locator("#case .tag").first


def look_at_a_photo(desk: Page, material: str) -> None:
    """Open the photos of a material, and one of them larger."""
    desk.get_by_role("button", name=f"看材料：{material}").click()
    opener = desk.locator(".viewer-open").first
    expect(opener.locator("img")).to_have_js_property("complete", True)
    assert opener.locator("img").evaluate("img => img.naturalWidth") > 0
    opener.click()
    desk.get_by_role("button", name="放大").click()
    desk.get_by_role("button", name="关上").click()


def refuse(desk: Page, name: str, reason: str) -> None:
    """Decide against it, for a listed reason and in words."""
    act(desk, "不予批准…").click()
    panel = desk.locator(".act[open]")
    panel.get_by_text(name).click()
    panel.locator("textarea").fill(reason)
    panel.get_by_role("button", name="作出不予批准的决定").click()
    expect(desk.locator("#main")).to_contain_text("已作出不予批准的决定")


def shows_notice(page: Page, count: int) -> None:
    """What is to be mended comes by itself, and the clock stands."""
    expect(page.locator("#mend")).to_be_visible(timeout=SOON)
    expect(page.locator("#mend")).to_contain_text(f"{count} 处已改好 0 处")
    expect(tag(page)).to_contain_text("等您补")
    expect(page.locator("#case")).to_contain_text("时限停着")


def test_a_single_service(county: County, phone: Open, desk: Open, complaints: Complaints) -> None:
    citizen = county.new_citizen()
    clerk, approver = waiting_at(desk(CLERK)), waiting_at(desk(APPROVER))

    # Found by its sound, checked and applied for on the first phone.
    first = phone()
    find(first, "zunlaojin", "尊老金")
    check(first, {"is_applying_for_self": "yes", "has_moved_in": "no"}, "户口簿", "停发证明")
    start(first, county, citizen)
    expect(first.locator("input[name=has_moved_in][value=no]")).to_be_checked()
    expect(first.locator("#id_number")).to_have_value(citizen.id_number)
    first.click("#check")
    expect(first.locator(".error-summary")).to_be_focused()
    first.get_by_role("link", name=re.compile("^现在住哪里")).click()
    expect(first.locator("#address")).to_be_focused()
    steps.answer_the_rest(first)
    steps.all_photos(first, citizen)
    steps.look_over(first)
    expect(first.locator("#main")).to_contain_text("二组 15 号")
    first.click("#submit")
    number, case = steps.receipt(first), steps.case_id(first)
    expect(tag(first)).to_contain_text("窗口在核对")
    expect(first.locator("#case")).to_contain_text(re.compile("月.*日"))
    stays(first)
    second = steps.case_on(phone(citizen.phone), case)
    stays(second)

    # The window sees it come, looks at a photo, takes it and asks once.
    open_from_the_list(clerk, case)
    head = clerk.locator(".desk-head")
    expect(head).to_contain_text(number)
    expect(head).to_contain_text(f"{citizen.name[0]}*{citizen.name[-1]}")
    expect(clerk.locator("body")).not_to_contain_text(citizen.id_number)
    expect(act(clerk, "不予批准…")).to_have_count(0)
    look_at_a_photo(clerk, "老人的居民身份证")
    clerk.get_by_role("button", name="我来办").click()
    expect(clerk.locator("#main")).to_contain_text("这一件归您办")
    act(clerk, "一次性告知…").click()
    steps.tick_the_card(clerk.locator(".act[open]"), BLURRED)
    steps.look_and_send(clerk, BLURRED)
    expect(clerk.locator("#main")).to_contain_text("时限停着：等申请人补正")

    # Both phones say so; the second one answers.
    for page in (first, second):
        shows_notice(page, 1)
        expect(page.locator("#mend")).to_contain_text(BLURRED)
    steps.new_photo(second, "id-card", citizen)
    for page in (first, second):
        expect(page.locator("#mend")).to_contain_text("1 处已改好 1 处")
    second.click("#reply")
    for page in (first, second):
        expect(page.locator("#received")).to_contain_text("补正收到了")
        expect(page.locator("#mend")).to_have_count(0)

    # The window forwards what came; the department finds it in its list and approves.
    expect(clerk.locator("#main")).to_contain_text("补来 1 个")
    do(clerk, "转民政局", "转办")
    expect(clerk.locator("#main")).to_contain_text("已转民政局")
    expect(row_of(clerk, case)).to_have_count(0)
    for page in (first, second):
        expect(tag(page)).to_contain_text("民政局在办理")
    open_from_the_list(approver, case)
    do(approver, "同意", "同意")
    expect(approver.locator("#main")).to_contain_text("已同意")
    for page in (first, second):
        expect(tag(page)).to_contain_text("办好了", timeout=SOON)
        expect(page.locator("#case .card.jade")).to_contain_text("尊老金待遇核准通知")
    for page in (first, second, clerk, approver):
        stayed(page)

    # She sees who looked at her data.
    first.goto("/me/")
    looks = first.locator("section", has_text="谁看过我的资料")
    expect(looks).to_contain_text("李雪")
    expect(looks).to_contain_text("看了材料照片")


def test_a_bundle(county: County, phone: Open, desk: Open, complaints: Complaints) -> None:
    citizen = county.new_citizen(birthday="1996-04-08")
    clerk, police, insurance, resources = (
        waiting_at(desk(who)) for who in (CLERK, POLICE, INSURANCE, HUMAN_RESOURCES)
    )

    # One form for three departments, begun with the answers of the check.
    first = phone()
    find(first, "xinshenger", "新生儿")
    check(first, NEWBORN_CHECK, "结婚登记", "亲子关系证明")
    start(first, county, citizen)
    for name, value in NEWBORN_CHECK.items():
        expect(first.locator(f"[name={name}][value={value}]")).to_be_checked()
    for field, words in NEWBORN_WORDS.items():
        first.fill(f"#{field}", words)
    for field, value in NEWBORN_CHOICES.items():
        first.check(f"input[name={field}][value={value}]")
    first.check("input[name=declaration]")
    steps.all_photos(first, citizen, steps.NEWBORN_PAPERS)
    steps.look_over(first)
    expect(first.locator("#main")).to_contain_text("马晓辰")
    first.click("#submit")
    steps.receipt(first)
    case = steps.case_id(first)
    stays(first)
    second = steps.case_on(phone(citizen.phone), case)
    stays(second)

    # The window takes it and names everything once: a photo and an answer.
    open_from_the_list(clerk, case)
    clerk.get_by_role("button", name="我来办").click()
    expect(clerk.locator("#main")).to_contain_text("这一件归您办")
    act(clerk, "一次性告知…").click()
    panel = clerk.locator(".act[open]")
    panel.get_by_role("button", name="看看申请人会收到什么").click()
    expect(panel).to_contain_text("请至少写一项要补正的内容")
    assert faults(clerk) == []
    steps.tick_the_card(panel, BLURRED)
    panel.get_by_text("申请表里要改的内容").click()
    panel.locator("[id='field-child_name']").check()
    panel.locator("[id='change-child_name']").fill(AS_CERTIFIED)
    steps.look_and_send(clerk, BLURRED, AS_CERTIFIED)
    clerk.get_by_role("link", name="停着的").click()
    row_of(clerk, case).click()

    # Too early on the second phone: what is still to be done is listed, and leads there.
    for page in (first, second):
        shows_notice(page, 2)
    second.click("#reply")
    expect(second.locator(".error-summary")).to_be_focused()
    second.get_by_role("link", name=re.compile("孩子姓名")).click()
    expect(second.locator("#child_name")).to_be_focused()
    second.fill("#child_name", "马晓晨")
    second.locator("#child_name").blur()
    expect(second.locator("#mend")).to_contain_text("2 处已改好 1 处")
    steps.new_photo(second, "id-card", citizen)
    expect(second.locator("#mend")).to_contain_text("2 处已改好 2 处")
    expect(first.locator("#mend")).to_contain_text("2 处已改好 2 处", timeout=SOON)
    expect(first.locator("#child_name")).to_have_value("马晓晨")
    assert faults(second) == []
    second.click("#reply")
    expect(second.locator("#received")).to_contain_text("补正收到了")
    expect(first.locator("#received")).to_contain_text("补正收到了", timeout=SOON)

    # The household first; its entry lets two departments begin at the same time.
    expect(clerk.locator("#main")).to_contain_text("补来 1 个")
    expect(act(clerk, "一次性告知…")).to_have_count(0)
    do(clerk, "转公安局", "转办")
    expect(clerk.locator("#main")).to_contain_text("已转公安局")
    parts = [page.locator("#parts") for page in (first, second)]
    for shown in parts:
        expect(shown.locator(".tag", has_text="正在办")).to_have_count(1)
    expect(row_of(insurance, case)).to_have_count(0)
    open_from_the_list(police, case)
    do(police, "同意", "同意")
    expect(police.locator("#main")).to_contain_text("已同意")
    for shown in parts:
        expect(shown.locator(".tag", has_text="办好了")).to_have_count(1, timeout=SOON)
        expect(shown.locator(".tag", has_text="正在办")).to_have_count(2)

    # Each decides its own part; the one that is refused stops nothing else.
    for page in (insurance, resources):
        open_from_the_list(page, case)
        expect(page.locator("#main")).to_contain_text("一件事里的各项")
    act(insurance, "同意").click()
    panel = insurance.locator(".act[open]")
    expect(panel).to_contain_text("别的部门同时在办")
    panel.get_by_role("button", name="同意", exact=True).click()
    expect(insurance.locator("#main")).to_contain_text("已同意")
    refuse(resources, "孩子已经在别处上了户口", HAS_A_CARD)
    for shown in parts:
        expect(shown.locator(".card.seal")).to_contain_text(HAS_A_CARD)
        expect(shown.locator(".card.seal")).to_contain_text("您可以这样做")

    # Everything is handed out in one go.
    clerk.get_by_role("link", name=re.compile("^待办")).first.click()
    open_from_the_list(clerk, case)
    do(clerk, "制证完成", "办结")
    expect(clerk.locator("#main")).to_contain_text("已办结")
    for page, shown in zip((first, second), parts, strict=True):
        expect(tag(page)).to_contain_text("办好了", timeout=SOON)
        expect(shown).to_contain_text("3 样里办好了 2 样")
        for licence in ("孩子的户口页", "居民医保参保凭证"):
            expect(shown).to_contain_text(licence)
    assert faults(first) == []
    for page in (first, second, clerk, police, insurance, resources):
        stayed(page)
    decided = county.page(citizen.phone, case)["decision"]
    assert [part["outcome"] for part in decided["parts"]] == ["approved", "approved", "refused"]
    clerk.goto(f"/desk/?view=done&id={case}")
    done = clerk.locator(".card", has_text="一件事里的各项")
    expect(done).to_contain_text(HAS_A_CARD)
    expect(done).to_contain_text("依据")
