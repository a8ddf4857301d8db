"""A query's rows in batches, each as a file's rows would be, with the position after it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection

from config.suggest import near
from data.identify import Pseudonyms
from etl.intake.reader import BAD, UNREADABLE, Rows, dialect, texts_frame, unique_headers
from etl.intake.sheet import raw_texts
from etl.pull.position import MOST_SEEN, Order, Position, kind_of
from etl.pull.texts import text_of
from etl.sources.mapping import Mapping
from etl.sources.problems import MappingError
from etl.sources.sql import Sql

FETCHED = 2_000


@dataclass(frozen=True)
class Piece:
    """Some rows as texts, without those that were landed before, and where the next one goes on."""

    frame: pl.DataFrame
    digests: pl.Series
    position: Position


def batches(
    connection: Connection, mapping: Mapping, sql: Sql, after: Position, ids: Pseudonyms
) -> Iterator[tuple[Rows, Position]]:
    """Read what is new after a position; each batch but the last has about `sql.batch` rows."""
    damaged = connection.dialect.name == "sqlite"  # any bytes may be a text there
    held: list[Piece] = []
    for piece in _pieces(connection, mapping, sql, after, ids):
        held.append(piece)
        if sum(one.frame.height for one in held) >= sql.batch:
            yield _rows(held, mapping, sql, damaged), held[-1].position
            held = []
    if any(one.frame.height for one in held):
        yield _rows(held, mapping, sql, damaged), held[-1].position


def _pieces(
    connection: Connection, mapping: Mapping, sql: Sql, after: Position, ids: Pseudonyms
) -> Iterator[Piece]:
    streamed = connection.execution_options(stream_results=True, max_row_buffer=FETCHED)
    with streamed.execute(sa.text(sql.query), {"cursor": after.bound(connection.dialect.name)}) as found:
        names = unique_headers(list(found.keys()))
        at = _place(names, mapping, sql)
        order, position = Order(mapping, sql.cursor), after
        for fetched in found.partitions(min(FETCHED, sql.batch)):
            order.check([row[at] for row in fetched])
            frame = texts_frame([[text_of(cell) for cell in row] for row in fetched], names)
            digests = ids.keys("pulled", [frame[name] for name in names])
            texts = frame[names[at]]
            known = (texts == after.value) & digests.is_in(list(after.seen))
            position = _moved(position, sql, fetched[-1][at], digests.filter(texts == texts[-1]))
            yield Piece(frame.filter(~known), digests.filter(~known), position)


def _place(names: list[str], mapping: Mapping, sql: Sql) -> int:
    # Oracle and Snowflake answer in capitals whatever the query writes.
    folded = [name.lower() for name in names]
    if folded.count(sql.cursor.lower()) != 1:
        said = "has no column" if sql.cursor.lower() not in folded else "has more than one column"
        hint = near(sql.cursor, names)
        raise MappingError(
            [f'{mapping.path.name}: [sql] cursor: the answer of the query {said} "{sql.cursor}"{hint}']
        )
    return folded.index(sql.cursor.lower())


def _moved(before: Position, sql: Sql, last: object, digests: pl.Series) -> Position:
    """The position after some rows; one that a query read again from further back does not go back."""
    value, kind = text_of(last), kind_of(last) or "text"
    moved = replace(before, kind=kind, value=value, seen=())
    if value != before.value and _below(last, before):
        return before
    seen = {*(before.seen if value == before.value else ()), *digests.to_list()}
    return replace(moved, column=sql.cursor, seen=tuple(sorted(seen)) if len(seen) <= MOST_SEEN else ())


def _below(value: object, position: Position) -> bool:
    try:
        return bool(value < position.bound(""))  # type: ignore[operator]
    except TypeError:
        return False


def _rows(held: list[Piece], mapping: Mapping, sql: Sql, damaged: bool) -> Rows:
    """The pieces as the rows of one file; a row with bytes that are no text is refused like there."""
    frame = pl.concat([one.frame for one in held])
    digests = pl.concat([one.digests for one in held])
    header = io.StringIO()
    csv.writer(header, **dialect(mapping.file)).writerow(frame.columns)
    # Keyed, unlike a file's: a few rows would be found again from a plain hash of them.
    content = sha256(header.getvalue().encode() + digests.to_numpy().tobytes()).hexdigest()
    numbers = pl.Series("row", range(1, frame.height + 1), dtype=pl.Int64)
    marked = pl.any_horizontal(pl.all().str.contains(BAD, literal=True)) & damaged
    bad = frame.select(marked.alias("bad"))["bad"]
    raws = raw_texts(frame.filter(bad), mapping)
    broken = [(int(n), UNREADABLE, raw) for n, raw in zip(numbers.filter(bad), raws, strict=True)]
    folder = str(mapping.path.resolve().parent)
    return Rows(
        f"sql:{sql.database}", folder, content, header.getvalue(), frame.filter(~bad),
        numbers.filter(~bad), broken, frame.height,
    )  # fmt: skip
