"""`python -m e2e.screenshots`: a picture of every page, for everybody who sees it, in both
languages and in large text, of a county that is busy. They lie in `screenshots/`."""

from __future__ import annotations

import shutil
import sys
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from backend.launch.browser import chromium, ensure_chinese_font
from e2e.browsing import DESK, PHONE, give_cookie, give_session, launch_arguments, ready
from e2e.county import County
from e2e.launched import ROOT, running_county
from e2e.places import PLACES, Place, Scene, Words, set_scene

FOLDER = ROOT / "screenshots"
_NEIGHBOURS = ("王淑芳", "马存花", "陈玉莲", "刘桂英", "何秀兰", "郭凤霞")
_LOOKS = tuple(product(("zh", "en"), ("normal", "elder")))
# More than this under the fold, and the whole page gets a picture of its own.
_LONG = 1.3


def busy(county: County) -> Scene:
    """A citizen with a case in every state, and neighbours who fill the queues."""
    for name in _NEIGHBOURS:
        county.case(county.new_citizen(name=name, birthday="1939-11-12"))
    return set_scene(county, Words())


def take(browser: Browser, county: County, scene: Scene) -> int:
    """Every picture; returns how many."""
    taken = 0
    shapes: list[tuple[dict[str, Any], int, list[Place]]] = [
        (PHONE, 360, list(PLACES)),
        (DESK, 1280, [place for place in PLACES if place.is_desk]),
    ]
    for (language, mode), (shape, width, places) in product(_LOOKS, shapes):
        by_person: dict[str | None, list[Place]] = {}
        for place in places:
            by_person.setdefault(place.who(scene), []).append(place)
        for who, theirs in by_person.items():
            context = browser.new_context(**shape, base_url=county.address)
            give_cookie(context, county, "lang", language)
            give_cookie(context, county, "mode", mode)
            if who is not None:
                give_session(context, county, county.person(who).secret)
            for place in theirs:
                name = f"{place.name}-{place.role}-{language}-{mode}-{width}"
                page = context.new_page()
                taken += _picture(page, place, scene, name)
                page.close()
            context.close()
    return taken


def _picture(page: Page, place: Place, scene: Scene, name: str) -> int:
    page.goto(place.address(scene))
    ready(page)
    expect(page.locator(place.wait_for).first).to_be_visible()
    expect(page.locator(".skeleton:visible")).to_have_count(0)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png")
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    if size is None or height <= size["height"] * _LONG:
        return 1
    # A phone of that height: bars stand where they belong, and not in the middle of the text.
    page.set_viewport_size({"width": size["width"], "height": height})
    page.screenshot(path=FOLDER / f"{name}-full.png")
    return 2


def main() -> int:
    """Bring everything up, take every picture, say where they are."""
    if not ensure_chinese_font():
        sys.stderr.write("没有中文字体，图里会是方框。There is no Chinese font; expect boxes.\n")
    expect.set_options(timeout=20_000)
    shutil.rmtree(FOLDER, ignore_errors=True)
    Path(FOLDER).mkdir()
    with running_county() as county, sync_playwright() as playwright:
        scene = busy(county)
        browser = playwright.chromium.launch(**launch_arguments(chromium()))
        taken = take(browser, county, scene)
        browser.close()
    sys.stdout.write(f"{taken} × {FOLDER.relative_to(ROOT)}/*.png\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
