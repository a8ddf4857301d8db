"""`audit verify | show | export | key`: whether the ledger is as it was written, and what it says."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.instants import minute
from config.settings import Settings
from ledger import verified
from ledger.book import book_of
from ledger.entry import Entry, What, operator
from ledger.index import Asked, Index, index_of
from ledger.rows import rows
from ledger.seals import Seals
from ledger.verify import Report, verify
from ledger.words import told
from ledger.writing import now_us

Given = argparse.Namespace
DAY_US = 86_400_000_000


class Mistaken(Exception):
    """Something that the user of a command has to mend; its words say what."""


def say(words: object) -> None:
    """A line for the person at the terminal."""
    sys.stdout.write(f"{words}\n")


def _verify(given: Given) -> int:
    settings = None if given.public_key and given.folder else Settings.load()
    folder = given.folder or (settings.ledger if settings else None)
    copy = given.copy or (settings.ledger_copy if settings and not given.folder else None)
    if folder is None or not folder.is_dir():
        say(f"There is no ledger in {folder}: nothing was recorded yet, or its folder is gone.")
        return 1 if copy is not None and any(copy.glob("*")) else 0
    seals = _public(given.public_key) if given.public_key else Seals.of(_settled(settings).secret())
    report = verify(folder, seals, copy, _micros(given.since, _zone(settings)) if given.since else 0)
    if given.keep:
        verified.keep(folder, report, now_us())
    return _told(report, seals)


def _settled(settings: Settings | None) -> Settings:
    return Settings.load() if settings is None else settings


def _told(report: Report, seals: Seals) -> int:
    for note in report.notes:
        say(f"note: {note}")
    for finding in report.findings:
        say(f"TAMPERED: {finding}")
    signed = "never" if report.signed_at is None else minute(report.signed_at)
    say(f"{report.sentence()} Last signed: {signed}.")
    if report.open:
        say("Entries since the last checkpoint are as written; that none is missing, the next one proves.")
    if not seals.complete:
        say("Looked at with the public key alone: entries since the last checkpoint are not proved.")
    return 0 if report.sound else 1


def _public(given: str) -> Seals:
    path = Path(given)
    text = path.read_text(encoding="ascii").strip() if path.is_file() else given
    try:
        return Seals.of_public(text)
    except ValueError as wrong:
        raise Mistaken(f"--public-key: {wrong}, or names a file that holds them") from None


def _show(given: Given) -> int:
    settings = Settings.load()
    found = _index(settings).find(_asked(given, settings), 0, max(1, given.most))
    zone = _zone(settings)
    for line in found.lines:
        at = datetime.fromtimestamp(line.get("at", 0) / 1e6, zone)
        say(f"{at:%Y-%m-%d %H:%M:%S %Z}  {line.get('who', ''):24} {told(line)}")
    if found.total > len(found.lines):
        total = f"{found.total:,}" if found.counted else "many more"
        say(f"{len(found.lines):,} of {total}; --most shows more, and `audit export` writes all.")
    return 0


def _export(given: Given) -> int:
    settings = Settings.load()
    if given.file.exists():
        raise Mistaken(f"{given.file} is there already; name another file")
    about: dict[str, str | int] = {"do": "start", "name": "Ledger", "format": "csv"}
    book_of(settings).record(Entry(What.EXPORT, operator(), place="ledger/entries", about=about))
    with given.file.open("wb") as out:
        out.writelines(rows(_index(settings).every(_asked(given, settings))))
    say(f"Wrote {given.file}.")
    return 0


def _index(settings: Settings) -> Index:
    index = index_of(settings)
    for wrong in index.follow():
        say(f"TAMPERED: {wrong}")
    return index


def _asked(given: Given, settings: Settings) -> Asked:
    if given.what and given.what not in set(What):
        raise Mistaken(f"There is no kind {given.what!r}; there are {', '.join(What)}")
    zone = _zone(settings)
    last = _micros(given.last, zone) + DAY_US if given.last else None
    first = _micros(given.first, zone) if given.first else None
    texts = (given.who or "", given.what or "", given.campaign or "", given.text or "")
    return Asked(*texts, first, last)


def _key(given: Given) -> int:
    del given
    say(Seals.of(Settings.load().secret()).public.hex())
    return 0


def _zone(settings: Settings | None) -> ZoneInfo:
    return ZoneInfo("UTC" if settings is None else settings.zone)


def _micros(day: str, zone: ZoneInfo) -> int:
    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise Mistaken(f"{day} is no day; write one like 2026-11-30") from None
    return int(datetime(first.year, first.month, first.day, tzinfo=zone).timestamp() * 1e6)


COMMANDS: dict[str, Callable[[Given], int]] = {
    "verify": _verify, "show": _show, "export": _export, "key": _key,
}  # fmt: skip
