"""The launcher as a person starts it, with data and port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from backend.config import REQUIRED

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Launched:
    """One running launcher."""

    process: subprocess.Popen[str]
    local: Path
    port: int
    output: Path

    def parts(self) -> list[psutil.Process]:
        """Every process below the launcher."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def said(self) -> str:
        return self.output.read_text("utf-8")


Launch = Callable[[], Launched]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(local: Path, port: int, **more: str) -> dict[str, str]:
    # What other tests of this process set for their own stack is no business of a launcher.
    own = (
        *REQUIRED,
        "REGISTRY_URL",
        "SUPABASE_PUBLIC_URL",
        "DEV_INBOX_PATH",
        "DATABASE_URL",
        "HOST",
        "PORT",
    )
    known = {name: value for name, value in os.environ.items() if name not in own}
    return known | {"ONETRIP_LOCAL": str(local), "PORT": str(port), "HOST": ""} | more


def attempt(local: Path, port: int, **more: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "backend.launch"],
        cwd=ROOT,
        env=environment(local, port, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def gone(processes: list[psutil.Process], seconds: float = 10) -> bool:
    """Whether all of them end in time."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def launch(tmp_path: Path) -> Generator[Launch]:
    """Starts the whole product and returns when it greets; ends it after the test."""
    started: list[Launched] = []

    def start() -> Launched:
        local, output, port = tmp_path / "local", tmp_path / "output", free_port()
        with output.open("w") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "backend.launch"],
                cwd=ROOT,
                env=environment(local, port),
                stdout=written,
                stderr=written,
                text=True,
                start_new_session=True,
            )
        launched = Launched(process, local, port, output)
        started.append(launched)
        deadline = time.monotonic() + _START_SECONDS
        while "Ctrl-C" not in launched.said():
            assert process.poll() is None, launched.said()
            assert time.monotonic() < deadline, launched.said()
            time.sleep(0.1)
        return launched

    yield start
    for launched in started:
        if launched.process.poll() is None:
            launched.process.send_signal(signal.SIGTERM)
            launched.process.wait(40)
