"""Undoing a load from the list of loads: asked, looked at, approved, and kept in a list of its own."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from plotly.utils import PlotlyJSONEncoder

from config.permissions import PERMISSIONS, Role
from data.cubes import Cubes, Shelf
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from etl import asked
from etl.refresh import refresh
from pages import data_loads, data_questions, data_undo
from pages.data_questions import View
from pages.registry import TABLES
from pages.table import ListTable
from state.store import Store
from tests.feeds import Piece, load, settings_of
from tests.worlds import deal, world


def words(parts: object) -> str:
    return json.dumps(parts, cls=PlotlyJSONEncoder)


@pytest.fixture
def administrator() -> Viewer:
    return Viewer("Ann", Role.ADMINISTRATOR, frozenset(PERMISSIONS[Role.ADMINISTRATOR]))


def test_a_load_is_undone_from_the_list(tmp_path: Path, administrator: Viewer) -> None:
    settings = settings_of(tmp_path)
    piece = next(p for p in deal(world(3, 12, 1, days=20), 3, 1) if p.source == "mailer")
    (first,) = load(settings, [piece])
    load(settings, [Piece("mailer", 7, piece.rows[: len(piece.rows) // 2])])
    refresh(settings)
    store, lake = Store(settings.state), Lake(settings.lake)
    cubes = Shelf(lake).current()

    def panel(viewer: Viewer = administrator) -> str:
        return words(data_loads.panel_of(View(), viewer, cubes, store))

    def ask(do: str, number: object, viewer: Viewer = administrator) -> str:
        return words(data_undo.act({"do": do, "id": str(number)}, viewer, cubes, store))

    manager = Viewer("a manager", Role.MANAGER, frozenset(PERMISSIONS[Role.MANAGER]))
    assert "data-undo-do" in panel()
    assert "data-undo-do" not in panel(manager)
    part = Viewer("Cy", Role.ADMINISTRATOR, administrator.permissions, Scope(lines=frozenset({"x"})))
    assert "you see a part" in ask("ask", first.load_id, part)
    assert "there no more" in ask("ask", 5)
    assert ask("ask", "1e5") == ask("sell", first.load_id) == "[]"
    assert "being counted" in ask("ask", first.load_id)
    assert "asked for it already" in ask("ask", first.load_id)
    assert data_undo.under_way(store)
    asked.serve(settings)
    assert not data_undo.under_way(store)
    assert "delivered by load 2, too" in panel()
    number = re.search(r'"data-undo-id": "(\d+)"', panel())
    assert number, "the button that undoes carries the number of the undoing"
    assert "being undone" in ask("approve", number[1])
    before = data_loads.mark(View(), cubes, store)
    asked.serve(settings)
    assert data_loads.mark(View(), cubes, store) != before, "the panel is drawn anew"
    assert "Loads that were undone" in panel()
    assert "by Ann" in panel()
    assert "under load 2" in panel()
    assert data_questions.whole(administrator, cubes).waiting == 1
    refresh(settings)
    listed = TABLES["data"]["undone"]
    assert isinstance(listed, ListTable)
    (row,) = listed.listing(administrator, Shelf(lake).current(), {}).rows
    assert row[0] == 1
    assert row[6] == "Ann"


def test_a_record_is_shown_as_its_snapshot_knows_it_until_the_next_run(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    piece = next(p for p in deal(world(11, 12, 1, days=20), 3, 1) if p.source == "records")
    (first,) = load(settings, [piece])
    refresh(settings)
    store, lake = Store(settings.state), Lake(settings.lake)
    one = store.undos.ask(first.load_id, "Ann")
    asked.serve(settings)
    store.undos.approve(one.id, "Ann")
    asked.serve(settings)
    named = {c.name for c in Cubes(lake, lake.latest()).campaigns.values() if c.recorded}
    assert named, "the load is gone, and its snapshot still stands"
    refresh(settings)
    assert not [c for c in Cubes(lake, lake.latest()).campaigns.values() if c.recorded]
