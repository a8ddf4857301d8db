"""What moved since a report, on a real lake: late outcomes, a load undone, a definition; it adds up."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from plotly.utils import PlotlyJSONEncoder
from pydantic import SecretStr

from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data import metrics
from data.cubes import Cubes
from data.metrics import DEFINED
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from documents.compared import SEPARATOR, labels_of, values_of
from documents.model import Document
from documents.moves import Cause, Moved, Part, moved
from etl import publish
from etl.door import import_file
from etl.refresh import refresh
from etl.undo import undo
from exports.formats import Written, pieces
from exports.tables import NoSuchTable, sheet_of
from pages.reports_moved import SHOWN, _difference, _size, panel_of
from reports import frozen, issue
from reports import moved as moving
from reports.anew import anew, asker_of
from reports.moved import catch_up
from state.store import Store, store_of
from ui.numbers import count

ANALYST = Viewer("Demo analyst", "analyst", frozenset(PERMISSIONS[Role.ANALYST]))
QUERY = {"period": "last_12_months"}
OTHER = "0ther000"


@dataclass
class World:
    """A lake of its own, and what happens to it."""

    settings: Settings
    store: Store

    def cubes(self) -> Cubes:
        lake = Lake(self.settings.lake)
        return Cubes(lake, lake.latest())

    def load_most_of(self, name: str) -> None:
        """Load a file anew, without the last tenth of its rows."""
        raw = self.settings.var.parent / "raw"
        lines = (raw / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        (raw / "most.csv").write_text("".join(lines[: len(lines) * 9 // 10]), encoding="utf-8")
        listed = tomllib.loads((raw / "manifest.toml").read_text(encoding="utf-8"))["file"]
        (mapping,) = [one["mapping"] for one in listed if one["path"] == f"{name}.csv"]
        import_file(self.settings, raw / "most.csv", raw / mapping)
        refresh(self.settings)

    def undo(self, name: str) -> None:
        loads = Lake(self.settings.lake).frame("loads").filter(pl.col("file_name") == f"{name}.csv")
        undo(self.settings, loads["load_id"].item(), "Ann")
        refresh(self.settings)

    def catch_up(self, told: Document) -> list[Moved]:
        report = self.store.reports.get(told.id)
        assert report is not None
        moves = catch_up(report, told, self.cubes(), self.store, self.settings)
        then = {key: value.value for key, value in values_of(told).items()}
        return moved(then, [(Cause(one.cause), one.changes) for one in moves])

    def adds_up(self, told: Document, found: list[Moved]) -> None:
        """Every figure of the report is, today, what it was told plus the parts."""
        report = self.store.reports.get(told.id)
        assert report is not None
        made = anew(told, asker_of(report), self.cubes(), self.store, self.settings)
        assert made is not None
        now = {key: value.value for key, value in values_of(made).items()}
        parts = {one.key: one for one in found}
        assert len(now) > 40
        for key, value in values_of(told).items():
            if key not in parts:
                assert now.get(key) == value.value, key
                continue
            assert parts[key].now == now.get(key)
            if not parts[key].untold:
                assert sum(parts[key].parts.values()) == pytest.approx(parts[key].difference, abs=1e-9)
        self.files_say(told, found)

    def files_say(self, told: Document, found: list[Moved]) -> None:
        """The CSV has a row per figure and step; its changes add up, and by cause they are the screen's."""
        cubes, of = self.cubes(), {"report": told.id}
        sheet = sheet_of("reports", "moved", of, ANALYST, cubes, self.store)
        rows = pl.read_csv(b"".join(pieces(sheet, "csv", Written()))).to_dicts()
        labels = labels_of(told)
        by: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by[row["figure"]].append(row)
        assert set(by) == {labels[one.key] for one in found}
        for one in (one for one in found if not one.untold):
            own = by[labels[one.key]]
            assert {(row["then"], row["now"]) for row in own} == {(one.then, one.now)}
            assert sum(row["change"] for row in own) == pytest.approx(own[0]["difference"], abs=1e-9)
            assert own[0]["difference"] == pytest.approx(one.difference, abs=1e-9)
            causes = {row["cause"] for row in own if row["change"]}
            assert causes >= {cause.value for cause in one.parts}
            for cause, part in one.parts.items():
                told_as = sum(row["change"] for row in own if row["cause"] == cause.value)
                assert told_as == pytest.approx(part, abs=1e-9)
        report = self.store.reports.get(told.id)
        assert report is not None
        moves = self.store.reports.moves(told.id)
        panel = panel_of(report, told, moves, cubes.snapshot.number, ANALYST, cubes)
        shown = json.dumps(panel, cls=PlotlyJSONEncoder, ensure_ascii=False)
        assert f"/reports/moved.csv?report={told.id}" in shown
        assert f"{count(len(by))} of " in shown
        metrics_of = {one.key: DEFINED[values_of(told)[one.key].metric] for one in found}
        for one in sorted(found, key=_size, reverse=True)[:SHOWN]:
            assert json.dumps(labels[one.key], ensure_ascii=False)[1:-1] in shown
            for row in by[labels[one.key]] if not one.untold else ():
                assert _difference(row["difference"], metrics_of[one.key]) in shown


