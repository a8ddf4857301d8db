"""Worked on in parts or at once, a rebuild and a run give the same tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from config.settings import Settings
from data import release
from data.release.atoms import atoms_of
from data.snapshot import Lake, engine
from etl import anew, batches, cuts, workshop
from etl.commit import Files, Writer
from etl.refresh import refresh
from tests.feeds import Piece, load, settings_of
from tests.lakes import differences, loaded, state
from tests.worlds import World, deal, world

MAIL = {"campaign": "c", "wave": "w", "variant": "", "machine": "", "detail": "", "msg": "m", "to": "a@b.c"}


def _checked(settings: Settings) -> pl.DataFrame:
    return Lake(settings.lake).frame("checks").select("name", "bad_rows").sort("name")


def test_small_batches_end_where_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(tmp_path)
    pieces = deal(world(7, 25, 3, days=75, busy=1.3), 7, 2)
    load(settings, pieces[: len(pieces) // 2])
    refresh(settings)
    load(settings, pieces[len(pieces) // 2 :])
    windows: list[str] = []
    true_window = anew._window
    monkeypatch.setattr(anew, "_window", lambda *given: (windows.append(given[2]), true_window(*given)))
    monkeypatch.setattr(batches, "EVENTS_AT_ONCE", 20)
    monkeypatch.setattr(batches, "ROWS_AT_ONCE", 15)
    refresh(settings)
    grown, told = state(settings), loaded(settings)
    refresh(settings, rebuild=True)
    assert sum("anti join torn" in one for one in windows) > 3, "several windows of events"
    assert sum("semi join" in one for one in windows) > 1, "several slices of torn messages"
    parts, parts_told, parts_checked = state(settings), loaded(settings), _checked(settings)
    monkeypatch.undo()
    refresh(settings, rebuild=True)
    for name, other in (("a run in batches", grown), ("a rebuild in batches", parts)):
        assert not differences(state(settings), other), name
    for other in (told, parts_told):
        assert not differences(loaded(settings), other)
    assert _checked(settings).equals(parts_checked)


def _mail(event: str, at: str) -> dict[str, object]:
    return {**MAIL, "id": event, "event": event, "at": f"{at}T12:00:00Z"}


def test_a_message_whose_events_lie_in_several_windows_is_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = World([], [])
    for row in (
        _mail("sent", "2026-01-05"),
        _mail("delivered", "2026-01-06"),
        _mail("clicked", "2026-03-01"),
    ):
        plan.add("mailer", **row)
    load(settings, [Piece("mailer", 0, tuple(tuple(row.items()) for row in plan.rows["mailer"]))])
    monkeypatch.setattr(batches, "EVENTS_AT_ONCE", 2)
    refresh(settings)
    (row,) = Lake(settings.lake).frame("messages").iter_rows(named=True)
    assert (row["send_date"], row["last_date"]) == (date(2026, 1, 5), date(2026, 3, 1))
    assert all(row[f"{stage}_us"] for stage in ("sent", "delivered", "clicked"))


def test_campaigns_fill_batches_in_order_and_a_large_one_stands_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "ROWS_AT_ONCE", 4)
    with engine(1) as con:
        con.execute("create table rows (campaign varchar)")
        con.execute("insert into rows select unnest(string_split('a,a,b,c,c,c,c,c,d,', ','))")
        assert batches.campaigns(con, "rows") == [["a", "b"], ["c"], ["d"]]
        assert batches.campaigns(con, "rows", "rows") == [["a"], ["b"], ["c"], ["d"]]
        assert batches.campaigns(con, "(select * from rows where false)") == [[]]


def test_a_file_that_lacks_what_every_row_must_have_is_taken_away_again(settings: Settings) -> None:
    lake = Writer(settings.lake)
    with lake.lock(), engine(1) as con:
        files = Files(con, lake, "messages")
        good = (
            "select 1 as message_id, 'c' as campaign, '' as wave, '' as channel, '' as variant, 5 as member"
        )
        files.add(f"{good}, true as linked, date '2026-01-05' as send_date")
        with pytest.raises(ValueError, match="linked"):
            files.add(f"{good}, null as linked, date '2026-01-06' as send_date")
    assert not list(Path(lake.path("messages")).rglob("*.parquet"))


def test_files_stand_beside_those_that_frames_are_written_to(settings: Settings) -> None:
    """A rebuild writes files with DuckDB, a run with delta-rs: both are compacted and replaced by day."""
    load(settings, deal(world(3, 25, 2, days=20), 3, 1))
    refresh(settings)
    lake = Writer(settings.lake)
    before = lake.frame("messages")
    day = before["send_date"].drop_nulls()[0]
    with lake.lock():
        lake.replace("messages", before.filter(send_date=day), [day])
        assert lake.compact("messages", 0)
    assert lake.frame("messages").sort("message_id").equals(before.sort("message_id"))


def test_cuts_added_up_decide_what_all_cells_do(settings: Settings) -> None:
    load(settings, deal(world(5, 60, 2, days=40), 5, 1))
    refresh(settings)
    lake = Writer(settings.lake)
    pairs = (("region", "segment"),)
    with engine(1) as con:
        own = cuts.cuts(con, lake, lake.source("cells"), pairs)
    cells = lake.frame("cells").join(own.profiles, on=["campaign", "member_profile", "profile"])
    assert own.attributes
    for view in release.views(own.attributes, pairs):
        given = own.by_attribute.get(view.columns, own.plain)
        found, meant = (atoms_of(view, frame).sort(pl.all()) for frame in (given, cells))
        assert found.equals(meant.select(found.columns)), view.name
        assert found.height, view.name
    assert own.plain.height < cells.height


def test_what_a_run_spills_is_gone_afterwards_and_after_a_crash(settings: Settings) -> None:
    lake = Writer(settings.lake)
    spill = lake.root / workshop.SPILL
    spill.mkdir(parents=True)
    (spill / "left").write_text("by a crash")
    with workshop.workshop(lake, 1) as con:
        assert not (spill / "left").exists()
        con.execute("set memory_limit = '40MB'")
        con.execute("create temp table large as select range as n, hash(range) as h from range(5_000_000)")
        assert any(spill.iterdir()), "what does not fit goes to disk"
    assert not spill.exists()
