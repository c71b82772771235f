"""What people do again and again, in the words of what they see."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e import pictures
from e2e.browsing import ready
from e2e.county import Citizen, County

Open = Callable[..., Page]
# What the guides of these stories call their materials.
MATERIALS = {
    "id-card": "老人的居民身份证|申请人身份证",
    "bank-card": "老人的社会保障卡或银行卡",
    "household-page": "户口簿（首页和老人本人页）",
    "birth-certificate": "出生医学证明",
    "parents-household": "孩子要落户的户口簿",
    "marriage-record": "结婚登记",
    "child-photo": "孩子的照片",
}
ALLOWANCE_PAPERS = {"id-card": 2, "bank-card": 1, "household-page": 1}
NEWBORN_PAPERS = {
    "birth-certificate": 1, "parents-household": 1, "id-card": 2, "marriage-record": 1,
    "child-photo": 1,
}  # fmt: skip
# What moved somewhere is seen everywhere within this many milliseconds.
SOON = 2_000


def sign_in(page: Page, county: County, phone: str) -> None:
    """Number, code, and on to where the person wanted to go."""
    page.wait_for_url("**/sign-in/**")
    ready(page)
    before = county.codes_sent(phone)
    page.fill("#phone", phone.removeprefix("+86"))
    page.click("#send-code")
    page.wait_for_selector("#code")
    assert county.codes_sent(phone) == before + 1
    page.fill("#code", county.code_for(phone))
    page.click("#sign-in")
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def open_draft(page: Page, application_id: str) -> None:
    """Go to a draft and wait for its form."""
    page.goto(f"/apply/?id={application_id}")
    expect(page.locator("#name")).to_be_visible()


def answer_the_rest(page: Page) -> None:
    """Everything of the allowance's form that the profile does not know."""
    page.fill("#address", "二组 15 号")
    page.check("input[name=pay_method][value=social_card]")
    page.check("input[name=is_applying_for_self][value=yes]")
    page.check("input[name=declaration]")


def saved(page: Page) -> None:
    """Wait until the page says that everything is kept."""
    page.locator("#name").blur()
    expect(page.locator("#save-status")).to_contain_text("已保存")


def look_over(page: Page) -> None:
    """Go from the form to everything as it will be sent."""
    page.click("#check")
    expect(page.locator("#submit")).to_be_visible()


def send(page: Page) -> None:
    """Look everything over and hand it in."""
    look_over(page)
    page.click("#submit")


def chooser(page: Page, material: str) -> Locator:
    """The album's input of a material."""
    return page.locator(f".photo-field:has(#material-{material}) input[type=file]").nth(1)


def card_of(page: Page, material: str) -> Locator:
    """The card of a material, also when it has room for no more photos."""
    name = re.compile(f"^({MATERIALS[material]})$")
    return page.locator(".card", has=page.get_by_text(name)).last


def photos(page: Page, material: str) -> Locator:
    """The photos of a material that the county has."""
    return card_of(page, material).locator(".thumb")


def add_photo(page: Page, material: str, content: bytes, name: str = "photo.jpg") -> None:
    """Choose a photo and wait until it was checked and stands among the others."""
    before = photos(page, material).count()
    chooser(page, material).set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": content}
    )
    expect(photos(page, material)).to_have_count(before + 1)


def all_photos(page: Page, citizen: Citizen, papers: Mapping[str, int] = ALLOWANCE_PAPERS) -> None:
    """Every photo that the guide asks for."""
    for material, count in papers.items():
        for nth in range(count):
            add_photo(page, material, pictures.of(material, nth, citizen.name, citizen.id_number))


def new_photo(page: Page, material: str, citizen: Citizen) -> None:
    """Choose another photo, of a paper that was asked for once more."""
    content = pictures.of(material, 0, f"{citizen.name} 2", citizen.id_number)
    chooser(page, material).set_input_files(
        {"name": "new.jpg", "mimeType": "image/jpeg", "buffer": content}
    )


def receipt(page: Page) -> str:
    """The receipt number on the case's page."""
    page.wait_for_url("**/case/**")
    shown = page.locator("#receipt").inner_text()
    found = re.search(r"[0-9][0-9-]{8,}", shown)
    assert found, shown
    return found.group()


def case_id(page: Page) -> str:
    """The case that the address names."""
    found = re.search(r"id=([0-9a-f-]{36})", page.url)
    assert found, page.url
    return found.group(1)


def case_on(page: Page, case: str) -> Page:
    """The page of a case, and the live feed behind it."""
    page.goto(f"/case/?id={case}")
    expect(page.locator("#case .tag").first).to_be_visible()
    page.wait_for_timeout(500)
    return page


def stays(page: Page) -> None:
    """Mark the document, to prove later that nobody reloaded it."""
    page.evaluate("window.isTheSameDocument = true")


def stayed(page: Page) -> None:
    """Nobody reloaded it since."""
    assert page.evaluate("window.isTheSameDocument === true"), "the page was reloaded"


def row_of(desk: Page, case: str) -> Locator:
    """The line of a case in a list of a desk."""
    return desk.locator(f".queue-rows a[href*='{case}']")


def folder_file(name: str, content: bytes) -> Path:
    """A file on the phone."""
    path = Path(tempfile.mkdtemp()) / name
    path.write_bytes(content)
    return path


def act(desk: Page, name: str) -> Locator:
    """An act of a desk by its button, whose English words stand behind the Chinese ones."""
    words = re.compile(rf"^{re.escape(name)}([^\u4e00-\u9fff]|$)")
    return desk.locator(".act > summary:visible", has_text=words)


def do(desk: Page, name: str, confirm: str) -> None:
    """Unfold an act and press what it ends with."""
    act(desk, name).click()
    desk.locator(".act[open]").get_by_role("button", name=confirm, exact=True).click()


def tick_the_card(panel: Locator, text: str) -> None:
    """In a notice: the identity card, its first point, and how to mend it."""
    panel.locator("[id='ask-id-card']").check()
    panel.locator("[name='point id-card 0']").check()
    panel.locator("[id='mend-id-card']").fill(text)


def look_and_send(desk: Page, *texts: str) -> None:
    """Look at the notice as its reader will see it, and send it, which can be done once."""
    panel = desk.locator(".act[open]")
    panel.get_by_role("button", name="看看申请人会收到什么").click()
    expect(panel).to_contain_text("只能发一次")
    for text in texts:
        expect(panel.locator(".notice-line", has_text=text)).to_be_visible()
    panel.get_by_role("button", name="确认发出，只此一次").click()
    expect(desk.locator("#main")).to_contain_text("告知已发出")
