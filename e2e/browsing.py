"""A phone or a desk in the hands of somebody, and everything their browser complains about."""

from __future__ import annotations

import os
import re
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from backend.web_sessions import COOKIE
from e2e.county import County

PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 800},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
DESK: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 800},
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
# Without network a browser complains about exactly that, in several wordings.
LINE_IS_CUT = (
    r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|ERR_CONNECTION_RESET"
    r"|WebSocket connection|ERR_SOCKET|ERR_NETWORK|Failed to fetch|ERR_EMPTY_RESPONSE"
)


def launch_arguments(chromium: str) -> dict[str, Any]:
    """How to start the browser; root has no sandbox to start it in."""
    return {
        "executable_path": chromium,
        "args": ["--lang=zh-CN", *(["--no-sandbox"] if os.geteuid() == 0 else [])],
    }


class Complaints:
    """What browsers complained about; a test names what it provokes on purpose."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._expected: list[str] = []

    def expect(self, pattern: str) -> None:
        """Let complaints like this pass."""
        self._expected.append(pattern)

    def listen(self, context: BrowserContext) -> None:
        """Hear console errors (refusals of the policy are among them), exceptions, faults."""
        context.on("console", self._console)
        context.on("weberror", lambda fault: self.heard.append(f"exception: {fault.error}"))
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.heard.append(f"console: {message.text} ({message.location.get('url')})")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.heard.append(f"answer: {response.status} {response.url}")

    def unexpected(self) -> list[str]:
        """What is left."""
        return [
            text
            for text in self.heard
            if not any(re.search(pattern, text) for pattern in self._expected)
        ]


class Hands:
    """Opens phones and desks, each a browser context of its own."""

    def __init__(self, browser: Browser, county: County, complaints: Complaints) -> None:
        self._browser = browser
        self._county = county
        self._complaints = complaints
        self._contexts: list[BrowserContext] = []

    def phone(self, who: str | None = None, **wishes: Any) -> Page:
        """A phone, signed in as the owner of a number or not; `lang="en"`, `mode="elder"`."""
        return self._open(PHONE, who, wishes)

    def desk(self, who: str | None = None, **wishes: Any) -> Page:
        """A desk's computer."""
        return self._open(DESK, who, wishes)

    def _open(self, kind: dict[str, Any], who: str | None, wishes: dict[str, Any]) -> Page:
        context = self._browser.new_context(**kind, base_url=self._county.address)
        self._contexts.append(context)
        self._complaints.listen(context)
        if who is not None:
            give_session(context, self._county, self._county.person(who).secret)
        for name, value in wishes.items():
            give_cookie(context, self._county, name, value)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    def close(self) -> None:
        """Put everything away."""
        for context in self._contexts:
            context.close()


def give_cookie(context: BrowserContext, county: County, name: str, value: str) -> None:
    """A preference, as the switch on the page keeps it."""
    context.add_cookies([{"name": name, "value": value, "url": county.address}])


def give_session(context: BrowserContext, county: County, secret: str) -> None:
    """Be signed in without having gone through the sign-in page."""
    context.add_cookies(
        [
            {
                "name": COOKIE,
                "value": secret,
                "url": county.address,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


def ready(page: Page) -> None:
    """Wait until the application has taken over the prerendered page."""
    page.wait_for_function("() => sessionStorage.getItem('token') !== null")


def tab_to(page: Page, is_there: str, most: int = 60) -> None:
    """Press Tab until the focused element answers to a selector."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", is_there):
            return
    raise AssertionError(f"the keyboard does not reach {is_there}")
