"""Lineage names exactly the loads that told of something, and shows nothing that few stand behind."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from data import lineage
from data.catalogue import catalogue
from data.cubes import Cubes, Shelf
from data.metrics import METRICS, metric
from data.snapshot import Lake
from etl import models
from etl.refresh import refresh
from tests.feeds import load, settings_of
from tests.worlds import deal, world


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A lake that grew in three runs."""
    made = settings_of(tmp_path_factory.mktemp("lineage"))
    pieces = deal(world(5, 40, 2, days=60, busy=1.5), 5, 3)
    third = len(pieces) // 3 + 1
    for at in range(0, len(pieces), third):
        load(made, pieces[at : at + third])
        refresh(made)
    return made


def _month(day: int | None) -> int:
    if day is None:
        return 0
    found = date(1970, 1, 1) + timedelta(days=day)
    return found.year * 100 + found.month


def test_lineage_counts_the_messages_that_each_load_told_of(grown: Settings) -> None:
    lake = Lake(grown.lake)
    told = lake.frame("lineage", lake.latest().versions["lineage"])
    messages = {row["message_id"]: row for row in lake.frame("messages").iter_rows(named=True)}
    pairs = set(lake.frame("events").select("load_id", "message_id").iter_rows())
    expected: Counter[tuple[object, ...]] = Counter()
    for load_id, message in pairs:
        row = messages[message]
        expected[load_id, row["campaign"], row["channel"], _month(row["send_day"])] += 1
    names = ("load_id", "campaign", "channel", "month", "behind")
    found = told.filter(told["kind"] == "messages").select(names).iter_rows()
    assert {row[:-1]: row[-1] for row in found} == dict(expected)


def test_lineage_counts_the_members_behind_what_else_was_stated(grown: Settings) -> None:
    lake = Lake(grown.lake)
    told = lake.frame("lineage", lake.latest().versions["lineage"])
    people: dict[tuple[object, ...], set[int]] = {}
    for row in lake.frame("assignments").iter_rows(named=True):
        key = (row["load_id"], row["campaign"], _month(row["assigned_day"]))
        people.setdefault(key, set()).add(row["member"])
    found = told.filter(told["kind"] == "assignments").select("load_id", "campaign", "month", "behind")
    assert {row[:-1]: row[-1] for row in found.iter_rows()} == {k: len(v) for k, v in people.items()}


def test_what_few_stand_behind_is_not_shown_and_no_number_is(grown: Settings) -> None:
    cubes = Shelf(Lake(grown.lake)).current()
    version = cubes.snapshot.versions["lineage"]
    told = cubes.lake.frame("lineage", version)
    small = told.filter((told["behind"] < grown.threshold) & (told["kind"] != "records"))
    assert not small.is_empty(), "the world has parts that few stand behind"
    frame = lineage.shown(cubes)
    assert "behind" not in frame.columns
    assert frame.join(small, on=frame.columns, how="semi").is_empty()


def test_a_figure_is_traced_to_the_files_that_hold_its_rows(sample: Settings) -> None:
    cubes = Shelf(Lake(sample.lake)).current()
    known = catalogue(cubes)
    files = dict(known.loads.select("load_id", "source").iter_rows())

    def sources(name: str, campaign: str, channel: str = "", month: int = 0) -> set[str]:
        asked = lineage.Asked(metric(name), campaign, channel, month)
        return {files[part.load_id] for part in lineage.parts(asked, cubes, known)}

    campaign = _texted(cubes)
    assert "sample_sms" in sources("delivered", campaign, "sms")
    assert "sample_email" not in sources("delivered", campaign, "sms")
    assert "sample_members" in sources("members_delivered", campaign, "sms")
    assert sources("delivered", campaign, "sms", 190001) == set()
    for part in lineage.touched(next(iter(files)), cubes):
        assert part.campaign in {"", *cubes.campaigns}


def _texted(cubes: Cubes) -> str:
    frame = lineage.shown(cubes)
    return str(frame.filter((frame["channel"] == "sms") & (frame["kind"] == "messages"))["campaign"][0])


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_names_the_models_it_comes_from(name: str) -> None:
    made = lineage.made_by(METRICS[name])
    assert set(made) <= set(models.NAMES)
    assert list(made) == sorted(made, key=models.NAMES.index), "in the order in which they run"
    assert lineage.kinds_of(METRICS[name])


def test_a_lake_of_an_earlier_version_is_filled_by_its_next_run(grown: Settings, tmp_path: Path) -> None:
    made = settings_of(tmp_path)
    pieces = deal(world(5, 40, 1, days=20), 5, 2)
    load(made, pieces[:2])
    first = refresh(made).snapshot
    first.versions.pop("lineage")
    from etl import refresh as running

    known = running.Writer.latest
    try:
        running.Writer.latest = lambda self: first  # type: ignore[method-assign]
        load(made, pieces[2:])
        refresh(made)
    finally:
        running.Writer.latest = known  # type: ignore[method-assign]
    lake = Lake(made.lake)
    names = ("load_id", "kind", "campaign", "channel", "outcome", "month")
    anew = lake.frame("lineage", lake.latest().versions["lineage"]).sort(names)
    refresh(made, rebuild=True)
    again = lake.frame("lineage", lake.latest().versions["lineage"]).sort(names)
    assert anew.equals(again)
