"""What is pushed arrives as it was sent, once, whole or not at all; what changed is told anew."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from data.cubes import Cubes
from data.snapshot import Lake
from data.viewer import EVERYTHING
from ledger.book import book_of
from ledger.index import index_of
from reports.__main__ import main
from reports.manifest import loaded
from reports.monthly_export import COLUMNS, monthly
from reports.transfer import database, local
from reports.transfer.problems import Busy, TargetError
from reports.transfer.tried import alone
from reports.verify import verified
from tests.crashes import Crash
from tests.postgres import Server
from tests.reports.conftest import KINDS, OF_FILES, TABLES, Sender

MONTHS = ["2025-12", "2026-01", "2026-02", "2026-03"]
each = pytest.mark.parametrize("sender", KINDS, indirect=True)
of_files = pytest.mark.parametrize("sender", OF_FILES, indirect=True)
of_tables = pytest.mark.parametrize("sender", TABLES, indirect=True)


@each
def test_it_arrives_once_and_only_the_month_that_changed_is_told_anew(sender: Sender) -> None:
    first = sender.push()
    assert [(one.month, one.anew) for one in first] == [(month, False) for month in MONTHS]
    assert all(one.rows > 50 for one in first)
    assert sender.wrong() == []
    before = {month: sender.standing(month) for month in MONTHS}
    assert sender.push() == [], "a second run sends nothing"
    assert {month: sender.standing(month) for month in MONTHS} == before
    sender.moves()
    again = sender.push()
    assert [(one.month, one.anew) for one in again] == [("2026-03", True)]
    after = {month: sender.standing(month) for month in MONTHS}
    assert [month for month in MONTHS if after[month] != before[month]] == ["2026-03"]
    told = loaded(after["2026-03"])
    assert (told.snapshot, told.previous) == (2, sha256(before["2026-03"]).hexdigest())
    assert sender.wrong() == []
    assert sender.push() == []
    history = sender.store.pushes.history("warehouse")
    assert [one.month for one in history] == ["2026-03", *MONTHS[::-1]]
    assert history[0].content == told.content


@of_files
def test_pushed_bytes_verify_at_the_receiver(sender: Sender, tmp_path: Path) -> None:
    sender.push()
    sender.moves()
    sender.push()
    received = tmp_path / "received"
    received.mkdir()
    sender.fetch(received)
    manifests = sorted(received.glob("*.manifest.json"))
    assert len(manifests) == len(MONTHS)
    for path in manifests:
        found, wrong = verified(path)
        assert (wrong, len(found.files if found else ())) == ([], 3)
    names = {file.name for path in manifests for file in loaded(path.read_bytes()).files}
    others = {path.name for path in received.iterdir()} - names - {path.name for path in manifests}
    assert len(others) == 3, "those that the manifest before named are left for who reads by it"
    assert {name[19:26] for name in others} == {"2026-03"}
    assert main(["verify", str(manifests[0])]) == 0


@of_tables
def test_a_table_holds_the_rows_of_the_month_with_nothing_in_the_place_of_what_is_withheld(
    sender: Sender,
) -> None:
    sender.write(what='cuts = ["segment"]')
    sender.push(months=["2026-02"])
    lake = Lake(sender.settings.lake)
    made = monthly(202602, ("segment",), EVERYTHING, Cubes(lake, lake.latest()))
    engine = sa.create_engine(sender.settings.sql["out"].get_secret_value())
    table = "outreach" if sender.kind == "postgresql" else "reachboard_monthly"
    with engine.connect() as connection:
        asked = f"select * from {table} where month = '2026-02' order by position"
        rows = pl.DataFrame(connection.execute(sa.text(asked)).mappings().all(), infer_schema_length=None)
        hidden = connection.execute(
            sa.text(f"select count(*), count(value), count(numerator) from {table} where suppressed")
        ).one()
    engine.dispose()
    assert rows.select(pl.col(name).cast(kind) for name, kind in COLUMNS.items()).equals(made.frame)
    assert hidden[0] > 100
    assert hidden[1:] == (0, 0)


@of_tables
def test_a_table_that_somebody_changed_is_found_and_mended(sender: Sender) -> None:
    sender.push()
    engine = sa.create_engine(sender.settings.sql["out"].get_secret_value())
    table = "outreach" if sender.kind == "postgresql" else "reachboard_monthly"
    with engine.begin() as connection:
        connection.execute(
            sa.text(f"update {table} set value = value + 1 where month = '2026-01' and position = 3")
        )
        connection.execute(sa.text(f"delete from {table} where month = '2026-02' and position = 3"))
    engine.dispose()
    changed, less = sender.wrong()
    assert "rows of 2026-01 were changed" in changed
    assert "rows of 2026-02, and the manifest says" in less
    assert sender.months() == ["2026-02"], "a row is missing, so the month is sent again"
    assert sender.months(months=["2026-01"], anew=True) == ["2026-01"]
    assert sender.wrong() == []


@of_files
def test_files_that_are_gone_are_sent_again(sender: Sender) -> None:
    sender.push()
    told = loaded(sender.standing("2026-02"))
    with remote_folder(sender) as folder:
        folder.remove(told.files[1].name)
    assert sender.wrong() == [f"{told.files[1].name}: is missing; push 2026-02 again"]
    assert sender.months() == ["2026-02"]
    assert sender.wrong() == []


def remote_folder(sender: Sender) -> Any:
    from contextlib import contextmanager

    from reports.transfer.files import Files
    from reports.transfer.places import opened
    from reports.transfer.targets import load

    @contextmanager
    def opened_folder() -> Iterator[Any]:
        with opened(sender.settings, load(sender.path)) as place:
            assert isinstance(place, Files)
            yield place.folder

    return opened_folder()


@pytest.mark.parametrize("sender", ["local", "sftp"], indirect=True)
def test_what_was_cut_off_is_gone_on_with_and_what_is_spoilt_begins_anew(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.push(months=["2026-02"])
    told = loaded(sender.standing("2026-02"))
    begins: list[int] = []
    with remote_folder(sender) as folder:
        for number, file in enumerate(told.files[:2]):
            half = folder.read(file.name, file.bytes // 2)
            part = sender.settings.var / "half"
            part.write_bytes(half if number == 0 else b"x" * len(half))
            folder.write(f".{file.name}.{file.sha256[:12]}.part", part, 0)
            folder.remove(file.name)
        true = type(folder).write

        def write(self: Any, name: str, path: Path, begin: int) -> None:
            begins.append(begin)
            true(self, name, path, begin)

        monkeypatch.setattr(type(folder), "write", write)
    with pytest.raises(TargetError, match="did not arrive as it was sent; nothing was replaced"):
        sender.push(months=["2026-02"])
    assert begins == [told.files[0].bytes // 2, told.files[1].bytes // 2]
    begins.clear()
    assert sender.months(months=["2026-02"]) == ["2026-02"]
    assert begins[0] == 0, "the first file stands already, and the second begins anew"
    assert sender.wrong() == []


def test_wherever_a_push_is_killed_a_receiver_sees_whole_months_alone(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sender.push(months=["2026-03"])
    sender.moves()
    share, kept, seen = tmp_path / "share", tmp_path / "kept", set()
    shutil.copytree(share, kept)
    for steps in range(20):
        with monkeypatch.context() as patched:
            left = _allow(patched, steps)
            with contextlib.suppress(Crash):
                sender.push(months=["2026-03"])
        found, wrong = verified(share / "reachboard-monthly-2026-03.manifest.json")
        assert (wrong, found is None) == ([], False)
        seen.add(found.snapshot if found else 0)
        final = [path for path in share.iterdir() if not path.name.startswith(".")]
        assert all(_whole(path) for path in final)
        sender.push(months=["2026-03"])
        assert sender.wrong() == []
        assert loaded(sender.standing("2026-03")).snapshot == 2
        assert not list(share.glob(".*.part"))
        if left[0] >= 0:
            break
        shutil.rmtree(share)
        shutil.copytree(kept, share)
    assert seen == {1, 2}
    assert steps == 8, "three files and a manifest, each written and renamed"
    state = sender.store.pushes.target("warehouse")
    assert state is not None
    assert (state.failures, state.began_us) == (0, None)


def _allow(patched: pytest.MonkeyPatch, steps: int) -> list[int]:
    """Let so many steps at the folder pass; in the middle of the next one the process is gone."""
    left = [steps]
    write = local.Local.write

    def half(self: local.Local, name: str, path: Path, begin: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            (self.folder / name).write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            raise Crash
        write(self, name, path, begin)

    patched.setattr(local.Local, "write", half)
    for step in ("rename", "remove"):
        true = getattr(local.Local, step)

        def counted(self: local.Local, *given: Any, _true: Any = true) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Crash
            _true(self, *given)

        patched.setattr(local.Local, step, counted)
    return left


def _whole(path: Path) -> bool:
    if path.suffix == ".csv":
        return pl.read_csv(path, infer_schema_length=None).height > 50
    if path.suffix == ".parquet":
        return pl.read_parquet(path).height > 50
    return bool(json.loads(path.read_bytes()))


@of_tables
def test_a_push_that_is_cut_off_leaves_the_month_that_stood_in_the_table(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.push()
    before = sender.standing("2026-03")
    sender.moves()
    true = database.Tables._sign

    def gone(*_given: Any) -> None:
        raise Crash

    monkeypatch.setattr(database.Tables, "_sign", gone)
    with pytest.raises(Crash):
        sender.push()
    monkeypatch.setattr(database.Tables, "_sign", true)
    assert sender.standing("2026-03") == before
    assert sender.wrong() == []
    assert sender.months() == ["2026-03"]


@pytest.mark.parametrize("sender", ["postgresql"], indirect=True)
def test_a_table_that_swallows_rows_takes_no_month(sender: Sender, postgres: Server) -> None:
    sender.push(months=["2026-01"])
    name = str(make_url(sender.settings.sql["out"].get_secret_value()).database)
    postgres.run(
        name,
        "create rule less as on insert to outreach where new.position = 5 do instead nothing",
    )
    with pytest.raises(TargetError, match=r"rows arrived, and .* were sent; nothing was replaced"):
        sender.push(months=["2026-02"])
    assert sender.wrong() == []
    postgres.run(name, "drop rule less on outreach")
    assert sender.months(months=["2026-02"]) == ["2026-02"]


def test_a_target_gets_its_programs_alone_and_no_others_are_made_up(sender: Sender, tmp_path: Path) -> None:
    lake = Lake(sender.settings.lake)
    cubes = Cubes(lake, lake.latest())
    program = cubes.campaigns["camp-0"].program
    sender.write(what=f'programs = ["{program}"]\ncuts = []')
    sender.push(months=["2026-02"])
    told = json.loads(sender.standing("2026-02"))
    assert told["scope"]["programs"] == [program]
    csv = next((tmp_path / "share").glob("*.csv"))
    rows = pl.read_csv(csv, schema_overrides=COLUMNS)
    assert set(rows["program"]) == {program}
    assert rows["cut"].null_count() == rows.height
    sender.write(what=f'programs = ["{program[:-1]}"]')
    with pytest.raises(TargetError, match=rf"no campaign has .* Did you mean '{program}'\?"):
        sender.push()
    sender.write(what='cuts = ["sgment"]')
    with pytest.raises(TargetError, match=r"There is no cut 'sgment'. Did you mean 'segment'\?"):
        sender.push()
    sender.write()
    with pytest.raises(TargetError, match="lies after the data"):
        sender.push(months=["2031-01"])


def test_two_pushes_to_a_target_never_run_at_once(sender: Sender) -> None:
    with alone(sender.settings, "warehouse"), pytest.raises(Busy):
        sender.push()
    assert len(sender.push()) == 4


def test_each_month_that_leaves_is_written_into_the_ledger(sender: Sender) -> None:
    from state.store import store_of

    sender.store = store_of(sender.settings)
    sender.push(by="Ada (command line)")
    book_of(sender.settings).flush()
    index = index_of(sender.settings)
    index.follow()
    entries = index.since("export", 0)
    assert [one["filters"] for one in entries] == [f"month={month}" for month in MONTHS]
    assert {(one["who"], one["place"]) for one in entries} == {("Ada (command line)", "push/warehouse")}
    assert all(one["rows"] > 50 for one in entries)
    sender.push()
    index.follow()
    assert len(index.since("export", 0)) == len(entries), "what does not leave is not written down"
