"""The whole product as `make run` starts it, on free ports and in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.launch.plan import read_env_file
from backend.local_supabase import erase
from e2e.county import County

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 300
# Nobody waits a minute for a second code in a test; guesses stay limited.
_RELAXED = {
    "LOCAL_SUPABASE_SMS_INTERVAL_SECONDS": "0",
    "LOCAL_SUPABASE_SMS_PER_HOUR": "0",
    "LOCAL_SUPABASE_VERIFIES_PER_5_MIN": "0",
    "LOCAL_SUPABASE_REFRESHES_PER_5_MIN": "0",
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _environment(local: Path) -> dict[str, str]:
    """The embedded stack unless SUPABASE_URL names another; codes arrive in a file either way."""
    known = dict(os.environ)
    known |= {"ONETRIP_LOCAL": str(local), "HOST": ""}
    known["PORT"] = known.get("E2E_PORT") or str(_free_port())
    if known.get("SUPABASE_URL"):
        # Its Send-SMS hook is set to this web server; demo people and codes are ours alone.
        return read_env_file(ROOT / ".env") | known | {"DEV_INBOX_PATH": str(local / "inbox.jsonl")}
    return known | _RELAXED


@contextmanager
def running_county() -> Iterator[County]:
    """Start everything with the very command that people use, and end it without a trace."""
    with tempfile.TemporaryDirectory(prefix="onetrip-e2e-") as folder:
        local = Path(folder)
        environ = _environment(local)
        if environ.get("SUPABASE_URL"):
            site = f"http://localhost:{environ['PORT']}"
            subprocess.run(
                [sys.executable, "-m", "backend.seed"],
                cwd=ROOT, env=environ | {"SITE_URL": site}, check=True,
            )  # fmt: skip
        said = local / "launcher.log"
        with said.open("wb") as output:
            launcher = subprocess.Popen(
                [sys.executable, "-m", "backend.launch"],
                cwd=ROOT,
                env=environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            deadline = time.monotonic() + _START_SECONDS
            while "Ctrl-C" not in said.read_text("utf-8"):
                assert launcher.poll() is None, said.read_text("utf-8")
                assert time.monotonic() < deadline, said.read_text("utf-8")
                time.sleep(0.1)
            county = County(f"http://localhost:{environ['PORT']}", local, launcher)
            yield county
            county.close()
        finally:
            launcher.send_signal(signal.SIGTERM)
            launcher.wait(40)
            # As root PostgreSQL's files lie elsewhere when this folder is not open to it.
            erase(local)
