"""A guide from its editor to the people: one writes, another publishes, running cases stay, and a
change of law leads to a check on record."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import steps
from e2e.county import ADMINISTRATOR, APPROVER, CLERK, Citizen, County
from e2e.steps import SOON, Open, stayed, stays
from e2e.test_every_page import faults

# No other story reads this guide.
SERVICE, NAME = "home-elderly-care", "居家和上门养老服务申请"
OLD_PAPER, NEW_PAPER = "身份和户籍信息", "户口簿或居住证"
LAW = "中华人民共和国老年人权益保障法"


@pytest.fixture
def citizen(county: County) -> Citizen:
    return county.new_citizen()


def care_for(citizen: Citizen) -> dict[str, object]:
    """Every answer of the form."""
    return {
        "name": citizen.name, "id_number": citizen.id_number,
        "phone": citizen.phone.removeprefix("+86"), "household_division": "620981101200",
        "address": "二组 15 号", "payer": "self", "care_kind": "meals", "mobility": "helped",
        "lives_alone": True, "is_applying_for_self": True, "declaration": True,
    }  # fmt: skip


def field(page: Page, path: str) -> Locator:
    """A field of the editor by where it stands in the guide."""
    return page.locator(f'[id="{path}"]')


def write(page: Page, path: str, text: str) -> None:
    """Write into a field, leave it, and see that it is kept."""
    field(page, path).fill(text)
    field(page, path).blur()
    expect(page.locator("#save-status")).to_contain_text("已保存")


def record_from_the_list(desk: Page, view: str, tag: str) -> None:
    """The guide's record, by its line in a list."""
    desk.goto(f"/guides/?view={view}")
    row = desk.locator(".queue-rows li", has_text=NAME)
    expect(row).to_contain_text(tag)
    row.get_by_role("link").click()
    desk.wait_for_url(f"**/guide-record/?code={SERVICE}")
    expect(desk.locator(".desk-head")).to_contain_text(NAME)


def check_off(desk: Page) -> None:
    """The full check: refused half ticked, on record when whole."""
    desk.get_by_text("做一次全面核查").click()
    desk.get_by_role("button", name="记下这次核查").click()
    expect(desk.locator("details[open] [role=alert]")).not_to_be_empty()
    for box in desk.locator("details[open] .tick-row input").all():
        box.check()
    desk.get_by_role("button", name="记下这次核查").click()
    expect(desk.get_by_text("核查已记下。")).to_be_visible()


