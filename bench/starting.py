"""How long people wait for the first page after `make run`."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from backend.local_supabase import erase
from bench.effort import Effort
from bench.figures import Figure
from bench.progress import say

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE_SECONDS = 900
_STOP_SECONDS = 60
# What an outer make and this run's own choices would tell the inner one.
_NOT_PASSED_ON = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "ONLY", "PORT", "HOST")


def figures(effort: Effort) -> Iterator[Figure]:
    """The second start always; a fresh clone when there is time for it."""
    yield _second_start(effort.starts)
    if effort.with_fresh_clone:
        yield from _fresh_clones()


def _second_start(starts: int) -> Figure:
    """The working tree with new data: the first start makes them, the others are timed."""
    with _open_folder() as folder:
        environ = {"ONETRIP_LOCAL": str(folder / "local")}
        say("first start with new data")
        _time_start(ROOT, environ, folder / "log")
        taken: list[float] = []
        for number in range(starts):
            say(f"second start, {number + 1} of {starts}")
            taken.append(_time_start(ROOT, environ, folder / "log"))
        erase(folder / "local")
    return _start_figure("second start to first page", statistics.median(taken), 8)


def _fresh_clones() -> Iterator[Figure]:
    """A clone on a machine that downloaded nothing before, its second start, and one more clone."""
    with _open_folder() as folder:
        caches = {
            "PIP_CACHE_DIR": str(folder / "pip-cache"),
            "npm_config_cache": str(folder / "npm-cache"),
        }
        for name, target in (("empty", 180), ("filled", None)):
            clone = folder / f"clone-{name}"
            subprocess.run(
                ["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, stdout=sys.stderr
            )
            say(f"fresh clone with {name} caches; this takes minutes")
            seconds = _time_start(clone, caches, folder / "log")
            yield _start_figure(f"fresh clone to first page, {name} caches", seconds, target)
            if name == "empty":
                say("second start of the clone")
                again = _time_start(clone, caches, folder / "log")
                yield _start_figure("second start of a fresh clone", again, 8)
            erase(clone / ".local")
            shutil.rmtree(clone)


def _start_figure(name: str, seconds: float, target: float | None) -> Figure:
    return Figure("foundation", name, seconds, "s", "lower", target)


@contextmanager
def _open_folder() -> Generator[Path]:
    """A temporary folder that the database's own system user may pass through."""
    with tempfile.TemporaryDirectory(prefix="onetrip-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _time_start(folder: Path, more: Mapping[str, str], log: Path) -> float:
    """Seconds from `make run` until health is ok and the first page answers; then it is stopped."""
    port = _free_port()
    environ = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    # The Python that made this environment, as the person who typed make chose it.
    command = ["make", "run", f"PORT={port}", f"PYTHON={Path(sys.base_prefix) / 'bin' / 'python3'}"]
    began = time.monotonic()
    with log.open("ab") as output:
        make = subprocess.Popen(
            command,
            cwd=folder,
            env=environ | dict(more),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        while not _is_up(f"http://127.0.0.1:{port}"):
            if make.poll() is not None or time.monotonic() - began > _PATIENCE_SECONDS:
                raise RuntimeError(f"make run did not come up:\n{_last_lines(log)}")
            time.sleep(0.05)
        return time.monotonic() - began
    finally:
        _stop(make)


def _stop(make: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, and nothing may outlive it."""
    if make.poll() is None:
        family = psutil.Process(make.pid).children(recursive=True)
        os.killpg(make.pid, signal.SIGINT)
        _, alive = psutil.wait_procs(family, timeout=_STOP_SECONDS)
        for process in alive:
            process.kill()
        make.wait(_STOP_SECONDS)


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/health", timeout=5) as answer:  # noqa: S310
            if json.load(answer)["status"] != "ok":
                return False
        with urllib.request.urlopen(f"{address}/", timeout=5) as page:  # noqa: S310
            return page.status == 200 and b"</html>" in page.read()
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-15:])
