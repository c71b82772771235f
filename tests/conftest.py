"""One embedded stack with migrations and seed for all tests of database, backend and State.

People sign in as they do on a phone: a code, sent through our signed hook, exchanged for a session.
"""

import asyncio
import itertools
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import county
import psycopg
import pytest
from county import Actor, Become, MakeActor, MakeCase, Person, SignIn
from pytest_asyncio import is_async_test

from backend import applications, auth, sms, web_sessions
from backend.config import Settings, read
from backend.database import connections
from backend.local_supabase import Limits, Stack, apply, erase
from backend.seed import seed

ROOT = Path(__file__).resolve().parent.parent
_WITH_STACK = tuple(str(ROOT / "tests" / name) for name in ("database", "backend", "app"))
_RELAXED = Limits(
    sms_interval_seconds=0, sms_per_hour=0, verifies_per_5_min=0, refreshes_per_5_min=0
)
_numbers = itertools.count(13912340001)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop, and so one pool of connections, for all that talk to the stack."""
    for item in items:
        if str(item.path).startswith(str(ROOT / "tests" / "database")):
            item.add_marker(pytest.mark.hosted)
        if is_async_test(item) and str(item.path).startswith(_WITH_STACK):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def new_phone() -> str:
    """A number that nobody has signed in with."""
    return f"+86{next(_numbers)}"


class Hook:
    """Receives what Supabase sends through the Send-SMS hook, into the inbox of the stack."""

    def __init__(self) -> None:
        self.settings: Settings | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._receiver())
        self.url = f"http://127.0.0.1:{self._server.server_port}/api/hooks/send-sms"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes, headers: dict[str, str]) -> None:
        assert self.settings
        payload = sms.verified_hook(self.settings, body, headers)
        text = f"code {payload['sms']['otp']}"
        asyncio.run(sms.sender(self.settings).send(payload["user"]["phone"], text))

    def _receiver(hook) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - self is the request's
        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                hook.take(body, headers)
                self.send_response(200)
                self.send_header("connection", "close")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                pass

        return Receiver


@pytest.fixture(scope="session")
def county_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A stack of its own, or the one that the environment names, seeded with the demo people."""
    if os.environ.get("SUPABASE_URL"):
        given = read({"SITE_URL": "http://localhost:3000", **os.environ})
        asyncio.run(_seeded(given))
        yield given
        return
    hook, root = Hook(), tmp_path_factory.mktemp("county")
    stack = Stack(
        root,
        api_port=free_port(),
        pg_port=free_port(),
        site_url="http://localhost:3000",
        sms_hook_url=hook.url,
        limits=_RELAXED,
    )
    with stack:
        access = stack.access
        apply(access.superuser_dsn, ROOT / "migrations")
        found = Settings(
            supabase_url=access.url,
            supabase_public_url=access.url,
            publishable_key=access.publishable_key,
            secret_key=access.secret_key,
            session_key=access.session_key,
            sms_hook_secret=access.sms_hook_secret,
            site_url="http://localhost:3000",
            dev_inbox_path=root / "inbox.jsonl",
            database_url=access.superuser_dsn,
        )
        hook.settings = found
        asyncio.run(_seeded(found))
        yield found
    hook.close()
    erase(root)


async def _seeded(settings: Settings) -> None:
    await seed(settings, with_demo_people=True)
    await connections().aclose()


@pytest.fixture(scope="session")
def settings(county_settings: Settings) -> Settings:
    """What the backend needs to reach the stack."""
    return county_settings


@pytest.fixture(scope="session")
def dsn(county_settings: Settings) -> str:
    """Where a superuser of the database connects: for more than one connection at once."""
    assert county_settings.database_url
    return county_settings.database_url


@pytest.fixture(scope="session")
def superuser(dsn: str) -> Iterator[psycopg.Connection]:
    """The one connection that passes every policy; what it changes outside `undone` stays."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def undone(superuser: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """The superuser within a transaction that never happened."""
    with superuser.transaction(force_rollback=True):
        yield superuser


@pytest.fixture
def become(superuser: psycopg.Connection) -> Become:
    """Be a role of the data API on the superuser's connection, undone afterwards."""
    return partial(county.becoming, superuser)


@pytest.fixture
def actor(undone: psycopg.Connection) -> MakeActor:
    """A demo person who calls commands in a transaction that never happened."""
    return lambda phone: Actor(undone, county.id_of(undone, phone))


@pytest.fixture
def service_role(undone: psycopg.Connection) -> Actor:
    """The server itself, calling in a transaction that never happened."""
    return Actor(undone, None, "service_role")


@pytest.fixture
def code_for(settings: Settings) -> Callable[[str], str]:
    """The last code that was sent to a number."""

    def code(phone: str) -> str:
        digits = phone.removeprefix("+")
        texts = [m.text for m in sms.inbox(settings, limit=200) if m.phone == digits]
        return re.findall(r"[0-9]{6}", texts[0])[0]

    return code


@pytest.fixture
def sign_in(settings: Settings, code_for: Callable[[str], str]) -> SignIn:
    """Sign somebody in as on a phone; without a number, somebody new."""

    async def sign_in(phone: str | None = None, *, device_label: str = "test") -> Person:
        number = phone or new_phone()
        await auth.send_code(settings, number, address=str(uuid4()))
        session = await auth.verify_code(settings, number, code_for(number))
        secret = await web_sessions.open_session(settings, session, device_label=device_label)
        who = await web_sessions.signed_in(settings, secret)
        return Person(who.person_id, number, secret, who.db)

    return sign_in


_signed_in: dict[str, Person] = {}


@pytest.fixture
def demo(sign_in: SignIn) -> SignIn:
    """A demo person, signed in once for all tests that only need them."""

    async def demo(phone: str) -> Person:
        if phone not in _signed_in:
            _signed_in[phone] = await sign_in(phone)
        return _signed_in[phone]

    return demo


@pytest.fixture
def cases(settings: Settings) -> MakeCase:
    """Makes submitted cases with real photos; returns the application's id."""

    async def make(person: Person, service: str = county.ALLOWANCE) -> str:
        application_id = await county.full_draft(settings, person, service)
        await applications.submit(
            person.db, application_id, submission_key=str(uuid4()), today=date.today()
        )
        return application_id

    return make
