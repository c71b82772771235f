"""Lighthouse, mobile: medians of several rounds, because one run can be far off."""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil

from backend.launch.browser import chromium
from backend.launch.web_build import tool_environ
from backend.web_sessions import COOKIE
from bench.browsing import Visits
from bench.effort import Effort
from bench.figures import Better, Figure
from bench.progress import say
from bench.starting import ROOT

_HERE = Path(__file__).resolve().parent / "lighthouse"
_STAMP = _HERE / "node_modules" / ".onetrip-lock-hash"
_AUDIT_SECONDS = 180
_ATTEMPTS = 3
_PAGES = {"home": "/", "service": "/service/", "apply": "/apply/", "my cases": "/cases/"}
# Figure: where it stands in the report, factor, unit, direction, target.
_WANTED: dict[str, tuple[tuple[str, ...], float, str, Better, float | None]] = {
    "performance": (("categories", "performance", "score"), 100, "points", "higher", 95),
    "accessibility": (("categories", "accessibility", "score"), 100, "points", "higher", 100),
    "best practices": (("categories", "best-practices", "score"), 100, "points", "higher", 100),
    "seo": (("categories", "seo", "score"), 100, "points", "higher", 100),
    "largest paint": (
        ("audits", "largest-contentful-paint", "numericValue"), 1, "ms", "lower", 2100,
    ),
    "blocked": (("audits", "total-blocking-time", "numericValue"), 1, "ms", "lower", None),
}  # fmt: skip


def figures(
    visits: Visits,
    effort: Effort,
    *,
    stem: str = "foundation",
    pages: Mapping[str, str] = _PAGES,
    targets: Mapping[str, float] = MappingProxyType({}),
) -> Iterator[Figure]:
    """Every page once a round, so that a busy minute of the machine falls on all of them."""
    _install()
    reports: dict[str, list[dict[str, Any]]] = {name: [] for name in pages}
    for number in range(effort.audit_rounds):
        for name, route in pages.items():
            say(f"lighthouse {name}, round {number + 1} of {effort.audit_rounds}")
            reports[name].append(report := _patient_report(visits, route))
            if flaws := sorted(_flaws(report)):
                say(f"lighthouse faults {name}: {', '.join(flaws)}")
    for name, audited in reports.items():
        for what, (path, factor, unit, better, target) in _WANTED.items():
            value = statistics.median(_at(report, path) for report in audited) * factor
            wanted = targets.get(what, target)
            yield Figure(stem, f"lighthouse {what} of {name}", value, unit, better, wanted)


def _at(report: Any, path: tuple[str, ...]) -> float:
    for key in path:
        report = report[key]
    if report is None:
        raise RuntimeError(f"lighthouse could not say {'.'.join(path)}")
    return report


def _flaws(report: dict[str, Any]) -> Iterator[str]:
    """Audits that keep a category from full marks; speed is measured, not right or wrong."""
    for name, category in report["categories"].items():
        if name == "performance":
            continue
        counted = [audit["id"] for audit in category["auditRefs"] if audit["weight"]]
        yield from (each for each in counted if report["audits"][each]["score"] not in (1, None))


def _install() -> None:
    """The npm packages of the lock, when they are not there yet."""
    lock = hashlib.sha256((_HERE / "package-lock.json").read_bytes()).hexdigest()
    if _STAMP.exists() and _STAMP.read_text("ascii") == lock:
        return
    say("installing lighthouse")
    environ = tool_environ(ROOT, os.environ)
    npm = ROOT / ".venv" / "bin" / "npm"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(
        command, cwd=_HERE, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"npm could not install lighthouse:\n{done.stderr[-1000:]}")
    _STAMP.write_text(lock, "ascii")


def _patient_report(visits: Visits, route: str) -> dict[str, Any]:
    """A report of a page; Lighthouse loses its recording now and then, and asks to be run again."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return _report(visits, route)
        except (RuntimeError, subprocess.TimeoutExpired) as trouble:
            say(f"lighthouse runs again at {route}: {str(trouble).strip()[-200:]}")
    return _report(visits, route)


def _report(visits: Visits, route: str) -> dict[str, Any]:
    """One report of a page, signed in as somebody it does not send away.

    The configuration waits a while after loading: what a page shows comes by websocket, which
    Lighthouse does not count as loading.
    """
    who = visits.who(route)
    address = visits.address(route)
    command: list[str | Path] = [
        ROOT / ".venv" / "bin" / "node", _HERE / "node_modules" / "lighthouse" / "cli" / "index.js",
        address, "--quiet", "--output=json", "--output-path=stdout",
        f"--config-path={_HERE / 'config.json'}",
        "--chrome-flags=--headless=new --no-sandbox",
    ]  # fmt: skip
    if who is not None:
        cookie = {"Cookie": f"{COOKIE}={visits.county.person(who).secret}"}
        command.append(f"--extra-headers={json.dumps(cookie)}")
    environ = tool_environ(ROOT, os.environ) | {"CHROME_PATH": chromium()}
    report = json.loads(_output_of(command, environ))
    if report["finalDisplayedUrl"] != address or "runtimeError" in report:
        raise RuntimeError(
            f"{route} led to {report['finalDisplayedUrl']}: {report.get('runtimeError')}"
        )
    return report


def _output_of(command: Sequence[str | Path], environ: Mapping[str, str]) -> str:
    """What Lighthouse prints; the browser that it started never outlives it."""
    process = subprocess.Popen(
        command, env=dict(environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        output, complaint = process.communicate(timeout=_AUDIT_SECONDS)
    except BaseException:
        with suppress(psutil.NoSuchProcess):
            for each in [*psutil.Process(process.pid).children(recursive=True), process]:
                each.kill()
        raise
    if process.returncode != 0:
        raise RuntimeError(f"lighthouse failed:\n{complaint[-1000:]}")
    return output