def causes(found: list[Moved], metric: str) -> set[Cause]:
    """The causes by which figures of a metric moved."""
    return {cause for one in found if one.key.endswith(SEPARATOR + metric) for cause in one.parts}


@pytest.fixture
def world(sample: Settings, tmp_path: Path) -> World:
    """A copy of the sample."""
    shutil.copytree(sample.var, tmp_path / "var")
    shutil.copytree(sample.var.parent / "raw", tmp_path / "raw")
    url = SecretStr(f"sqlite:///{tmp_path / 'state.db'}")
    settings = sample.model_copy(update={"var": tmp_path / "var", "state_url": url})
    return World(settings, store_of(settings))


def redefined(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the delivered rate is another one, and the definitions have another version."""
    other = replace(metrics.METRICS["delivered_rate"], numerator="bounced", version=2)
    for registry in (metrics.METRICS, metrics.DEFINED):
        monkeypatch.setitem(registry, "delivered_rate", other)
    for room in (publish, moving, frozen, issue, metrics):
        monkeypatch.setattr(room, "DEFINITIONS_VERSION", OTHER)


def test_late_outcomes_an_undone_load_and_a_definition_add_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two reports of the same one is measured at the end alone, while every snapshot can be read; the
    other as the first step passes, and then when the snapshots before the last are gone."""
    cubes, store = world.cubes(), world.store
    page = frozen.of_page("overview", "Overview", QUERY, ANALYST, cubes, store, world.settings.plan)
    assert page is not None
    late, followed = (issue.issue(page, ANALYST, store, today=cubes.today) for _ in range(2))
    assert world.catch_up(followed) == []
    world.undo("claims_late")
    assert causes(world.catch_up(followed), "conversion_rate") == {Cause.CORRECTION}
    world.load_most_of("claims_late")
    redefined(monkeypatch)
    refresh(world.settings)

    found = world.catch_up(late)
    world.adds_up(late, found)
    assert causes(found, "delivered_rate") == {Cause.DEFINITION}
    assert {Cause.OUTCOMES, Cause.CORRECTION} <= causes(found, "conversion_rate")
    assert causes(found, "delivered") == set()
    told = [(one.cause, one.detail) for one in store.reports.moves(late.id)]
    assert {("late outcomes", "1 load of outcomes"), ("corrections", "1 load undone")} <= set(told)
    assert world.catch_up(late) == found

    gone_before(monkeypatch, world.cubes().snapshot.number)
    found = world.catch_up(followed)
    world.adds_up(followed, found)
    assert causes(found, "conversion_rate") == {Cause.CORRECTION, Cause.SEVERAL}, "nothing is guessed"
    assert causes(found, "delivered_rate") == {Cause.SEVERAL}
    elsewhere = replace(ANALYST, scope=Scope(programs=frozenset({"Elsewhere"})))
    for viewer, id in ((elsewhere, late.id), (ANALYST, "RB-22222-22222"), (ANALYST, "")):
        with pytest.raises(NoSuchTable):
            sheet_of("reports", "moved", {"report": id}, viewer, world.cubes(), store)
    last = store.reports.moves(followed.id)[-1]
    assert last.cause == "several"
    assert "1 load of outcomes" in last.detail
    assert "change of definitions" in last.detail


def gone_before(monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    """The files of earlier snapshots are not there any more."""
    real: Callable[..., Cubes] = moving._cubes_at

    def at(number: int, cubes: Cubes) -> Cubes:
        if number < first:
            raise OSError("no such file")
        return real(number, cubes)

    monkeypatch.setattr(moving, "_cubes_at", at)


def test_parts_of_a_figure_that_was_not_told_for_a_while_count_as_one_step() -> None:
    steps = [
        (Cause.OUTCOMES, {"a": [1.0, 3.0], "b": [5.0, None]}),
        (Cause.CORRECTION, {"a": [3.0, 2.5], "b": [None, 4.0]}),
        (Cause.OUTCOMES, {"c": [None, 7.0]}),
        (Cause.OUTCOMES, {"d": [2.0, None]}),
        (Cause.ROWS, {"e": [2.0, 4.0]}),
        (Cause.ROWS, {"e": [4.0, 2.0]}),
    ]
    then: dict[str, float | None] = {"a": 1.0, "b": 5.0, "c": None, "d": 2.0, "e": 2.0, "f": 1.0}
    parts = defaultdict(dict, {one.key: one.parts for one in moved(then, steps)})
    assert parts["a"] == {Cause.OUTCOMES: 2.0, Cause.CORRECTION: -0.5}
    assert parts["b"] == {Cause.SEVERAL: -1.0}
    assert [one.key for one in moved(then, steps)] == ["a", "b", "c", "d"]
    assert [one.key for one in moved(then, steps) if one.untold] == ["c", "d"]
    told = {one.key: one.steps for one in moved(then, steps)}
    assert told["a"] == (Part((0,), Cause.OUTCOMES, 2.0), Part((1,), Cause.CORRECTION, -0.5))
    assert told["b"] == (Part((0, 1), Cause.SEVERAL, -1.0),)
