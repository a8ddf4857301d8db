"""What the loading writes into the ledger, before it is done: what cannot be recorded is not done."""

from __future__ import annotations

from config.settings import Settings
from data.metrics import DEFINITIONS_VERSION
from data.snapshot import Snapshot
from etl.intake import Batch
from etl.land import load_id_of
from ledger.acting import acting
from ledger.book import book_of
from ledger.entry import Entry, What, operator

SHORT = 16
SCHEDULE, COMMAND_LINE = "the schedule", "the command line"


def who() -> str:
    """Who acts: whoever asked for it in the app, else whoever works at the command line."""
    return acting.get().who or operator()


def landing(settings: Settings, batch: Batch) -> None:
    """A file or a pull is about to be loaded. Its name may hold a person's: its digest says which it is."""
    if not batch.rows_in:
        return
    about: dict[str, str | int] = {
        "do": "load", "name": batch.source, "number": str(load_id_of(batch)),
        "sha256": batch.sha256[:SHORT], "mapping": batch.mapping_sha256[:SHORT],
    }  # fmt: skip
    tell(settings, Entry(What.LOAD, who(), rows=batch.rows_in, about=about))


def replaying(settings: Settings, load_id: int, batch: Batch) -> None:
    """Refused rows of a load are about to be landed."""
    about: dict[str, str | int] = {
        "do": "done", "number": str(load_id), "name": batch.source, "mapping": batch.mapping_sha256[:SHORT],
    }  # fmt: skip
    tell(settings, Entry(What.REPLAY, who(), rows=batch.rows_in, about=about))


def undoing(settings: Settings, load_id: int, by: str) -> None:
    """A load is about to be taken out."""
    tell(
        settings,
        Entry(What.UNDO, who() if by == COMMAND_LINE else by, about={"do": "done", "number": str(load_id)}),
    )


def mapped(settings: Settings, name: str, sha256: str, by: str) -> None:
    """A mapping is about to be kept in the place of the one before it."""
    tell(settings, Entry(What.MAPPING, by, about={"do": "keep", "name": name, "mapping": sha256[:SHORT]}))


def publishing(settings: Settings, last: Snapshot, terms: dict[str, object]) -> None:
    """A publish is about to change definitions or terms of release, as the settings are now."""
    if not last.number:
        return
    if last.definitions != DEFINITIONS_VERSION:
        about: dict[str, str | int] = {"was": str(last.definitions), "is": DEFINITIONS_VERSION}
        tell(settings, Entry(What.DEFINITION, who(), snapshot=last.number + 1, about=about))
    was, now = (_terms(one) for one in (last.terms, terms))
    if was != now:
        tell(settings, Entry(What.TERMS, who(), snapshot=last.number + 1, about={"was": was, "is": now}))


def _terms(terms: dict[str, object]) -> str:
    return f"threshold {terms.get('threshold')}, {terms.get('profile')} profile"


def tell(settings: Settings, entry: Entry) -> None:
    book_of(settings).record(entry)
