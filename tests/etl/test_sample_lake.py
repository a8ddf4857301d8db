"""The sample's truths are found again in the lake: raw files, importer and models agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.settings import Settings
from data.snapshot import Lake
from etl.refresh import refresh
from etl.sample import generate
from etl.setup import import_manifest

STAGES = (
    "sent", "delivered", "bounced", "failed", "suppressed", "opened", "opened_human",
    "clicked", "replied", "opt_out", "complaint", "returned",
)  # fmt: skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lake, dict[str, Any]]:
    folder: Path = tmp_path_factory.mktemp("plan")
    settings = Settings(var=folder / "var")
    manifest = generate(folder / "sample", members=4_000, campaigns=24, days=400, seed=11)
    import_manifest(settings, manifest.folder / "manifest.toml", lambda line: None)
    refresh(settings)
    return Lake(settings.lake), json.loads(manifest.truth.read_text())


def test_every_message_count_of_the_lake_is_the_planted_one(told: tuple[Lake, dict[str, Any]]) -> None:
    lake, truth = told
    counts = (
        lake.frame("messages")
        .group_by("campaign", "channel")
        .agg(pl.col(f"{stage}_us").count().alias(stage) for stage in STAGES)
    )
    found = {(row["campaign"], row["channel"]): row for row in counts.to_dicts()}
    for one in truth["messages"]:
        row = found.pop((one["campaign"], one["channel"]))
        planted = {stage: one.get(stage, 0) for stage in STAGES}
        assert {stage: row[stage] for stage in STAGES} == planted, one
    assert not found


def test_every_outcome_rate_of_the_lake_is_the_planted_one(told: tuple[Lake, dict[str, Any]]) -> None:
    lake, truth = told
    cells, terms = lake.frame("cells"), lake.frame("terms").filter("main")
    by = ["campaign", "arm"]
    assigned = cells.filter(pl.col("kind") == "assignment").group_by(by).agg(pl.col("assigned").sum())
    happened = (
        cells.filter(pl.col("kind") == "outcome")
        .join(terms, on=["campaign", "outcome"], how="semi")
        .group_by(by)
        .agg(pl.col("with_outcome").sum())
    )
    recorded = {one["campaign"] for one in truth["campaigns"] if one["recorded"]}
    rates = assigned.join(happened, on=by, how="left").fill_null(0)
    found = {
        (row["campaign"], row["arm"]): (row["assigned"], row["with_outcome"]) for row in rates.to_dicts()
    }
    planted = [one for one in truth["effects"] if one["assigned"] and one["campaign"] in recorded]
    assert len(planted) > 30
    for one in planted:
        assert found[one["campaign"], one["arm"]] == (one["assigned"], one["known"]), one


def test_a_planned_campaign_is_a_record_and_nothing_else(told: tuple[Lake, dict[str, Any]]) -> None:
    lake, _ = told
    assert "mammogram-2027-co" in lake.frame("campaigns")["campaign"]
    assert "mammogram-2027-co" not in lake.frame("cells")["campaign"]
