"""Runs the tests of the components' own JavaScript in node's test runner."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from components.boot_script import BOOT_SCRIPT

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "components"


def node() -> str:
    """The node that belongs to this Python, or any on the path."""
    beside = Path(sys.executable).parent / "node"
    found = str(beside) if beside.exists() else shutil.which("node")
    assert found, "node is missing; it comes with requirements.lock"
    return found


@pytest.mark.parametrize(
    "file", sorted(Path(__file__).parent.glob("*.test.mjs")), ids=lambda f: f.name
)
def test_browser_logic(file: Path) -> None:
    result = subprocess.run(
        [node(), "--test", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_boot_script_reads_cookies() -> None:
    run = (
        "const set={};const root={setAttribute:(n,v)=>{set[n]=v}};"
        "globalThis.document={documentElement:root,cookie:'a=1; mode=elder; lang=en; contrast=x'};"
        f"{BOOT_SCRIPT};"
        "console.log(root.lang,set['data-mode'],set['data-contrast'])"
    )
    result = subprocess.run([node(), "-e", run], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["en", "elder", "normal"]


@pytest.mark.parametrize("file", sorted(COMPONENTS.glob("*.*js*")), ids=lambda f: f.name)
def test_browser_code_never_evaluates_text(file: Path) -> None:
    code = file.read_text("utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|dangerouslySetInnerHTML", code)


@pytest.mark.parametrize("file", sorted(COMPONENTS.glob("*.*js*")), ids=lambda f: f.name)
def test_browser_code_imports_only_react_and_its_neighbours(file: Path) -> None:
    for source in re.findall(r'from "([^"]+)"', file.read_text("utf-8")):
        is_known = source in ("react", "react/jsx-runtime", "react-router")
        assert is_known or (COMPONENTS / source).exists(), source
