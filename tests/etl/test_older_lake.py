"""A lake that an earlier version filled: pages open, and the next run makes anew what lacks a column."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable, write_deltalake

from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake
from data.viewer import EVERYTHING
from etl import models
from etl.commit import Writer
from etl.refresh import refresh
from tests.feeds import load, settings_of
from tests.lakes import differences, state
from tests.worlds import deal, world

LATER = {"cells": ["slot", "engaged", "behind_engaged"], "released": ["engaged"]}


def test_a_lake_of_before_is_read_and_made_anew_by_the_next_run(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, deal(world(3, 60, 1, days=10), 1, 1))
    refresh(settings)
    today = state(settings)
    lake = Lake(settings.lake)
    make_older(lake)
    cubes = Cubes(lake, lake.latest())
    everything = Filters(period=Period("all_time"))
    answer = measure(["sent", "engaged"], (), everything, EVERYTHING, cubes)
    assert answer.one("sent").value
    assert not answer.one("engaged").value
    assert refresh(settings).changed, "without news, only because a column is lacking"
    assert not differences(today, state(settings))
    assert not refresh(settings).changed


def test_what_an_earlier_rule_told_is_not_told_until_the_next_run_decides_anew(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, deal(world(3, 60, 1, days=10), 1, 1))
    refresh(settings)
    lake = Lake(settings.lake)
    last = lake.snapshots().row(-1, named=True)
    terms = {name: value for name, value in json.loads(last["terms"]).items() if name != "rule"}
    older = {**last, "snapshot": last["snapshot"] + 1, "terms": json.dumps(terms)}
    Writer(lake.root).append("snapshots", pl.DataFrame([older]))
    everything = Filters(period=Period("all_time"))
    asked = (["sent"], (), everything, EVERYTHING)
    assert not measure(*asked, Cubes(lake, lake.latest())).one("sent").value
    assert refresh(settings).changed
    assert measure(*asked, Cubes(lake, lake.latest())).one("sent").value


def test_what_other_models_made_is_made_anew_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path)
    load(settings, deal(world(3, 60, 1, days=10), 1, 1))
    real, name = models.sql, "assignment_cells"
    other = real(name).replace("a.contactable and coalesce(a.eligible, true)", "true")
    assert other != real(name)
    with monkeypatch.context() as patch:
        patch.setattr(models, "sql", lambda asked: other if asked == name else real(asked))
        patch.setattr(models, "digest", lambda: "another")
        refresh(settings)
    before = state(settings)
    assert refresh(settings).changed, "without news, only because the models are others"
    today = state(settings)
    assert differences(before, today)
    assert not refresh(settings).changed
    refresh(settings, rebuild=True)
    assert not differences(today, state(settings))


def make_older(lake: Lake) -> None:
    """Take columns away that came later, as the last snapshot's own state."""
    last = lake.snapshots().row(-1, named=True)
    versions = json.loads(last["versions"])
    for name, columns in LATER.items():
        rows = lake.frame(name, versions[name]).drop(columns)
        if name == "cells":
            rows = rows.filter(pl.col("kind").is_in(["message", "assignment", "outcome", "aggregate"]))
        table = DeltaTable(lake.path(name))
        write_deltalake(table, rows.to_arrow(), mode="overwrite", schema_mode="overwrite")
        versions[name] = table.version()
    older = {**last, "snapshot": last["snapshot"] + 1, "versions": json.dumps(versions)}
    Writer(lake.root).append("snapshots", pl.DataFrame([older]))
