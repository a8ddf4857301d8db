"""An issued report as files: its tables as one tidy CSV."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from data.answer import Status
from documents.model import Bars, Block, Document, Figures, Lines, Table, Value
from exports.formats import Written, pieces
from exports.sheet import Sheet

SCHEMA = "1"
COLUMNS: dict[str, type[pl.DataType]] = {
    "schema": pl.String,
    "report": pl.String,
    "snapshot": pl.Int64,
    "block": pl.String,
    "row": pl.String,
    "label": pl.String,
    "column": pl.String,
    "metric": pl.String,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "text": pl.String,
    "approximate": pl.Boolean,
    "status": pl.String,
    "suppressed": pl.Boolean,
    "reason": pl.String,
}


def csv_of(document: Document) -> bytes:
    """Every value of an issued report, a row each: block, row and column, as it was told."""
    return b"".join(pieces(sheet_of(document), "csv", Written()))


def sheet_of(document: Document) -> Sheet:
    """The rows of an issued report's values."""
    rows = [
        (SCHEMA, document.id, document.snapshot, *where, *_value(value))
        for block in document.blocks
        for where, value in _values(block)
    ]

    def batches() -> Iterator[pl.DataFrame]:
        yield pl.DataFrame(rows, schema=COLUMNS, orient="row")

    return Sheet(
        "report", document.id.lower(), document.title, document.snapshot, document.words, SCHEMA, COLUMNS,
        batches, lambda: len(rows),
    )  # fmt: skip


def _values(block: Block) -> Iterator[tuple[tuple[str, str, str, str], Value]]:
    """Each value with its block, row key, row label and column."""
    match block:
        case Figures():
            for one in block.items:
                yield ("figures", one.name, one.label, "value"), one.value
        case Table() | Bars():
            for row in block.rows:
                for column, value in zip(block.columns[1:], row.values, strict=True):
                    yield (block.name, row.key or row.label, row.label, column.name), value
        case Lines():
            for series in block.series:
                for x, value in zip(block.x, series.values, strict=True):
                    yield (block.name, x, x, series.label), value


def _value(value: Value) -> tuple[object, ...]:
    return (
        value.metric, value.value, value.numerator, value.denominator, value.text, value.approximate,
        value.status, value.status == Status.WITHHELD.value, value.reason,
    )  # fmt: skip
