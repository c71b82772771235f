"""How much is measured: the usual run is over in minutes, the long one finds what is rare."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Counts and limits of one run; every loop ends by the count or the seconds, if not before."""

    starts: int
    clicks: int
    audit_rounds: int
    submissions: int
    submission_seconds: int
    small_county: int
    large_county: int
    looks: int
    job_turns: int
    crashes: int
    with_fresh_clone: bool


USUAL = Effort(
    starts=3,
    clicks=120,
    audit_rounds=5,
    submissions=128,
    submission_seconds=60,
    small_county=12_000,
    large_county=1_200_000,
    looks=200,
    job_turns=20,
    crashes=0,
    with_fresh_clone=False,
)
LONG = Effort(
    starts=5,
    clicks=1_000,
    audit_rounds=9,
    submissions=1_280,
    submission_seconds=300,
    small_county=23_000,
    large_county=2_300_000,
    looks=1_000,
    job_turns=100,
    crashes=5,
    with_fresh_clone=True,
)
