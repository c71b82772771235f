"""What people do again and again, in the words of what they see."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from e2e import pictures
from e2e.browsing import ready
from e2e.county import Citizen, County

Open = Callable[..., Page]
MATERIALS = {
    "id-card": "老人的居民身份证",
    "bank-card": "老人的社会保障卡或银行卡",
    "household-page": "户口簿（首页和老人本人页）",
}


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
    return page.locator(".card", has=page.get_by_text(MATERIALS[material], exact=True)).last


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


def all_photos(page: Page, citizen: Citizen) -> None:
    """Every photo that the allowance's guide asks for."""
    for material, count in (("id-card", 2), ("bank-card", 1), ("household-page", 1)):
        for nth in range(count):
            add_photo(page, material, pictures.of(material, nth, citizen.name, citizen.id_number))


def receipt(page: Page) -> str:
    """The receipt number on the case's page."""
    page.wait_for_url("**/case/**")
    shown = page.locator("#receipt").inner_text()
    found = re.search(r"[0-9][0-9-]{8,}", shown)
    assert found, shown
    return found.group()


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
