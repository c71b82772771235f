"""First step of every command: the virtual environment with the locked dependencies.

Runs under the machine's own Python with nothing installed, so it uses the standard library only,
and syntax that an old Python can still read far enough to say that it is too old.
Prints nothing when there is nothing to do. Ends with one sentence and exit code 1 otherwise.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from typing import NoReturn, Sequence  # noqa: UP035 - read by old Pythons too

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOCKS = ("requirements.lock",)
DEV_LOCKS = ("requirements.lock", "requirements-dev.lock")
OLDEST_PYTHON = (3, 11)
# Dependencies, node, npm parts, database and build together, rounded up.
NEEDED_BYTES = 2500 * 1024 * 1024


def stop(zh: str, en: str) -> NoReturn:
    """Say why, in both languages, and end."""
    sys.stderr.write(f"\n{zh}\n{en}\n")
    raise SystemExit(1)


def check_python() -> None:
    """Stop with one sentence when this Python is too old or has no venv."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:2])
        stop(
            f"需要 Python 3.11 或更新版本，当前是 {found}。",
            f"Python 3.11 or newer is needed; this is {found}.",
        )
    if not sys.platform.startswith(("linux", "darwin")):
        stop(
            "只能在 Linux 或 macOS 上运行。",
            "This runs on Linux and macOS only.",
        )
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        stop(
            "Python 缺少 venv 模块，请安装（例如 apt install python3-venv）。",
            "Python lacks its venv module; install it (for example apt install python3-venv).",
        )


def check_disk() -> None:
    """Stop with one sentence when there is no room for what will be installed."""
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        stop(
            f"磁盘空间不够：需要约 2.5 GB，只剩 {free / 1e9:.1f} GB。",
            f"The disk is too full: about 2.5 GB are needed, {free / 1e9:.1f} GB are left.",
        )
    if not os.access(ROOT, os.W_OK):
        stop(f"不能写入目录 {ROOT}。", f"The folder {ROOT} is not writable.")


def wanted_stamp(locks: Sequence[str]) -> str:
    """A fingerprint of what should be installed, and for which Python."""
    digest = hashlib.sha256(sys.version.encode())
    for name in locks:
        with open(os.path.join(ROOT, name), "rb") as lock:
            digest.update(lock.read())
    return digest.hexdigest()


def is_installed(stamp_file: str, stamp: str) -> bool:
    """Whether the environment was made from exactly these lock files."""
    try:
        with open(stamp_file) as written:
            return written.read() == stamp and os.path.exists(PYTHON)
    except OSError:
        return False


def create_environment() -> None:
    """A fresh environment; one that another Python made, or that was cut short, is replaced."""
    if os.path.exists(PYTHON):
        found = subprocess.run(
            [PYTHON, "-c", "import sys, pip; print(sys.version)"],
            capture_output=True,
            text=True,
        )
        if found.returncode == 0 and found.stdout.strip() == sys.version.strip():
            return
    import venv

    venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(VENV)


def install(locks: Sequence[str]) -> None:
    """Install the locked packages into the environment, with their hashes."""
    command = [
        *(PYTHON, "-m", "pip", "install", "--no-input", "--quiet"),
        *("--require-hashes", "--no-deps", "--only-binary", ":all:"),
        *("--disable-pip-version-check", "--retries", "3", "--timeout", "30"),
    ]
    for name in locks:
        command += ["-r", os.path.join(ROOT, name)]
    result = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if result.returncode == 0:
        return
    explain(result.stderr)


def explain(errors: str) -> NoReturn:
    """Turn pip's last words into one sentence."""
    telling = [line for line in errors.splitlines() if "ERROR" in line or "Retrying" in line]
    last = telling[-1:] or ["pip"]
    lower = " ".join(telling).lower()
    if "no space left" in lower or "disk quota" in lower:
        stop("安装时磁盘已满。", "The disk became full while installing.")
    network_words = (
        "connection",
        "name resolution",
        "timed out",
        "network is unreachable",
        "proxy",
        "ssl",
    )
    if any(word in lower for word in network_words):
        stop(
            "下载依赖失败：请检查网络连接，然后再试一次。",
            "Dependencies could not be downloaded: check the network, then try again.",
        )
    stop(f"安装依赖失败：{last[0]}", f"Dependencies could not be installed: {last[0]}")


def main() -> None:
    """Bring the environment to what the lock files say; nothing when it already is."""
    parser = argparse.ArgumentParser(description="Install the locked dependencies.")
    parser.add_argument("--dev", action="store_true", help="also what checking needs")
    wants_dev = parser.parse_args().dev
    check_python()
    dev_stamp = os.path.join(VENV, ".installed-dev")
    stamp_file = dev_stamp if wants_dev else os.path.join(VENV, ".installed")
    locks = DEV_LOCKS if wants_dev else LOCKS
    stamp = wanted_stamp(locks)
    # An environment for checking has everything that running needs.
    if is_installed(stamp_file, stamp) or is_installed(dev_stamp, wanted_stamp(DEV_LOCKS)):
        return
    check_disk()
    started = time.monotonic()
    print("· 安装依赖 Installing dependencies …", flush=True)
    try:
        create_environment()
        install(locks)
        for old in (dev_stamp, os.path.join(VENV, ".installed")):
            if os.path.exists(old):
                os.remove(old)
        with open(stamp_file, "w") as written:
            written.write(stamp)
    except KeyboardInterrupt:
        stop("已取消。", "Cancelled.")
    except OSError as error:
        if error.errno == 28:
            stop("安装时磁盘已满。", "The disk became full while installing.")
        stop(f"安装失败：{error}", f"Installing failed: {error}")
    print(f"  {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
