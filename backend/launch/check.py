"""`make test`: everything that passes or fails, part after part, and one line at the end."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from backend.launch.browser import chromium, ensure_chinese_font
from backend.launch.plan import read_env_file
from backend.launch.trouble import Trouble
from backend.launch.web_build import build_pages, child_environ, tool_environ

ROOT = Path(__file__).resolve().parents[2]
_HOSTED_VARIABLES = (
    "SUPABASE_URL",
    "SUPABASE_PUBLISHABLE_KEY",
    "SUPABASE_SECRET_KEY",
    "SEND_SMS_HOOK_SECRET",
    "DATABASE_URL",
)
# pytest's own code for "no test was found".
_NO_TESTS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One program whose exit code decides."""

    name: str
    command: Sequence[str | Path]
    environ: dict[str, str] = field(default_factory=dict[str, str])


def main(arguments: Sequence[str]) -> int:
    """`lint`, `hosted`, or everything; the exit code is 0 only when every part passed."""
    which = arguments[0] if arguments else "all"
    try:
        if which == "lint":
            return _run(_lint_parts())
        if which == "hosted":
            return _run(_hosted_parts())
        return _run([*_lint_parts(), *_test_parts()], prepare=_prepare)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1


def _prepare() -> None:
    build_pages(ROOT, os.environ, ROOT / ".local" / "logs" / "build.log")
    if not ensure_chinese_font():
        print("没有中文字体，截图会是方框。There is no Chinese font; pictures will show boxes.")


def _lint_parts() -> list[Part]:
    tools = ROOT / ".venv" / "bin"
    return [
        Part("ruff", [tools / "ruff", "check", "."]),
        Part("types", [tools / "basedpyright", "--level", "error"]),
    ]


def _test_parts() -> list[Part]:
    tools = ROOT / ".venv" / "bin"
    parts: list[Part] = []
    scripts = sorted((ROOT / "tests").rglob("*.test.mjs"))
    if scripts:
        parts.append(Part("node", [tools / "node", "--test", *scripts]))
    halves = ["-n", str(min(2, os.cpu_count() or 1)), "--dist", "worksteal"]
    parts.append(Part("tests", [sys.executable, "-m", "pytest", *halves, "tests"]))
    # The browser's blocking interface and the other tests' event loop exclude one another.
    browser = {"CHROMIUM": chromium()}
    parts.append(Part("e2e", [sys.executable, "-m", "pytest", *halves, "e2e"], browser))
    return parts


def _hosted_parts() -> list[Part]:
    known = read_env_file(ROOT / ".env") | dict(os.environ)
    missing = [name for name in _HOSTED_VARIABLES if not known.get(name)]
    if missing:
        names = ", ".join(missing)
        raise Trouble(f"请先设置 {names}。", f"Set {names} first.")
    hosted = {name: known[name] for name in _HOSTED_VARIABLES}
    hosted["SESSION_KEY"] = known.get("SESSION_KEY") or Fernet.generate_key().decode()
    command = [sys.executable, "-m", "pytest", "-m", "hosted"]
    return [
        Part("hosted tests", [*command, "tests"], hosted),
        Part("hosted journeys", [*command, "e2e"], hosted | {"CHROMIUM": chromium()}),
    ]


def _run(parts: Sequence[Part], prepare: Callable[[], None] | None = None) -> int:
    started = time.monotonic()
    environ = tool_environ(ROOT, child_environ(os.environ))
    if prepare is not None:
        prepare()
    failed: list[str] = []
    for part in parts:
        print(f"── {part.name}", flush=True)
        part_started = time.monotonic()
        code = subprocess.run(
            part.command, cwd=ROOT, env=environ | part.environ, check=False
        ).returncode
        if code not in (0, _NO_TESTS):
            failed.append(part.name)
        print(f"   {time.monotonic() - part_started:.0f} s", flush=True)
    seconds = time.monotonic() - started
    verdict = f"failed: {', '.join(failed)}" if failed else "all passed"
    print(f"══ {len(parts)} parts, {verdict}, {seconds:.0f} s", flush=True)
    if prepare is not None and not failed:
        # `make bench` prints it beside the other figures.
        (ROOT / ".local" / "check-seconds").write_text(f"{seconds:.0f}", "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
