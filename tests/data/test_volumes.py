"""A day is odd only against what its weekday usually brings."""

from __future__ import annotations

from data.volumes import FEWEST, WEEKS, judged, usual

MONDAY = 4  # day 4 was a Monday


def weeks(*numbers: int) -> dict[int, int | None]:
    return {MONDAY + 7 * week: number for week, number in enumerate(numbers)}


def flag(counts: dict[int, int | None]) -> str:
    return judged(counts, max(counts))[-1].flag


def test_a_day_is_held_against_the_same_weekday() -> None:
    even = [1000, 980, 1010, 990, 1000, 1020, 1000, 995]
    assert flag(weeks(*even, 1001)) == ""
    assert flag(weeks(*even, 600)) == "low"
    assert flag(weeks(*even, 1500)) == "high"
    assert flag(weeks(*even, 0)) == "silent"
    other = weeks(*even)
    other[max(other) + 6] = 5
    assert judged(other, max(other))[-1].usual is None or flag(other) == "", (
        "another weekday has its own usual"
    )


def test_a_source_without_enough_days_is_not_judged() -> None:
    assert usual([1000] * (FEWEST - 1)) is None
    assert flag(weeks(*[1000] * (FEWEST - 1), 0)) == ""


def test_a_weekday_on_which_mostly_nothing_comes_has_no_usual() -> None:
    assert usual([0, 0, 0, 0, 0, 900]) is None
    assert flag(weeks(0, 0, 0, 0, 0, 0, 0, 0, 900)) == ""


def test_one_odd_day_among_many_does_not_change_what_is_usual() -> None:
    assert flag(weeks(1000, 990, 0, 1010, 1000, 1005, 995, 1000, 0)) == "silent"
    assert flag(weeks(1000, 990, 9000, 1010, 1000, 1005, 995, 1000, 9000)) == "high"


def test_waves_that_were_seen_twice_are_not_odd() -> None:
    assert flag(weeks(50, 5000, 60, 55, 4800, 52, 50, 58, 4700)) == ""


def test_a_day_that_is_told_with_others_is_no_zero() -> None:
    counts = weeks(1000, 1000, 1000, 1000, 1000)
    counts[max(counts)] = None
    day = judged(counts, max(counts))[-1]
    assert (day.number, day.flag) == (None, "")


def test_only_the_weeks_before_count() -> None:
    counts = weeks(*[5000] * 3, *[1000] * WEEKS, 1000)
    found = judged(counts, max(counts))[-1]
    assert found.usual is not None
    assert found.usual.middle == 1000