def test_written_by_one_published_by_another(
    county: County, citizen: Citizen, phone: Open, desk: Open
) -> None:
    case = county.case(citizen, SERVICE, answers=care_for(citizen))

    # The department begins the next version, with another promise and another paper.
    writer = desk(APPROVER)
    record_from_the_list(writer, "all", "该核查了")
    writer.get_by_role("button", name="写下一版").click()
    writer.wait_for_url("**/guide-edit/**")
    expect(field(writer, "promised.value")).to_have_value("5")
    write(writer, "promised.value", "4")
    write(writer, "materials.0.name.zh", NEW_PAPER)
    write(writer, "materials.0.name.en", "Household register or residence permit")
    changes = writer.locator(".difference")
    expect(changes.locator("li")).to_have_count(3)
    expect(changes.locator("del", has_text="5")).to_be_visible()
    expect(changes.locator("ins", has_text="4")).to_be_visible()
    expect(changes.locator("ins", has_text="居住证")).to_be_visible()
    assert faults(writer) == []

    # A form that cannot be read or asked is refused at its field, which says where; that the steps
    # now take longer than the promise stands beside it and takes no attention from it.
    schema = field(writer, "form_schema").input_value()
    broken = json.loads(schema)
    broken["properties"]["payer"]["x-field"] = "colour"
    for text, where in (
        ("{\n  oops", "2:3"),
        (json.dumps(broken, ensure_ascii=False), "properties.payer"),
    ):
        write(writer, "form_schema", text)
        writer.get_by_role("button", name="提交，请第二个人发布").click()
        summary = writer.locator(".error-summary").first
        expect(summary).to_be_focused()
        expect(summary).to_contain_text(where)
        expect(writer.locator(".error-summary", has_text="请留意")).to_be_visible()
        summary.get_by_role("link", name=re.compile("表格定义")).first.click()
        expect(field(writer, "form_schema")).to_be_focused()
        expect(field(writer, "form_schema-error")).to_contain_text(where)
    write(writer, "form_schema", schema)
    write(writer, "steps.1.limit.value", "2")

    # Proposed; whoever wrote it cannot publish it.
    writer.get_by_role("button", name="提交，请第二个人发布").click()
    expect(writer.locator("#main")).to_contain_text("您写过这一版，要由另一个人来发布")
    expect(writer.get_by_role("button", name="发布这一版")).to_have_count(0)
    stays(writer)

    # A second person sees what differs and publishes; the writer sees it happen.
    second = desk(ADMINISTRATOR)
    record_from_the_list(second, "drafts", "等第二个人发布")
    second.get_by_role("button", name="打开正在写的这一版").click()
    second.wait_for_url("**/guide-edit/**")
    expect(second.locator(".difference li")).to_have_count(4)
    expect(second.locator(".difference ins", has_text="居住证")).to_be_visible()
    assert faults(second) == []
    second.get_by_role("button", name="发布这一版").click()
    second.get_by_role("dialog").get_by_role("button", name="发布这一版").click()
    expect(second.locator("#main")).to_contain_text("已发布，现在就生效")
    expect(writer.locator("#main")).to_contain_text("这一版已经结束了", timeout=SOON)
    stayed(writer)

    # Everybody reads the new guide, on both of its pages.
    reader = phone()
    for address in (f"/service/?code={SERVICE}", f"/g/{SERVICE}"):
        reader.goto(address)
        expect(reader.locator("#item-materials")).to_contain_text(NEW_PAPER)
        expect(reader.locator("#item-materials")).not_to_contain_text(OLD_PAPER)
        expect(reader.locator("#guide")).to_contain_text(re.compile(r"4\s*个工作日"))

    # What was handed in before stays on its version, for its applicant and at the desk.
    page = steps.case_on(phone(citizen.phone), case)
    clerk = desk(CLERK)
    clerk.goto(f"/desk/?id={case}")
    for shown in (page, clerk):
        expect(shown.locator("#main")).to_contain_text(OLD_PAPER)
        expect(shown.locator("#main")).not_to_contain_text(NEW_PAPER)
    neighbour = county.new_citizen()
    draft = county.draft(neighbour, SERVICE, answers={}, with_photos=False)
    page = phone(neighbour.phone)
    steps.open_draft(page, draft)
    expect(page.locator("#main")).to_contain_text(NEW_PAPER)
    versions = [
        county.page(who.phone, which)["guide_version"]
        for who, which in ((citizen, case), (neighbour, draft))
    ]
    assert versions[1] == versions[0] + 1


def test_a_change_of_law_leads_to_a_check_on_record(county: County, desk: Open) -> None:
    administrator = desk(ADMINISTRATOR)
    administrator.goto("/guides/?view=law")
    administrator.get_by_text("登记一次法律变动").click()
    administrator.fill("#law", LAW)
    administrator.fill("#note", "提高了护理补贴")
    administrator.get_by_role("button", name="登记并标出指南").click()
    expect(administrator.get_by_text(re.compile("已登记，标出 [0-9]+ 个指南"))).to_be_visible()
    flagged = administrator.locator(".queue-rows li", has_text="法律变动")
    for name in (NAME, "老年人尊老金待遇申领"):
        expect(flagged.filter(has_text=name)).to_be_visible()
    expect(administrator.locator("#main")).not_to_contain_text("动物检疫")
    assert faults(administrator) == []

    # The department reads which law it was, checks every item, and that is on record.
    editor = desk(APPROVER)
    record_from_the_list(editor, "all", "法律变动 1 处未处理")
    laws = editor.locator("section", has=editor.get_by_role("heading", name="法律变动"))
    expect(laws).to_contain_text("提高了护理补贴")
    expect(laws).to_contain_text("未处理")
    check_off(editor)
    expect(laws).to_contain_text("已核查")
    reviews = editor.locator("section", has=editor.get_by_role("heading", name="核查记录"))
    expect(reviews).to_contain_text("张建国")
    assert faults(editor) == []

    # The law's list has one less to do.
    administrator.reload()
    administrator.locator(".queue-rows").get_by_role("link", name=re.compile(LAW)).click()
    expect(flagged.filter(has_text="尊老金")).to_be_visible()
    expect(administrator.locator(".queue-rows li", has_text=NAME)).to_have_count(0)
    administrator.get_by_role("link", name="已处理的").click()
    expect(administrator.locator(".queue-rows li", has_text=NAME)).to_be_visible()
