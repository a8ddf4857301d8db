"""Value per assigned member: the counts that the one door tells, times the value that the record declares."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from plotly.utils import PlotlyJSONEncoder

from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.viewer import Viewer
from insight.experiments import Arm, difference
from insight.experiments.intervals import newcombe, wilson
from insight.experiments.worth import gained, mean
from pages import experiments_worth
from pages.compare_ranks import record
from pages.experiments_effect import effect
from pages.experiments_questions import Experiment, experiments
from pages.experiments_worth import NO_VALUE, PART, SEVERAL, panel_part, spanned, worth
from pages.questions import all_of
from pages.registry import TABLES

ALL = Filters(period=Period("all_time"))


def judged(cubes: Cubes, viewer: Viewer) -> list[Experiment]:
    return [one for one in experiments(ALL, viewer, cubes) if one.judged is not None]


def test_a_value_that_all_outcomes_have_is_the_rate_in_another_unit() -> None:
    """Newcombe 1998, table II, case (a): 56 of 70 against 48 of 80, method 10: 0.0524 to 0.3339."""
    treated, control = Arm("Outreach", 70, 56), Arm("Holdout", 80, 48, control=True)
    found = gained(difference(treated, control), 50.0)
    assert (found.estimate, found.low, found.high) == pytest.approx((10, 2.62, 16.695), abs=0.003)
    one = mean(treated, 50.0)
    low, high = wilson(56, 70)
    assert (one.low, one.estimate, one.high) == pytest.approx((50 * float(low), 40, 50 * float(high)))
    assert one.less(3).low == pytest.approx(one.low - 3)


def test_a_negative_value_turns_the_ends_around() -> None:
    found = gained(difference(Arm("Outreach", 70, 56), Arm("Holdout", 80, 48, control=True)), -1.0)
    assert found.low < found.estimate < found.high < 0


def test_every_figure_follows_from_what_the_one_door_tells(cubes: Cubes, manager: Viewer) -> None:
    net = 0
    for one in judged(cubes, manager):
        value = record(one.campaign).get("value")
        for each in worth(one, manager, cubes):
            assert value
            assert each.treated.estimate == pytest.approx(value * each.arm.hits / each.arm.n)
            low, high = newcombe(each.arm.hits, each.arm.n, each.control.hits, each.control.n)
            if one.reading is not None and one.reading.value == "fixed horizon":
                assert (each.gain.low, each.gain.high) == pytest.approx((value * low, value * high))
            if each.net is None:
                assert each.why
                continue
            cost = measure(("cost",), (), all_of(one.campaign.id), manager, cubes).one("cost").value
            assert cost is not None
            assert each.gain.estimate - each.net.estimate == pytest.approx(cost / each.arm.n)
            net += 1
    assert net


def test_the_panel_and_the_file_say_the_same(cubes: Cubes, manager: Viewer) -> None:
    listing = TABLES["experiments"]["worth"].listing(manager, cubes, {})  # type: ignore[union-attr]
    rows = [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]
    assert rows
    for one in judged(cubes, manager):
        own = [row for row in rows if row["campaign"] == one.campaign.id]
        shown = json.dumps(effect(one.campaign.id, ALL, manager, cubes, "light"), cls=PlotlyJSONEncoder)
        assert len(shown.encode()) < 15_000
        found = worth(one, manager, cubes)
        assert [row["difference"] for row in own] == [each.gain.estimate for each in found]
        for each in found:
            assert json.dumps(spanned(each.gain))[1:-1] in shown or spanned(each.gain) in shown


def test_without_a_value_or_a_cost_it_says_so(
    cubes: Cubes, manager: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = judged(cubes, manager)[0]
    waiting = replace(one, cohorts=replace(one.cohorts, waiting=1))
    several: Any = replace(one.cohorts, arms=(*one.cohorts.arms, Arm("Another", 10, 1)))
    if len(one.cohorts.treated) == 1:
        assert worth(waiting, manager, cubes)[0].why == PART
    assert worth(replace(one, cohorts=several), manager, cubes)[0].why == SEVERAL
    monkeypatch.setattr(experiments_worth, "record", lambda _campaign: {})
    assert worth(one, manager, cubes) == ()
    assert NO_VALUE in str(panel_part(one, manager, cubes))
