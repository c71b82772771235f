"""One embedded stack for all conformance tests, a receiver of its SMS, and people to sign in.

Each test says what the hosted service does. A test marked `shim` fails on the bare library; once
it passes there, the named function of the shim can go.
"""

import itertools
import json
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from standardwebhooks import Webhook
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from backend.local_supabase import Access, Limits, Stack, api_server, apply, erase
from backend.local_supabase.child import Child

MIGRATIONS = Path(__file__).parent / "migrations"
LENIENT = Limits(
    sms_interval_seconds=0,
    sms_per_hour=0,
    verifies_per_5_min=0,
    passwords_per_5_min=0,
    file_size_limit=4 * 1024 * 1024,
    sms_hook_timeout_ms=700,
)
_TRUST = ssl.create_default_context()  # made once: it is the slow part of making a client
_numbers = itertools.count(13800000001)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shim(name): the bare library fails this test")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def new_phone() -> str:
    return f"+86{next(_numbers)}"


@dataclass
class Inbox:
    """What the Send-SMS hook received; `answer` decides what it says back."""

    url: str = ""
    secret: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: tuple[int, dict[str, object]] = (200, {})
    delay: float = 0.0
    pause: threading.Event = field(default_factory=threading.Event)

    def messages(self, phone: str) -> list[dict[str, dict[str, str]]]:
        read = [json.loads(body) for _, body in self.requests]
        return [message for message in read if message["user"]["phone"] == phone.lstrip("+")]

    def code(self, phone: str) -> str:
        return self.messages(phone)[-1]["sms"]["otp"]

    def verified(self) -> dict[str, object]:
        headers, body = self.requests[-1]
        key = self.secret.removeprefix("v1,")
        return Webhook(key).verify(body, headers)


def _receiver(inbox: Inbox) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            inbox.requests.append((dict(self.headers.items()), body))
            if inbox.delay:
                inbox.pause.wait(inbox.delay)
            status, said = inbox.answer
            self.send_response(status)
            self.send_header("connection", "close")
            self.end_headers()
            with suppress(BrokenPipeError):  # the asker may have given up
                self.wfile.write(json.dumps(said).encode())

        def log_message(self, *_: object) -> None:
            pass

    return Receiver


@pytest.fixture(scope="session")
def _inbox() -> Iterator[Inbox]:
    inbox = Inbox()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _receiver(inbox))
    inbox.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield inbox
    server.shutdown()


@pytest.fixture
def inbox(_inbox: Inbox) -> Iterator[Inbox]:
    yield _inbox
    _inbox.answer, _inbox.delay = (200, {}), 0.0
    _inbox.pause.set()
    _inbox.pause = threading.Event()


@pytest.fixture(scope="session")
def stack(_inbox: Inbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    root = tmp_path_factory.mktemp("stack")
    stack = Stack(
        root,
        api_port=free_port(),
        pg_port=free_port(),
        site_url="http://localhost:3000",
        sms_hook_url=_inbox.url,
        limits=LENIENT,
    )
    with stack:
        apply(stack.access.superuser_dsn, MIGRATIONS)
        _inbox.secret = stack.access.sms_hook_secret
        yield stack
    erase(root)


@pytest.fixture(scope="session")
def access(stack: Stack) -> Access:
    return stack.access


@pytest.fixture(scope="session")
def strict_url(stack: Stack) -> Iterator[str]:
    """A second API on the same database with the limits of production."""
    limits = replace(
        LENIENT, sms_interval_seconds=60, verifies_per_5_min=30, passwords_per_5_min=20
    )
    settings = replace(stack._settings, port=free_port(), limits=limits)
    log = stack.root / "strict.log"
    child = Child(api_server.program(settings, stack._known_secrets(), log))
    child.start()
    yield settings.url
    child.stop()


Connect = Callable[..., Awaitable[AsyncClient]]


@pytest.fixture
def connect(access: Access) -> Connect:
    """Makes a client of the official library, unmodified."""

    async def make(key: str | None = None, url: str | None = None) -> AsyncClient:
        http = httpx.AsyncClient(verify=_TRUST, timeout=20, follow_redirects=True)
        options = AsyncClientOptions(auto_refresh_token=False, httpx_client=http)
        return await acreate_client(url or access.url, key or access.publishable_key, options)

    return make


@dataclass
class Person:
    """Somebody who signed in by phone."""

    client: AsyncClient
    id: str
    phone: str
    token: str
    refresh_token: str


@pytest.fixture
def sign_in(connect: Connect, inbox: Inbox) -> Callable[..., Awaitable[Person]]:
    async def sign_in(phone: str | None = None) -> Person:
        phone = phone or new_phone()
        client = await connect()
        await client.auth.sign_in_with_otp({"phone": phone})
        answer = await client.auth.verify_otp(
            {"phone": phone, "token": inbox.code(phone), "type": "sms"}
        )
        session = answer.session
        assert session
        return Person(client, session.user.id, phone, session.access_token, session.refresh_token)

    return sign_in


SignIn = Callable[..., Awaitable[Person]]


@pytest.fixture
async def ann(sign_in: SignIn) -> Person:
    return await sign_in()


@pytest.fixture
async def bob(sign_in: SignIn) -> Person:
    return await sign_in()


@pytest.fixture
async def anon(connect: Connect) -> AsyncClient:
    return await connect()


@pytest.fixture
async def service(connect: Connect, access: Access) -> AsyncClient:
    return await connect(access.secret_key)


@pytest.fixture
async def http(access: Access) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"apikey": access.publishable_key}
    async with httpx.AsyncClient(base_url=access.url, headers=headers, timeout=20) as client:
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
