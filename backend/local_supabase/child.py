"""A supervised child process: started, watched, restarted with back-off, never orphaned."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.local_supabase.failure import StackError

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_STEADY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run and how to know that it works."""

    name: str
    argv: Sequence[str | Path]
    env: Mapping[str, str]
    log: Path
    is_ready: Callable[[], bool]
    cwd: Path = Path("/")
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    """Sent by the kernel when this process dies without a chance to stop the child (Linux)."""
    ready_seconds: float = 60.0
    before_start: Callable[[], None] | None = None


class Child:
    """Keeps one program running in a session of its own until `stop`.

    One thread per child starts it and waits for it, because the kernel ties the death signal to
    the thread that started the process.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: StackError | None = None
        self._is_ready = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """Process id while the program runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def is_alive(self) -> bool:
        """Whether the program runs and has answered its ready check since it last started."""
        return self.pid is not None and self._is_ready.is_set()

    def start(self) -> None:
        """Start and return when the program is ready; StackError when it is not in time."""
        self._stopping.clear()
        self._failure = None
        self._thread = threading.Thread(
            target=self._supervise, name=f"watch {self.program.name}", daemon=True
        )
        self._thread.start()
        self._is_ready.wait(self.program.ready_seconds + 5)
        if self._failure or not self._is_ready.is_set():
            failure = self._failure or self._complaint("is not ready in time")
            self.stop()
            raise failure

    def stop(self, timeout: float = 10.0) -> None:
        """Ask the program to end, insist after `timeout` seconds, return when it is gone."""
        self._stopping.set()
        process = self._process
        if process and process.poll() is None:
            process.send_signal(self.program.stop_signal)
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                _kill_session(process)
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout + 5)
        self._is_ready.clear()

    def _supervise(self) -> None:
        pause = _FIRST_PAUSE
        has_been_ready = False
        while not self._stopping.is_set():
            started_at = time.monotonic()
            try:
                self._process = self._spawn()
                self._await_ready(self._process)
                has_been_ready = True
                self._is_ready.set()
                self._process.wait()
            except StackError as failure:
                self._end_process()
                if not has_been_ready:
                    self._failure = failure
                    self._is_ready.set()
                    return
            self._is_ready.clear()
            if time.monotonic() - started_at > _STEADY_SECONDS:
                pause = _FIRST_PAUSE
            if self._stopping.wait(pause):
                return
            self.restarts += 1
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        program = self.program
        if program.before_start:
            program.before_start()
        with program.log.open("ab") as log:
            os.chmod(program.log, 0o600)
            try:
                return subprocess.Popen(  # noqa: S603 - programs of the product itself
                    [os.fspath(part) for part in program.argv],
                    env=dict(program.env),
                    cwd=program.cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=self._die_with_parent if _LIBC else None,
                    user=program.user,
                    group=program.user,
                    extra_groups=[] if program.user else None,
                )
            except OSError as error:
                raise StackError(f"{program.name} cannot be started: {error}.") from error

    def _die_with_parent(self) -> None:
        if _LIBC:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(self.program.death_signal))

    def _await_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + self.program.ready_seconds
        while not self.program.is_ready():
            if self._stopping.is_set():
                return
            if process.poll() is not None:
                raise self._complaint(f"ended at once with code {process.returncode}")
            if time.monotonic() > deadline:
                raise self._complaint("is not ready in time")
            time.sleep(0.02)

    def _end_process(self) -> None:
        if self._process and self._process.poll() is None:
            _kill_session(self._process)

    def _complaint(self, what: str) -> StackError:
        last = last_words(self.program.log)
        said = f"; it said: {last}" if last else ""
        return StackError(f"{self.program.name} {what}{said} (log: {self.program.log}).")


def _kill_session(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
    process.wait()


def last_words(log: Path, most: int = 400) -> str:
    """The last line of a log that says something, for an error message."""
    if not log.exists():
        return ""
    lines = log.read_bytes()[-4000:].decode(errors="replace").splitlines()
    return next((line.strip()[:most] for line in reversed(lines) if line.strip()), "")
