"""After an undo and a run every computed table is that of a lake which never had the load."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from config.settings import Settings
from data.snapshot import Lake
from data.tables import LANDING
from etl.door import import_file, quarantine_of, replay
from etl.intake import IntakeError
from etl.land import Landed
from etl.refresh import refresh
from etl.undo import Undone, foresee_undo, undo
from tests.crashes import Crash, allow
from tests.feeds import Piece, load, mapping_of, settings_of, write
from tests.lakes import differences, loaded, state
from tests.worlds import RESTATED, deal, world


def landed(settings: Settings) -> dict[str, set[tuple[object, ...]]]:
    """What the landing tables hold; which load a row of attributes stands under does not matter."""
    lake = Lake(settings.lake)
    found = {}
    for table in LANDING:
        frame = lake.frame(table.name)
        frame = frame.drop("load_id") if table.name == "profiles" else frame
        found[table.name] = set(frame.drop("until_us", strict=False).rows())
    return found


def as_if_never(tmp_path: Path, ours: Settings, pieces: Sequence[Piece]) -> None:
    """Our lake is the one that only these pieces were loaded into."""
    fresh = settings_of(tmp_path / f"fresh-{len(pieces)}-{random.random()}")
    load(fresh, pieces)
    refresh(fresh)
    assert landed(ours) == landed(fresh)
    assert not differences(state(ours), state(fresh))
    assert not differences(loaded(ours), loaded(fresh))


def test_a_lake_without_the_load(tmp_path: Path) -> None:
    """Shuffled pieces with repeats among them; a quarter of them is undone, one after another."""
    seed = 1
    pieces = deal(world(seed, 12, 2, days=40, busy=1.3), seed, 2, again=0.5)
    ours = settings_of(tmp_path / "ours")
    loads = [one.load_id for one in load(ours, pieces)]
    refresh(ours)
    rng, left = random.Random(seed), dict(zip(loads, pieces, strict=True))
    for load_id in rng.sample(loads, len(loads) // 4):
        undo(ours, load_id, "Ann")
        left.pop(load_id)
        if rng.random() < 0.3:
            refresh(ours)
    refresh(ours)
    as_if_never(tmp_path, ours, list(left.values()))
    grown = state(ours)
    refresh(ours, rebuild=True)
    assert not differences(grown, state(ours)), "a rebuild finds the same"


def halves_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Other files with the first half of the same rows."""
    return [Piece(one.source, 7 + n, one.rows[: len(one.rows) // 2]) for n, one in enumerate(pieces)]


REPEATED = ("mailer", "members", "history", "records")


def test_what_two_loads_delivered_goes_with_the_last(tmp_path: Path) -> None:
    pieces = deal(world(11, 14, 2, days=30), 11, 1)
    own = [piece for piece in pieces if piece.source in REPEATED and len(piece.rows) > 1]
    others = [piece for piece in pieces if piece not in own]
    halves = halves_of(own)
    ours = settings_of(tmp_path / "ours")
    load(ours, others)
    first, second = load(ours, own), load(ours, halves)
    refresh(ours)
    for one, other in zip(first, second, strict=True):
        before = landed(ours)
        foreseen = foresee_undo(ours, one.load_id)
        assert landed(ours) == before, "to foresee changes nothing"
        if one.source not in RESTATED:
            assert foreseen.stayed, f"half of {one.source} stays"
            assert foreseen.stayed_by == [foreseen.numbers[other.load_id]]
        done = undo(ours, one.load_id, "Ann")
        assert (done.gone, done.stayed) == (foreseen.gone, foreseen.stayed)
    refresh(ours)
    as_if_never(tmp_path, ours, [*others, *halves])
    for one in second:
        undo(ours, one.load_id, "Ann")
    refresh(ours)
    as_if_never(tmp_path, ours, others)
    load(ours, own)
    refresh(ours)
    as_if_never(tmp_path, ours, [*others, *own])


def test_undone_and_imported_again_before_a_run(tmp_path: Path) -> None:
    pieces = deal(world(3, 12, 1, days=20), 3, 1)[:6]
    ours = settings_of(tmp_path / "ours")
    loads = load(ours, pieces)
    refresh(ours)
    undo(ours, loads[0].load_id, "Ann")
    load(ours, pieces[:1])
    assert refresh(ours).changed
    as_if_never(tmp_path, ours, [*pieces[1:], pieces[0]])


def test_twice_is_once_and_the_near_miss_is_said(tmp_path: Path) -> None:
    ours = settings_of(tmp_path / "ours")
    first, second = load(ours, deal(world(3, 10, 1, days=20), 3, 1)[:2])
    undo(ours, first.load_id, "Ann")
    before = landed(ours)
    with pytest.raises(Undone, match=r"undone on .* by Ann"):
        undo(ours, first.load_id, "Bo")
    assert landed(ours) == before
    with pytest.raises(IntakeError, match=f"number 2 is {second.load_id}"):
        foresee_undo(ours, 2)
    with pytest.raises(IntakeError, match=f"{second.load_id}"):
        undo(ours, second.load_id + 10, "Ann")
    (row,) = Lake(ours.lake).frame("undone").iter_rows(named=True)
    assert (row["load_id"], row["undone_by"], row["source"]) == (first.load_id, "Ann", first.source)
    assert row["gone"] > 0


@pytest.fixture
def spoilt(tmp_path: Path) -> tuple[Settings, Path, Path]:
    """A place, a file with rows that its mapping refuses, and a mended mapping."""
    ours = settings_of(tmp_path / "ours")
    files = tmp_path / "files"
    piece = next(p for p in deal(world(0, 12, 3, days=20), 4, 1) if p.source == "calls")
    rows = tuple(
        tuple({**dict(row), "result": "spoke"}.items()) if n % 3 == 0 else row
        for n, row in enumerate(piece.rows)
    )
    file, mapping = write(files, Piece("calls", 9, rows)), mapping_of(files, "calls")
    (files / "mended.toml").write_text(
        mapping.read_text().replace("talked =", 'spoke = "answered", talked ='), encoding="utf-8"
    )
    return ours, file, files / "mended.toml"


def test_refused_rows_and_replays_go_with_their_load(spoilt: tuple[Settings, Path, Path]) -> None:
    ours, file, mended = spoilt
    mapping = file.parent / "calls.toml"
    first = import_file(ours, file, mapping)
    assert first.refused
    mine = replay(ours, first.load_id, mended)
    refresh(ours)
    with pytest.raises(IntakeError, match=f"replay of load {first.load_id}"):
        undo(ours, mine.load_id, "Ann")
    assert foresee_undo(ours, first.load_id).replays == [2]
    undo(ours, first.load_id, "Ann")
    refresh(ours)
    assert not any(landed(ours).values())
    assert not quarantine_of(ours).entries()
    assert Lake(ours.lake).frame("undone").height == 2
    again = import_file(ours, file, mapping)
    assert (again.loaded, again.refused, again.before) == (first.loaded, first.refused, False)
    assert len(quarantine_of(ours).entries()) == 1


def test_what_an_earlier_version_did_not_keep_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = settings_of(tmp_path)
    piece = next(p for p in deal(world(3, 10, 1, days=20), 3, 1) if p.source == "mailer")
    (first,) = load(ours, [piece])
    half = Piece("mailer", 7, piece.rows[: len(piece.rows) // 2])
    from etl import land

    true = land._load_row
    with monkeypatch.context() as earlier:
        earlier.setattr(land, "_load_row", lambda *given: true(*given).drop("remembers"))
        (second,) = load(ours, [half])
    with pytest.raises(IntakeError, match=f"load {second.load_id} .* undo it first"):
        undo(ours, first.load_id, "Ann")
    undo(ours, second.load_id, "Ann")
    undo(ours, first.load_id, "Ann")
    load(ours, [half])
    refresh(ours)
    as_if_never(tmp_path / "other", ours, [half])


@pytest.mark.parametrize("source", ["members", "history"])
def test_a_crash_at_any_write_is_gone_through_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    """Repeats of first and of latest statements, addresses and attributes among them."""
    pieces = deal(world(8, 8, 1, days=12), 8, 1)
    own = [one for one in pieces if one.source == source and len(one.rows) > 1][:1]
    halves = halves_of(own)
    calm, never = settings_of(tmp_path / "calm"), settings_of(tmp_path / "never")
    first, _ = load(calm, own), load(calm, halves)
    load(never, halves)
    crashed = 0
    for allowed in range(40):
        ours = settings_of(tmp_path / f"ours-{allowed}")
        shutil.copytree(calm.var, ours.var)
        with monkeypatch.context() as patched:
            allow(patched, allowed)
            died = _undone(ours, first)
        crashed += died
        assert not _undone(ours, first)
        assert landed(ours) == landed(never), f"after {allowed} writes"
        undone = Lake(ours.lake).frame("undone")
        assert sorted(undone["load_id"]) == sorted(one.load_id for one in first)
        if not died:
            break
    assert crashed > 9, "undoing takes more writes than that"


def _undone(settings: Settings, loads: Sequence[Landed]) -> bool:
    """Undo what is not undone; whether the process died of it."""
    try:
        for one in loads:
            with suppress(Undone):
                undo(settings, one.load_id, "Ann")
    except Crash:
        return True
    return False
