"""A form with every kind of question: filled in on two phones, on a bad line, looked over, sent,
and taken over into the next one."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backend import form_schema, seed
from e2e import pictures, steps
from e2e.browsing import LINE_IS_CUT, Complaints, Hands
from e2e.county import ALLOWANCE, CLERK, Citizen, County
from e2e.steps import Open
from e2e.test_every_page import faults

pytestmark = pytest.mark.hosted
SERVICE = "every-kind-of-question"


def both(zh: str, en: str = "x") -> dict[str, str]:
    return {"zh": zh, "en": en}


def asked(kind: str, zh: str, **more: Any) -> dict[str, Any]:
    kept = form_schema.KINDS[kind]
    rule = {"x-field": kind, "x-label": both(zh, f"A {kind.replace('_', ' ')}"), **more}
    return {"type": kept, **rule} if kept else rule


SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "home", "born_on", "cost", "has_children", "declaration"],
    "properties": {
        "name": asked("text", "姓名", **{"x-prefill": "name", "maxLength": 50}),
        "born_on": asked("date", "出生日期"),
        "home": asked("address", "现在住哪里"),
        "words": asked("textarea", "情况说明", maxLength=500),
        "cost": asked("money", "花了多少钱", minimum=1),
        "card": asked("bank_card", "银行卡号"),
        "has_children": asked("yes_no", "有没有孩子"),
        "children": asked(
            "group", "孩子", maxItems=3,
            items={
                "type": "object", "additionalProperties": False, "required": ["name", "born_on"],
                "properties": {
                    "name": asked("text", "姓名"),
                    "born_on": asked("date", "出生日期"),
                    "school": asked("division", "在哪里上学"),
                },
            },
            **{"x-item-label": both("孩子"), "x-add-label": both("加一个孩子")},
        ),
        "bill": asked("file", "票据", **{"x-material": "bill"}),
        "declaration": asked("yes_no", "我说的都是真的", const=True),
        "signed": asked("signature", "签名：以上内容属实", **{"x-material": "signature"}),
    },
    "x-sections": [
        {"code": "who", "title": both("基本情况", "You"),
         "fields": ["name", "born_on", "home", "words", "cost", "card", "has_children"]},
        {"code": "children", "title": both("孩子的情况", "Children"), "fields": ["children"],
         "x-shown-when": {"field": "has_children", "equals": True}},
        {"code": "proof", "title": both("票据和签名", "Papers"),
         "fields": ["bill", "declaration", "signed"]},
    ],
}  # fmt: skip


def paper(code: str, zh: str) -> dict[str, Any]:
    return {
        "code": code, "name": both(zh, code), "help": both("拍清楚", "clearly"), "source": "upload",
        "is_required": True, "min_files": 1, "max_files": 1, "acceptance_points": [],
    }  # fmt: skip


@pytest.fixture(scope="module")
def service(county: County) -> str:
    """Published for these stories alone."""
    new = copy.deepcopy(next(s for s in seed.services() if s["code"] == ALLOWANCE))
    new |= {"code": SERVICE, "popularity": 1, "name": both("什么都问的事项", "Every kind")}
    new["guide"] |= {
        "form_schema": form_schema.ordered(SCHEMA), "check": [], "fee_rules": [],
        "materials": [paper("bill", "票据照片"), paper("signature", "签名")],
    }  # fmt: skip
    materials = {"bill", "signature"}
    assert form_schema.problems(new["guide"]["form_schema"], materials=materials) == []
    county.as_service("import_service", service=new)
    return SERVICE


@pytest.fixture
def citizen(county: County) -> Citizen:
    return county.new_citizen()


def named(page: Page, name: str):
    return page.locator(f'[name="{name}"]')


def choose_home(page: Page, field: str) -> None:
    """Township, then village, as the two lists offer them."""
    first, second = page.locator(f'[id="{field}-first"]'), page.locator(f'[id="{field}-second"]')
    if not first.input_value():
        expect(second).to_be_disabled()
    first.select_option("620981101")
    expect(second).to_be_enabled()
    second.select_option("620981101200")


def sign(page: Page) -> None:
    """Something like a name, by hand."""
    pad = page.locator(".signature canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + 18 * step, box["y"] + (40 if step % 2 else 90))
    page.mouse.up()
    page.locator('[id="material-signature-send"]').click()
    expect(page.get_by_text("已经签名")).to_be_visible()


def test_every_kind_of_question_on_two_phones(
    county: County, service: str, citizen: Citizen, hands: Hands, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT)
    draft = county.draft(citizen, service, answers={}, with_photos=False)
    page = hands.phone(citizen.phone)
    steps.open_draft(page, draft)

    # What is missing is named, and each line leads to its field.
    page.click("#check")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="现在住哪里：").click()
    expect(page.locator('[id="home.division-first"]')).to_be_focused()

    choose_home(page, "home.division")
    named(page, "home.line").fill("二组 15 号")
    page.fill("#born_on", "19410503")
    page.fill("#cost", "1234.5")
    page.locator("#card").press_sequentially("6222021234567890")
    page.locator("#card").blur()
    # What the county says of the number moves the questions below it.
    expect(page.locator(".doubt .notice")).to_be_visible()
    page.check("input[name=has_children][value=yes]")
    page.locator("#name").focus()
    expect(page.locator("#born_on")).to_have_value("1941-05-03")
    expect(page.locator("#cost")).to_have_value("1,234.50")
    expect(page.locator("#card")).to_have_value("6222 0212 3456 7890")
    expect(page.get_by_text("和一般的银行卡不一样")).to_be_visible()

    # Two children, the second one without signal.
    for nth in range(2):
        page.get_by_role("button", name="加一个孩子").click()
        expect(named(page, f"children.{nth}.name")).to_be_focused()
        named(page, f"children.{nth}.name").fill(f"孩子{'甲乙'[nth]}")
        named(page, f"children.{nth}.born_on").fill(f"201{nth}年5月1日")
    choose_home(page, "children.1.school")
    steps.saved(page)
    page.context.set_offline(True)
    page.fill("#words", "没有信号时写的")
    page.locator("#name").focus()
    expect(page.locator("#save-status")).to_contain_text("先存在这部手机里")
    page.context.set_offline(False)
    expect(page.locator("#save-status")).to_contain_text("已保存", timeout=40_000)

    # Another phone has all of it; what it takes out goes here, too, and comes back.
    other = hands.phone(citizen.phone)
    steps.open_draft(other, draft)
    expect(other.locator("#words")).to_have_value("没有信号时写的")
    expect(named(other, "children.1.name")).to_have_value("孩子乙")
    expect(other.locator('[id="children.1.school-second"]')).to_have_value("620981101200")
    other.locator('[id="children.0"]').get_by_role("button", name="删除").click()
    other.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(named(other, "children.0.name")).to_have_value("孩子乙")
    expect(named(other, "children.1.name")).to_have_count(0)
    expect(named(page, "children.0.name")).to_have_value("孩子乙")
    expect(named(page, "children.1.name")).to_have_count(0)
    other.get_by_role("button", name="恢复").click()
    expect(named(page, "children.0.name")).to_have_value("孩子甲")
    expect(named(page, "children.1.name")).to_have_value("孩子乙")
    expect(page.locator('[id="children.1.school-second"]')).to_have_value("620981101200")
    other.context.close()

    photo = pictures.bank_card(citizen.name, citizen.id_number)
    steps.chooser(page, "bill").set_input_files(
        {"name": "bill.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    expect(page.locator(".thumb")).to_have_count(1)
    sign(page)
    page.check("input[name=declaration]")

    # Everything is looked over; one change leads back to its field.
    steps.look_over(page)
    review = page.locator("#main")
    for words in ("玉门镇", "二组 15 号", "1,234.50 元", "孩子 2", "孩子乙", "没有信号时写的"):
        expect(review).to_contain_text(words)
    page.get_by_role("button", name="修改 基本情况").click()
    expect(page.locator("#name")).to_be_focused()
    page.fill("#words", "看过以后改的")
    steps.send(page)
    assert steps.receipt(page)

    form = county.page(citizen.phone, draft)["form"]
    assert form["home"] == {"division": "620981101200", "line": "二组 15 号"}
    assert (form["cost"], form["born_on"], form["card"]) == (
        123450,
        "1941-05-03",
        "6222021234567890",
    )
    assert [child["name"] for child in form["children"]] == ["孩子甲", "孩子乙"]
    assert form["words"] == "看过以后改的"
    masked = county.page(CLERK, draft)["form"]
    assert masked["children"][0]["name"] == "孩*甲" and masked["home"]["line"] == "二组****"


def test_the_next_one_takes_the_last_one_over(
    county: County, service: str, citizen: Citizen, phone: Open
) -> None:
    answers = {
        "name": citizen.name, "born_on": "1941-05-03", "cost": 500, "has_children": False,
        "home": {"division": "620981101200", "line": "老地方 1 号"}, "declaration": True,
    }  # fmt: skip
    county.case(citizen, service, answers=answers)
    draft = county.draft(citizen, service, answers={}, with_photos=False)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    page.get_by_role("button", name="搬过来").click()
    expect(named(page, "home.line")).to_have_value("老地方 1 号")
    expect(page.locator('[id="home.division-second"]')).to_have_value("620981101200")
    expect(page.locator("#cost")).to_have_value("5.00")
    expect(page.locator("input[name=declaration]")).not_to_be_checked()
    expect(page.get_by_role("button", name="搬过来")).to_have_count(0)


def test_a_name_can_be_typed_as_signature_and_the_page_is_open_to_all(
    county: County, service: str, citizen: Citizen, phone: Open
) -> None:
    draft = county.draft(citizen, service, answers={"has_children": True}, with_photos=False)
    page = phone(citizen.phone, mode="elder")
    steps.open_draft(page, draft)
    page.get_by_role("button", name="加一个孩子").click()
    expect(named(page, "children.0.name")).to_be_focused()
    assert faults(page) == []
    page.locator('[id="material-signature-send"]').click()
    expect(page.get_by_text("还没有签名")).to_be_visible()
    page.locator('[id="material-signature-way"]').click()
    page.locator('[id="material-signature-typed"]').fill(citizen.name)
    page.locator('[id="material-signature-send"]').click()
    expect(page.get_by_text("已经签名")).to_be_visible()
