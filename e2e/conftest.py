"""One county for all stories; phones and desks for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from backend.launch.browser import chromium
from e2e.browsing import Complaints, Hands, launch_arguments
from e2e.county import County
from e2e.launched import running_county

# Waiting is for conditions; this is only when to give up, on a machine that does other things too.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_arguments(chromium())


@pytest.fixture(scope="session")
def county() -> Iterator[County]:
    """The running product."""
    with running_county() as county:
        yield county


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test when a browser complained about something nobody expected."""
    heard = Complaints()
    yield heard
    assert heard.unexpected() == []


@pytest.fixture
def hands(browser: Browser, county: County, complaints: Complaints) -> Iterator[Hands]:
    """Whose phones and desks are open in this story."""
    opened = Hands(browser, county, complaints)
    yield opened
    opened.close()


@pytest.fixture
def phone(hands: Hands) -> Callable[..., Page]:
    """Opens a phone, signed in or not."""
    return hands.phone


@pytest.fixture
def desk(hands: Hands) -> Callable[..., Page]:
    """Opens a desk, signed in or not."""
    return hands.desk
