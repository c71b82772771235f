"""Plain pages of guides: what the heaviest one weighs, and what Lighthouse says of one."""

from __future__ import annotations

from collections.abc import Iterator

import httpx

from backend import seed
from bench import audits
from bench.browsing import Visits
from bench.effort import Effort
from bench.figures import Figure
from e2e.county import ALLOWANCE, County

_TARGETS = {"performance": 100, "largest paint": 1600}


def figures(county: County, effort: Effort) -> Iterator[Figure]:
    """Weight without compression, as an old phone or a chat's preview gets it, icon included."""
    with httpx.Client(
        base_url=county.address, headers={"accept-encoding": "identity"}, timeout=30
    ) as client:
        icon = len(client.get("/favicon.ico").content)
        weights = [
            len(client.get(f"/g/{service['code']}").content) + icon for service in seed.services()
        ]
    yield Figure("applications", "heaviest plain guide", max(weights) / 1024, "KiB", "lower", 40)
    yield from audits.figures(
        Visits.prepared(county),
        effort,
        stem="applications",
        pages={"plain guide": f"/g/{ALLOWANCE}"},
        targets=_TARGETS,
    )
