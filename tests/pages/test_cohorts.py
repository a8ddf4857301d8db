"""Cohorts and their nowcast, through the real lake: against the truths of a sample whose claims come late."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest

from config.settings import Settings
from data.answer import Status
from data.cubes import Cubes
from data.filters import Filters
from data.periods import Period
from data.viewer import Viewer
from etl.sample.plan import Plan
from etl.sample.world import World, make_world
from exports.tables import sheet_of
from insight.nowcast import known_by, nowcast
from pages import campaign_cohorts, cohorts
from state.store import Store
from tests.drawn import words
from ui.numbers import percent


def of(campaign: str) -> Filters:
    return Filters(period=Period("all_time"), compare="none", campaign=(campaign,))


@pytest.fixture(scope="module")
def truth(sample: Settings) -> list[dict[str, Any]]:
    text = (sample.var.parent / "raw" / "truth.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)["effects"]
    return found


def chance(truth: list[dict[str, Any]], campaign: str) -> float:
    arms = [one for one in truth if one["campaign"] == campaign]
    return float(
        sum(one["expected_rate"] * one["assigned"] for one in arms) / sum(one["assigned"] for one in arms)
    )


def known(truth: list[dict[str, Any]], campaign: str) -> float:
    arms = [one for one in truth if one["campaign"] == campaign]
    return float(sum(one["known"] for one in arms) / sum(one["assigned"] for one in arms))


def cast(cubes: Cubes, viewer: Viewer) -> list[tuple[str, float, float]]:
    """Campaign, lower and upper end of every nowcast that is told of a cohort that is not complete."""
    found = []
    for name in cubes.campaigns:
        for row in cohorts.cohorts(of(name), viewer, cubes).rows:
            low, high = row.values["final_rate_low"].value, row.values["final_rate_high"].value
            if not cohorts.is_complete(int(str(row.key[0])), of(name), cubes) and low is not None:
                assert high is not None
                found.append((name, low, high))
    return found


def test_no_nowcast_of_the_sample_misses_what_had_happened_by_its_last_day(
    truth: list[dict[str, Any]], cubes: Cubes, manager: Viewer
) -> None:
    for name, low, high in cast(cubes, manager):
        assert low <= max(chance(truth, name), known(truth, name)) <= high


def past_and_final(world: World, place: int) -> tuple[np.ndarray, np.ndarray]:
    """Days from assignment to service, and to the report of it, of a campaign's members with the outcome."""
    audience = world.audiences[place]
    mine = pl.DataFrame(
        {"member": audience.member[audience.assigned], "day": audience.day[audience.assigned]}
    )
    program = audience.campaign.template.program
    window = audience.campaign.program.window_days
    met = (
        world.outcomes.filter(program=program)
        .join(mine, on="member")
        .with_columns(service=pl.col("service") - pl.col("day"), received=pl.col("received") - pl.col("day"))
        .filter(pl.col("service").is_between(0, window))
        .sort("service")
        .unique("member", keep="first", maintain_order=True)
    )
    return met["service"].to_numpy(), met["received"].to_numpy()


def test_the_planted_lag_is_covered_at_the_nominal_rate_at_every_age() -> None:
    """Complete campaigns of a larger sample, looked at as they stood at ages at which claims were to come."""
    world = make_world(Plan(members=30_000, campaigns=24, days=400, seed=5))
    mature = {one.campaign for one in world.truths if one.mature and one.assigned >= 200}
    places = [n for n, one in enumerate(world.audiences) if one.campaign.id in mature]
    covered, narrow = [], 0
    for place in places:
        campaign, members = world.audiences[place].campaign, int(world.audiences[place].assigned.sum())
        window, lag = campaign.program.window_days, campaign.program.lag_days
        alike = [n for n in places if n != place and world.audiences[n].campaign.program is campaign.program]
        past = [service for n in alike for service in past_and_final(world, n)[0]]
        if len(past) < cohorts.LEAST_PAST:
            continue
        delays = cohorts.delays_of(past, window)
        service, received = past_and_final(world, place)
        for age in range(window // 2, window + lag, max(1, lag // 4)):
            found = nowcast(members, int((received <= age).sum()), known_by(delays, age, age, lag))
            if found is not None:
                covered.append(found.low <= len(service) / members <= found.high)
                narrow += found.high < 2 * found.low
    assert len(covered) >= 20
    assert np.mean(covered) >= 0.95
    assert narrow >= len(covered) / 4, "a range that says nothing covers everything"


def test_a_complete_cohort_is_told_as_it_is(cubes: Cubes, manager: Viewer) -> None:
    for row in cohorts.cohorts(of("flu-2025"), manager, cubes).rows:
        assert cohorts.is_complete(int(str(row.key[0])), of("flu-2025"), cubes)
        assert row.values["final_rate"] == row.values["outcome_rate"]
        assert row.values["known_share"].value == 1


def test_a_cohort_that_is_not_complete_is_drawn_as_such(cubes: Cubes, manager: Viewer) -> None:
    said = words(campaign_cohorts.by_month(of("flu-2026-ma"), manager, cubes))
    assert "still to come" in said
    assert "hatched" in said or "withheld" in said
    assert "hatched" not in words(campaign_cohorts.by_month(of("flu-2025"), manager, cubes))


def test_what_is_withheld_of_a_cohort_has_no_nowcast(cubes: Cubes, manager: Viewer) -> None:
    for name in cubes.campaigns:
        for row in cohorts.cohorts(of(name), manager, cubes).rows:
            rate = row.values["outcome_rate"]
            if rate.status is not Status.RELEASED and not cohorts.is_complete(
                int(str(row.key[0])), of(name), cubes
            ):
                assert row.values["final_rate"].value is None
                assert row.values["final_rate"].reason


def test_the_file_has_the_table(cubes: Cubes, manager: Viewer, tmp_path: Any) -> None:
    store = Store(f"sqlite:///{tmp_path / 'state.db'}")
    query = {"campaign": "flu-2025", "period": "all_time"}
    sheet = sheet_of("campaign", "cohorts", query, manager, cubes, store)
    rows = [row for frame in sheet.batches() for row in frame.iter_rows(named=True)]
    shown = words(campaign_cohorts.by_month(of("flu-2025"), manager, cubes))
    final = [row["value"] for row in rows if row["metric"] == "outcome_rate"]
    assert final
    assert all(percent(value) in shown for value in final)
    assert {row["complete"] for row in rows if row["metric"] == "final_rate"} == {True}


def test_under_a_channel_there_are_no_cohorts(cubes: Cubes, manager: Viewer) -> None:
    filters = Filters(period=Period("all_time"), campaign=("flu-2025",), channel=("email",))
    assert "no channel" in words(campaign_cohorts.by_month(filters, manager, cubes))
