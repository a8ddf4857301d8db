"""What each new snapshot moves of the reports issued last: followed as snapshots come, and never lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app import moving, shelf
from app.factory import create_app
from app.moving import Moving
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.viewer import Viewer
from etl.refresh import refresh
from reports.anew import made_of
from reports.issue import issue
from state.reports import Report
from state.store import Store
from tests.feeds import Piece, load, settings_of
from tests.worlds import deal, world

ANALYST = Viewer("Demo analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))
MORE = 60


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A small lake, made once."""
    made = settings_of(tmp_path_factory.mktemp("lake") / "var")
    load(made, deal(world(5, members=120, campaigns=2), 1, 1))
    refresh(made)
    return made


@pytest.fixture
def settings(lake: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(lake.var, tmp_path / "var")
    return lake.model_copy(update={"var": tmp_path / "var"})


@pytest.fixture
def server(settings: Settings) -> Flask:
    made = create_app(settings)
    shelf.keeper(made).renew()
    return made


def store_of(server: Flask) -> Store:
    found = server.extensions["reachboard.store"]
    assert isinstance(found, Store)
    return found


def issued(server: Flask, settings: Settings, metric: str = "sent") -> str:
    cubes, store = shelf.keeper(server).current(), store_of(server)
    query = {"metrics": metric, "period": "all_time"}
    made = made_of("explore", query, ANALYST, cubes, store, settings)
    assert made is not None
    return issue(made, ANALYST, store).id


def publish(server: Flask, settings: Settings) -> None:
    """More messages, to people whom nobody knows."""
    plain = {"event": "sent", "at": "2026-03-10 12:00:00", "campaign": "camp-0"}
    blank = dict.fromkeys(("machine", "detail", "wave", "variant"), "")
    rows = [
        {**plain, **blank, "id": f"more-{n}", "msg": f"more-{n}", "to": f"stranger-{n}@plan.example"}
        for n in range(MORE)
    ]
    load(settings, [Piece("mailer", 99, tuple(tuple(row.items()) for row in rows))])
    refresh(settings)
    shelf.keeper(server).renew()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The reports that are measured from now on."""
    seen: list[str] = []
    true: Callable[..., object] = moving.catch_up

    def measured(report: Report, *given: object) -> object:
        seen.append(report.id)
        return true(report, *given)

    monkeypatch.setattr(moving, "catch_up", measured)
    return seen


def test_a_report_is_followed_to_each_new_snapshot_once(
    server: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, follower = store_of(server), Moving(server, settings)
    report, seen = issued(server, settings), counted(monkeypatch)
    follower.look()
    assert store.reports.moves(report) == []
    publish(server, settings)
    follower.look()
    (move,) = store.reports.moves(report)
    assert move.snapshot == shelf.keeper(server).current().snapshot.number
    assert [now - was for was, now in move.changes.values()] == [MORE]
    follower.look()
    assert seen == [report, report], "once per snapshot"


def test_what_takes_too_long_or_fails_goes_on_at_the_next_look(
    server: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    both = {issued(server, settings), issued(server, settings, "delivered")}
    publish(server, settings)
    store, follower = store_of(server), Moving(server, settings)
    with monkeypatch.context() as away:
        away.setattr(store.reports, "latest", lambda **_how: 1 / 0)
        follower.look()
    assert "what moved since reports: ZeroDivisionError." in caplog.text
    seen = counted(monkeypatch)
    with monkeypatch.context() as short:
        short.setattr(moving, "AT_ONCE_SECONDS", 0.0)
        follower.look()
    assert len(seen) < 2
    follower.look()
    assert {one for one in both if store.reports.moves(one)} == both


def test_nothing_is_followed_before_there_are_figures_nor_in_a_lake_made_anew(
    server: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.var, tmp_path / "anew")
    publish(server, settings)
    report, seen = issued(server, settings), counted(monkeypatch)
    anew = create_app(settings.model_copy(update={"var": tmp_path / "anew"}))
    anew.extensions["reachboard.store"] = store_of(server)
    follower = Moving(anew, settings)
    follower.look()
    assert not shelf.keeper(anew).loaded
    shelf.keeper(anew).renew()
    assert 0 < shelf.keeper(anew).current().snapshot.number < shelf.keeper(server).current().snapshot.number
    follower.look()
    assert seen == []
    assert store_of(server).reports.moves(report) == []
