"""What the elected process does for the ledger each minute: sign, tell the chain of it, and copy."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ledger.book import Book, Unwritable
from ledger.chain import Tampered
from ledger.checkpoints import Checkpoint, Signer
from ledger.copies import Copies
from ledger.entry import Entry, What
from ledger.writing import now_us


@dataclass(frozen=True)
class Kept:
    """How it went: the checkpoint where one was made, and what is wrong, in words; empty is well."""

    made: Checkpoint | None = None
    tampered: tuple[str, ...] = ()
    unwritten: str = ""
    uncopied: str = ""


@dataclass
class Keeper:
    """Signs and copies; keep one, it remembers how far it came."""

    book: Book
    to: Path | None = None
    signer: Signer = field(init=False)
    copies: Copies | None = field(init=False)

    def __post_init__(self) -> None:
        self.signer = Signer(self.book.folder, self.book.seals)
        self.copies = None if self.to is None else Copies(self.book.folder, self.to, self.book.seals)

    def keep(self) -> Kept:
        """Sign what is new; OSError does not leave it."""
        try:
            self.book.flush()
            made, wrong = self._signed()
        except OSError as error:
            return Kept(unwritten=error.strerror or type(error).__name__)
        copied, uncopied = self._copied()
        return Kept(made, (*wrong, *copied), self.book.broken, uncopied)

    def _signed(self) -> tuple[Checkpoint | None, list[str]]:
        try:
            made, wrong = self.signer.sign(now_us())
        except Tampered as found:
            return None, [f"checkpoints, line {found.line}: {found.words}"]
        if made is not None:
            about: dict[str, str | int] = {"number": made.number, "hash": made.hash}
            with suppress(Unwritable):  # `broken` says so
                self.book.record(Entry(What.CHECKPOINT, about=about))
        return made, wrong

    def _copied(self) -> tuple[list[str], str]:
        if self.copies is None:
            return [], ""
        try:
            return self.copies.bring(), ""
        except OSError as error:
            return [], error.strerror or type(error).__name__
