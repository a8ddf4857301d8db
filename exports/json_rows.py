"""A sheet as one JSON document: a head of facts about it, then its rows, one to a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from exports.formats import EXACT, Written
from exports.sheet import Sheet, neutralised

AT_ONCE = 2_000


def document(sheet: Sheet, head: Mapping[str, Any], written: Written) -> Iterator[bytes]:
    """The document, piece by piece; `written` counts along. The same bytes whenever it is asked for again."""
    begin = json.dumps(dict(head), ensure_ascii=False, separators=(",", ":")).encode().removesuffix(b"}")
    yield written.add(begin + (b',"rows":[' if head else b'"rows":['))
    between = b"\n"
    for frame in sheet.batches():
        for part in frame.iter_slices(AT_ONCE):
            lines = [_line(row) for row in rows(neutralised(part))]
            written.rows += len(lines)
            written.beat(written)
            yield written.add(between + b",\n".join(lines))
            between = b",\n"
    yield written.add(b"\n]}\n")


def rows(frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """The rows as objects: whole numbers without a point, null where there is no value."""
    for row in frame.iter_rows(named=True):
        yield {name: _plain(one) for name, one in row.items()}


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _plain(one: object) -> object:
    if isinstance(one, float) and one.is_integer() and abs(one) < EXACT:
        return int(one)
    return one.isoformat() if isinstance(one, date) else one
