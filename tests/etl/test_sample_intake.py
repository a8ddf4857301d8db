"""The sample enters by the same door as real data, and exactly its planted dirt is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from data.identify import Pseudonyms
from etl.intake import Batch, read
from etl.sample import generate
from etl.sample.plan import ZONE
from etl.sample.spoil import DIRT
from etl.sources.toml import load_mapping


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Batch]:
    folder = tmp_path_factory.mktemp("sample")
    manifest = generate(folder, members=8_000, campaigns=24, days=400, seed=3)
    pseudonyms = Pseudonyms(b"s" * 32)
    return {
        file.name: read(file, load_mapping(mapping), pseudonyms, ZONE) for file, mapping in manifest.files
    }


@pytest.fixture(scope="module")
def files(batches: dict[str, Batch]) -> dict[str, dict]:
    folder = Path(batches["members.csv"].folder)
    return json.loads((folder / "truth.json").read_text())["files"]


@pytest.mark.parametrize("name", sorted(DIRT))
def test_exactly_the_planted_rows_are_refused(
    batches: dict[str, Batch], files: dict[str, dict], name: str
) -> None:
    refused = batches[name].refused
    found = set(zip(refused["row"], [one or "" for one in refused["column"]], strict=True))
    planted = {(row, column) for column, rows in files[name]["refused"].items() for row in rows}
    assert planted
    assert found == planted


@pytest.mark.parametrize("name", sorted(DIRT))
def test_rows_are_counted_and_left_out_by_rule_as_planted(
    batches: dict[str, Batch], files: dict[str, dict], name: str
) -> None:
    batch, told = batches[name], files[name]
    reasons = batch.skipped["reason"].to_list()
    assert batch.rows_in == told["rows"]
    assert {one: reasons.count(one) for one in reasons} == {k: n for k, n in told["skipped"].items() if n}


def test_every_file_with_rows_is_dirty_and_the_rules_leave_something_out(files: dict[str, dict]) -> None:
    assert files.keys() == DIRT.keys()
    assert all(files["email_events.csv"]["skipped"].values())


def test_every_source_says_that_it_is_synthetic(batches: dict[str, Batch]) -> None:
    assert all(batch.synthetic for batch in batches.values())


def test_sources_claim_what_they_report_and_nothing_else(batches: dict[str, Batch]) -> None:
    assert {"sent", "delivered", "failed", "cost"} <= batches["sms_log.csv"].provides
    assert "opened" not in batches["sms_log.csv"].provides
    assert {"machine", "opened", "clicked", "suppressed"} <= batches["email_events.csv"].provides
    assert {"holdout", "assigned", "eligible"} <= batches["assignments.csv"].provides
    assert "outcome:flu_shot" in batches["claims.csv"].provides
    assert batches["history.csv"].tables.keys() == {"aggregates"}


def test_campaign_records_are_all_sound(batches: dict[str, Batch]) -> None:
    assert batches["campaigns.toml"].refused.is_empty()
    assert batches["campaigns.toml"].tables["campaigns"].height == 23


def test_rows_of_the_listed_but_not_assigned_have_no_arm(batches: dict[str, Batch]) -> None:
    listed = batches["assignments.csv"].tables["assignments"]
    assert listed.filter(~listed["assigned"])["arm"].is_null().all()
    assert listed.filter(listed["assigned"])["arm"].is_not_null().all()
