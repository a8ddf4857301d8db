"""A document's values by what they are of, so that two of the same question can be laid side by side."""

from __future__ import annotations

from collections.abc import Iterator

from documents.model import Bars, Block, Document, Figures, Lines, Table, Value

SEPARATOR = "\x1f"
"""Between the parts of a key: block, row and column."""


def values_of(document: Document) -> dict[str, Value]:
    """Every value of a document that names a metric, by block, row and column; the first of a key counts."""
    found: dict[str, Value] = {}
    for block in document.blocks:
        for key, value in _values(block):
            if value.metric:
                found.setdefault(SEPARATOR.join(key), value)
    return found


def labels_of(document: Document) -> dict[str, str]:
    """What each key of `values_of` is called: `By channel: E-mail, Delivered rate`."""
    found: dict[str, str] = {}
    for block in document.blocks:
        for key, words in _labels(block):
            found.setdefault(SEPARATOR.join(key), words)
    return found


def metrics_of(document: Document) -> list[str]:
    """The metrics that a document tells, in the order in which they first come."""
    return list(dict.fromkeys(value.metric for value in values_of(document).values()))


def _values(block: Block) -> Iterator[tuple[tuple[str, str, str], Value]]:
    match block:
        case Figures():
            for one in block.items:
                yield (f"figures {block.title}", one.name, ""), one.value
        case Table() | Bars():
            for row in block.rows:
                for column, value in zip(block.columns[1:], row.values, strict=False):
                    yield (block.name, row.key or row.label, column.name), value
        case Lines():
            for series in block.series:
                for x, value in zip(block.x, series.values, strict=False):
                    yield (block.name, x, series.label), value


def _labels(block: Block) -> Iterator[tuple[tuple[str, str, str], str]]:
    match block:
        case Figures():
            for one in block.items:
                yield (f"figures {block.title}", one.name, ""), one.label
        case Table() | Bars():
            for row in block.rows:
                for column in block.columns[1:]:
                    yield (
                        (block.name, row.key or row.label, column.name),
                        (f"{block.title}: {row.label}, {column.label}"),
                    )
        case Lines():
            for series in block.series:
                for x in block.x:
                    yield (block.name, x, series.label), f"{block.title}: {x}, {series.label}"
