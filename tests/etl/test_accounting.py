"""Loaded + already present + skipped + refused = rows in, for any file; and replays load the rest."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as searched
from hypothesis import strategies as st

from config.settings import Settings
from data.snapshot import Lake
from data.tables import LANDING
from etl.door import import_file, quarantine_of, replay
from etl.intake import IntakeError
from etl.land import Landed
from etl.refresh import refresh
from tests.feeds import Piece, mapping_of, settings_of, write
from tests.lakes import differences, state
from tests.worlds import deal, world

QUIET = searched(
    max_examples=8, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
JUNK = (
    "",
    " ",
    "?",
    "2026-13-45",
    "99999999999999999999",
    "-5",
    "\u0000",
    'a"b',
    "x,y;z",
    "Ünïcode",
    "yes",
    "NaN",
)
PLAN = world(0, 12, 3, days=20)


def pieces_of(source: str, count: int = 2) -> list[Piece]:
    found = [piece for piece in deal(PLAN, 4, count, again=0.4) if piece.source == source]
    assert found
    return found


def balanced(landed: Landed) -> bool:
    parts = (landed.loaded, landed.already_present, landed.skipped, landed.refused)
    return min(parts) >= 0 and sum(parts) == landed.rows_in


def heights(settings: Settings) -> dict[str, int]:
    lake = Lake(settings.lake)
    return {table.name: lake.frame(table.name).height for table in LANDING}


def check_file(settings: Settings, file: Path, mapping: Path) -> Landed | None:
    """Import a file twice; None where it cannot be read at all, and then nothing may be landed."""
    before = heights(settings)
    try:
        first = import_file(settings, file, mapping)
    except IntakeError:
        assert heights(settings) == before
        return None
    lake, after = Lake(settings.lake), heights(settings)
    assert balanced(first)
    row = lake.frame("loads", where=f"load_id = {first.load_id}").row(0, named=True)
    names = ("rows_in", "loaded", "already_present", "skipped", "refused")
    assert [row[name] for name in names] == [getattr(first, name) for name in names]
    kept = [entry for entry in quarantine_of(settings).entries() if entry.load_id == first.load_id]
    assert sum(entry.rows for entry in kept) == first.refused
    again = import_file(settings, file, mapping)
    assert balanced(again)
    assert (again.loaded, again.skipped, again.refused) == (0, first.skipped, first.refused)
    assert heights(settings) == after, "the same file twice changes nothing"
    return first


@given(source=st.sampled_from(sorted(PLAN.rows)), seed=st.integers(0, 10**6), spoilt=st.integers(1, 12))
@QUIET
def test_spoilt_cells_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, source: str, seed: int, spoilt: int
) -> None:
    rng, settings = random.Random(seed), settings_of(tmp_path_factory.mktemp("var"))
    rows = [dict(row) for piece in pieces_of(source) for row in piece.rows]
    for _ in range(spoilt):
        row = rng.choice(rows)
        row[rng.choice(list(row))] = rng.choice(JUNK)
    piece = Piece(source, 0, tuple(tuple(row.items()) for row in rows))
    file = write(settings.var / "files", piece)
    landed = check_file(settings, file, mapping_of(settings.var / "files", source))
    assert landed is not None
    assert landed.rows_in == len(rows)


@given(source=st.sampled_from(sorted(PLAN.rows)), seed=st.integers(0, 10**6), spoilt=st.integers(1, 6))
@QUIET
def test_spoilt_bytes_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, source: str, seed: int, spoilt: int
) -> None:
    rng, settings = random.Random(seed), settings_of(tmp_path_factory.mktemp("var"))
    file = write(settings.var / "files", pieces_of(source)[0])
    raw = bytearray(file.read_bytes())
    for _ in range(spoilt):
        at = rng.randrange(len(raw))
        raw[at : at + rng.choice((0, 1, 1, 9))] = rng.choice(
            (b"", b'"', b"\n", b"\xff", b"\x00", b",;", b"\r")
        )
    file.write_bytes(raw)
    check_file(settings, file, mapping_of(settings.var / "files", source))


@pytest.mark.parametrize("source", ["mailer", "calls", "texts", "claims", "assignments"])
def test_overlapping_files_land_what_is_new(tmp_path: Path, source: str) -> None:
    settings = settings_of(tmp_path)
    mapping = mapping_of(tmp_path / "files", source)
    rows = tuple(tuple(row.items()) for row in PLAN.rows[source])
    rows = tuple(row for row in dict.fromkeys(rows) if ("status", "queued") not in row)
    third = len(rows) // 3
    first = import_file(settings, write(tmp_path / "files", Piece(source, 1, rows[: 2 * third])), mapping)
    other = import_file(settings, write(tmp_path / "files", Piece(source, 2, rows[third:])), mapping)
    assert (first.loaded, first.already_present) == (2 * third, 0)
    assert (other.loaded, other.already_present) == (len(rows) - 2 * third, third)


def test_a_mended_mapping_and_corrected_rows_load_exactly_the_refused(tmp_path: Path) -> None:
    """Two ways to mend end in the lake that sound files give; the quarantine is empty then."""
    ours, sound = settings_of(tmp_path / "ours"), settings_of(tmp_path / "sound")
    files = tmp_path / "files"
    piece = pieces_of("calls", 1)[0]
    rows = [dict(row) for row in piece.rows]
    for n, row in enumerate(rows):
        if n % 3 == 0:
            row["result"] = {"talked": "spoke", "box": "recorder"}.get(row["result"], row["result"])
        if n % 7 == 0:
            row["when"] = "not known"
    good, bad = write(files, piece), files / "bad.csv"
    with bad.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    mapping = mapping_of(files, "calls")
    mended = files / "mended.toml"
    more = 'talked = "answered", spoke = "answered", recorder = "voicemail"'
    mended.write_text(mapping.read_text().replace('talked = "answered"', more), encoding="utf-8")
    first = import_file(ours, bad, mapping)
    assert first.refused
    unread = sum(row["when"] == "not known" for row in rows)
    replayed = replay(ours, first.load_id, mended)
    assert balanced(replayed)
    assert (replayed.rows_in, replayed.refused) == (first.refused, unread)
    kept = quarantine_of(ours).rows(first.load_id)
    assert kept.height == unread
    assert set(kept["row"]) == {n + 1 for n, row in enumerate(rows) if row["when"] == "not known"}
    corrected = _corrected(ours, first.load_id, piece, files / "corrected.csv")
    last = replay(ours, first.load_id, mended, corrected)
    assert balanced(last)
    assert last.refused == 0
    assert not quarantine_of(ours).entries()
    import_file(sound, good, mapping)
    for place in (ours, sound):
        refresh(place)
    mended_cells, sound_cells = (state(place)["cells"] for place in (ours, sound))
    assert not differences({"cells": mended_cells}, {"cells": sound_cells})


def _corrected(settings: Settings, load_id: int, piece: Piece, path: Path) -> Path:
    """What `python -m etl refused` writes, with the rows' true instants put in by hand."""
    quarantine_of(settings).export(load_id, path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for row in rows:
        row["when"] = dict(piece.rows[int(row["_row"]) - 1])["when"]
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_crash_while_the_lake_is_first_marked_leaves_it_usable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path)
    file, mapping = (
        write(tmp_path / "files", pieces_of("claims")[0]),
        mapping_of(tmp_path / "files", "claims"),
    )
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", _half_written)
        with pytest.raises(OSError, match="no space"):
            import_file(settings, file, mapping)
    assert import_file(settings, file, mapping).loaded


def _half_written(path: Path, *text: str, **how: str) -> int:
    path.touch()
    raise OSError("no space left")
