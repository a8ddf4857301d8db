"""What the checks found stays to be seen, above all where it stopped the publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import Settings
from data import catalogue, runs
from data.snapshot import Lake
from etl import checks
from etl.commands import recorded
from etl.refresh import refresh
from tests.feeds import load, settings_of
from tests.worlds import deal, world

BAD = checks.Check("never_right", "A check that always finds a bad row.", "select 1")
PIECES = deal(world(0, 12, 2, days=12), 4, 1)


def known(settings: Settings) -> catalogue.Catalogue:
    lake = Lake(settings.lake)
    return catalogue.read(lake, lake.latest())


def test_a_blocked_publish_is_seen_with_the_moment_it_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path)
    load(settings, PIECES[:-1])
    refresh(settings)
    found = known(settings)
    assert found.checks.height == len(checks.CHECKS)
    assert set(found.checks["bad_rows"]) == {0}
    assert set(found.checks["failing_since_us"]) == {None}
    assert found.blocking.is_empty()
    load(settings, PIECES[-1:])
    assert known(settings).waiting == 1
    with monkeypatch.context() as patched:
        patched.setattr(checks, "CHECKS", (*checks.CHECKS, BAD))
        for _ in range(2):
            with pytest.raises(checks.PublishBlocked):
                recorded(settings, "by hand")
    stopped = known(settings)
    (row,) = stopped.blocking.iter_rows(named=True)
    assert (row["name"], row["bad_rows"], stopped.snapshot.number) == ("never_right", 1, 1)
    assert row["failing_since_us"] < row["checked_us"], "since the first of the two"
    assert [run.ended for run in stopped.runs] == ["blocked", "blocked"]
    recorded(settings, "by hand")
    assert known(settings).blocking.is_empty()
    assert known(settings).waiting == 0


def test_runs_that_find_nothing_new_share_an_entry(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, PIECES)
    for _ in range(4):
        recorded(settings, "scheduled")
    recorded(settings, "by hand")
    found = [(run.kind, run.ended, run.times) for run in runs.read(settings.lake)]
    assert found == [
        ("by hand", "nothing new", 1),
        ("scheduled", "nothing new", 3),
        ("scheduled", "published", 1),
    ]
