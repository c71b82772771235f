"""A figure says what it is of, in which unit, and which way is better."""

import json

import pytest

from bench.figures import Figure, milliseconds, percentile


def test_a_figure_is_one_line_of_json() -> None:
    line = Figure("errands", "claim p95", 41.23, "ms", "lower", 60).line()
    assert "\n" not in line
    assert json.loads(line) == {
        "stem": "errands",
        "figure": "claim p95",
        "value": 41.2,
        "unit": "ms",
        "target": 60,
        "better": "lower",
    }


def test_a_figure_without_a_promise_says_so() -> None:
    assert json.loads(Figure("errands", "claims", 3, "1/s", "higher").line())["target"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": ""},
        {"figure": ""},
        {"stem": ""},
        {"better": "bigger"},
    ],
)
def test_a_figure_that_nobody_could_read_is_refused(wrong: dict[str, str]) -> None:
    said = {"stem": "errands", "figure": "claim", "unit": "ms", "better": "lower"} | wrong
    with pytest.raises(ValueError):
        Figure(value=1, **said)  # type: ignore[arg-type]


def test_percentiles_lie_among_what_was_measured() -> None:
    values = [float(n) for n in range(1, 101)]
    assert percentile(values, 50) == pytest.approx(50.5)
    assert percentile(values, 95) == pytest.approx(95.05)
    assert percentile(values[:2], 95) <= 2
    assert percentile([7.0], 95) == 7.0


def test_durations_become_milliseconds_under_the_name_of_their_percentile() -> None:
    figure = milliseconds("applications", "submit {p} at 16", [0.010, 0.020, 0.030], 50, target=25)
    assert (figure.figure, figure.unit, figure.better) == ("submit p50 at 16", "ms", "lower")
    assert figure.value == pytest.approx(20)
    assert figure.target == 25
