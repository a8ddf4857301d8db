"""Snapshots stay as they were published; of several runs one publishes; a failed check publishes nothing."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import ROOT, Settings
from data import runs
from data.answer import Row
from data.cubes import Cubes, Shelf
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake
from data.tables import TABLES
from data.viewer import EVERYTHING
from etl import checks, schedule
from etl.__main__ import main
from etl.commands import recorded
from etl.commit import LakeBusy, Writer
from etl.refresh import refresh
from tests.feeds import SECRET, Piece, load, settings_of
from tests.worlds import deal, world

EVERYTHING_EVER = Filters(period=Period("all_time"))


def shown(cubes: Cubes) -> tuple[Row, ...]:
    by = ("campaign", "channel")
    return measure(["sent", "members_delivered", "assigned"], by, EVERYTHING_EVER, EVERYTHING, cubes).rows


@pytest.fixture(autouse=True)
def _resign() -> Iterator[None]:
    """What a test's own process leads ends with the test."""
    yield
    while schedule._elected:
        schedule._elected.pop().close()


@pytest.fixture
def halves(settings: Settings) -> tuple[list[Piece], list[Piece]]:
    pieces = deal(world(17, 60, 1, days=30), 17, 2)
    return pieces[: len(pieces) // 2], pieces[len(pieces) // 2 :]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path / "var")


def environ(settings: Settings) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REACHBOARD_")}
    named = {"VAR": str(settings.var), "SECRET_KEY": SECRET, "ZONE": settings.zone}
    return plain | {f"REACHBOARD_{name}": value for name, value in named.items()}


def test_an_earlier_snapshot_gives_its_old_figures_until_vacuum(
    settings: Settings, halves: tuple[list[Piece], list[Piece]]
) -> None:
    lake = Lake(settings.lake)
    load(settings, halves[0])
    refresh(settings)
    shelf = Shelf(lake)
    before = shown(shelf.current())
    load(settings, halves[1])
    assert not shelf.renew(), "landing alone changes no page"
    refresh(settings)
    assert shown(Cubes(lake, lake.at(1))) == before
    assert shown(shelf.current()) == before, "a page keeps its snapshot until it renews"
    assert shelf.renew()
    assert shown(shelf.current()) != before
    with pytest.raises(LookupError, match="no snapshot 3"):
        lake.at(3)
    newest = shown(Cubes(lake, lake.latest()))
    writer = Writer(settings.lake)
    assert sum(writer.vacuum(name, 24) for name in TABLES) == 0, "the horizon keeps what is young"
    assert sum(writer.vacuum(name, 0) for name in TABLES) > 0
    assert shown(Cubes(lake, lake.latest())) == newest
    with pytest.raises(Exception, match=r"(?i)no files found|not found|no such file"):
        shown(Cubes(lake, lake.at(1)))


def test_of_two_runs_at_once_one_publishes(
    settings: Settings, halves: tuple[list[Piece], list[Piece]]
) -> None:
    load(settings, halves[0])
    command = [sys.executable, "-m", "etl", "run"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=environ(settings), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(process.communicate()[0].split(" in ")[0].strip() for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said == ["Nothing new since snapshot 1.", "Published snapshot 1"]
    assert Lake(settings.lake).latest().number == 1


def test_a_scheduled_run_yields_to_a_run_under_way(
    settings: Settings, halves: tuple[list[Piece], list[Piece]]
) -> None:
    load(settings, halves[0])
    with Writer(settings.lake).lock(), pytest.raises(LakeBusy):
        refresh(settings, wait=False)
    command = [sys.executable, "-m", "etl", "run", "--scheduled"]
    with Writer(settings.lake).lock():
        done = subprocess.run(command, cwd=ROOT, env=environ(settings), check=False, capture_output=True)
    assert done.returncode == 0
    assert Lake(settings.lake).latest().number == 0


def test_a_scheduled_run_is_seen(settings: Settings, halves: tuple[list[Piece], list[Piece]]) -> None:
    load(settings, halves[0])
    command = [sys.executable, "-m", "etl", "run", "--scheduled"]
    subprocess.run(command, cwd=ROOT, env=environ(settings), check=True, capture_output=True)
    (record,) = runs.read(settings.lake)
    assert (record.kind, record.ended, record.snapshot) == ("scheduled", "published", 1)


def test_a_failed_check_publishes_nothing(
    settings: Settings,
    halves: tuple[list[Piece], list[Piece]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lake = Lake(settings.lake)
    load(settings, halves[0])
    refresh(settings)
    before = shown(Cubes(lake, lake.latest()))
    load(settings, halves[1])
    for name, value in environ(settings).items():
        monkeypatch.setenv(name, value)
    bad = checks.Check("never_right", "A check that always finds a bad row.", "select 1")
    with monkeypatch.context() as patched:
        patched.setattr(checks, "CHECKS", (*checks.CHECKS, bad))
        assert main(["run"]) == 3
    assert "never_right: 1 bad rows (blocks the publish)" in capsys.readouterr().err
    assert lake.latest().number == 1
    assert shown(Cubes(lake, lake.latest())) == before
    assert runs.read(settings.lake)[0].ended == "blocked"
    assert recorded(settings, "by hand").snapshot.number == 2
    assert shown(Cubes(lake, lake.latest())) != before


BAD_ROWS = {
    "cells_unique": "insert into {cells} select * from {cells} limit 1",
    "cells_not_negative": "update {cells} set sent = -1",
    "cells_equal_messages": "update {cells} set sent = sent + 1 where kind = 'message'",
    "messages_unique": "insert into {messages} select * from {messages} limit 1",
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_each_check_finds_its_bad_rows(
    settings: Settings, halves: tuple[list[Piece], list[Piece]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    load(settings, halves[0])
    true_run = checks.run

    def spoiled(con: Any) -> Any:
        for table in ("cells", "messages"):
            con.execute(f"create or replace temp table spoiled_{table} as select * from {table}_next")
        con.execute(BAD_ROWS[name].format(cells="spoiled_cells", messages="spoiled_messages"))
        for table in ("cells", "messages"):
            con.execute(f"create or replace temp view {table}_next as select * from spoiled_{table}")
        return true_run(con)

    monkeypatch.setattr(checks, "run", spoiled)
    with pytest.raises(checks.PublishBlocked, match=name):
        refresh(settings)
    assert Lake(settings.lake).latest().number == 0


def _elected(var: Path, found: Any, leave: Any) -> None:
    found.put(schedule._elect(settings_of(var)))
    leave.wait(30)


def test_exactly_one_of_several_processes_is_elected(settings: Settings) -> None:
    spawn = multiprocessing.get_context("spawn")
    found, leave = spawn.Queue(), spawn.Event()
    several = [spawn.Process(target=_elected, args=(settings.var, found, leave)) for _ in range(3)]
    for process in several:
        process.start()
    assert sorted(found.get(timeout=60) for _ in several) == [False, False, True]
    leave.set()
    for process in several:
        process.join(30)
    assert schedule._elect(settings), "the leader's end lets another lead"


def test_the_schedule_runs_at_once_and_never_overlaps(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[float] = []
    monkeypatch.setattr(schedule, "_run", lambda settings: began.append(time.monotonic()))
    scheduler = schedule.start(settings)
    assert scheduler is not None
    try:
        job = scheduler.get_job("run")
        assert (job.max_instances, job.coalesce) == (1, True)
        assert job.trigger.interval.total_seconds() == 60 * settings.refresh_minutes
        until = time.monotonic() + 10
        while not began and time.monotonic() < until:
            time.sleep(0.02)
        assert began
        assert schedule.start(settings) is None, "one process leads once"
    finally:
        scheduler.shutdown()
