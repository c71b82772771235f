"""From the press to the changed page: up the websocket, through a handler, down again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from playwright.sync_api import Browser, ElementHandle, Page

from app.text import say as sentence
from bench.browsing import new_phone
from bench.effort import Effort
from bench.figures import Figure, milliseconds
from bench.progress import say
from e2e.browsing import ready
from e2e.county import WANG, County

_TARGET_MS = 20
_WORDS = ("医保", "老")
# Runs in the page, so that only the page's own clock counts: the press, then the first change
# after which the watched part reads differently.
_PRESS = """
([element, watched]) => new Promise((resolve) => {
  const text = () => document.querySelector(watched)?.textContent ?? "";
  const before = text(), began = performance.now();
  const observer = new MutationObserver(() => {
    if (text() === before) return;
    observer.disconnect();
    resolve((performance.now() - began) / 1000);
  });
  observer.observe(document.body, {childList: true, subtree: true, characterData: true});
  if (element.tagName === "FORM") element.requestSubmit(); else element.click();
})
"""


def figures(opened: Browser, county: County, effort: Effort) -> Iterator[Figure]:
    """A search is one round trip to the database; closing a form needs none."""
    kinds: tuple[tuple[str, Callable[[Browser, County, int], list[float]]], ...] = (
        ("click to DOM {p}", _searches),
        ("click to DOM without database {p}", _closings),
    )
    for name, press in kinds:
        say(f"{effort.clicks} presses: {press.__name__.strip('_')}")
        seconds = press(opened, county, effort.clicks)
        yield milliseconds("foundation", name, seconds, 50)
        yield milliseconds("foundation", name, seconds, 95, target=_TARGET_MS)


def _pressed(page: Page, element: ElementHandle, watched: str) -> float:
    return page.evaluate(_PRESS, [element, watched])


def _searches(opened: Browser, county: County, count: int) -> list[float]:
    """A stranger looks for one thing, then for another, in the list of services."""
    context, page = new_phone(opened, county, None)
    page.goto("/services/")
    ready(page)
    page.wait_for_selector("main .rows a")
    taken: list[float] = []
    for number in range(count):
        page.fill("#q", _WORDS[number % len(_WORDS)])
        form = page.wait_for_selector("form.search")
        taken.append(_pressed(page, form, "main"))
    context.close()
    return taken


def _closings(opened: Browser, county: County, count: int) -> list[float]:
    """Somebody opens the form of their profile and closes it again; the closing is timed."""
    context, page = new_phone(opened, county, WANG)
    page.goto("/me/")
    ready(page)
    taken: list[float] = []
    for _ in range(count):
        page.click(f"text={sentence('zh', 'me.edit')}")
        close = page.wait_for_selector("form:has(#save-profile) button.plain")
        taken.append(_pressed(page, close, "main"))
    context.close()
    return taken
