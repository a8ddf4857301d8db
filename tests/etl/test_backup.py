"""A disaster: what is restored from a backup tells what was told before, and runs go on from there."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from config.settings import Settings
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake
from data.tables import TABLES
from data.viewer import EVERYTHING
from etl.__main__ import main
from etl.backup import backup
from etl.commit import Writer
from etl.door import import_file
from etl.drain import drain
from etl.refresh import refresh
from etl.restore import restore
from state.store import Store
from tests.api.test_collector import Sender, messages
from tests.crashes import Crash, allow
from tests.feeds import SECRET, ZONE, Piece, load, mapping_of, settings_of, write
from tests.lakes import differences, state
from tests.worlds import deal, world

Here = Callable[..., Settings]
NOTE = "A storm closed the clinics"
PIECES = deal(world(3, 60, 2, days=12), 1, 2)
LATE = PIECES[-1]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with a published lake, an edit that is in it, and a note; its last file is still to come."""
    settings = settings_of(tmp_path_factory.mktemp("begun") / "var")
    load(settings, PIECES[:-1])
    store = Store(settings.state)
    store.add_edit("camp-0", {"name": ["Campaign camp-0", "The spring campaign"]}, "manager")
    store.add_note("camp-1", 20_500, NOTE, "manager")
    store.close()
    refresh(settings)
    return settings.var


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """Makes a folder the place that commands work in."""

    def go(var: Path, secret: str | None = SECRET) -> Settings:
        monkeypatch.setenv("REACHBOARD_VAR", str(var))
        monkeypatch.setenv("REACHBOARD_ZONE", ZONE)
        monkeypatch.setenv("REACHBOARD_SECRET_KEY", secret or "")
        return settings_of(var, secret_key=secret)

    return go


@pytest.fixture
def place(begun: Path, tmp_path: Path, here: Here) -> Settings:
    """A place of one's own with that lake."""
    shutil.copytree(begun, tmp_path / "old")
    return here(tmp_path / "old")


def figures(settings: Settings) -> list[object]:
    """What pages and files show of the last snapshot."""
    lake = Lake(settings.lake)
    cubes = Cubes(lake, lake.latest())
    metrics = ("sent", "delivered", "members_delivered", "members_responded", "cost")
    told = []
    for by in ((), ("campaign", "channel"), ("day",), ("segment",), ("region",)):
        answer = measure(metrics, by, Filters(period=Period("all_time")), EVERYTHING, cubes)
        told += [(row.key, row.values) for row in answer.rows]
    return told


def tables(settings: Settings) -> dict[str, pl.DataFrame]:
    """Every table of a lake, row for row as it stands."""
    lake = Lake(settings.lake)
    return {name: lake.frame(name) for name in TABLES}


def test_what_was_released_survives(place: Settings, tmp_path: Path, here: Here, capsys) -> None:
    file = tmp_path / "kept" / "one.tar"
    file.parent.mkdir()
    before, told, number = tables(place), figures(place), Lake(place.lake).latest().number
    assert before["released"].height > 20
    assert main(["backup", str(file)]) == 0
    assert f"Backed up snapshot {number}" in capsys.readouterr().out
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["one.tar"]

    new = here(tmp_path / "new")
    assert main(["restore", "--check", str(file)]) == 0
    assert "is whole" in capsys.readouterr().out
    assert not new.var.exists()
    assert main(["restore", str(file)]) == 0
    assert f"Restored snapshot {number}" in capsys.readouterr().out
    assert sorted(one.name for one in new.var.iterdir()) == ["lake", "ledger", "state.db"]
    after = tables(new)
    assert [name for name in before if not before[name].equals(after[name])] == []
    assert Lake(new.lake).latest() == Lake(place.lake).latest()
    assert figures(new) == told
    ours, theirs = Store(new.state), Store(place.state)
    assert ours.edits() == theirs.edits()
    assert [one.text for one in ours.notes(["camp-1"], 0, 30_000)] == [NOTE]
    ours.close()
    theirs.close()

    assert main(["run"]) == 0
    assert f"Nothing new since snapshot {number}." in capsys.readouterr().out
    assert main(["rebuild"]) == 0
    again = tables(new)
    for name in ("released", "withheld"):
        columns = again[name].columns
        assert again[name].sort(columns).equals(before[name].sort(columns)), name
    assert figures(new) == told


