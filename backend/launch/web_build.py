"""The production build of the pages: made again only when something that enters it has changed."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from backend.launch.processes import run_once
from backend.launch.trouble import Trouble

_FOLDERS = ("app", "components", "assets", "backend")
_FILES = ("rxconfig.py", "requirements.lock", "reflex.lock/package-lock.json")
_PACKAGES = "reflex.lock/package.json"
# They start the product but are no part of its pages.
_LEFT_OUT = ("backend/launch/", "backend/local_supabase/", "assets/external/")
_STAMP = "onetrip-build"
_RESULT = Path("build") / "client" / "sw.js"


def tool_environ(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Reflex finds node and npm of the wheel, and calls nobody."""
    tools = root / ".venv" / "bin"
    return child_environ(environ) | {
        "PATH": f"{tools}{os.pathsep}{environ.get('PATH', os.defpath)}",
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_DIR": str(root / ".local" / "reflex"),
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_omit_lockfile_registry_resolved": "true",
    }


def child_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of our own Python processes: compiled modules are kept, so that a second
    start need not compile them again."""
    return {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def build_fingerprint(root: Path) -> str:
    """Changes whenever a build of these sources would come out differently."""
    digest = hashlib.sha256()
    for file in _inputs(root):
        digest.update(file.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[Path]:
    for name in _FILES:
        yield root / name
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if name.startswith(_LEFT_OUT) or "__pycache__" in name or "node_modules" in name:
                continue
            if path.is_file() and not path.is_symlink():
                yield path


def is_built(root: Path) -> bool:
    """Whether the last build is the one wanted."""
    web = root / ".web"
    stamp = web / _STAMP
    return (
        stamp.exists()
        and (web / _RESULT).exists()
        and stamp.read_text("utf-8") == build_fingerprint(root)
    )


def build_pages(root: Path, environ: Mapping[str, str], log: Path) -> bool:
    """Install the npm parts by the lock, prerender every page, compress; False when up to date.

    Two builds at once wait for one another. Raises Trouble.
    """
    (root / ".local" / "reflex").mkdir(parents=True, exist_ok=True)
    with (root / ".local" / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_built(root):
            return False
        _build(root, environ, log)
        return True


def _build(root: Path, environ: Mapping[str, str], log: Path) -> None:
    tools = tool_environ(root, environ)
    npm = shutil.which("npm", path=tools["PATH"])
    if npm is None or shutil.which("node", path=tools["PATH"]) is None:
        raise Trouble(
            "找不到 node 或 npm；请删除 .venv 后重试。",
            "node or npm is missing; remove .venv and try again.",
        )
    # Named explicitly, Reflex does not go looking for a faster registry.
    registry = subprocess.run(
        [npm, "config", "get", "registry"], capture_output=True, text=True, env=tools, cwd=root
    ).stdout.strip()
    if registry.startswith("http"):
        tools["NPM_CONFIG_REGISTRY"] = registry
    stamp = root / ".web" / _STAMP
    stamp.unlink(missing_ok=True)
    fingerprint = build_fingerprint(root)
    command = [
        str(root / ".venv" / "bin" / "reflex"),
        "export",
        "--no-zip",
        "--frontend-only",
    ]
    packages = root / _PACKAGES
    packages_before = packages.read_text("utf-8")
    run_once(
        command,
        environ=tools,
        cwd=root,
        log=log,
        trouble=Trouble("页面构建失败：", "The pages could not be built:"),
    )
    # Reflex writes the same list in another order; that is no change.
    if json.loads(packages.read_text("utf-8")) == json.loads(packages_before):
        packages.write_text(packages_before, "utf-8")
    if not (root / ".web" / _RESULT).exists():
        raise Trouble(f"页面构建失败（{log}）。", f"The pages could not be built ({log}).")
    stamp.write_text(fingerprint, "utf-8")
