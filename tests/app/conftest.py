"""Pages without a browser: a State of one tab, whose handlers are awaited."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest
import reflex as rx
from at_desk import AtDesk, Handle, Sit
from county import Person
from reflex.event import EventSpec
from reflex.istate.data import RouterData

from backend import config, web_sessions
from backend.config import Settings

Kind = TypeVar("Kind", bound=rx.State)


@dataclass
class Tab:
    """One open tab: where it is, and the cookies its socket was opened with."""

    root: rx.State
    cookie: str

    def at(self, page: type[Kind], url: str) -> Kind:
        """The State of a page that this tab shows at an address."""
        parts = urlsplit(url)
        self.root.router = RouterData.from_router_data(  # type: ignore[assignment]
            {
                "pathname": parts.path,
                "asPath": url,
                "query": {name: values[0] for name, values in parse_qs(parts.query).items()},
                "headers": {"origin": "http://localhost:3000", "cookie": self.cookie},
                "token": "tab",
                "ip": "203.0.113.7",
            }
        )
        found = self.root.get_substate(page.get_full_name().split("."))
        assert isinstance(found, page)
        return found


OpenTab = Callable[..., Tab]


async def _handle(state: rx.State, name: str, *arguments: Any) -> Any:
    """Await one handler of a page as its event would be."""
    handler = getattr(type(state), name)
    answer = handler.fn(state, *arguments)
    return await answer if hasattr(answer, "__await__") else answer


@pytest.fixture
def handle() -> Handle:
    return _handle


@pytest.fixture(scope="session")
def _installed(settings: Settings) -> Iterator[None]:
    """The environment of a web process of this stack."""
    environment = {
        "SUPABASE_URL": settings.supabase_url,
        "SUPABASE_PUBLIC_URL": settings.supabase_public_url,
        "SUPABASE_PUBLISHABLE_KEY": settings.publishable_key,
        "SUPABASE_SECRET_KEY": settings.secret_key,
        "SESSION_KEY": settings.session_key,
        "SEND_SMS_HOOK_SECRET": settings.sms_hook_secret,
        "SITE_URL": settings.site_url,
        "DEV_INBOX_PATH": str(settings.dev_inbox_path),
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    config.settings.cache_clear()
    yield
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    config.settings.cache_clear()


@pytest.fixture
def open_tab(_installed: None) -> OpenTab:
    """A new tab; of somebody who signed in, or of a stranger."""

    def open_tab(person: Person | None = None, *, language: str = "zh") -> Tab:
        cookies = [f"lang={language}", "theme=%%%; ;="]
        if person:
            cookies.insert(0, f"{web_sessions.COOKIE}={person.secret}")
        return Tab(rx.State(_reflex_internal_init=True), "; ".join(cookies))

    return open_tab


@pytest.fixture
def leads_to() -> Callable[[Any], str]:
    """Where an answer of a handler redirects; "" when it does not."""

    def leads_to(answer: Any) -> str:
        if not isinstance(answer, EventSpec):
            return ""
        arguments = {str(name): value for name, value in answer.args}
        path = arguments.get("path")
        return str(getattr(path, "_var_value", "") or "")

    return leads_to


@pytest.fixture
def at_desk(open_tab: OpenTab, handle: Handle) -> Sit:
    """Sit down at a desk as somebody."""
    return lambda person, **wishes: AtDesk(open_tab(person, **wishes), handle)
