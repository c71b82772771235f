"""Foundation: starting, first visits, Lighthouse, clicks, and how long the checks take."""

from __future__ import annotations

from collections.abc import Iterator

from bench import audits, clicks, starting, weight
from bench.browsing import Visits, browser
from bench.effort import Effort
from bench.figures import Figure
from bench.product import running_product
from bench.starting import ROOT

_CHECKS = ROOT / ".local" / "check-seconds"


def measure(effort: Effort) -> Iterator[Figure]:
    """Everything that every page rests on."""
    if _CHECKS.exists():
        yield Figure(
            "foundation", "make test", float(_CHECKS.read_text("utf-8")), "s", "lower", 600
        )
    yield from starting.figures(effort)
    with running_product() as county:
        visits = Visits.prepared(county)
        with browser() as opened:
            yield from weight.figures(opened, visits)
            yield from clicks.figures(opened, county, effort)
        yield from audits.figures(visits, effort)
