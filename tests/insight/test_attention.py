"""Each rule fires at its threshold and not a step before; what is not whole never fires."""

from __future__ import annotations

from math import isclose

import pytest
from msgspec.structs import replace

from data.answer import Released, Status
from insight import attention as rules
from insight.attention import DAY_US, HOUR_US, Finding, Kind, Severity


def count(value: float | None, status: Status = Status.RELEASED) -> Released:
    return Released(value, status, value)


def rate(hits: float, of: float, status: Status = Status.RELEASED) -> Released:
    return Released(hits / of, status, hits, of)


USUAL = [count(1_000)] * rules.VOLUME_WEEKS


@pytest.mark.parametrize(
    ("now", "severity"),
    [(701, None), (700, Severity.WATCH), (401, Severity.WATCH), (400, Severity.URGENT), (0, Severity.URGENT)],
)
def test_a_fall_in_volume(now: float, severity: Severity | None) -> None:
    found = rules.volume_fall("sms", count(now), USUAL)
    assert (found and found.severity) == severity
    assert found is None or (found.now, found.usual, found.subject) == (now, 1_000, "sms")


@pytest.mark.parametrize(
    "before",
    [
        [count(999)] * 4,  # below the base
        [count(4_000), count(0), count(500), count(500)],  # waves: nobody sends every week
        [count(2_000)] * 3,  # too short a past
        [*[count(2_000)] * 3, count(2_000, Status.PARTIAL)],
        [*[count(2_000)] * 3, count(None, Status.WITHHELD)],
    ],
)
def test_a_channel_without_a_usual_week_never_falls(before: list[Released]) -> None:
    assert rules.volume_fall("sms", count(0), before) is None


@pytest.mark.parametrize("status", [Status.PARTIAL, Status.WITHHELD, Status.NOT_AVAILABLE])
def test_what_is_not_whole_never_fires(status: Status) -> None:
    told = 0 if status is Status.PARTIAL else None
    assert rules.volume_fall("sms", count(told, status), USUAL) is None
    half = replace(rate(500, 1_000), status=status)
    assert rules.delivery_fall("sms", [(1, half)], rate(9_500, 10_000)) is None
    assert rules.delivery_fall("sms", [(1, rate(500, 1_000))], half) is None
    assert rules.opt_out_rise("sms", half, rate(10, 10_000)) is None
    assert rules.stale_audience("x", 1, 500, count(told, status)) is None


def test_the_worst_day_of_deliveries_is_named() -> None:
    days = [(10, rate(190, 200)), (11, rate(150, 200)), (12, rate(100, 200)), (13, rate(20, 99))]
    found = rules.delivery_fall("email", days, rate(9_500, 10_000))
    assert found is not None
    assert (found.day, found.now, found.severity) == (12, 0.5, Severity.URGENT)


@pytest.mark.parametrize(("delivered", "fires"), [(901, False), (900, True)])
def test_deliveries_five_points_below_the_usual(delivered: int, fires: bool) -> None:
    found = rules.delivery_fall("email", [(1, rate(delivered, 1_000))], rate(95_000, 100_000))
    assert bool(found) == fires


def test_a_fall_that_chance_explains_is_none() -> None:
    assert rules.delivery_fall("email", [(1, rate(190, 200))], rate(201, 201)) is not None
    assert rules.delivery_fall("email", [(1, rate(187, 200))], rate(2_000, 2_010)) is not None
    assert rules.delivery_fall("email", [(1, rate(110, 200))], rate(122, 200)) is None


@pytest.mark.parametrize(
    ("now", "before", "severity"),
    [
        (rate(149, 10_000), rate(1_000, 100_000), None),
        (rate(150, 10_000), rate(1_000, 100_000), Severity.WATCH),
        (rate(200, 10_000), rate(1_000, 100_000), Severity.URGENT),
        (rate(99, 999), rate(1_000, 100_000), None),  # too few deliveries
        (rate(100, 10_000), rate(9, 999), None),
        (rate(16, 1_000), rate(100, 10_000), None),  # p = 0.075
        (rate(30, 1_000), rate(0, 10_000), None),  # no usual rate
    ],
)
def test_a_rise_of_opt_outs(now: Released, before: Released, severity: Severity | None) -> None:
    found = rules.opt_out_rise("email", now, before)
    assert (found and found.severity) == severity


def test_the_z_test_is_the_textbooks() -> None:
    # 45 of 600 against 30 of 600: z = 1.7889, two-sided p = 0.0736
    assert isclose(rules.unlikely((45, 600), (30, 600)), 0.0736, abs_tol=2e-4)
    assert rules.unlikely((0, 100), (0, 100)) == 1.0


@pytest.mark.parametrize(
    ("loads", "waited", "usual", "fires"),
    [
        (4, 3 * DAY_US, DAY_US, False),
        (4, 3 * DAY_US + 1, DAY_US, True),
        (3, 30 * DAY_US, DAY_US, False),
        (4, 30 * DAY_US, None, False),
        (99, 18 * HOUR_US, 60_000_000, False),  # a feed of minutes has hours of grace
        (99, 18 * HOUR_US + 1, 60_000_000, True),
    ],
)
def test_a_source_out_of_its_rhythm(loads: int, waited: int, usual: int | None, fires: bool) -> None:
    assert bool(rules.late_source("feed", loads, waited, usual)) == fires


def test_a_members_file_grows_old_while_messages_go_out() -> None:
    edge = rules.LIST_DAYS * DAY_US
    assert rules.stale_list(0, edge, sending=True) is None
    assert rules.stale_list(0, edge + 1, sending=True) is not None
    assert rules.stale_list(0, edge + 1, sending=False) is None
    assert rules.stale_list(None, edge + 1, sending=True) is None


def test_a_campaign_sends_on_without_new_members() -> None:
    assert rules.stale_audience("x", 10, 10 + rules.AUDIENCE_DAYS, count(5)) is None
    assert rules.stale_audience("x", 10, 11 + rules.AUDIENCE_DAYS, count(5)) is not None
    assert rules.stale_audience("x", 10, 11 + rules.AUDIENCE_DAYS, count(0)) is None
    assert rules.stale_audience("x", None, 900, count(5)) is None


@pytest.mark.parametrize(("ago", "fires"), [(-1, False), (0, True), (13, True), (14, False), (None, False)])
def test_outcomes_became_complete_lately(ago: int | None, fires: bool) -> None:
    assert bool(rules.matured("x", None if ago is None else 100 - ago, 100)) == fires


def test_a_missing_record_states_a_figure_only_where_it_may() -> None:
    assert rules.unrecorded("x", count(12)).now == 12
    assert rules.unrecorded("x", count(None, Status.WITHHELD)).now == 0


def test_the_most_pressing_comes_first_and_every_kind_has_its_rule_in_words() -> None:
    found = [
        None,
        Finding(Kind.MATURED, Severity.NEWS, "a"),
        Finding(Kind.RECORD, Severity.WATCH, "a"),
        Finding(Kind.VOLUME, Severity.URGENT, "sms"),
        Finding(Kind.VOLUME, Severity.URGENT, "email"),
    ]
    assert [one.subject for one in rules.ranked(found)] == ["email", "sms", "a", "a"]
    assert set(rules.RULES) == set(Kind)
