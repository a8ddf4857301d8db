"""A restored ledger is verified as before; what the restore lost is declared, and nothing else passes."""

from __future__ import annotations

import shutil
from pathlib import Path

from config.settings import Settings
from ledger import archives
from ledger.book import Book
from ledger.chain import chains
from ledger.entry import Entry, What
from ledger.keeping import Keeper
from ledger.seals import Seals
from ledger.verify import verify
from tests.ledger.conftest import views


def kept(settings: Settings, rounds: int) -> None:
    """A process that writes and signs some times, copying."""
    book = Book(settings.ledger, Seals.of(settings.secret()), "web")
    keeper = Keeper(book, settings.ledger_copy)
    for _ in range(rounds):
        views(book, 3)
        assert keeper.keep().made
    book.close()


def packed(settings: Settings, to: Path) -> Path:
    for name, whole in archives.files(settings.ledger):
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(whole)
    return to


def test_a_restore_goes_on_from_the_backup_and_declares_what_was_lost(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var", ledger_copy=tmp_path / "copy")
    seals = Seals.of(settings.secret())
    kept(settings, 2)
    archive = packed(settings, tmp_path / "archive")
    kept(settings, 3)
    shutil.rmtree(settings.ledger)
    assert archives.place(shutil.copytree(archive, tmp_path / "ready"), settings) == ""
    assert verify(settings.ledger, seals).sound
    assert not verify(settings.ledger, seals, settings.ledger_copy).sound, "set back, and nobody said so"
    archives.restored(settings, 7)
    report = verify(settings.ledger, seals, settings.ledger_copy)
    assert report.sound, report.findings
    assert "checkpoints 3 to 5" in report.notes[0]
    kept(settings, 2)
    assert not Keeper(Book(settings.ledger, seals, "web"), settings.ledger_copy).keep().tampered
    report = verify(settings.ledger, seals, settings.ledger_copy)
    assert report.sound, report.findings
    assert report.checkpoints == 5  # two of the backup, the one that declares, and two since


def test_a_ledger_that_is_there_stays(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    kept(settings, 1)
    archive = packed(settings, tmp_path / "archive")
    kept(settings, 1)
    before = {path: path.read_bytes() for path in chains(settings.ledger)}
    assert archives.place(archive, settings) == archives.STAYS
    assert before == {path: path.read_bytes() for path in chains(settings.ledger)}


def test_a_line_that_grows_is_packed_up_to_its_last_whole_one(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    book = Book(settings.ledger, Seals.of(settings.secret()), "web")
    book.record(Entry(What.SIGN_IN, "Ada"))
    (path,) = chains(settings.ledger)
    path.write_bytes(path.read_bytes() + b'{"at":1')
    ((_, whole),) = archives.files(settings.ledger)
    assert whole.endswith(b"}\n")