def test_runs_go_on_as_if_nothing_had_been(
    place: Settings, tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that no run has published are in it, what a broken run wrote is not; known files stay known."""
    told, number = figures(place), Lake(place.lake).latest().number
    load(place, [LATE])
    assert Writer(place.lake).compact("events", 1), "the published files are other ones"
    with monkeypatch.context() as patched:
        allow(patched, 6)
        with pytest.raises(Crash):
            refresh(place)
    backup(place, tmp_path / "one.tar")
    new = here(tmp_path / "new")
    assert restore(new, tmp_path / "one.tar").snapshot == number
    assert figures(new) == told
    lake, versions = Lake(new.lake), Lake(new.lake).latest().versions
    assert {*lake.open("cells").file_uris()} == {*lake.open("cells", versions["cells"]).file_uris()}
    assert all(lake.frame(name, version).width for name, version in versions.items())
    assert all(done.before for done in load(new, PIECES))
    assert refresh(new).changed
    assert refresh(place).changed
    assert not differences(state(new), state(place))


def test_accepted_events_that_were_not_landed_come_along(place: Settings, tmp_path: Path, here: Here) -> None:
    sender = Sender(place)
    sender.send(*messages()[:40])
    sender.hand_on()
    sender.send(*messages()[40:])
    backup(place, tmp_path / "b.tar")
    new = here(tmp_path / "new")
    restore(new, tmp_path / "b.tar")
    drained, again = drain(new), drain(place)
    assert sum(one.loaded for one in drained.landed) == len(messages())
    assert sum(one.loaded for one in again.landed) == 40, "the server still writes the rest"
    assert drain(new).landed == ()


def test_refused_rows_come_from_their_file_again(place: Settings, tmp_path: Path, here: Here) -> None:
    mailer = next(piece for piece in PIECES if piece.source == "mailer")
    row = tuple((n, "borked" if n == "event" else "new-1" if n == "id" else v) for n, v in mailer.rows[0])
    file = write(tmp_path / "files", Piece("mailer", 99, (row,)))
    assert import_file(place, file, mapping_of(tmp_path / "files", "mailer")).refused == 1
    backup(place, tmp_path / "one.tar")
    with tarfile.open(tmp_path / "one.tar") as tar:
        assert not [name for name in tar.getnames() if "quarantine" in name]
    new = here(tmp_path / "new")
    assert "mended mapping" in " ".join(restore(new, tmp_path / "one.tar").notes)
    text = mapping_of(tmp_path / "files", "mailer").read_text(encoding="utf-8")
    mended = tmp_path / "mended.toml"
    read = 'event = { column = "event", map = { borked = "sent" } }'
    mended.write_text(text.replace('event = "event"', read), encoding="utf-8")
    assert import_file(new, file, mended).loaded == 1


def test_the_archive_is_sealed(place: Settings, tmp_path: Path) -> None:
    backup(place, tmp_path / "one.tar")
    raw = (tmp_path / "one.tar").read_bytes()
    words = (SECRET, NOTE, "camp-0", "The spring campaign", "PAR1")
    assert not [word for word in words if word.encode() in raw]


def test_another_secret_is_refused(place: Settings, tmp_path: Path, here: Here, capsys) -> None:
    backup(place, tmp_path / "one.tar")
    for secret, words in (
        ("another secret, as long as one must be", "under another secret"),
        (None, "no secret here"),
    ):
        new = here(tmp_path / "new", secret)
        assert main(["restore", str(tmp_path / "one.tar")]) == 2
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
        assert not new.var.exists()


def test_the_secret_comes_along_where_that_is_asked_for(
    place: Settings, tmp_path: Path, here: Here, capsys
) -> None:
    assert main(["backup", "--with-secret", str(tmp_path / "one.tar")]) == 0
    assert "Warning: the secret is in it" in capsys.readouterr().out
    new = here(tmp_path / "new", None)
    assert main(["restore", str(tmp_path / "one.tar")]) == 0
    assert new.secret_file.stat().st_mode & 0o777 == 0o600
    assert new.secret() == SECRET.encode()
    assert all(done.before for done in load(new, PIECES[:-1]))
    beside = here(tmp_path / "beside", "another secret, as long as one must be")
    assert main(["restore", str(tmp_path / "one.tar")]) == 2
    assert not beside.var.exists()


@pytest.mark.parametrize("taken", ["lake", "state.db", "state.db-journal"])
def test_a_place_that_holds_something_is_left_alone(
    place: Settings, tmp_path: Path, here: Here, capsys, taken: str
) -> None:
    backup(place, tmp_path / "one.tar")
    new = here(tmp_path / "new")
    new.var.mkdir()
    if taken == "lake":
        load(new, PIECES[:1])
    else:
        (new.var / taken).write_bytes(b"of somebody else")
    before = sorted(new.var.rglob("*"))
    assert main(["restore", str(tmp_path / "one.tar")]) == 2
    said = capsys.readouterr().err
    assert taken.split("-")[0] in said
    assert "move it away" in said
    assert said.count("\n") == 1
    assert sorted(new.var.rglob("*")) == before


def test_a_state_database_of_another_kind_has_its_own_tools(place: Settings, tmp_path: Path) -> None:
    elsewhere = {"state_url": "postgresql+psycopg://reachboard@127.0.0.1:1/none"}
    there = settings_of(place.var, **elsewhere)
    assert any("its own tools" in note for note in backup(there, tmp_path / "one.tar").notes)
    new = settings_of(tmp_path / "new", **elsewhere)
    assert any("its own tools" in note for note in restore(new, tmp_path / "one.tar").notes)
    assert sorted(one.name for one in new.var.iterdir()) == ["lake", "ledger"]
    backup(place, tmp_path / "two.tar")
    with pytest.raises(Exception, match="names another kind"):
        restore(settings_of(tmp_path / "other", **elsewhere), tmp_path / "two.tar")


def test_another_zone_is_told_before_anything_is_put_in_place(
    place: Settings, tmp_path: Path, here: Here, monkeypatch, capsys
) -> None:
    backup(place, tmp_path / "one.tar")
    new = here(tmp_path / "new")
    monkeypatch.setenv("REACHBOARD_ZONE", "Europe/Berlin")
    assert main(["restore", str(tmp_path / "one.tar")]) == 2
    assert ZONE in capsys.readouterr().err
    assert not list(new.var.iterdir())


def test_a_backup_is_refused_in_one_sentence(place: Settings, tmp_path: Path, here: Here, capsys) -> None:
    def refused(file: Path, words: str) -> None:
        assert main(["backup", str(file)]) == 2
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1

    known = tmp_path / "known.tar"
    known.write_text("of before")
    refused(known, "never replaces another")
    assert known.read_text() == "of before"
    refused(place.lake / "loads" / "one.tar", "cannot lie in the lake")
    refused(tmp_path / "nowhere" / "one.tar", "no such file or directory")
    here(tmp_path / "empty")
    refused(tmp_path / "one.tar", "Nothing is published")
    assert not (tmp_path / "empty").exists()
    here(place.var, "another secret, as long as one must be")
    refused(tmp_path / "one.tar", "another secret")
    here(place.var)
    (place.var / "state.db").write_bytes(b"no database" * 1000)
    refused(tmp_path / "one.tar", "state database cannot be read")
    next((place.lake / "members").glob("*.parquet")).unlink()
    refused(tmp_path / "one.tar", "table members are missing")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["known.tar", "old"]


def test_a_backup_waits_for_the_writer(place: Settings, tmp_path: Path) -> None:
    file = tmp_path / "one.tar"
    waiting = threading.Thread(target=backup, args=(place, file))
    with Writer(place.lake).lock():
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        assert not list(tmp_path.glob("*.tar*"))
    waiting.join(60)
    assert file.exists()


def test_the_state_is_copied_while_it_is_written(place: Settings, tmp_path: Path) -> None:
    """A transaction under way is not in it."""
    writer = sqlite3.connect(place.var / "state.db", isolation_level=None)
    writer.execute("begin immediate")
    writer.execute("delete from notes")
    backup(place, tmp_path / "one.tar")
    writer.execute("rollback")
    writer.close()
    new = settings_of(tmp_path / "new")
    restore(new, tmp_path / "one.tar")
    store = Store(new.state)
    assert [one.text for one in store.notes(["camp-1"], 0, 30_000)] == [NOTE]
    store.close()
