"""Tables as documents: value for value what the page and its file say, and the days themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.cubes import Cubes
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from documents.model import Notes, Table
from exports.tables import FiltersRefused, NoSuchTable, sheet_of
from reports import frozen
from reports.anew import anew, as_of
from reports.issue import issue
from state.store import Store
from tests.places import CAMPAIGN

ANALYST = Viewer("Demo analyst", "analyst", frozenset(PERMISSIONS[Role.ANALYST]))
QUERY = {"period": "last_3_months"}


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    lake = Lake(sample.lake)
    return Cubes(lake, lake.latest())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'state.db'}")
    yield made
    made.close()


@pytest.mark.parametrize("name", ["channels", "trend", "campaigns"])
def test_a_table_says_what_its_file_says(cubes: Cubes, store: Store, name: str) -> None:
    made = frozen.of_table("overview", name, QUERY, ANALYST, cubes, store, "The plan")
    (block,) = made.blocks
    assert isinstance(block, Table)
    ours = [
        (column.name, value.value, value.numerator, value.denominator, value.status)
        for row in block.rows
        for column, value in zip(block.columns[1:], row.values, strict=True)
    ]
    frames = sheet_of("overview", name, QUERY, ANALYST, cubes, store).batches()
    theirs = [
        row
        for frame in frames
        for row in frame.select("metric", "value", "numerator", "denominator", "status").iter_rows()
    ]
    assert len(ours) > 4
    assert ours == theirs


def test_last_months_stay_those_of_then_when_they_are_asked_again(cubes: Cubes, store: Store) -> None:
    settings = Settings(plan="The plan")
    made = frozen.of_table("overview", "trend", QUERY, ANALYST, cubes, store, "The plan")
    told = issue(made, ANALYST, store, today=cubes.today)
    later = as_of(cubes, cubes.today + 40)
    assert later.today == cubes.today + 40
    elsewhere = frozen.of_table("overview", "trend", QUERY, ANALYST, later, store, "The plan")
    assert elsewhere.blocks != made.blocks
    again = anew(told, ANALYST, later, store, settings)
    assert again is not None
    assert again.blocks == made.blocks


def test_a_print_has_all_tables_of_its_page_and_a_page_without_has_none(cubes: Cubes, store: Store) -> None:
    made = frozen.of_page("campaign", "Campaigns", {"campaign": CAMPAIGN}, ANALYST, cubes, store, "Plan")
    assert made is not None
    assert {"steps", "channels"} <= {block.name for block in made.blocks if isinstance(block, Table)}
    assert frozen.of_page("ledger", "Ledger", {}, ANALYST, cubes, store, "Plan") is None


def test_nothing_is_frozen_that_may_not_be_seen(cubes: Cubes, store: Store) -> None:
    manager = Viewer("Demo manager", "manager", frozenset(PERMISSIONS[Role.MANAGER]))
    with pytest.raises(NoSuchTable):
        frozen.of_table("data", "loads", {}, manager, cubes, store, "Plan")
    assert frozen.of_page("data", "Data", {}, manager, cubes, store, "Plan") is None
    nowhere = Viewer("X", "analyst", ANALYST.permissions, Scope(programs=frozenset(("None",))))
    with pytest.raises(FiltersRefused):
        frozen.of_table("campaign", "channels", {"campaign": CAMPAIGN}, nowhere, cubes, store, "Plan")


def test_a_table_that_is_too_long_is_refused_in_words(
    cubes: Cubes, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen, "MOST", 10)
    with pytest.raises(frozen.TooLong, match="more than a report keeps"):
        frozen.of_table("overview", "channels", QUERY, ANALYST, cubes, store, "Plan")
    made = frozen.of_page("overview", "Overview", QUERY, ANALYST, cubes, store, "Plan")
    assert made is not None
    assert isinstance(made.blocks[-1], Notes)
    assert "By channel: " in " ".join(made.blocks[-1].items)
