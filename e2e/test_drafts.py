"""What was typed is never lost: not with page, phone, line, session or server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.browsing import LINE_IS_CUT, Complaints, Hands, give_session
from e2e.county import Citizen, County
from e2e.steps import Open

pytestmark = pytest.mark.hosted


@pytest.fixture
def citizen(county: County) -> Citizen:
    return county.new_citizen()


def fresh_draft(county: County, citizen: Citizen) -> str:
    """A draft that only knows what the profile knows."""
    return county.draft(citizen, answers={}, with_photos=False)


def kept(county: County, citizen: Citizen, draft: str, field: str) -> object:
    """What the county holds of one answer."""
    return county.page(citizen.phone, draft)["form"].get(field)


def test_typed_text_survives_a_reload_at_any_moment(
    county: County, citizen: Citizen, phone: Open
) -> None:
    draft = fresh_draft(county, citizen)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    page.fill("#address", "三组 7 号")
    steps.saved(page)
    page.reload()
    expect(page.locator("#address")).to_have_value("三组 7 号")
    # Also what was typed a moment ago and told nobody yet.
    page.locator("#address").press("End")
    page.keyboard.type("，靠水渠")
    page.reload()
    expect(page.locator("#address")).to_have_value("三组 7 号，靠水渠")


def test_another_phone_goes_on_where_the_first_stopped(
    county: County, citizen: Citizen, phone: Open
) -> None:
    draft = fresh_draft(county, citizen)
    first = phone(citizen.phone)
    steps.open_draft(first, draft)
    steps.answer_the_rest(first)
    steps.saved(first)
    first.context.close()

    second = phone(citizen.phone)
    second.goto("/cases/")
    second.get_by_role("link", name=re.compile("尊老金")).click()
    expect(second.locator("#address")).to_have_value("二组 15 号")
    expect(second.locator("input[name=pay_method][value=social_card]")).to_be_checked()
    steps.all_photos(second, citizen)
    steps.send(second)
    assert steps.receipt(second)


def test_two_phones_at_once_newer_wins_and_the_other_is_offered_its_text(
    county: County, citizen: Citizen, phone: Open
) -> None:
    draft = fresh_draft(county, citizen)
    kitchen, field = phone(citizen.phone), phone(citizen.phone)
    steps.open_draft(kitchen, draft)
    steps.open_draft(field, draft)
    kitchen.fill("#address", "写在厨房")
    steps.saved(kitchen)
    expect(field.locator("#address")).to_have_value("写在厨房")
    field.fill("#address", "写在地里")
    steps.saved(field)
    # The newer text stands on both; the earlier one is offered where it was written.
    expect(kitchen.locator("#address")).to_have_value("写在地里")
    offer = kitchen.locator(".card.amber", has_text="写在厨房")
    expect(offer).to_be_visible()
    offer.get_by_role("button", name="用回这个").click()
    expect(kitchen.locator("#address")).to_have_value("写在厨房")
    expect(field.locator("#address")).to_have_value("写在厨房")
    assert kept(county, citizen, draft, "address") == "写在厨房"


def test_typing_goes_on_without_signal(
    county: County, citizen: Citizen, phone: Open, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT)
    draft = fresh_draft(county, citizen)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    page.context.set_offline(True)
    page.fill("#address", "没有信号的山沟")
    page.locator("#name").focus()
    expect(page.locator("#save-status")).to_contain_text("先存在这部手机里")
    page.context.set_offline(False)
    expect(page.locator("#save-status")).to_contain_text("已保存", timeout=40_000)
    assert kept(county, citizen, draft, "address") == "没有信号的山沟"


def test_a_session_that_ends_while_typing_loses_nothing(
    county: County, citizen: Citizen, hands: Hands, phone: Open
) -> None:
    draft = fresh_draft(county, citizen)
    lost = county.signed_in_anew(citizen.phone, "旧手机")
    page = phone()
    give_session(page.context, county, lost.secret)
    steps.open_draft(page, draft)

    # Another phone of hers signs this one out.
    home = phone(citizen.phone)
    home.goto("/me/")
    sign_out_old = home.get_by_role("button", name=re.compile("退出.*旧手机"))
    sign_out_old.click()
    expect(sign_out_old).to_have_count(0)

    page.fill("#address", "写到一半")
    page.locator("#name").focus()
    steps.sign_in(page, county, citizen.phone)
    page.wait_for_url("**/apply/**")
    expect(page.locator("#address")).to_have_value("写到一半")
    steps.saved(page)
    assert kept(county, citizen, draft, "address") == "写到一半"


def test_a_deploy_in_the_middle_of_a_form_loses_nothing(
    county: County, citizen: Citizen, phone: Open, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT + r"|50[234]")
    draft = fresh_draft(county, citizen)
    page: Page = phone(citizen.phone)
    steps.open_draft(page, draft)
    page.fill("#address", "重启之前")
    steps.saved(page)
    page.fill("#address", "重启的时候")
    county.restart_web()
    page.check("input[name=pay_method][value=social_card]")
    page.locator("#name").focus()
    expect(page.locator("#save-status")).to_contain_text("已保存", timeout=60_000)
    expect(page.locator("#address")).to_have_value("重启的时候")
    assert kept(county, citizen, draft, "address") == "重启的时候"
    assert kept(county, citizen, draft, "pay_method") == "social_card"


def test_a_draft_is_thrown_away_only_after_asking(
    county: County, citizen: Citizen, phone: Open
) -> None:
    draft = county.draft(citizen)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    page.get_by_role("button", name="删除这份草稿").click()
    page.get_by_role("dialog").get_by_role("button", name="不了").click()
    expect(page.locator("#address")).to_be_visible()
    page.get_by_role("button", name="删除这份草稿").click()
    page.get_by_role("dialog").get_by_role("button", name="删除这份草稿").click()
    page.wait_for_url("**/cases/")
    expect(page.locator("#main")).to_contain_text("您还没有办过事")


def test_two_phones_that_type_at_once_show_what_the_county_has(
    county: County, citizen: Citizen, phone: Open
) -> None:
    draft = fresh_draft(county, citizen)
    first, second = phone(citizen.phone), phone(citizen.phone)
    for page in (first, second):
        steps.open_draft(page, draft)
    # The first one types and stays in the field; the second one's text is saved meanwhile.
    first.locator("#address").fill("甲组 1 号")
    second.locator("#address").fill("乙组 2 号")
    second.locator("#address").blur()
    steps.saved(second)
    first.locator("#address").blur()
    for _ in range(80):
        shown = {page.locator("#address").input_value() for page in (first, second)}
        if shown == {kept(county, citizen, draft, "address")}:
            break
        first.wait_for_timeout(250)
    assert shown == {"甲组 1 号"}, "what was typed last is what both phones and the county have"
    expect(second.get_by_text("乙组 2 号")).to_be_visible()


def test_going_back_from_the_preview_leads_to_the_form(
    county: County, citizen: Citizen, phone: Open
) -> None:
    draft = county.draft(citizen)
    page = phone(citizen.phone)
    page.goto("/cases/")
    page.get_by_role("link", name=re.compile("接着填")).click()
    page.wait_for_url(f"**/apply/?id={draft}")
    page.fill("#address", "七组 7 号")
    steps.look_over(page)
    page.go_back()
    expect(page.locator("#address")).to_be_visible()
    expect(page.locator("#submit")).to_have_count(0)
    expect(page.locator("#address")).to_have_value("七组 7 号")
    assert "/apply/" in page.url

    # Closed by its own button there is nothing left to go back from but the page.
    steps.look_over(page)
    page.get_by_role("button", name="返回修改").click()
    expect(page.locator("#check")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/cases/**")
