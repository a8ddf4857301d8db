"""Changes against an earlier period: by points or percent, better or worse, or not to be said."""

from __future__ import annotations

import pytest

from data.answer import Released, Status
from data.metrics import METRICS
from ui.deltas import delta


def rate(value: float | None, status: Status = Status.RELEASED) -> Released:
    return Released(value, status, 10, 100)


def of(value: float | None, status: Status = Status.RELEASED) -> Released:
    return Released(value, status, value)


def test_rates_change_by_points_and_counts_by_percent() -> None:
    assert delta(rate(0.95), rate(0.94), METRICS["delivered_rate"]).text == "+1.0 pt"
    assert delta(of(114.5), of(100), METRICS["delivered"]).text == "+14.5%"
    assert delta(of(75), of(100), METRICS["delivered"]).text == "−25.0%"


@pytest.mark.parametrize(
    ("metric", "now", "before", "word"),
    [
        ("delivered_rate", 0.95, 0.90, "better"),
        ("delivered_rate", 0.90, 0.95, "worse"),
        ("opt_out_rate", 0.002, 0.010, "better"),
        ("opt_out_rate", 0.010, 0.002, "worse"),
    ],
)
def test_better_and_worse_follow_the_metrics_direction(
    metric: str, now: float, before: float, word: str
) -> None:
    found = delta(rate(now), rate(before), METRICS[metric])
    assert (found.word, found.tone) == (word, word)


def test_a_metric_without_direction_is_more_or_fewer() -> None:
    found = delta(of(120), of(100), METRICS["sent"])
    assert (found.word, found.tone) == ("more", "neutral")


def test_what_cannot_be_seen_is_no_change() -> None:
    assert delta(rate(0.9306), rate(0.9302), METRICS["delivered_rate"]).text == "no change"


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (of(100), None, "no comparison"),
        (of(100), of(None, Status.WITHHELD), "no comparison data"),
        (of(100), of(0), "no comparison data"),
        (of(2426), of(100), "more than tenfold"),
        (of(100, Status.PARTIAL), of(90), "in part"),
        (of(None, Status.WITHHELD), of(90), "no comparison"),
    ],
)
def test_an_absurd_change_is_said_in_words(now: Released, before: Released | None, words: str) -> None:
    found = delta(now, before, METRICS["delivered"])
    assert words in found.text
    assert found.tone == "none"
    assert "%" not in found.text
