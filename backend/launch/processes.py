"""Running one program to its end, and saying in one sentence why it failed."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from backend.launch.trouble import Trouble

_PR_SET_PDEATHSIG = 1


def _die_with_launcher() -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel kills the program when this process dies (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


def run_once(
    command: Sequence[str],
    *,
    environ: Mapping[str, str],
    cwd: Path,
    log: Path,
    trouble: Trouble,
) -> None:
    """Run a program to its end; when it fails, raise `trouble` with the last line it wrote.

    The program and what it starts end with this process, also when that is killed.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_launcher(),
        )
        try:
            code = process.wait()
        finally:
            _signal_group(process, signal.SIGKILL)
            process.wait()
    if code != 0:
        raise explained(trouble, log)


def explained(trouble: Trouble, log: Path) -> Trouble:
    """The same trouble with its cause: full disk, no network, or the log's last error."""
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    lower = text.lower()
    if "no space left" in lower or "enospc" in lower:
        return Trouble("磁盘已满。", "The disk is full.")
    if any(word in lower for word in ("enotfound", "eai_again", "etimedout", "econnrefused")):
        return Trouble(
            "下载失败：请检查网络连接，然后再试一次。",
            "Downloading failed: check the network, then try again.",
        )
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower()]
    last = (errors or lines or ["-"])[-1][:200]
    return Trouble(f"{trouble.zh} {last} ({log})", f"{trouble.en} {last} ({log})")


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
