"""What one figure is, and the arithmetic that figures share."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Better = Literal["lower", "higher"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, unit and direction; `target` is None where none was promised."""

    stem: str
    figure: str
    value: float
    unit: str
    better: Better
    target: float | None = None

    def __post_init__(self) -> None:
        if not (self.stem and self.figure and self.unit):
            raise ValueError(f"a figure says what it is of and in which unit: {self}")
        if self.better not in get_args(Better):
            raise ValueError(f"better is lower or higher, not {self.better}")

    def line(self) -> str:
        """The figure as one line of JSON, rounded to what a reader can use."""
        return json.dumps(
            {
                "stem": self.stem,
                "figure": self.figure,
                "value": round(self.value, 1),
                "unit": self.unit,
                "target": self.target,
                "better": self.better,
            },
            ensure_ascii=False,
        )


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` percent of the measurements do not exceed, between neighbours."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def milliseconds(
    stem: str, figure: str, seconds: Sequence[float], share: int, target: float | None = None
) -> Figure:
    """A percentile of durations measured in seconds; `{p}` in the name becomes `p95`."""
    value = percentile(seconds, share) * 1000
    return Figure(stem, figure.format(p=f"p{share}"), value, "ms", "lower", target)
