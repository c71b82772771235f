"""Applications: how many a county can hand in at once, and how fast people read years of cases."""

from __future__ import annotations

from collections.abc import Iterator

from bench import county_reading, crashes, plain_pages, submissions
from bench.effort import Effort
from bench.figures import Figure
from bench.product import running_product


def measure(effort: Effort) -> Iterator[Figure]:
    """Hand in first: people then read among years of cases."""
    with running_product() as county:
        yield from submissions.figures(county, effort)
        yield from crashes.figures(county, effort)
        yield from plain_pages.figures(county, effort)
        yield from county_reading.figures(county, effort)
