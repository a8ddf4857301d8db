"""Tables for paper: one with more columns than a sheet is wide is turned on its side, or set in parts."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from documents.model import Block, Column, Document, Row, Table

MOST = 9
"""Columns that a sheet holds beside each other, the first of them the labels."""
TURNED = 5
"""Rows that still stand beside each other as columns, with their labels above."""


def fitted(document: Document) -> Document:
    """The document with the same values, in tables that fit on a sheet."""
    return replace(document, blocks=tuple(part for block in document.blocks for part in _fitted(block)))


def _fitted(block: Block) -> Iterator[Block]:
    if not isinstance(block, Table) or len(block.columns) <= MOST or not block.rows:
        yield block
    elif len(block.rows) <= TURNED:
        yield _turned(block)
    else:
        yield from _parts(block)


def _turned(table: Table) -> Table:
    """A row for each column, and a column for each row."""
    columns = [Column(row.key or row.label, row.label) for row in table.rows]
    rows = [
        Row(column.label, tuple(row.values[place] for row in table.rows), column.name)
        for place, column in enumerate(table.columns[1:])
    ]
    return replace(table, columns=(Column("figure", "Figure", number=False), *columns), rows=tuple(rows))


def _parts(table: Table) -> Iterator[Table]:
    """All rows with the first columns, then with the next ones; what is said below the table comes last."""
    first, width = table.columns[0], MOST - 1
    starts = range(0, len(table.columns) - 1, width)
    for number, start in enumerate(starts, 1):
        columns = table.columns[1 + start : 1 + start + width]
        rows = tuple(replace(row, values=row.values[start : start + width]) for row in table.rows)
        title = f"{table.title} ({number} of {len(starts)})"
        last = {} if number == len(starts) else {"caption": "", "note": ""}
        yield replace(table, title=title, columns=(first, *columns), rows=rows, **last)
