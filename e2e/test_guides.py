"""Guides on the page and without scripts, on paper and aloud; the check; the status by code."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.guide_views import ITEMS
from backend import seed
from e2e import steps
from e2e.browsing import PHONE, Complaints, ready
from e2e.county import ALLOWANCE, County
from e2e.steps import Open
from e2e.test_every_page import faults, too_small

BUNDLE = "newborn-bundle"
ANSWERS = {
    "a-joins_household": "mother",
    "a-parents_are_married": "yes",
    "a-wants_insurance": "yes",
    "a-wants_card": "no",
}
# A voice that only says what it was told to read, and takes its time.
_VOICE = """
window.heard = [];
const synthesis = new EventTarget();
Object.assign(synthesis, {
    getVoices: () => [{lang: "zh-CN", localService: true, name: "voice"}],
    speak(words) {
        window.heard.push(words.text);
        synthesis.timer = setTimeout(() => words.onend?.(), 30);
    },
    cancel() { clearTimeout(synthesis.timer); },
});
Object.defineProperty(window, "speechSynthesis", {value: synthesis});
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
"""
_ITEM = "id => document.getElementById(id).innerText.replace(/\\s+/g, '')"


def items_of(page: Page) -> dict[str, str]:
    """The eight items as they are read, all folds open, and what lies far below laid out."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(
        "document.querySelectorAll('.section').forEach(e => e.style.contentVisibility = 'visible')"
    )
    return {item: page.evaluate(_ITEM, f"item-{item}") for item in ITEMS}


def test_the_plain_page_says_what_the_app_says(phone: Open) -> None:
    """For every seeded service; the moment of the promise moves with the clock."""
    app, plain = phone(), phone()
    for code in [service["code"] for service in seed.services()]:
        app.goto(f"/service/?code={code}")
        expect(app.locator("#guide")).to_be_visible()
        plain.goto(f"/g/{code}")
        expect(app.get_by_role("heading", level=1)).to_have_text(plain.inner_text("h1"))
        moment = re.compile(r"\d+月\d+日\d+:\d+")
        said = [{k: moment.sub("", v) for k, v in items_of(p).items()} for p in (app, plain)]
        assert said[0] == said[1], code


def test_without_scripts_one_reads_checks_and_starts(
    browser: Browser, county: County, complaints: Complaints
) -> None:
    complaints.expect("status of 404")
    context = browser.new_context(**PHONE, base_url=county.address, java_script_enabled=False)
    complaints.listen(context)
    page = context.new_page()
    page.goto("/g/")
    page.get_by_role("link", name="新生儿“一件事”").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("新生儿")
    page.get_by_role("link", name="大字").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    for name, value in ANSWERS.items():
        page.check(f"input[name={name}][value={value}]")
    page.get_by_role("button", name="Show what I need").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page.locator("#my-list")).to_contain_text("ID")
    start = page.get_by_role("link", name="Apply with these answers")
    assert "a-wants_card=no" in (start.get_attribute("href") or "")
    page.goto("/g/there-is-none")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有这个页面")
    context.close()


@pytest.mark.parametrize("query", ["", "?lang=en", "?size=large"])
def test_plain_pages_are_for_everybody(phone: Open, complaints: Complaints, query: str) -> None:
    complaints.expect("status of 404")
    page = phone()
    for path in ("/g/", f"/g/{BUNDLE}", "/g/there-is-none", "/s"):
        page.goto(path + query)
        assert faults(page) == [], path
        assert too_small(page, 60 if "large" in query else 44, 44) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_paper_shows_everything_and_where_it_is_from(phone: Open) -> None:
    page = phone()
    for address in (f"/service/?code={ALLOWANCE}", f"/g/{ALLOWANCE}"):
        page.goto(address)
        expect(page.locator("#guide")).to_be_visible()
        page.emulate_media(media="print")
        head = page.locator(".paper-head")
        expect(head).to_be_visible()
        expect(head).to_contain_text("玉门市")
        expect(head).to_contain_text("指南第")
        code = head.locator("img")
        expect(code).to_have_js_property("complete", True)
        assert code.evaluate("img => img.naturalWidth") > 0
        points = page.locator("#item-materials details li").first
        expect(points).to_be_visible()
        for hidden in page.locator("nav, .button, .bar, .bottom").all():
            expect(hidden).to_be_hidden()
        page.emulate_media(media="screen")


