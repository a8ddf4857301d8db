"""How a table of the lake is described: columns, types, key and partition.

Identifiers are keyed 64-bit pseudonyms. Instants are microseconds since the epoch in UTC (`*_us`),
days are whole days since the epoch in the plan's reporting zone (`*_day`), money is in millionths.
A null is "not known"; a stage time of 0 is "happened, but the source gives no date".
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TYPES: dict[str, pa.DataType] = {
    "long": pa.int64(),
    "int": pa.int32(),
    "text": pa.string(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "blob": pa.binary(),
}


@dataclass(frozen=True)
class Column:
    """A column: its name, a type of `TYPES`, what it holds, and whether every row must have it.

    A `late` one was added after the first lakes were filled: files of then lack it, and read as null.
    """

    name: str
    type: str
    meaning: str
    required: bool = False
    late: bool = False


@dataclass(frozen=True)
class Table:
    """A Delta table: what a row is, its columns, its key and the columns that partition it."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partition: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, TYPES[c.type], nullable=not c.required) for c in self.columns])


def columns(text: str) -> tuple[Column, ...]:
    """Columns from lines of name, type and meaning; `!` at the type: every row has it, `?`: it is late."""
    rows = (line.split(maxsplit=2) for line in text.strip().splitlines() if line.strip())
    return tuple(
        Column(name, kind.rstrip("!?"), meaning, kind.endswith("!"), kind.endswith("?"))
        for name, kind, meaning in rows
    )
