"""What every setting of a document shares: levels of headings, the table behind a chart, marks in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from documents.model import Bars, Block, Column, Document, Lines, Row, Sentences, Table, Value

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def leveled(blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    """Each block with the level of its title: sentences open a section (1), what follows stands in it (2)."""
    below = 1
    for block in blocks:
        if isinstance(block, Sentences):
            below = 2
            yield 1, block
        else:
            yield below, block


def behind(block: Lines | Bars) -> Table:
    """The table behind a chart: a row per bucket of time, or per category."""
    if isinstance(block, Bars):
        return Table(block.name, block.title, block.columns, block.rows, block.caption, empty=block.empty)
    first = "Day" if block.x and is_day(block.x[0]) else "Period"
    columns = (
        Column("x", first, False),
        *(Column(str(place), one.label) for place, one in enumerate(block.series)),
    )
    rows = tuple(_row(place, x, block) for place, x in enumerate(block.x))
    return Table(block.name, block.title, columns, rows, block.caption)


def _row(place: int, x: str, block: Lines) -> Row:
    words = f"{bucket(x)} (in part)" if x in block.partial else bucket(x)
    return Row(words, tuple(one.values[place] for one in block.series), x)


def is_day(x: str) -> bool:
    """Whether a bucket of time is a day, as ISO 8601 writes it."""
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", x))


def bucket(x: str, *, short: bool = False) -> str:
    """`3 Oct 2026` of a day, `3 Oct` for an axis; the name of any other bucket as it is."""
    if not is_day(x):
        return x
    day = date.fromisoformat(x)
    return f"{day.day} {day:%b}" if short else f"{day.day} {day:%b %Y}"


def marks(document: Document) -> tuple[tuple[str, str], ...]:
    """What says where a document comes from: report ID, clocks, snapshot, version of the definitions."""
    state = f" ({document.state})" if document.state else ""
    told = (
        ("Report", f"{document.id}{state}" if document.id else ""),
        ("Outreach through", document.outreach_through),
        ("Outcomes complete through", document.outcomes_through),
        ("Snapshot", str(document.snapshot)),
        ("Definitions", document.definitions),
    )
    return tuple((label, value) for label, value in told if value)


def longest(block: Bars) -> float:
    """The largest number that the bars of a chart, or what they are held against, reach to; at least 0."""
    bars = (row.values[0].value for row in block.rows if row.values)
    bands = (row.band for row in block.rows if row.band is not None)
    ends = (end for band in bands for end in (band.high, band.goal))
    return max((end for end in (*bars, *ends) if end is not None), default=0.0)


def untold(value: Value) -> bool:
    """Whether there is no number in the place of one."""
    return value.value is None


def plain(text: str) -> str:
    """Text without the signs that neither XML nor HTML may hold."""
    return _CONTROL.sub("", text)
