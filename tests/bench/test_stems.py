"""The command: every stem that exists is measured, and only figures reach stdout."""

import ast
import json
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.__main__ import STEMS, main, measured
from bench.effort import LONG, USUAL, Effort
from bench.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
# What the design wants figures of, as soon as it is there.
_WANTED = ("foundation", "applications", "scheduler", "licences", "identity", "errands")


def _exists(stem: str) -> bool:
    in_sql = any((ROOT / "migrations").glob(f"[0-9]*_{stem}.sql"))
    return in_sql or (ROOT / "backend" / f"{stem}.py").exists()


def _functions(stem: str) -> set[str]:
    tree = ast.parse((ROOT / "bench" / f"{stem}.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_wanted_stem_that_exists_is_measured() -> None:
    assert set(STEMS) == {stem for stem in _WANTED if _exists(stem)}


@pytest.mark.parametrize("stem", STEMS)
def test_a_stem_is_a_module_that_measures(stem: str) -> None:
    assert "measure" in _functions(stem)


def test_the_long_run_measures_more_of_everything() -> None:
    for each in fields(Effort):
        assert getattr(LONG, each.name) > getattr(USUAL, each.name), each.name


def test_lighthouse_is_locked_without_naming_a_host() -> None:
    lock = json.loads((ROOT / "bench" / "lighthouse" / "package-lock.json").read_text("utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all("integrity" in package and "resolved" not in package for package in packages)


@pytest.fixture
def one_stem_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def two(_: Effort) -> Iterator[Figure]:
        yield Figure("applications", "claim p95", 90, "ms", "lower", 60)
        yield Figure("applications", "claims", 3, "1/s", "higher")

    def breaks(_: Effort) -> Iterator[Figure]:
        yield Figure("foundation", "starts", 1, "s", "lower")
        raise RuntimeError("no browser")

    monkeypatch.setitem(sys.modules, "bench.applications", SimpleNamespace(measure=two))
    monkeypatch.setitem(sys.modules, "bench.foundation", SimpleNamespace(measure=breaks))


@pytest.mark.usefixtures("one_stem_fails")
def test_a_missed_target_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(["applications"], USUAL) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["value"] for line in lines] == [90, 3]
    assert all(line["unit"] and line["better"] in ("lower", "higher") for line in lines)


@pytest.mark.usefixtures("one_stem_fails")
def test_what_could_not_be_measured_fails_and_stops_nothing_else(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert measured(["foundation", "applications"], USUAL) == 1
    written = capsys.readouterr()
    assert len([json.loads(line) for line in written.out.splitlines()]) == 3
    assert "no browser" in written.err
    assert "could not be measured: foundation" in written.err


def test_an_unknown_stem_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONLY", "weather")
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    assert "weather" in capsys.readouterr().err
