"""Each wrong thing is said at its place, in words that help, and nothing typed is lost."""

from __future__ import annotations

import copy
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from backend import seed
from e2e import pictures, steps
from e2e.browsing import LINE_IS_CUT, Complaints, ready
from e2e.county import ALLOWANCE, Citizen, County
from e2e.steps import Open

pytestmark = pytest.mark.hosted
_REFUSED = r"status of 4(22|29)"


def ask_code(page: Page, phone: str) -> None:
    page.goto("/sign-in/")
    ready(page)
    page.fill("#phone", phone)
    page.click("#send-code")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "请填写手机号码"),
        ("12345", "11 位"),
        ("+1 415 555 2671", "暂时只能给大陆手机号发短信"),
    ],
)
def test_a_number_that_gets_no_code(phone: Open, typed: str, words: str) -> None:
    page = phone()
    ask_code(page, typed)
    error = page.locator("#phone-error")
    expect(error).to_contain_text(words)
    expect(page.locator("#phone")).to_have_attribute("aria-invalid", "true")
    assert "phone-error" in (page.get_attribute("#phone", "aria-describedby") or "")
    expect(page.locator("#phone")).to_have_value(typed)


def test_a_wrong_code_and_too_many_of_them(
    county: County, phone: Open, complaints: Complaints
) -> None:
    complaints.expect(_REFUSED)
    page = phone()
    number = county.new_phone()
    ask_code(page, number.removeprefix("+86"))
    right = county_code(county, number, page)
    wrong = "000000" if right != "000000" else "111111"
    error = page.locator("#code-error")
    page.fill("#code", "12")
    page.click("#sign-in")
    expect(error).to_contain_text("6 位数字")
    page.fill("#code", wrong)
    page.click("#sign-in")
    expect(error).to_contain_text("验证码不对")
    expect(page.locator("#code")).to_have_value(wrong)

    # Guessing ends, and the page says how long.
    for _ in range(15):
        with page.expect_response("**/api/session") as answer:
            page.click("#sign-in")
        if answer.value.status == 429:
            break
    assert answer.value.status == 429
    assert int(answer.value.headers["retry-after"]) > 0
    expect(error).to_contain_text(re.compile("试的次数太多了，请等 [0-9]+ (秒|分钟)"))


def county_code(county: County, number: str, page: Page) -> str:
    page.wait_for_selector("#code")
    return county.code_for(number)


@pytest.fixture
def citizen(county: County) -> Citizen:
    return county.new_citizen()


@pytest.fixture
def form(county: County, citizen: Citizen, phone: Open) -> Page:
    """A draft that is complete but for its photos."""
    draft = county.draft(citizen, with_photos=False)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    return page


def test_an_id_number_with_a_wrong_check_digit(form: Page, citizen: Citizen) -> None:
    wrong = citizen.id_number[:-1] + ("1" if citizen.id_number[-1] != "1" else "2")
    form.fill("#id_number", wrong)
    form.locator("#name").focus()
    expect(form.locator("#id_number-error")).to_contain_text("身份证号码不对")
    expect(form.locator("#id_number")).to_have_value(wrong)
    # Put right, the word about it goes.
    form.fill("#id_number", citizen.id_number)
    form.locator("#name").focus()
    expect(form.locator("#id_number-error")).to_be_empty()
    expect(form.locator("#id_number")).to_have_attribute("aria-invalid", "false")


def test_a_birthday_that_contradicts_the_id_number(form: Page) -> None:
    form.fill("#birthday", "1941-05-04")
    form.locator("#name").focus()
    expect(form.locator("#birthday-error")).to_contain_text("不一致")
    form.click("#check")
    summary = form.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("不一致")
    expect(form.locator("#birthday")).to_have_value("1941-05-04")


def test_too_young_for_the_allowance(county: County, phone: Open) -> None:
    young = county.new_citizen(birthday="1960-02-01")
    draft = county.draft(young)
    page = phone(young.phone)
    steps.open_draft(page, draft)
    page.click("#check")
    expect(page.locator(".error-summary")).to_contain_text("年龄还没有到办理条件")
    assert county.page(young.phone, draft)["case"]["status"] == "draft"


def said_of(page: Page, material: str):
    return page.locator(f".photo-field:has(#material-{material}) [role=status]")


def choose(page: Page, material: str, name: str, mime: str, content: bytes) -> None:
    steps.chooser(page, material).set_input_files(
        {"name": name, "mimeType": mime, "buffer": content}
    )


