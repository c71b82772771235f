"""Nothing asked twice: from registries, from the wallet, and on paper when a registry is silent."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from backend import applications
from e2e import pictures, steps
from e2e.county import CLERK, WANG, County
from e2e.steps import Open
from e2e.test_every_page import faults

HOUSEHOLD = "允许从户籍库取用"


@contextmanager
def silent_registries(county: County) -> Iterator[None]:
    """The registries take every question and answer none."""
    found = [p for p in county.processes() if "backend.local_registry" in " ".join(p.cmdline())]
    assert len(found) == 1
    os.kill(found[0].pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(found[0].pid, signal.SIGCONT)


def ask(page: Page, material: str, name: str | re.Pattern[str]) -> Locator:
    """Press the offer on the card of a material."""
    card = steps.card_of(page, material)
    card.get_by_role("button", name=name).click()
    return card


def hand_in(page: Page) -> None:
    """Look it over where that is asked, then hand it in."""
    check = page.locator("#check")
    if check.count():
        check.click()
    page.click("#submit")


def test_the_base_form_is_enough(county: County, phone: Open, desk: Open) -> None:
    page = phone(WANG)
    page.goto("/service/?code=elderly-allowance")
    page.click("#start")
    page.wait_for_url("**/apply/**")
    expect(page.locator("#name")).to_be_visible()
    page.fill("#address", "")
    page.locator("#address").blur()
    card = ask(page, "household-page", HOUSEHOLD)
    expect(card).to_contain_text("户籍库查到了")
    expect(card).to_contain_text("王*英")
    expect(card.locator("input[type=file]")).to_have_count(0)
    expect(steps.card_of(page, "id-card")).to_contain_text("齐了，不用交")
    expect(page.locator("#address")).to_have_value(re.compile("南门村"))
    expect(ask(page, "bank-card", "允许从社保库取用")).to_contain_text("社保库查到了")

    # An answer says where it came from; one that is not right is disputed, and it is again right.
    place = page.locator("#address-place")
    expect(place).to_contain_text(re.compile("来自户籍库，.*核验"))
    place.get_by_role("button", name=re.compile("这里不对")).click()
    expect(page.locator("#address")).to_be_focused()
    expect(card.locator("input[type=file]")).not_to_have_count(0)
    place.get_by_role("button", name=re.compile("没有不对")).click()
    expect(card).to_contain_text("户籍库查到了")
    number = page.locator("#phone-place")
    expect(number).to_contain_text("来自“我的”")
    number.get_by_role("button", name=re.compile("这里不对")).click()
    number.get_by_label(re.compile("哪里不对")).fill("这是儿子的号，白天打不通")
    page.fill("#phone", "13800000099")
    steps.saved(page)
    assert faults(page) == []
    page.check("input[name=pay_method][value=social_card]")
    page.check("input[name=is_applying_for_self][value=yes]")
    for name in ("has_moved_in",):
        if page.locator(f"input[name={name}]").count():
            page.check(f"input[name={name}][value=no]")
    page.check("input[name=declaration]")
    hand_in(page)
    steps.receipt(page)
    application_id = steps.case_id(page)

    clerk = desk(CLERK)
    clerk.goto(f"/desk/?id={application_id}")
    expect(clerk.locator("#main")).to_contain_text("这是儿子的号，白天打不通")
    expect(clerk.locator("#main")).to_contain_text("户籍库查到")
    expect(clerk.locator("body")).not_to_contain_text("622101194312060027")
    link = clerk.get_by_role("link", name=re.compile("看查询凭证")).first
    evidence = clerk.request.get(link.get_attribute("href") or "")
    assert evidence.json()["facts"]["name"] == "王秀英"
    page.goto("/me/")
    expect(page.locator("section", has_text="谁看过我的资料")).to_contain_text("取用的数据")


def test_a_silent_registry_never_blocks(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    draft = county.draft(citizen, with_photos=False)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    with silent_registries(county):
        card = ask(page, "household-page", HOUSEHOLD)
        expect(card).to_contain_text("没有等到回答")
        expect(card).to_contain_text("请拍照上传")
    photo = pictures.of("household-page", 0, citizen.name, citizen.id_number)
    steps.add_photo(page, "household-page", photo)
    # It is back, but does not know this person: the paper that was taken counts all the same.
    card = ask(page, "id-card", "再从户籍库取一次")
    expect(card).to_contain_text("没有查到您的记录")
    for nth in range(2):
        steps.add_photo(
            page, "id-card", pictures.of("id-card", nth, citizen.name, citizen.id_number)
        )
    steps.add_photo(page, "bank-card", pictures.of("bank-card", 0, citizen.name, citizen.id_number))
    hand_in(page)
    steps.receipt(page)


def test_what_was_verified_once_goes_along_the_next_time(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    first = county.case(citizen)
    county.forward(CLERK, first)
    draft = county.draft(citizen, with_photos=False)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    for material in ("id-card", "bank-card", "household-page"):
        card = ask(page, material, re.compile("用上次核验过的.*玉门镇核验"))
        expect(card).to_contain_text("齐了，不用交")
    expect(steps.photos(page, "id-card")).to_have_count(2)
    hand_in(page)
    steps.receipt(page)

    page.goto("/me/")
    page.get_by_role("link", name=re.compile("我的证件夹")).click()
    page.wait_for_url("**/wallet/**")
    expect(page.locator("#main")).to_contain_text("身份证 · 老年人尊老金待遇申领")
    assert faults(page) == []
    card = page.locator(".card", has=page.get_by_role("heading", name="户口簿"))
    card.get_by_role("button", name=re.compile("以后不再提供")).click()
    expect(card.get_by_role("button", name=re.compile("重新提供"))).to_be_visible()
    card.get_by_role("button", name=re.compile("拿掉")).click()
    expect(card).to_have_count(0)


def test_a_paper_of_the_wallet_answers_a_notice(county: County, phone: Open) -> None:
    citizen = county.new_citizen()
    county.forward(CLERK, county.case(citizen))
    # The next case comes with photos of its own, one of them no good.
    person, case = county.person(citizen.phone), county.draft(citizen, with_photos=False)
    for nth, material in enumerate(("id-card", "id-card", "bank-card", "household-page"), 5):
        photo = pictures.of(material, nth, "看不清", "1" * 18)
        county.ask(county.upload(person, case, material, photo))
    county.ask(
        applications.submit(person.db, case, submission_key=str(uuid4()), today=date.today())
    )
    county.notice(
        CLERK, case, {"material": "id-card", "points": [0], "text": "正面反光看不清，请重拍一张"}
    )
    page = phone(citizen.phone)
    page.goto(f"/case/?id={case}")
    mend = page.locator("#mend")
    mend.get_by_role("button", name=re.compile("用上次核验过的身份证.*玉门镇核验")).click()
    expect(mend).to_contain_text("1 处已改好 1 处")
    expect(mend).to_contain_text(re.compile("用的是.*玉门镇核验过的身份证"))
    expect(mend.locator("input[type=file]")).to_have_count(0)
    assert faults(page) == []
    page.click("#reply")
    expect(page.locator("#received")).to_contain_text("补正收到了")
    page.goto("/wallet/")
    expect(page.locator("#main")).to_contain_text("身份证 · 老年人尊老金待遇申领")
