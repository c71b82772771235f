"""Plain pages as a browser without scripts gets them: the same words, few bytes, strict headers."""

import gzip
import html
import importlib
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import brotli
import county
import httpx
import pytest
from county import MakeCase, SignIn
from fastapi import FastAPI

from app.api import guides, status
from app.guide_views import ITEMS, guide_view
from app.plain import looks
from app.text import EN, say
from app.text.errors import of_code
from backend import applications, seed, services
from backend.config import Settings
from backend.database import stranger_db

LANGUAGES = ("zh", "en")
VOID = ("meta", "link", "input", "img", "path")
CODES = [service["code"] for service in seed.services()]
MOST_BYTES = 40 * 1024
ASSETS = Path(__file__).resolve().parents[2] / "assets"
CHECKED = "newborn-bundle"
ANSWERS = "a-joins_household=mother&a-parents_are_married=yes&a-wants_insurance=yes&a-wants_card=no"


class Texts(HTMLParser):
    """What a person reads of each element that has an id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.read: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append(dict(attrs).get("id") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for name in self._open:
            if name:
                self.read[name] = self.read.get(name, "") + data

    def bare(self, name: str) -> str:
        return re.sub(r"\s", "", self.read[name])


def strings(value: Any) -> list[str]:
    """Every string of a view."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list):
        return [s for each in value for s in strings(each)]
    if hasattr(value, "__dataclass_fields__"):
        return [s for name in value.__dataclass_fields__ for s in strings(getattr(value, name))]
    return []


