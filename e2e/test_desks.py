"""What desks do with each other and with a case: claim at once, ask again, stand in, oversee, find,
refuse; and what they do not see."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from app.text import dates
from backend import applications, case_acts, desks
from e2e import pictures, steps
from e2e.county import APPROVER, CLERK, CLERK_ELSEWHERE, SUPERVISOR, Citizen, County
from e2e.steps import Open, act, do, row_of
from e2e.test_every_page import faults

pytestmark = pytest.mark.hosted
HALL = "+8613800000005"


def ask_for_the_card(clerk: Page, text: str) -> None:
    """The one-time notice from its unfolding to its press."""
    act(clerk, "一次性告知…").click()
    steps.tick_the_card(clerk.locator(".act[open]"), text)
    steps.look_and_send(clerk, text)


def reply(county: County, citizen: Citizen, case: str) -> None:
    """The applicant hands in another photo of the card."""
    person = county.person(citizen.phone)
    photo = pictures.of("id-card", 0, f"{citizen.name} 2", citizen.id_number)
    county.ask(county.upload(person, case, "id-card", photo))
    county.ask(case_acts.reply(person.db, case, submission_key=str(uuid4())))


def test_two_clerks_at_once(county: County, desk: Open) -> None:
    case = county.case(county.new_citizen())
    slow, fast = desk(HALL), desk(CLERK)
    for page in (slow, fast):
        page.goto(f"/desk/?id={case}")
        expect(act(page, "转民政局")).to_be_visible()
    act(slow, "转民政局").click()
    slow.locator(".act[open] textarea").fill("材料我核对过了，请审批。")
    fast.get_by_role("button", name="我来办").click()
    expect(fast.locator("#main")).to_contain_text("这一件归您办")

    # The slower one sees it move, is told who has it, and keeps what was typed, also on a reload.
    expect(act(slow, "转民政局")).to_have_count(0)
    expect(slow.locator("#main")).to_contain_text("李雪")
    kept = slow.locator(".left-behind")
    expect(kept).to_have_text("材料我核对过了，请审批。")
    slow.reload()
    expect(kept).to_have_text("材料我核对过了，请审批。")
    slow.get_by_role("button", name="不要了").click()
    expect(kept).to_have_count(0)
    do(fast, "转民政局", "转办")
    expect(fast.locator("#main")).to_contain_text("已转民政局")


def test_what_is_typed_outlives_a_reload(county: County, desk: Open) -> None:
    case = county.case(county.new_citizen())
    clerk = desk(CLERK)
    clerk.goto(f"/desk/?id={case}")
    act(clerk, "转民政局").click()
    clerk.locator(".act[open] textarea").fill("户口簿第二页请细看。")
    clerk.reload()
    act(clerk, "转民政局").click()
    expect(clerk.locator(".act[open] textarea")).to_have_value("户口簿第二页请细看。")
    clerk.locator(".act[open]").get_by_role("button", name="转办", exact=True).click()
    expect(clerk.locator("#main")).to_contain_text("已转民政局")
    notes = [step["note"] for step in county.page(CLERK, case)["steps"]]
    assert "户口簿第二页请细看。" in notes


def test_a_second_notice_goes_through_the_supervisor(county: County, desk: Open) -> None:
    citizen = county.new_citizen()
    case = county.case(citizen)
    clerk = desk(CLERK)
    clerk.goto(f"/desk/?id={case}")
    ask_for_the_card(clerk, "姓名看不清，请重新拍一张")
    reply(county, citizen, case)
    expect(act(clerk, "申请再告知…")).to_be_visible()
    act(clerk, "申请再告知…").click()
    panel = clerk.locator(".act[open]")
    panel.locator("textarea").fill("新照片缺了一角，第一次没有看出来")
    panel.get_by_role("button", name="报负责人").click()
    expect(clerk.locator("#main")).to_contain_text("已报负责人")

    boss = desk(SUPERVISOR)
    boss.goto("/supervision/")
    number = county.page(CLERK, case)["case"]["receipt_number"]
    request = boss.locator("li", has_text="新照片缺了一角").filter(has_text=number[-4:])
    request.locator("textarea").fill("确有必要，记录窗口")
    request.get_by_role("button", name="同意，并记录").click()
    expect(boss.locator("#main")).to_contain_text("已同意再告知一次")
    expect(request).to_have_count(0)
    expect(boss.locator("section", has_text="窗口记录")).to_contain_text("确有必要，记录窗口")
    assert faults(boss) == []
    with boss.expect_download() as download:
        boss.get_by_role("link", name="导出表格（CSV）").click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")

    ask_for_the_card(clerk, "四个角都要拍进去")


def test_a_substitute_works_during_an_absence(county: County, desk: Open) -> None:
    case = county.case(county.new_citizen())
    clerk = county.person(CLERK)
    county.ask(case_acts.claim(clerk.db, case))
    substitute = desk(HALL)
    substitute.goto(f"/desk/?id={case}")
    expect(substitute.locator("#main")).to_contain_text("只能查看")

    away = desk(CLERK)
    away.goto("/absences/")
    now = datetime.now(dates.ZONE)
    away.get_by_text(re.compile("周文博")).first.click()
    away.fill("#from_at", f"{now - timedelta(minutes=2):%Y-%m-%dT%H:%M}")
    away.fill("#to_at", f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}")
    away.get_by_text("休假").click()
    away.get_by_role("button", name="安排好").click()
    expect(away.locator("#main")).to_contain_text("顶岗已安排好")
    assert faults(away) == []
    try:
        substitute.goto("/absences/")
        expect(substitute.locator("section", has_text="我替谁顶岗")).to_contain_text("李雪")
        substitute.goto(f"/desk/?view=mine&id={case}")
        expect(row_of(substitute, case)).to_contain_text("替")
        do(substitute, "转民政局", "转办")
        expect(substitute.locator("#main")).to_contain_text("已转民政局")
    finally:
        away.get_by_role("button", name="我回来了").click()
        expect(away.locator("section", has_text="我不在的时候")).to_contain_text("没有安排")
    assert county.ask(desks.absences(clerk.db))["absences"] == []


class Line:
    """The line between a desk and the server, on which answers can be held back."""

    def __init__(self, page: Page) -> None:
        self.is_held = False
        self._held: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(re.compile("_event"), self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        browser.on_message(server.send)
        server.on_message(lambda message: self._answer(browser, message))

    def _answer(self, browser: WebSocketRoute, message: str | bytes) -> None:
        if self.is_held:
            self._held.append((browser, message))
        else:
            browser.send(message)

    def let_go(self) -> None:
        """Hand on what was held back."""
        self.is_held = False
        for browser, message in self._held:
            browser.send(message)
        self._held = []


def test_a_search_finds_and_the_next_case_never_shows_the_last(county: County, desk: Open) -> None:
    one, two = county.new_citizen(name="段其其"), county.new_citizen(name="万家灯")
    first, second = county.case(one), county.case(two)
    code = county.page(one.phone, first)["case_code"]
    clerk = desk(CLERK)
    line = Line(clerk)
    clerk.goto("/desk/")
    clerk.fill("#desk-search", code)
    clerk.keyboard.press("Enter")
    found = clerk.get_by_role("heading", name="查到 1 件")
    expect(found).to_be_visible()
    row_of(clerk, first).click()
    head = clerk.locator(".desk-head")
    expect(head).to_contain_text("段*其")
    clerk.fill("#desk-search", "万家灯")
    clerk.keyboard.press("Enter")
    expect(row_of(clerk, first)).to_have_count(0)
    expect(row_of(clerk, second)).to_be_visible()
    assert "万家灯" not in clerk.url

    # While the answer about the second case is under way, the first one is not shown for it.
    row_of(clerk, second).click()
    expect(head).to_contain_text("万*灯")
    clerk.go_back()
    expect(row_of(clerk, second)).to_be_focused()
    clerk.goto(f"/desk/?view=waiting&id={first}")
    expect(head).to_contain_text("段*其")
    line.is_held = True
    row_of(clerk, second).click()
    expect(clerk.locator(".desk-work .skeleton")).to_be_visible()
    expect(head).to_have_count(0)
    line.let_go()
    expect(head).to_contain_text("万*灯")


def test_a_question_and_late_materials(county: County, desk: Open) -> None:
    citizen = county.new_citizen()
    person = county.person(citizen.phone)
    case = county.case(citizen)
    county.ask(case_acts.ask(person.db, case, "钱什么时候到账？"))
    clerk = desk(CLERK)
    clerk.goto(f"/desk/?id={case}")
    asked = clerk.locator(".card", has_text="申请人的提问")
    asked.locator("textarea").fill("审批以后下个月 10 日前到账。")
    asked.get_by_role("button", name="发出答复").click()
    expect(clerk.locator("#main")).to_contain_text("答复已发出")
    county.forward(CLERK, case)

    approver = desk(APPROVER)
    approver.goto(f"/desk/?id={case}")
    act(approver, "同意").click()
    panel = approver.locator(".act[open]")
    panel.get_by_text("容缺受理").click()
    panel.locator("[name='owed bank-card']").check()
    soon = (dates.today() + timedelta(days=20)).isoformat()
    panel.locator("[name='until bank-card']").fill(soon)
    panel.get_by_role("button", name="同意", exact=True).click()
    expect(approver.locator("#main")).to_contain_text("已同意")
    owed = county.ask(applications.page(person.db, case))["owed"][0]["id"]
    photo = pictures.of("bank-card", 0, f"{citizen.name} 2", citizen.id_number)
    county.ask(county.upload(person, case, "bank-card", photo))
    county.ask(case_acts.hand_in_owed(person.db, owed))
    clerk.goto("/desk/?view=owed")
    row_of(clerk, case).click()
    clerk.get_by_role("button", name="齐了，确认").click()
    expect(clerk.locator("#main")).to_contain_text("已确认收齐")


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
    case = county.case(county.new_citizen())
    other = desk(CLERK_ELSEWHERE)
    other.goto("/desk/")
    expect(other.locator("h2", has_text="待办").first).to_be_visible()
    expect(row_of(other, case)).to_have_count(0)
    other.goto(f"/desk/?id={case}")
    expect(other.locator("#main")).to_contain_text("没有找到这一件")
