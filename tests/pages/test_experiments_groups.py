"""For whom it works: by attributes told with arms, from released counts, and only where that is fair."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dash._utils import to_json

from app.shelf import Shelf
from config.settings import Settings
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake
from data.viewer import EVERYTHING, Viewer
from insight.experiments import Reading
from pages import experiments_groups
from pages.experiments_groups import NOT_TOLD, RUNS, UNJUDGED, groups
from pages.experiments_questions import experiment, experiments
from pages.experiments_whom import for_whom
from pages.questions import all_of
from pages.registry import TABLES

ALL = Filters(period=Period("all_time"))


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    """Cubes of which nobody has asked: the sample is small, and what is expected of a group is let down."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(experiments_groups, "_least", lambda _cubes: 1.0)
        made = Shelf(Lake(sample.lake)).current()
        for name in made.campaigns:
            groups(name, EVERYTHING, made)
    return made


@pytest.fixture
def manager() -> Viewer:
    return EVERYTHING


def listed(cubes: Cubes, viewer: Viewer) -> list[dict[str, Any]]:
    listing = TABLES["experiments"]["groups"].listing(viewer, cubes, {})  # type: ignore[union-attr]
    return [dict(zip(listing.columns, row, strict=True)) for row in listing.rows]


def test_groups_are_sums_of_what_the_one_door_tells(cubes: Cubes, manager: Viewer) -> None:
    rows = listed(cubes, manager)
    assert rows
    assert len({row["value"] for row in rows}) >= 2
    for row in rows:
        filters = all_of(row["campaign"])
        found = measure(("outcome_rate",), ("month", "arm", row["attribute"]), filters, manager, cubes)
        one = experiment(row["campaign"], manager, cubes)
        assert one is not None
        used = [r for r in found.rows if r.key[2] == row["value"] and r.key[0] in one.cohorts.used]
        sides = {
            control: [r.values["outcome_rate"] for r in used if (r.key[1] == row["control"]) is control]
            for control in (True, False)
        }
        for control, name in ((True, "control_"), (False, "")):
            assert row[f"{name}assigned"] == sum(value.denominator or 0 for value in sides[control])
            assert row[f"{name}with_outcome"] == sum(value.numerator or 0 for value in sides[control])


def test_the_panel_the_file_and_the_corrections_agree(cubes: Cubes, manager: Viewer) -> None:
    told = 0
    for one in experiments(ALL, manager, cubes):
        found = groups(one.campaign.id, manager, cubes)
        rows = [row for row in listed(cubes, manager) if row["campaign"] == one.campaign.id]
        assert [row["value"] for row in rows] == [g.group for by in found.found for g in by.groups]
        if not found.found:
            assert found.why in (UNJUDGED, RUNS, NOT_TOLD)
            continue
        told += 1
        every = [each for by in found.found for each in by.groups]
        assert all(each.found.p <= each.hochberg <= each.holm for each in every)
        assert min(each.holm for each in every) == pytest.approx(
            min(1, len(every) * min(each.found.p for each in every))
        )
        assert all(by.p <= by.adjusted for by in found.found)
        assert one.reading is Reading.FIXED
        panel = str(to_json(for_whom(one.campaign.id, ALL, manager, cubes)))
        assert len(panel.encode()) < 15_000
        assert all(f"{abs(100 * each.found.estimate):.2f}" in panel for each in every)
        assert ("differs beyond chance" in panel) is any(by.differs for by in found.found)
        assert ("No evidence that it differs" in panel) is not any(by.differs for by in found.found)
    assert told >= 1


def test_nothing_by_group_where_the_whole_has_no_verdict(cubes: Cubes, manager: Viewer) -> None:
    seen = 0
    for one in experiments(ALL, manager, cubes):
        if one.judged is None:
            found = groups(one.campaign.id, manager, cubes)
            assert (found.found, found.why) == ((), UNJUDGED)
            assert for_whom(one.campaign.id, ALL, manager, cubes) == []
            seen += 1
    assert seen


def test_nothing_by_group_while_a_campaign_runs(
    sample: Settings, manager: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Shelf(Lake(sample.lake)).current()
    one = experiment("flu-2025", manager, made)
    assert one is not None
    running = replace(one, reading=Reading.SEQUENTIAL)
    monkeypatch.setattr(experiments_groups, "experiment", lambda *_: running)
    assert groups("flu-2025", manager, made).why == RUNS


def test_of_the_pair_that_is_told_one_attribute_alone_is_told_by_arm(cubes: Cubes) -> None:
    views = set(cubes.views)
    assert {"age_band|arm", "arm|segment", "arm|sex"} <= views
    assert "arm|region" not in views


def test_a_group_that_chance_may_hide_is_left_out(sample: Settings, manager: Viewer) -> None:
    """A month of 11 expected outcomes is withheld every other time, one of 21 once in a thousand times."""
    made = Shelf(Lake(sample.lake)).current()
    assert groups("flu-2025", manager, made).why == NOT_TOLD
