"""A desk for intake tests: a mapping and a file as texts, read through the true path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from data.identify import Pseudonyms
from data.tables import TABLES
from etl.intake import Batch, read
from etl.sources.toml import load_mapping

ZONE = "America/New_York"
SECRET = b"a secret of the tests, 32 bytes."


@pytest.fixture
def pseudonyms() -> Pseudonyms:
    return Pseudonyms(SECRET)


@pytest.fixture
def accounted() -> Callable[[Batch], Batch]:
    """Checks that every row is in exactly one of: refused, skipped, in at least one table."""
    return assert_accounted


@pytest.fixture
def intake(tmp_path: Path, pseudonyms: Pseudonyms) -> Callable[..., Batch]:
    """intake(mapping, rows, file="rows.csv", zone=...) -> Batch; further keywords are CSV files beside it."""

    def run(
        mapping: str, rows: str | bytes, file: str = "rows.csv", zone: str = ZONE, **beside: str
    ) -> Batch:
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        raw = rows if isinstance(rows, bytes) else rows.encode()
        (tmp_path / file).write_bytes(raw)
        for name, text in beside.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return assert_accounted(
            read(tmp_path / file, load_mapping(tmp_path / "mapping.toml"), pseudonyms, zone)
        )

    return run


def assert_accounted(batch: Batch) -> Batch:
    refused, skipped = batch.refused["row"].to_list(), batch.skipped["row"].to_list()
    tables = {row for frame in batch.tables.values() for row in frame["row"]}
    assert len(refused) == len(set(refused))
    assert len(skipped) == len(set(skipped))
    assert not set(refused) & set(skipped)
    assert not (set(refused) | set(skipped)) & tables
    assert set(refused) | set(skipped) | tables == set(range(1, batch.rows_in + 1))
    for name, frame in batch.tables.items():
        must = [one.name for one in TABLES[name].columns if one.required and one.name in frame.columns]
        assert sum(frame[one].null_count() for one in must) == 0, f"{name} lacks what it must have"
    return batch
