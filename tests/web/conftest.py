"""The pages as built, and a server with nothing behind it: enough for what the web layer does."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from backend.launch.browser import chromium
from backend.launch.web_build import build_pages, tool_environ

ROOT = Path(__file__).resolve().parents[2]
InBrowser = Callable[[Callable[[Page], object]], object]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def static_dir() -> Path:
    """The production build of today's sources."""
    build_pages(ROOT, os.environ, ROOT / ".local" / "logs" / "build.log")
    return ROOT / ".web" / "build" / "client"


@pytest.fixture(scope="session")
def site(static_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a web server without Supabase."""
    assert static_dir.exists()
    port = free_port()
    address = f"http://localhost:{port}"
    nobody = "http://127.0.0.1:9"
    environ = tool_environ(ROOT, os.environ) | {
        "SITE_URL": address,
        "SUPABASE_URL": nobody,
        "SUPABASE_PUBLIC_URL": address,
        "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_none",
        "SUPABASE_SECRET_KEY": "sb_secret_none",
        "SESSION_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "SEND_SMS_HOOK_SECRET": "v1,whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    log = tmp_path_factory.mktemp("web") / "web.log"
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory"),
        *("--host", "127.0.0.1", "--port", str(port), "tests.web.server:serve"),
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=output, stderr=output, start_new_session=True
        )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/ping", timeout=1)  # noqa: S310
                break
            except (OSError, urllib.error.URLError):
                assert server.poll() is None, log.read_text()
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


@pytest.fixture
def in_browser(site: str) -> Generator[InBrowser]:
    """Runs a function with a fresh phone-sized page, in a thread of its own.

    Playwright's blocking interface and the event loop of the other tests exclude each other in
    one thread. Everything that the page refuses to run or load is a failure, unless the function
    clears `page.complaints`.
    """

    def run(act: Callable[[Page], object]) -> object:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 360, "height": 800}, base_url=site)
            page = context.new_page()
            complaints: list[str] = []
            page.complaints = complaints  # type: ignore[attr-defined]
            page.on(
                "console",
                lambda message: (
                    complaints.append(message.text) if message.type == "error" else None
                ),
            )
            page.on("pageerror", lambda error: complaints.append(str(error)))
            try:
                result = act(page)
                assert complaints == []
                return result
            finally:
                browser.close()

    with ThreadPoolExecutor(max_workers=1) as thread:
        yield lambda act: thread.submit(run, act).result(timeout=120)