@pytest.fixture
async def visitor(_installed: None) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without scripts."""
    site = FastAPI()
    site.include_router(guides.router)
    site.include_router(status.router)
    transport = httpx.ASGITransport(site, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as client:
        yield client


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_guide_says_what_the_app_says_in_few_bytes(
    visitor: httpx.AsyncClient, settings: Settings, language: Any
) -> None:
    """The page of the app shows the strings of the same GuideView."""
    for code in CODES:
        found = await services.page(stranger_db(settings), code)
        answer = await visitor.get(f"/g/{code}?lang={language}")
        assert answer.status_code == 200
        icon = (ASSETS / "favicon.ico").stat().st_size
        assert len(answer.content) + icon < MOST_BYTES, code
        page = Texts(answer.text)
        view = guide_view(language, found)
        said = {
            "promised": [view.promised_number, view.promised_unit],
            "fee": [view.fee_number, view.fee_note, view.fee_rules],
            "content": view.what,
            "conditions": view.conditions,
            "materials": [
                [row.title, row.help, row.when, row.points] for row in view.materials
            ],
            "procedure": [
                view.procedure,
                [[s.label, [[b.title, b.who, b.limit, b.when] for b in s.boxes]]
                 for s in view.stages],
            ],
            "result": view.results,
            "basis": view.laws,
        }  # fmt: skip
        assert set(said) == set(ITEMS)
        for item, wanted in said.items():
            for text in strings(wanted):
                assert re.sub(r"\s", "", text) in page.bare(f"item-{item}"), (code, item)
        assert "<script" not in answer.text and " style=" not in answer.text
        assert not re.search(r"<[a-z][^>]*\son[a-z]+=", answer.text), "a handler"


async def test_a_guide_is_ready_to_be_shared_and_found(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get(f"/g/{county.ALLOWANCE}")).text
    site = "http://localhost:3000"
    for line in (
        '<html lang="zh-CN">',
        f'<link rel="canonical" href="{site}/g/{county.ALLOWANCE}">',
        f'hreflang="en" href="{site}/g/{county.ALLOWANCE}?lang=en"',
        f'href="{site}/service/?code={county.ALLOWANCE}"',
        '<meta property="og:title" content="老年人尊老金待遇申领">',
        f'<meta property="og:image" content="{site}/icons/share.png">',
    ):
        assert line in page
    share = ASSETS / "icons" / "share.png"
    assert share.stat().st_size <= MOST_BYTES
    english = (await visitor.get(f"/g/{county.ALLOWANCE}?lang=en&size=large")).text
    assert '<html lang="en" data-mode="elder">' in english
    assert f'href="/g/{county.ALLOWANCE}?size=large"' in english, "the language alone changes"


async def test_answers_are_strict_kept_short_and_packed(visitor: httpx.AsyncClient) -> None:
    plain = await visitor.get(f"/g/{county.ALLOWANCE}", headers={"accept-encoding": "identity"})
    policy = plain.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert looks.style_hash() in policy and "unsafe" not in policy
    assert plain.headers["cache-control"] == "public, max-age=300"
    again = await visitor.get(
        f"/g/{county.ALLOWANCE}", headers={"if-none-match": plain.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    for encoding, unpacked in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        async with visitor.stream(
            "GET", f"/g/{county.ALLOWANCE}", headers={"accept-encoding": encoding}
        ) as packed:
            assert packed.headers["content-encoding"] == encoding
            raw = b"".join([part async for part in packed.aiter_raw()])
            assert unpacked(raw) == plain.content
            assert len(raw) < len(plain.content) / 2
    assert (await visitor.head(f"/g/{county.ALLOWANCE}")).status_code == 200


@pytest.mark.parametrize("code", ["no-such-service", "%3Cscript%3Ealert(1)", "x" * 500])
async def test_a_guide_that_is_not_there_names_the_way_on(
    visitor: httpx.AsyncClient, code: str
) -> None:
    for path in (f"/g/{code}", f"/g/{code}/list"):
        answer = await visitor.get(path)
        assert answer.status_code == 404
        assert 'href="/g/"' in answer.text and "(0937)3212345" in answer.text
        assert "<script" not in answer.text


async def test_what_an_address_says_is_never_markup(visitor: httpx.AsyncClient) -> None:
    evil = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (
        f"/g/{county.ALLOWANCE}?lang={evil}&size={evil}&a-x={evil}",
        f"/g/{CHECKED}?{ANSWERS}&a-{evil}=1",
        f"/s?code={evil}",
    ):
        assert "<script" not in (await visitor.get(path)).text
    typed = {"code": '"><script>1</script>', "phone": "<b>"}
    assert "<script" not in (await visitor.post("/s", data=typed)).text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_index_leads_to_every_guide(visitor: httpx.AsyncClient, language: str) -> None:
    page = (await visitor.get(f"/g/?lang={language}")).text
    kept = "?lang=en" if language == "en" else ""
    assert [c for c in CODES if f'href="/g/{c}{kept}"' not in page] == []
    assert (await visitor.get("/g")).headers["location"] == "/g/"
    sitemap = (await visitor.get("/sitemap.xml")).text
    assert [c for c in CODES if f"/g/{c}</loc>" not in sitemap] == []
    for name in ("case", "guide_edit"):
        importlib.import_module(f"app.pages.{name}")
    robots = (await visitor.get("/robots.txt")).text
    assert "Sitemap: http://localhost:3000/sitemap.xml" in robots
    assert "Disallow: /case/" in robots and "Disallow: /guide-edit/" in robots
    assert "Disallow: /g/" not in robots and "Disallow: /service" not in robots


async def test_the_code_on_paper_is_the_short_address(visitor: httpx.AsyncClient) -> None:
    drawn = await visitor.get(f"/g/{county.ALLOWANCE}/qr.svg")
    assert drawn.headers["content-type"] == "image/svg+xml" and drawn.text.startswith("<svg")
    assert (await visitor.get("/g/nothing/qr.svg")).status_code == 404
    assert (await visitor.get("/s/123456/qr.svg")).text.startswith("<svg")
    assert (await visitor.get("/s/12345a/qr.svg")).status_code == 404


async def test_the_check_works_without_scripts(visitor: httpx.AsyncClient) -> None:
    guide = (await visitor.get(f"/g/{CHECKED}")).text
    assert f'action="/g/{CHECKED}/list"' in guide and 'name="a-joins_household"' in guide
    mine = await visitor.get(f"/g/{CHECKED}/list?{ANSWERS}&lang=en")
    assert mine.status_code == 200 and "noindex" in mine.text
    query = html.escape(ANSWERS)
    assert f"/service/?code={CHECKED}&amp;{query}&amp;apply=1" in mine.text
    half = await visitor.get(f"/g/{CHECKED}/list?a-joins_household=father&size=large")
    assert half.status_code == 303
    assert half.headers["location"] == (
        f"/g/{CHECKED}?a-joins_household=father&check=1&size=large#check"
    )
    back = (await visitor.get(half.headers["location"])).text
    assert back.count(say("zh", "check.unanswered")) == 3
    assert 'value="father" required checked' in back
    assert len(mine.content) < MOST_BYTES


# status by code


@pytest.fixture
async def case(sign_in: SignIn, cases: MakeCase) -> dict[str, str]:
    """A case that runs: its code and the end of its phone."""
    person = await sign_in()
    found = await applications.page(person.db, await cases(person))
    return {"code": found["case_code"], "phone": person.phone[-4:]}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_code_and_phone_show_the_status(
    visitor: httpx.AsyncClient, case: dict[str, str], language: Any
) -> None:
    typed = {"code": f" {case['code'][:3]} {case['code'][3:]}", "phone": case["phone"]}
    answer = await visitor.post(f"/s?lang={language}", data=typed)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    shown = Texts(answer.text).read["found"]
    for key in ("status.next.in_progress", "status.promised", "status.who"):
        assert say(language, key) in shown
    assert case["code"] not in answer.text and "王秀英" not in answer.text


async def test_wrong_digits_get_one_sentence_and_keep_what_was_typed(
    visitor: httpx.AsyncClient, case: dict[str, str]
) -> None:
    other = f"{(int(case['code']) + 1) % 1_000_000:06d}"
    wrong = "0000" if case["phone"] != "0000" else "1111"
    pages = []
    for typed in ({**case, "phone": wrong}, {**case, "code": other}):
        answer = await visitor.post("/s", data=typed)
        assert answer.status_code == 404
        assert of_code("zh", "case_status_unknown") in answer.text
        pages.append(answer.text.replace(typed["code"], "C").replace(typed["phone"], "P"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({}, "case_code_invalid"),
        ({"code": "12345", "phone": "1234"}, "case_code_invalid"),
        ({"code": "123456", "phone": "13800000001"}, "phone_end_invalid"),
    ],
)
async def test_what_is_typed_wrong_is_said_at_its_field(
    visitor: httpx.AsyncClient, typed: dict[str, str], code: str
) -> None:
    answer = await visitor.post("/s", data=typed)
    assert answer.status_code == 422
    field = "code-error" if code == "case_code_invalid" else "phone-error"
    assert Texts(answer.text).read[field] == of_code("zh", code)


async def test_full_width_digits_are_digits(
    visitor: httpx.AsyncClient, case: dict[str, str]
) -> None:
    wide = str.maketrans("0123456789", "".join(chr(0xFF10 + n) for n in range(10)))
    typed = {name: value.translate(wide) for name, value in case.items()}
    assert (await visitor.post("/s", data=typed)).status_code == 200


async def test_guessing_a_phone_ends_after_five_tries(
    visitor: httpx.AsyncClient, case: dict[str, str], superuser: Any
) -> None:
    # What other tests of this address tried is not this test's.
    superuser.execute("delete from private.attempts where kind like 'case_status%'")
    wrong = [f"900{n}" for n in range(8) if f"900{n}" != case["phone"]][:6]
    codes = [
        (await visitor.post("/s", data={**case, "phone": phone})).status_code for phone in wrong
    ]
    assert codes == [404] * 5 + [429]
    locked = await visitor.post("/s", data=case)
    assert locked.status_code == 429 and int(locked.headers["retry-after"]) > 3000
    superuser.execute("delete from private.attempts where kind like 'case_status%'")


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
async def test_a_foreign_form_is_refused(
    visitor: httpx.AsyncClient, case: dict[str, str], headers: dict[str, str]
) -> None:
    answer = await visitor.post("/s", data=case, headers=headers)
    assert answer.status_code == 403 and 'id="found"' not in answer.text


async def test_a_code_in_the_address_is_filled_in_and_never_looked_up(
    visitor: httpx.AsyncClient, case: dict[str, str]
) -> None:
    page = await visitor.get(f"/s?code={case['code']}&phone={case['phone']}")
    assert f'value="{case["code"]}"' in page.text and 'id="found"' not in page.text


def test_every_status_says_what_comes_next() -> None:
    known = ("in_progress", "waiting_for_citizen", "suspended", "approved", "refused", "withdrawn")
    assert {f"status.next.{status}" for status in known} <= set(EN)
