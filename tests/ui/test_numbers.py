"""How numbers are written: digits, percent, money, and words where there is none."""

from __future__ import annotations

import pytest

from data.answer import Released, Status
from data.metrics import METRICS
from ui.numbers import behind, count, money, percent, short, three, written

SENT, RATE, REACH, COST = METRICS["sent"], METRICS["delivered_rate"], METRICS["reach"], METRICS["cost"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0"),
        (7, "7"),
        (999, "999"),
        (1234, "1.23K"),
        (999_499, "999K"),
        (999_600, "1.00M"),
        (9_282_510, "9.28M"),
    ],
)
def test_a_card_has_at_most_three_significant_digits(value: float, words: str) -> None:
    assert short(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0384, "0.0384"), (0.99999, "1.00"), (94.14, "94.1"), (-2.345, "−2.35"), (1234, "1,230")],
)
def test_three_digits_are_never_written_in_powers_of_ten(value: float, words: str) -> None:
    assert three(value) == words


def test_counts_percent_and_money() -> None:
    assert count(1234567) == "1,234,567"
    assert percent(0.9306) == "93.1%"
    assert percent(0) == "0%"
    assert money(22672.6) == "$22,673"
    assert money(0.0965) == "$0.0965"
    assert (money(46.96), money(50), money(0)) == ("$46.96", "$50.00", "$0")


def test_what_is_no_number_has_words_of_its_own() -> None:
    faces = {
        written(Released(0, Status.RELEASED, 0), SENT),
        written(Released(None, Status.WITHHELD), SENT),
        written(Released(None, Status.NOT_AVAILABLE), SENT),
        written(Released(None, Status.RELEASED, 0, 0), RATE),
    }
    assert faces == {"0", "withheld", "not available", "–"}


def test_a_union_is_marked_and_a_rate_says_what_it_is_made_of() -> None:
    union = Released(66110, Status.RELEASED, 66110, None, approximate=True)
    assert written(union, REACH, brief=True) == "≈ 66.1K"
    assert behind(union, REACH) == "≈ 66,110"
    assert behind(Released(0.9306, Status.RELEASED, 216754, 232924), RATE) == "216,754 of 232,924"
    assert behind(Released(None, Status.WITHHELD), RATE) == ""


def test_money_behind_a_ratio_is_money() -> None:
    unit = METRICS["cost_per_send"]
    value = Released(0.05, Status.RELEASED, 5.0, 100)
    assert behind(value, unit) == "$5.00 of 100"
