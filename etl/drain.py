"""Lands what the journal of live events holds: a load per source, then the segments go."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl

from collect.accept import Record, decoder
from collect.events import Event
from collect.journal import alone, finished, records
from config.settings import Settings
from data.snapshot import Lake
from etl import entries
from etl.commit import Writer
from etl.door import check_secret, quarantine_of
from etl.intake.batch import REFUSED, SKIPPED, Batch, shaped
from etl.intake.instants import day_of
from etl.land import Landed, land
from etl.publish import check_zone

KIND = "live"
PORTION, LANDED = ".portion", ".landed"
"""The files in a journal that name the segments which are being landed, and those that are."""
AT_ONCE = 1_000_000
"""Rows that are landed together, so that a long backlog stays small in memory."""


@dataclass(frozen=True)
class Drained:
    """What became of the segments that were finished."""

    landed: tuple[Landed, ...]
    segments: int

    def sentence(self) -> str:
        rows = sum(one.loaded for one in self.landed)
        return (
            f"{self.segments} segment{'s' if self.segments != 1 else ''} of live events: {rows:,} new rows."
        )


def drain(settings: Settings) -> Drained:
    """Land the finished segments of the journal and delete them. Doing it again, also after a crash at any
    point, lands and counts nothing twice: rows are known by their keys, loads by their segments."""
    check_zone(Lake(settings.lake).latest(), settings)
    check_secret(settings)
    lake, landed, count = Writer(settings.lake), [], 0
    with alone(settings.journal):
        _delete(settings.journal)
        for segments in _portions(settings.journal):
            for batch in _batches(segments, settings.zone):
                entries.landing(settings, batch)
                landed.append(land(batch, lake, quarantine_of(settings), time.time_ns() // 1000))
            (settings.journal / PORTION).rename(settings.journal / LANDED)
            _delete(settings.journal)
            count += len(segments)
    return Drained(tuple(landed), count)


def _portions(folder: Path) -> Iterator[list[Path]]:
    """Segments to land together, of a bounded size; first the very ones that a crash left: a load is known by
    its segments, so that what was refused in them is not counted twice."""
    if (folder / PORTION).exists():
        yield [one for one in _named(folder / PORTION) if one.exists()]
    left = finished(folder)
    while left:
        sizes = accumulate(segment.stat().st_size for segment in left)
        several = 1 + sum(size < AT_ONCE * 60 for size in sizes)
        portion, left = left[:several], left[several:]
        _write(folder / PORTION, "\n".join(segment.name for segment in portion))
        yield portion


def _delete(folder: Path) -> None:
    """Delete the segments that are landed."""
    if (folder / LANDED).exists():
        for segment in _named(folder / LANDED):
            segment.unlink(missing_ok=True)
        (folder / LANDED).unlink()


def _named(names: Path) -> list[Path]:
    return [names.parent / name for name in names.read_text(encoding="ascii").split()]


def _write(file: Path, words: str) -> None:
    """A file that is there whole or not at all, also after a power cut."""
    draft = file.with_suffix(".new")
    with draft.open("w", encoding="ascii") as out:
        out.write(words)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)


def _batches(segments: Sequence[Path], zone: str) -> Iterator[Batch]:
    """A batch per source."""
    of: dict[str, list[Record]] = {}
    for segment in segments:
        for payload in records(segment):
            record = decoder.decode(payload)
            of.setdefault(record.source, []).append(record)
    name = hashlib.sha256("\n".join(one.stem for one in segments).encode()).hexdigest()
    for source, several in sorted(of.items()):
        yield _batch(source, several, name, zone)


def _batch(source: str, several: Sequence[Record], name: str, zone: str) -> Batch:
    messages = [row for record in several for row in record.messages]
    outcomes = [row for record in several for row in record.outcomes]
    app = [row for record in several for row in record.app]
    refused, not_kept = Counter[str](), Counter[str]()
    for record in several:
        refused.update(record.refused)
        not_kept.update(record.not_kept)
    frames = {
        "events": _frame("events", messages, source, "event_us", "event_day", zone),
        "outcomes": _frame("outcomes", outcomes, source, "service_us", "service_day", zone),
        "behaviour": _frame("behaviour", app, source, "event_us", "event_day", zone),
    }
    tables, row = {}, 0
    for table, frame in frames.items():
        tables[table] = shaped(table, frame.with_columns(row=pl.int_range(row + 1, row + 1 + frame.height)))
        row += frame.height
    skipped = pl.DataFrame(_numbered(not_kept, row), schema=SKIPPED, orient="row")
    row += skipped.height
    wrong = [(at, *_field(reason), "") for at, reason in _numbered(refused, row)]
    return Batch(
        source=source,
        kind=KIND,
        file_name=f"{len(several)} requests",
        sha256=name,
        mapping_sha256="",
        rows_in=row + len(wrong),
        provides=_provides(frames),
        synthetic=False,
        tables={table: frame for table, frame in tables.items() if not frame.is_empty()},
        refused=pl.DataFrame(wrong, schema=REFUSED, orient="row"),
        skipped=skipped,
        keeps_refused=False,
    )


def _frame(table: str, rows: Sequence[Any], source: str, instant: str, day: str, zone: str) -> pl.DataFrame:
    if not rows:
        return shaped(table, pl.DataFrame())
    names = rows[0].__struct_fields__
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    frame = pl.DataFrame(columns, infer_schema_length=None).with_columns(source=pl.lit(source))
    return frame.with_columns(day_of(frame[instant], zone).alias(day))


def _field(words: str) -> tuple[str, str]:
    """The field that a refusal is about, or nothing, and what is wrong with it."""
    name, colon, rest = words.partition(": ")
    return (name, rest) if colon and name in Event.__struct_fields__ else ("", words)


def _numbered(reasons: Counter[str], after: int) -> list[tuple[int, str]]:
    told = [reason for reason, rows in sorted(reasons.items()) for _ in range(rows)]
    return [(after + 1 + at, reason) for at, reason in enumerate(told)]


def _provides(frames: dict[str, pl.DataFrame]) -> frozenset[str]:
    """The facts that a source has shown that it can report."""
    events = set(frames["events"]["event"].unique()) if not frames["events"].is_empty() else set()
    named: set[str] = set()
    if not frames["outcomes"].is_empty():
        named = set(frames["outcomes"]["outcome"].unique())
    return frozenset({*events, *(f"outcome:{one}" for one in named)})
