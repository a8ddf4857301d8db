"""A ledger that several processes wrote, with checkpoints between, copied to another folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ledger.book import Book
from ledger.chain import chains
from ledger.entry import Entry, What
from ledger.keeping import Keeper
from ledger.seals import Seals
from ledger.verify import Report, verify
from ledger.writing import now_us

SECRET = b"a secret of tests, long enough to be one"
SEALS = Seals.of(SECRET)


@dataclass
class Written:
    """A ledger and the copies of its checkpoints."""

    folder: Path
    copy: Path

    def files(self) -> list[Path]:
        return chains(self.folder)

    def report(self, seals: Seals = SEALS, copies: bool = True) -> Report:
        return verify(self.folder, seals, self.copy if copies else None)

    def again(self, to: Path) -> Written:
        """A copy of all of it, to be spoilt."""
        shutil.copytree(self.folder, to / "ledger")
        shutil.copytree(self.copy, to / "copy")
        return Written(to / "ledger", to / "copy")


def views(book: Book, many: int, of: str = "A1C") -> None:
    for number in range(many):
        book.note(
            Entry(What.VIEW, f"Demo analyst {number}", "analyst", place="campaign", filters=f"campaign={of}")
        )
    book.flush()


def made(folder: Path) -> Written:
    """Three chains, three checkpoints that cover every line, all copied."""
    told = Written(folder / "ledger", folder / "copy")
    books = [Book(told.folder, SEALS, process) for process in ("web", "web", "etl")]
    keeper = Keeper(books[0], told.copy)
    for round in range(3):
        for book in books:
            views(book, 4, f"C{round}")
        books[1].record(Entry(What.EXPORT, "Demo analyst", "analyst", rows=round, why="board"))
        assert keeper.keep().made is not None
    # The word on the last checkpoint is covered, too.
    assert keeper.signer.sign(now_us())[0] is None
    books[2].record(Entry(What.LOAD, "somebody", about={"number": 7}))
    kept = keeper.keep()
    assert kept.made is not None
    assert not kept.tampered
    for book in books:
        book.close()
    return told


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return made(tmp_path_factory.mktemp("ledger"))


@pytest.fixture
def spoil(sound: Written, tmp_path: Path) -> Callable[[], Written]:
    """A new copy of the ledger at each call, which it gives back to be spoilt."""
    count = 0

    def fresh() -> Written:
        nonlocal count
        count += 1
        (tmp_path / str(count)).mkdir()
        return sound.again(tmp_path / str(count))

    return fresh
