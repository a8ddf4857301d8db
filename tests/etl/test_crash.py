"""A crash at every single write of a load and a run in turn: the next try ends as if none had been."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.snapshot import Lake
from etl.door import import_file
from etl.refresh import refresh
from tests.crashes import Crash, allow
from tests.feeds import Piece, mapping_of, settings_of, write
from tests.lakes import differences, state
from tests.worlds import deal, world


def _pieces() -> tuple[list[Piece], Piece]:
    pieces = deal(world(8, 15, 1, days=12), 8, 1)
    last = next(piece for piece in pieces if piece.source == "members")
    return [piece for piece in pieces if piece is not last], last


def _work(var: Path, pieces: list[Piece]) -> None:
    settings = settings_of(var)
    for piece in pieces:
        import_file(settings, write(var / "files", piece), mapping_of(var / "files", piece.source))
    refresh(settings)


def test_a_crash_at_any_write_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = _pieces()
    _work(tmp_path / "calm", first)
    _work(tmp_path / "calm", [last])
    calm = state(settings_of(tmp_path / "calm"))
    ours = tmp_path / "ours"
    _work(ours, first)
    lake = Lake(settings_of(ours).lake)
    crashed = 0
    for allowed in range(40):
        before = lake.latest().number
        try:
            with monkeypatch.context() as patched:
                allow(patched, allowed)
                _work(ours, [last])
        except Crash:
            crashed += 1
            assert lake.latest().number == before, "nothing is published before the last write"
        else:
            break
    assert crashed > 8, "landing and publishing take more writes than that"
    _work(ours, [last])
    assert not differences(state(settings_of(ours)), calm)
