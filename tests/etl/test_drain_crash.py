"""A crash anywhere in a drain: rows and counts of what was not kept stand as if there had been none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collect.accept import MessageRow, Record, encoder
from collect.journal import Journal
from config.settings import Settings
from data.snapshot import Lake
from etl.drain import LANDED, drain
from tests.crashes import Crash, allow
from tests.feeds import settings_of

AT_US = 1_772_463_600_000_000
COUNTED = ("rows_in", "loaded", "skipped", "refused")


def _row(number: int) -> MessageRow:
    who = (number, number, None, "flu", "", "email", None, None, None, None)
    return MessageRow(number, "sent", AT_US + number, *who)


def _bring(settings: Settings, first: int) -> None:
    journal = Journal(settings.journal)
    for source in ("care_app", "mailer"):
        rows = [_row(first + 1000 * (source == "mailer") + n) for n in range(5)]
        record = Record(source, AT_US, rows, [], [], {"at: wrong": 3}, {"tracking is not permitted": 2})
        journal.append(encoder.encode(record))
    journal.release()


def _totals(settings: Settings) -> dict[str, int]:
    lake = Lake(settings.lake)
    loads, refusals = lake.frame("loads"), lake.frame("refusals")
    known = refusals.join(loads.select("load_id"), on="load_id", how="semi")
    told = {name: int(loads[name].sum()) for name in COUNTED}
    events = lake.frame("events").join(loads.select("load_id"), on="load_id", how="semi")
    return {**told, "reasons": int(known["rows"].sum()), "events": events["event_id"].n_unique()}


def test_a_crash_at_any_write_counts_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calm = settings_of(tmp_path / "calm")
    for first in (0, 10):
        _bring(calm, first)
        drain(calm)
    expected = _totals(calm)
    crashed, whole = 0, False
    while not whole:
        allowed = crashed
        ours = settings_of(tmp_path / str(allowed))
        _bring(ours, 0)
        try:
            with monkeypatch.context() as patched:
                allow(patched, allowed)
                drain(ours)
            whole = True
        except Crash:
            crashed += 1
        _bring(ours, 10)  # more came before anybody drained again
        drain(ours)
        assert _totals(ours) == expected, f"after a crash behind {allowed} writes"
        assert not [one for one in ours.journal.iterdir() if one.name != ".drain"]
    assert crashed >= 6


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_crash_while_segments_are_deleted(
    gone: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = settings_of(tmp_path)
    _bring(ours, 0)
    _bring(ours, 10)
    left, true = [gone], Path.unlink

    def dies(path: Path, *given: Any, **more: Any) -> None:
        if path.suffix == ".ready" or path.name == LANDED:
            left[0] -= 1
            if left[0] < 0:
                raise Crash
        true(path, *given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", dies)
        with pytest.raises(Crash):
            drain(ours)
    before = _totals(ours)
    drain(ours)
    assert _totals(ours) == before
    assert drain(ours).segments == 0