def test_a_guide_is_read_aloud_in_its_order(phone: Open) -> None:
    page = phone()
    page.add_init_script(_VOICE)
    page.goto(f"/service/?code={ALLOWANCE}")
    expect(page.locator("#guide")).to_be_visible()
    assert page.evaluate("window.heard.length") == 0, "nothing is read before somebody asks"
    page.get_by_role("button", name="朗读").click()
    expect(page.locator(".is-read")).to_have_count(1)
    page.get_by_role("button", name="停一停").click()
    before = page.evaluate("window.heard.length")
    page.wait_for_timeout(200)
    assert page.evaluate("window.heard.length") == before
    page.get_by_role("button", name="接着读").click()
    page.wait_for_function("() => !document.querySelector('.is-read')")
    heard = page.evaluate("window.heard.join('')")
    places = [heard.find(words) for words in ("多久办好", "收费", "谁能办", "怎么办", "法律依据")]
    assert places == sorted(places) and -1 not in places
    assert "What this is" not in heard
    page.get_by_role("button", name="朗读").click()
    page.get_by_role("button", name="不读了").click()
    expect(page.locator(".is-read")).to_have_count(0)
    page.get_by_role("button", name="朗读").click()
    page.get_by_role("link", name="返回").click()
    page.wait_for_url("**/services/**")
    expect(page.locator("#guide")).to_have_count(0)
    said = page.evaluate("window.heard.length")
    page.wait_for_timeout(200)
    assert page.evaluate("window.heard.length") == said, "leaving ends it"


def test_no_voice_no_button(phone: Open) -> None:
    page = phone()
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', {value: undefined})")
    page.goto(f"/service/?code={ALLOWANCE}")
    expect(page.locator("#guide")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    expect(page.get_by_role("button", name="朗读")).to_have_count(0)


def test_check_then_sign_in_then_the_form_knows(county: County, phone: Open) -> None:
    citizen = county.new_citizen(birthday="1996-05-03")
    page = phone()
    page.goto(f"/service/?code={BUNDLE}")
    ready(page)
    page.check("input[name=a-joins_household][value=mother]")
    page.click("#check-go")
    expect(page.locator("#check .error:visible")).to_have_count(3)
    for name, value in ANSWERS.items():
        page.check(f"input[name={name}][value={value}]")
    page.click("#check-go")
    expect(page.locator("#my-list")).to_contain_text("按您的回答")
    expect(page.locator("#my-list")).not_to_contain_text("孩子的照片")
    page.get_by_role("button", name="按这些回答开始办理").click()
    steps.sign_in(page, county, citizen.phone)
    page.wait_for_url("**/apply/**")
    for name, value in ANSWERS.items():
        field = page.locator(f"[name={name.removeprefix('a-')}][value={value}]")
        expect(field).to_be_checked()


def test_status_by_code_until_it_is_guessed_at(
    county: County, phone: Open, complaints: Complaints
) -> None:
    complaints.expect("status of 4(04|22|29)")
    citizen = county.new_citizen()
    case = county.case(citizen)
    owner = phone(citizen.phone)
    owner.goto(f"/case/?id={case}")
    code = re.sub(r"\s", "", owner.locator(".code").inner_text())
    owner.emulate_media(media="print")
    expect(owner.locator(".receipt img")).to_be_visible()

    page = phone()
    page.goto("/")
    page.get_by_role("link", name=re.compile("查询码查进度")).first.click()
    page.wait_for_url("**/s")

    def ask(phone_end: str) -> None:
        page.goto(f"/s?code={code}")
        expect(page.locator("#code")).to_have_value(code)
        page.fill("#phone", phone_end)
        page.get_by_role("button", name="查进度").click()

    ask(citizen.phone[-4:])
    expect(page.locator("#found")).to_contain_text("尊老金")
    expect(page.locator("#found")).to_contain_text("窗口在核对")
    expect(page.locator("#found")).to_contain_text("承诺")
    for secret in (citizen.name, citizen.id_number, citizen.phone[-11:]):
        expect(page.locator("body")).not_to_contain_text(secret)
    wrong = "9999" if citizen.phone[-4:] != "9999" else "8888"
    for _ in range(5):
        ask(wrong)
        expect(page.get_by_role("alert")).to_contain_text("对不上")
    ask(citizen.phone[-4:])
    expect(page.get_by_role("alert")).to_contain_text("试的次数太多了")
    expect(page.locator("#found")).to_have_count(0)
