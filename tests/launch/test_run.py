"""The one command: up, refused with one sentence, down without a trace."""

import signal
import socket
import time
from pathlib import Path

import httpx
import psutil
import pytest

from tests.launch.conftest import Launch, attempt, free_port, gone


def test_the_whole_life_of_a_start(launch: Launch, tmp_path: Path) -> None:
    product = launch()
    address = f"http://localhost:{product.port}"
    assert address in product.said()
    assert "+8613800000001" in product.said()
    assert httpx.get(f"{address}/api/health").json()["status"] == "ok"

    second = attempt(product.local, free_port())
    assert second.returncode == 1
    assert "already running" in second.stderr
    same_port = attempt(tmp_path / "other", product.port)
    assert same_port.returncode == 1
    assert f"Port {product.port} is taken" in same_port.stderr

    web = next(p for p in product.parts() if "granian" in " ".join(p.cmdline()))
    web.kill()
    time.sleep(1)
    deadline = time.monotonic() + 20
    while not _is_up(address):
        assert time.monotonic() < deadline, "the web server was not restarted"
        time.sleep(0.2)

    parts = product.parts()
    assert len(parts) >= 5
    registries = [p for p in parts if "backend.local_registry" in " ".join(p.cmdline())]
    assert len(registries) == 1
    assert all(c.laddr.ip == "127.0.0.1" for c in registries[0].net_connections() if c.laddr)
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(30) == 0
    assert gone(parts, 1)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_nothing_outlives_the_launcher(launch: Launch, number: signal.Signals) -> None:
    product = launch()
    parts = product.parts()
    assert len(parts) >= 4
    product.process.send_signal(number)
    product.process.wait(30)
    assert gone(parts)


def test_a_second_start_has_the_same_keys(launch: Launch) -> None:
    first = launch()
    secrets = (first.local / "secrets.json").read_text()
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(30) == 0
    second = launch()
    assert (second.local / "secrets.json").read_text() == secrets


def test_busy_port_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        before = {process.pid for process in psutil.Process().children(recursive=True)}
        answer = attempt(tmp_path / "local", port)
        assert answer.returncode == 1
        assert f"端口 {port}" in answer.stderr
        assert "Traceback" not in answer.stderr
        after = {process.pid for process in psutil.Process().children(recursive=True)}
        assert after == before


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"PORT": "many"}, "not a port number"),
        ({"HOST": "999.1.1.1"}, "not an address"),
        ({"HOST": "no host"}, "not an address"),
    ],
)
def test_nonsense_is_refused(tmp_path: Path, more: dict[str, str], sentence: str) -> None:
    port = more.pop("PORT", "3999")
    answer = attempt(tmp_path / "local", port, **more)  # type: ignore[arg-type]
    assert answer.returncode == 1
    assert sentence in answer.stderr


def test_hosted_mode_names_what_is_missing(tmp_path: Path) -> None:
    answer = attempt(tmp_path / "local", free_port(), SUPABASE_URL="https://x.supabase.co")
    assert answer.returncode == 1
    assert "SUPABASE_SECRET_KEY" in answer.stderr
    assert "Traceback" not in answer.stderr


def _is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/ping").status_code == 200
    except httpx.HTTPError:
        return False
