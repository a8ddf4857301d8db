"""The lake says why rows were not loaded: the quarantine's own counts, in words without their values."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from config.settings import Settings
from data import catalogue
from data.refusals import NOT_KEPT, by_reason, replays, waiting
from data.snapshot import Lake
from etl import reasons
from etl.__main__ import main
from etl.commit import Writer
from etl.door import foresee, import_file, quarantine_of, read_file, replay
from etl.intake import report
from tests.feeds import Piece, mapping_of, settings_of, write
from tests.worlds import deal, world

PLAN = world(0, 12, 3, days=20)
SECRET_VALUE = "Zebedee-Quux-4711"
DAY = 86_400_000_000


def read(settings: Settings) -> catalogue.Catalogue:
    lake = Lake(settings.lake)
    return catalogue.read(lake, lake.latest())


def spoilt(source: str, how: dict[str, str], every: int = 3) -> Piece:
    """Rows of a source of which every third has other values."""
    (piece,) = [one for one in deal(PLAN, 4, 1, again=0) if one.source == source]
    rows = [
        tuple((name, how.get(name, value) if n % every == 0 else value) for name, value in row)
        for n, row in enumerate(piece.rows)
    ]
    return Piece(source, 0, tuple(rows))


def test_the_sample_says_of_every_load_why_its_rows_were_not_loaded(sample: Settings) -> None:
    known = read(sample)
    kept = {entry.load_id: entry for entry in quarantine_of(sample).entries()}
    sums = known.refusals.group_by("load_id", "kind").agg(pl.col("rows").sum())
    told = {(load, kind): rows for load, kind, rows in sums.iter_rows()}
    assert any(kind == "skipped" for _, kind in told)
    for load in known.loads.iter_rows(named=True):
        parts = ("loaded", "already_present", "skipped", "refused")
        assert sum(load[part] for part in parts) == load["rows_in"]
        for kind in ("refused", "skipped"):
            assert told.get((load["load_id"], kind), 0) == load[kind], load["file_name"]
        entry = kept.get(load["load_id"])
        assert (entry is not None) == bool(load["refused"])
        if entry is not None:
            expected: Counter[tuple[str | None, str]] = Counter()
            for reason, rows in entry.reasons.items():
                column, words = reason.split(": ", 1)
                expected[reasons.classed(None if column == "row" else column, words)] += rows
            mine = known.refusals.filter(
                (pl.col("load_id") == load["load_id"]) & (pl.col("kind") == "refused")
            )
            assert dict(expected) == {(h, r): n for h, r, n in mine.select("header", "reason", "rows").rows()}
            assert set(mine["until_us"]) == {entry.expires_us}
    assert reasons.OTHER not in set(known.refusals["reason"])


def test_what_waits_is_what_the_quarantine_holds(sample: Settings) -> None:
    known = read(sample)
    entries = {entry.load_id: entry.rows for entry in quarantine_of(sample).entries()}
    now_us = int(known.loads["received_us"].max())  # type: ignore[arg-type]
    assert {one.load_id: one.rows for one in waiting(known, now_us)} == entries
    found = by_reason(known, "refused", now_us)
    assert sum(one.waiting for one in found) == sum(one.rows for one in found) == sum(entries.values())
    assert waiting(known, now_us + 31 * DAY) == []


SPOILT: list[tuple[str, dict[str, str]]] = [
    ("mailer", {"event": SECRET_VALUE}),
    ("mailer", {"at": SECRET_VALUE}),
    ("mailer", {"to": SECRET_VALUE}),
    ("texts", {"phone": SECRET_VALUE, "price": SECRET_VALUE}),
    ("texts", {"status": SECRET_VALUE}),
    ("push", {"ts": SECRET_VALUE}),
    ("calls", {"result": f"talked {SECRET_VALUE}"}),
    ("assignments", {"assigned": SECRET_VALUE}),
    ("claims", {"value": SECRET_VALUE}),
    ("members", {"as_of": SECRET_VALUE, "phone": SECRET_VALUE}),
    ("records", {"window": SECRET_VALUE}),
    ("records", {"costs": f"{SECRET_VALUE}=1"}),
    ("history", {"sent": SECRET_VALUE}),
]


@pytest.mark.parametrize(("source", "how"), SPOILT)
def test_no_value_of_a_row_is_kept_with_its_reason(tmp_path: Path, source: str, how: dict[str, str]) -> None:
    settings, files = settings_of(tmp_path / "var"), tmp_path / "files"
    landed = import_file(settings, write(files, spoilt(source, how)), mapping_of(files, source))
    assert landed.refused
    kept = Lake(settings.lake).frame("refusals")
    assert int(kept["rows"].sum()) == landed.refused + landed.skipped
    assert SECRET_VALUE.lower() not in kept.write_csv().lower()
    assert reasons.OTHER not in set(kept["reason"])
    assert set(kept["header"].drop_nulls()) <= {name for row in spoilt(source, how).rows for name, _ in row}


def test_keys_of_a_campaign_record_are_values_too(tmp_path: Path) -> None:
    file, mapping = tmp_path / "c.toml", tmp_path / "m.toml"
    mapping.write_text('[source]\nname = "c"\nkind = "campaigns"\n')
    file.write_text(
        f'[[campaign]]\nid = "a"\n{SECRET_VALUE} = 1\n'
        f'[[campaign]]\nid = "b"\nvariants = [{{ {SECRET_VALUE} = "x" }}]\n'
        '[[campaign]]\nid = "c"\nlag_days = -3\n'
    )
    settings = settings_of(tmp_path / "var")
    assert import_file(settings, file, mapping).refused == 3
    kept = Lake(settings.lake).frame("refusals").sort("reason")
    assert kept.select("header", "reason").rows() == [
        (None, "a campaign record has no such key"),
        ("variants", "a variant has a key that variants do not have"),
        ("lag_days", "negative"),
    ]


def test_a_reason_that_nobody_classed_tells_nothing() -> None:
    assert reasons.classed("phone", f"{SECRET_VALUE} is strange") == (None, reasons.OTHER)
    hinted = f'a value that the mapping does not know; near "{SECRET_VALUE}"'
    assert reasons.classed("x", hinted) == ("x", "a value that the mapping does not know")


def test_a_crash_between_reasons_and_load_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, files = settings_of(tmp_path / "var"), tmp_path / "files"
    file, mapping = write(files, spoilt("mailer", {"at": "?"})), mapping_of(files, "mailer")
    true = Writer.append

    def crash(self: Writer, name: str, *given: Any, **more: Any) -> int:
        if name == "loads":
            raise KeyboardInterrupt
        return true(self, name, *given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "append", crash)
        with pytest.raises(KeyboardInterrupt):
            import_file(settings, file, mapping)
    assert not Lake(settings.lake).frame("refusals").is_empty()
    assert read(settings).refusals.is_empty()
    landed = import_file(settings, file, mapping)
    kept = Lake(settings.lake).frame("refusals")
    assert int(kept["rows"].sum()) == landed.refused
    assert set(kept["load_id"]) == {landed.load_id}


def test_a_replay_takes_out_what_it_brought_and_the_rest_waits(tmp_path: Path) -> None:
    settings, files = settings_of(tmp_path / "var"), tmp_path / "files"
    piece = spoilt("calls", {"result": "spoke"})
    rows = [dict(row) for row in piece.rows]
    for row in rows[1::4]:
        row["when"] = "not known"
    file = files / "bad.csv"
    files.mkdir()
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    mapping, mended = mapping_of(files, "calls"), files / "mended.toml"
    text = mapping.read_text().replace('talked = "answered"', 'talked = "answered", spoke = "answered"')
    mended.write_text(text, encoding="utf-8")
    first = import_file(settings, file, mapping)
    unread = sum(row["when"] == "not known" for row in rows)
    again = replay(settings, first.load_id, mended)
    known = read(settings)
    now_us = int(known.loads["received_us"].max())  # type: ignore[arg-type]
    (entry,) = quarantine_of(settings).entries()
    (left,) = waiting(known, now_us)
    assert (left.load_id, left.rows) == (entry.load_id, entry.rows) == (first.load_id, unread)
    assert sum(one.rows for one in left.reasons) == unread
    assert replays(known) == {again.load_id: first.load_id}
    found = by_reason(known, "refused", now_us)
    assert sum(one.rows for one in found) == first.refused, "a replay's rows are not refused anew"
    assert sum(one.waiting for one in found) == unread
    taken = known.refusals.filter(pl.col("kind") == "replayed")
    assert int(taken["rows"].sum()) == again.rows_in - again.refused
    assert replay(settings, first.load_id, mended).refused == unread
    assert waiting(read(settings), now_us)[0].rows == unread


def test_a_file_read_again_by_another_mapping_waits_once(tmp_path: Path) -> None:
    settings, files = settings_of(tmp_path / "var"), tmp_path / "files"
    file, mapping = write(files, spoilt("calls", {"result": "spoke"})), mapping_of(files, "calls")
    mended = files / "mended.toml"
    mended.write_text(
        mapping.read_text().replace('box = "voicemail"', 'box = "voicemail", spoke = "answered"')
    )
    first = import_file(settings, file, mapping)
    assert len(waiting(read(settings), 0)) == 1
    assert first.refused
    assert import_file(settings, file, mended).refused == 0
    assert waiting(read(settings), 0) == []


def test_a_lake_of_an_earlier_version_opens_and_says_that_it_kept_no_reasons(tmp_path: Path) -> None:
    settings, files = settings_of(tmp_path / "var"), tmp_path / "files"
    landed = import_file(settings, write(files, spoilt("mailer", {"at": "?"})), mapping_of(files, "mailer"))
    for name in ("refusals", "checks"):
        shutil.rmtree(settings.lake / name, ignore_errors=True)
    known = read(settings)
    (reason,) = by_reason(known, "refused", 0)
    assert (reason.reason, reason.rows) == (NOT_KEPT, landed.refused)
    (left,) = waiting(known, 0)
    assert (left.rows, left.until_us) == (landed.refused, None)
    assert known.checks.is_empty()
    assert known.blocking.is_empty()


def test_a_dry_run_foresees_what_is_there_already_and_changes_nothing(tmp_path: Path) -> None:
    settings, files = settings_of(tmp_path / "var"), tmp_path / "files"
    (piece,) = [one for one in deal(PLAN, 4, 1, again=0) if one.source == "claims"]
    rows = tuple(dict.fromkeys(piece.rows))
    file = write(files, Piece("claims", 0, (*rows, *rows[:5])))
    mapping = mapping_of(files, "claims")
    told = foresee(settings, read_file(settings, file, mapping))
    assert (told.loaded, told.already_present) == (len(rows), 5)
    assert f"{len(rows):,} to load, 5 already present" in report(read_file(settings, file, mapping), 5)
    assert not (settings.lake / "loads").exists()
    landed = import_file(settings, file, mapping)
    assert (landed.loaded, landed.already_present) == (told.loaded, told.already_present)
    again = foresee(settings, read_file(settings, file, mapping))
    assert (again.loaded, again.already_present) == (0, len(rows) + 5)


WRONG = [("delimiter", "a;b\n1;2\n"), ("skip_lines", "exported on Monday,by,nobody,of,all,1,2,3,4\n1,2\n")]


@pytest.mark.parametrize(("key", "text"), WRONG)
def test_a_wrong_header_is_said_once_and_shows_no_row(
    tmp_path: Path, key: str, text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REACHBOARD_VAR", str(tmp_path / "var"))
    file = tmp_path / "x.csv"
    file.write_text(text)
    mapping = mapping_of(tmp_path, "mailer")
    assert main(["import", str(file), "--mapping", str(mapping), "--dry-run"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert key in said[0]
    assert "nobody" not in said[0]


def test_a_folder_that_cannot_be_written_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REACHBOARD_VAR", "/proc/reachboard")
    assert main(["run"]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert "/proc/reachboard" in said[0]
    assert "REACHBOARD_VAR" in said[0]
