"""One running product per clone, and the ports it stands on."""

import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from backend.launch.trouble import Trouble

_PORTS_TO_TRY = 50


@contextmanager
def only_instance(folder: Path) -> Generator[None]:
    """Hold the folder for this process; the kernel lets go when it dies, however it dies."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(descriptor, 20, 0).decode().strip() or "?"
            raise Trouble(
                f"这个目录里已经在运行（进程 {pid}）。",
                f"It is already running from this folder (process {pid}).",
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            # Another server may hold the port with address reuse, which binding does not notice.
            probe.listen(1)
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def claim_port(port: int, host: str) -> None:
    """Raise when the port people are told about is taken."""
    if not is_free(port, host):
        raise Trouble(
            f"端口 {port} 已被占用；请关闭占用它的程序，或用 PORT=… 换一个端口。",
            f"Port {port} is taken; close the program that uses it, or choose PORT=….",
        )


@contextmanager
def reserved_port(preferred: int) -> Generator[int]:
    """The preferred port of a part that only this machine speaks to, or the next free one.

    Two clones that start at once see the same ports free until one of them listens; a locked file
    per port keeps them apart for as long as they run.
    """
    folder = Path(tempfile.gettempdir())
    for port in range(preferred, preferred + _PORTS_TO_TRY):
        try:
            descriptor = os.open(
                folder / f"onetrip-port-{port}.lock", os.O_RDWR | os.O_CREAT, 0o600
            )
        except PermissionError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_free(port):
                yield port
                return
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)
    raise Trouble(
        f"端口 {preferred} 附近没有空闲端口。", f"No free port was found near {preferred}."
    )
