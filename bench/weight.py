"""Bytes on the wire of a first visit, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser

from bench.browsing import Visits, new_phone, routes
from bench.figures import Figure
from bench.progress import say
from e2e.browsing import ready

_JAVASCRIPT_LIMIT_KIB = 160
_KINDS = {"javascript": "javascript", "css": "css"}


def figures(opened: Browser, visits: Visits) -> Iterator[Figure]:
    """JavaScript and CSS of every page, headers included, as the network counted them."""
    for route in routes():
        say(f"weight of {route}")
        sizes = _bytes_of_first_visit(opened, visits, route)
        for kind, target in (("javascript", _JAVASCRIPT_LIMIT_KIB), ("css", None)):
            yield Figure(
                "foundation", f"{kind} of {route}", sizes[kind] / 1024, "KiB", "lower", target
            )


def _bytes_of_first_visit(opened: Browser, visits: Visits, route: str) -> dict[str, float]:
    context, page = new_phone(opened, visits.county, visits.who(route))
    kinds: dict[str, str] = {}
    sizes = dict.fromkeys(_KINDS, 0.0)

    def answered(event: dict[str, Any]) -> None:
        for kind, word in _KINDS.items():
            if word in event["response"]["mimeType"]:
                kinds[event["requestId"]] = kind

    def finished(event: dict[str, Any]) -> None:
        if (kind := kinds.pop(event["requestId"], None)) is not None:
            sizes[kind] += event["encodedDataLength"]

    network = context.new_cdp_session(page)
    network.on("Network.responseReceived", answered)
    network.on("Network.loadingFinished", finished)
    network.send("Network.enable")
    page.goto(visits.address(route))
    ready(page)
    page.wait_for_load_state("networkidle")
    if not page.url == visits.address(route):
        raise RuntimeError(f"{route} led to {page.url}")
    context.close()
    return sizes
