"""Every page, for everybody who may see it, in both languages and in large text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backend import seed
from e2e.browsing import ready
from e2e.county import County
from e2e.places import IN_LATIN, PLACES, ROUTES, Place, Scene, set_scene

Open = Callable[..., Page]
_ids = [f"{place.name}-{place.role}" for place in PLACES]
_AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
_MASKED_NAME = re.compile(r"[\u3400-\u9fff]\*+[\u3400-\u9fff]?")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENGLISH_SENTENCE = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z']+){2,}")

# What a person reads: text that is shown, and which element it stands in.
_VISIBLE_TEXT = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, element = node.parentElement;
        const text = node.textContent.trim();
        if (!text || element.closest("script, style, noscript, option, [data-pick]")) continue;
        if (element.closest(".switch")) continue;
        if (!element.checkVisibility({visibilityProperty: true})) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        const isHidden = element.closest(".sr") !== null;
        found.push([text, parseFloat(getComputedStyle(element).fontSize), isHidden]);
    }
    return found;
}"""

# Everything to press or fill in, with the place a finger may hit: a label counts for its input.
_TARGETS = """() => {
    const found = [];
    const selector = "a[href], button, input:not([type=hidden]):not([type=file]), select, " +
        "textarea, summary";
    for (const element of document.querySelectorAll(selector)) {
        if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
        if (element.matches(".skip") || element.closest("[inert]")) continue;
        const isChoice = element.matches("[type=radio], [type=checkbox]");
        const place = isChoice ? element.closest("label") ?? element : element;
        const parent = element.parentElement;
        const isInText = element.matches("a") && parent.matches("p, li, dd, span, .notice *")
            && parent.textContent.trim().length > element.textContent.trim().length + 4;
        if (isInText) continue;
        const box = place.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        const isMain = element.matches(".button:not(.plain):not(.small), .door, .bottom-nav a, " +
            "input, select, textarea") && !isChoice;
        const name = (element.innerText || element.name || element.id).trim().slice(0, 30);
        found.push({name, what: element.tagName + "." + element.className, isMain,
            width: Math.round(box.width * 10) / 10, height: Math.round(box.height * 10) / 10});
    }
    return found;
}"""


@pytest.fixture(scope="session")
def scene(county: County) -> Scene:
    """A citizen with a case in every state, whose own words do not mix the languages."""
    return set_scene(county, IN_LATIN)


def test_the_walk_forgets_no_page() -> None:
    assert {place.route for place in PLACES} == ROUTES


def visit(place: Place, scene: Scene, phone: Open, desk: Open, **wishes: Any) -> Page:
    """Go there and wait until it shows what it is for."""
    who = place.who(scene)
    page = (desk if place.is_desk else phone)(who, **wishes)
    page.goto(place.address(scene))
    ready(page)
    expect(page.locator(place.wait_for).first).to_be_visible()
    expect(page.locator(".skeleton:visible")).to_have_count(0)
    return page


def faults(page: Page) -> list[str]:
    """What axe finds, one line each."""
    # At its full height nothing is covered by the bar that stays in sight.
    width = (page.viewport_size or {"width": 360})["width"]
    for _ in range(3):  # what arrives late makes the page longer
        height = page.evaluate("Math.max(document.documentElement.scrollHeight, innerHeight)")
        page.set_viewport_size({"width": width, "height": height})
    found = Axe().run(page, options=_AXE).response["violations"]
    return [
        f"{v['id']}: {v['help']} – {json.dumps(node['target'])} {node.get('failureSummary', '')}"
        for v in found
        for node in v["nodes"]
    ]


@pytest.mark.parametrize("place", PLACES, ids=_ids)
def test_page_in_chinese(place: Place, scene: Scene, phone: Open, desk: Open) -> None:
    page = visit(place, scene, phone, desk)
    assert faults(page) == []
    read = [text for text, _, _ in page.evaluate(_VISIBLE_TEXT)]
    typed = (IN_LATIN.name, IN_LATIN.address, IN_LATIN.reason, IN_LATIN.wish)
    assert [t for t in read if _ENGLISH_SENTENCE.search(t) and t not in typed] == []
    assert too_small(page, 44, 44) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


@pytest.mark.parametrize("place", PLACES, ids=_ids)
def test_page_in_large_text(place: Place, scene: Scene, phone: Open, desk: Open) -> None:
    page = visit(place, scene, phone, desk, mode="elder")
    assert faults(page) == []
    read = page.evaluate(_VISIBLE_TEXT)
    assert [text for text, size, is_hidden in read if size < 18 and not is_hidden] == []
    assert too_small(page, 60, 44) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


@pytest.mark.parametrize("place", PLACES, ids=_ids)
def test_page_in_english(place: Place, scene: Scene, phone: Open, desk: Open) -> None:
    page = visit(place, scene, phone, desk, lang="en")
    assert faults(page) == []
    names = [person["name"] for person in seed.content("people.json")]
    chinese = []
    for text, _, _ in page.evaluate(_VISIBLE_TEXT):
        if place.name == "inbox" and text.startswith("【跑一次】"):
            # Messages are as they were sent, before anybody's language was known.
            continue
        for name in names:
            text = text.replace(name, "")
        # Masked names of people of other stories who wait in the same queue.
        text = _MASKED_NAME.sub("", text)
        if _CHINESE.search(text):
            chinese.append(text)
    assert chinese == []
    assert page.title()
    assert not _CHINESE.search(page.title())


def too_small(page: Page, main: int, other: int) -> list[str]:
    """Targets that a finger may miss; half a pixel is a matter of rounding."""
    return [
        f"{target['what']} “{target['name']}” {target['width']} × {target['height']}"
        for target in page.evaluate(_TARGETS)
        if target["height"] < (main if target["isMain"] else other) - 0.5
        or target["width"] < (main if target["isMain"] else other) - 0.5
    ]
