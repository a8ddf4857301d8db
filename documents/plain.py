"""A document as plain text, as a mail says it: figures with their changes first, then tables, then notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from documents.compared import labels_of, values_of
from documents.model import Bars, Block, Document, Figure, Figures, Lines, Notes, Row, Sentences, Table
from documents.outline import bucket, marks, plain

ROWS, CHANGES = 12, 8
MORE = "and {} more rows"


def text(document: Document, before: Document | None = None, since: str = "", link: str = "") -> str:
    """The whole of it. `before` is the same report told last, at `since` in words; `link` reopens it."""
    period = "" if document.words.startswith(document.period) else document.period
    parts = [[document.title, document.plan], [period, document.words]]
    if before is not None:
        parts.append(list(_changes(document, before, since)))
    parts += [list(_block(block)) for block in document.blocks if not _repeats(block, document)]
    if document.comment:
        parts.append([f"{document.comment_by}: {document.comment}"])
    parts.append([f"{label}: {value}" for label, value in marks(document)])
    parts.append([f"The report as it was told: {link}"] if link else [])
    kept = ["\n".join(dict.fromkeys(plain(line) for line in part if line)) for part in parts]
    return "\n\n".join(part for part in kept if part) + "\n"


def _changes(document: Document, before: Document, since: str) -> Iterator[str]:
    """What is others than last time, the figures that moved most first."""
    now, then, labels = values_of(document), values_of(before), labels_of(document)
    moved = [
        (abs(now[key].value - was.value) / abs(was.value), key)  # type: ignore[operator]
        for key, was in then.items()
        if key in now and was.value and now[key].value is not None and now[key].value != was.value
    ]
    if not moved:
        yield f"Nothing has changed since {since}." if now.keys() & then.keys() else ""
        return
    yield f"Changed most since {since}:"
    for _, key in sorted(moved, key=lambda one: (-one[0], one[1]))[:CHANGES]:
        yield f"- {labels[key]}: {then[key].text}, now {now[key].text}"


def _repeats(block: Block, document: Document) -> bool:
    """Whether a chart's numbers all stand in a table, too: in a text the chart would only say them twice."""
    if not isinstance(block, Bars):
        return False
    tables = [one for one in document.blocks if isinstance(one, Table)]
    told = {cell for table in tables for cell in _cells(table)}
    return bool(block.rows) and told.issuperset(_cells(block))


def _cells(block: Table | Bars) -> Iterator[tuple[str, str, str]]:
    for row in block.rows:
        for column, value in zip(block.columns[1:], row.values, strict=False):
            yield row.key or row.label, column.name, value.text


def _block(block: Block) -> Iterator[str]:
    match block:
        case Figures():
            yield block.title
            yield from (_figure(one) for one in block.items)
        case Sentences():
            yield block.title
            yield from (f"{_lead(one.label)}{one.text}" for one in block.items)
        case Notes():
            yield from (f"({words})" for words in block.items)
        case Table() | Bars():
            yield from _table(block)
        case Lines():
            yield block.title
            yield from _ends(block)


def _lead(label: str) -> str:
    return f"{label.removesuffix('.')}: " if label else ""


def _figure(one: Figure) -> str:
    change = f" ({' '.join(part for part in (one.change, one.versus) if part)})" if one.change else ""
    note = f"; {one.note}" if one.note else ""
    return f"{one.label}: {one.value.text}{change}{note}"


def _table(block: Table | Bars) -> Iterator[str]:
    yield block.title
    if not block.rows:
        yield block.empty
        return
    heads = [column.label for column in block.columns[1:]]
    for row in block.rows[:ROWS]:
        yield f"- {_row(row, heads)}"
    if len(block.rows) > ROWS:
        yield MORE.format(len(block.rows) - ROWS)


def _row(row: Row, heads: Sequence[str]) -> str:
    told = (f"{head} {value.text}" for head, value in zip(heads, row.values, strict=False) if value.text)
    return f"{row.label}: {'; '.join(told)}"


def _ends(block: Lines) -> Iterator[str]:
    """Of each line its last value that is told."""
    for series in block.series:
        told = [
            (x, value) for x, value in zip(block.x, series.values, strict=False) if value.value is not None
        ]
        if told:
            yield f"- {series.label}: {told[-1][1].text} on {bucket(told[-1][0])}"
