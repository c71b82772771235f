"""A browser as the first visitor has it, and where each page of the product shows something."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# Importing the composition root registers every page.
import app.app  # noqa: F401
from app.layout import PAGES
from backend import applications
from backend.launch.browser import chromium
from e2e.browsing import PHONE, give_session, launch_arguments
from e2e.county import ALLOWANCE, CLERK, SUPERVISOR, County

_DESK_OF = {"/desk/": CLERK, "/supervision/": SUPERVISOR}


@contextmanager
def browser() -> Generator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(**launch_arguments(chromium()))
        try:
            yield opened
        finally:
            opened.close()


@dataclass(frozen=True, slots=True)
class Visits:
    """Who goes to which page, so that each page has something to show."""

    county: County
    citizen: str
    draft_id: str
    case_id: str

    @classmethod
    def prepared(cls, county: County) -> Visits:
        """Somebody with a case that runs and a draft beside it."""
        citizen = county.new_citizen()
        case_id = county.case(citizen)
        draft_id = county.ask(applications.start(county.person(citizen.phone).db, ALLOWANCE))
        return cls(county, citizen.phone, draft_id, case_id)

    def who(self, route: str) -> str | None:
        """Somebody whom the page does not send away; None for a stranger."""
        # Plain pages are not in the registry; everybody reads them.
        access = next((page.access for page in PAGES if page.route == route), "public")
        if access == "desk":
            return _DESK_OF.get(route, CLERK)
        return self.citizen if access == "signed_in" else None

    def address(self, route: str) -> str:
        """The page, asked for one service, draft or case where it shows one."""
        asked = {
            "/service/": f"?code={ALLOWANCE}",
            "/apply/": f"?id={self.draft_id}",
            "/case/": f"?id={self.case_id}",
        }
        return f"{self.county.address}{route}{asked.get(route, '')}"


def routes() -> list[str]:
    """Every page of the product."""
    return [page.route for page in PAGES]


def new_phone(opened: Browser, county: County, who: str | None) -> tuple[BrowserContext, Page]:
    """A phone that was never here: empty caches, and no service worker that fetches ahead."""
    context = opened.new_context(**PHONE, base_url=county.address, service_workers="block")
    if who is not None:
        give_session(context, county, county.person(who).secret)
    return context, context.new_page()
