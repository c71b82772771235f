"""Applications: how many a county can hand in at once, and how fast its desks read."""

from __future__ import annotations

from collections.abc import Iterator

from bench import crashes, desk_reading, plain_pages, submissions
from bench.effort import Effort
from bench.figures import Figure
from bench.product import running_product


def measure(effort: Effort) -> Iterator[Figure]:
    """Hand in first: the desks then read among what was handed in."""
    with running_product() as county:
        yield from submissions.figures(county, effort)
        yield from crashes.figures(county, effort)
        yield from desk_reading.figures(county, effort)
        yield from plain_pages.figures(county, effort)