def test_files_that_are_no_photos(form: Page) -> None:
    choose(form, "bank-card", "empty.jpg", "image/jpeg", b"")
    expect(said_of(form, "bank-card")).to_contain_text("这个文件是空的")
    choose(form, "bank-card", "letter.jpg", "image/jpeg", b"Dear county, " * 100)
    expect(said_of(form, "bank-card")).to_contain_text("照片打不开")
    choose(form, "bank-card", "letter.txt", "text/plain", b"Dear county, ")
    expect(said_of(form, "bank-card")).to_contain_text("只收照片或 PDF")
    huge = steps.folder_file("huge.jpg", b"\xff\xd8" + bytes(61 * 1024 * 1024))
    steps.chooser(form, "bank-card").set_input_files(huge)
    expect(said_of(form, "bank-card")).to_contain_text("文件太大")
    expect(steps.photos(form, "bank-card")).to_have_count(0)


def test_a_text_that_calls_itself_pdf_is_found_out(form: Page, complaints: Complaints) -> None:
    complaints.expect(_REFUSED)
    choose(form, "bank-card", "letter.pdf", "application/pdf", b"Dear county, " * 100)
    expect(said_of(form, "bank-card")).to_contain_text("只收照片或 PDF")
    expect(steps.photos(form, "bank-card")).to_have_count(0)


def test_a_large_photo_travels_small(form: Page) -> None:
    out = io.BytesIO()
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(out, "JPEG", quality=95)
    assert out.tell() > 5_000_000
    # Shrinking twelve million points takes a slow machine its time.
    with form.expect_request("**/object/upload/sign/**", timeout=60_000) as sent:
        steps.add_photo(form, "household-page", out.getvalue())
    assert int(sent.value.all_headers()["content-length"]) <= 2_000_000


def test_the_same_photo_twice_counts_once(
    form: Page, citizen: Citizen, complaints: Complaints
) -> None:
    complaints.expect("status of 409")
    photo = pictures.of("id-card", 0, citizen.name, citizen.id_number)
    steps.add_photo(form, "id-card", photo)
    card = steps.card_of(form, "id-card")
    expect(card.locator(".thumb")).to_have_count(1)
    with form.expect_response("**/api/documents/begin") as answer:
        choose(form, "id-card", "photo.jpg", "image/jpeg", photo)
    assert answer.value.json()["code"] == "file_already_there"
    expect(said_of(form, "id-card")).to_contain_text("这张已经传过了")
    expect(card.locator(".thumb")).to_have_count(1)
    expect(card).to_contain_text("已有 1 张，至少要 2 张")


def test_a_cut_upload_goes_on_by_itself(
    form: Page, citizen: Citizen, complaints: Complaints
) -> None:
    complaints.expect(LINE_IS_CUT)
    cuts: list[str] = []

    def cut_once(route: Route) -> None:
        if cuts:
            route.continue_()
        else:
            cuts.append(route.request.url)
            route.abort("connectionreset")

    form.route("**/object/upload/sign/**", cut_once)
    steps.add_photo(form, "bank-card", pictures.bank_card(citizen.name, citizen.id_number))
    assert len(cuts) == 1
    expect(steps.card_of(form, "bank-card").locator(".thumb")).to_have_count(1)


def test_no_photo_beyond_the_limit(form: Page, citizen: Citizen, complaints: Complaints) -> None:
    complaints.expect(_REFUSED)
    for nth in range(2):
        steps.add_photo(
            form, "id-card", pictures.of("id-card", nth, citizen.name, citizen.id_number)
        )
        card = steps.card_of(form, "id-card")
        expect(card.locator(".thumb")).to_have_count(nth + 1)
    # There is no room for a third, and a page that asks for it all the same is refused.
    expect(steps.chooser(form, "id-card")).to_have_count(0)
    draft = re.search(r"id=([0-9a-f-]{36})", form.url).group(1)  # type: ignore[union-attr]
    answer = form.evaluate(
        """async (draft) => {
            const answer = await fetch("/api/documents/begin", {
                method: "POST",
                headers: {"content-type": "application/json", "x-requested-with": "onetrip"},
                body: JSON.stringify({application_id: draft, material_code: "id-card",
                    name: "c.jpg", size: 10, type: "image/jpeg", sha256: "a".repeat(64)}),
            });
            return [answer.status, await answer.json()];
        }""",
        draft,
    )
    assert answer[0] in (409, 422)
    assert "最多 2 张" in answer[1]["message"]


def test_a_guide_that_changes_under_an_open_draft(
    county: County, phone: Open, citizen: Citizen
) -> None:
    draft = county.draft(citizen)
    page = phone(citizen.phone)
    steps.open_draft(page, draft)
    changed = copy.deepcopy(next(s for s in seed.services() if s["code"] == ALLOWANCE))
    changed["guide"]["content"]["zh"] += f"（{county.new_phone()[-4:]} 号修订）"
    assert county.as_service("import_service", service=changed) is True

    page.click("#check")
    expect(page.get_by_text("办事指南更新了")).to_be_visible()
    expect(page.locator("#address")).to_have_value("二组 15 号")
    page.get_by_role("button", name="按新指南继续").click()
    expect(page.get_by_text("办事指南更新了")).to_have_count(0)
    steps.send(page)
    assert steps.receipt(page)
