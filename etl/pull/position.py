"""How far a source was pulled: the value of its cursor, and which rows at that very value were landed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from data.snapshot import Lake
from etl.pull.texts import text_of
from etl.sources.mapping import Mapping
from etl.sources.problems import IntakeError
from etl.sources.sql import Sql

# Above it the rows at the last value are read again; their keys tell that they are there.
MOST_SEEN = 1_000
# The lake holds no names and no addresses: a text is a cursor only where it writes numbers or dates.
PLAIN = re.compile(r"[0-9TtZzUC:.,+\- /]{1,64}")
KINDS: dict[str, Callable[[str], object]] = {
    "int": int,
    "decimal": Decimal,
    "float": float,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "text": str,
}


@dataclass(frozen=True)
class Position:
    """`value` is the cursor's text, `kind` says what it is; `seen`: keyed hashes of rows landed at it."""

    column: str
    kind: str
    value: str
    seen: tuple[int, ...] = ()

    def bound(self, dialect: str) -> object:
        """The value as it is bound to the query. SQLite knows no dates: there they are texts."""
        if dialect == "sqlite" and self.kind in ("datetime", "date"):
            return self.value
        return KINDS[self.kind](self.value)

    @property
    def through(self) -> str:
        """For people: how far it came."""
        return f"through {self.column} {self.value}"

    def dumped(self) -> str:
        return json.dumps([self.column, self.kind, self.value, list(self.seen)])


def loaded(text: str) -> Position:
    column, kind, value, seen = json.loads(text)
    return Position(column, kind, value, tuple(seen))


def at_start(sql: Sql) -> Position:
    return Position(sql.cursor, kind_of(sql.start) or "text", text_of(sql.start))


def latest(lake: Lake, source: str) -> str | None:
    """The position that the latest pull of a source keeps, as text, also one that was undone; None where it
    was never pulled."""
    known = pl.concat([lake.frame(name).select("source", "position", "seq") for name in ("loads", "undone")])
    pulled = known.filter((pl.col("source") == source) & pl.col("position").is_not_null())
    return None if pulled.is_empty() else str(pulled.sort("seq")["position"][-1])


def of_source(lake: Lake, source: str) -> Position | None:
    """Where the latest landed pull of a source from a database ended."""
    text = latest(lake, source)
    return loaded(text) if text is not None and text.startswith("[") else None


def next_of(lake: Lake, mapping: Mapping, sql: Sql) -> Position:
    """Where the next pull goes on; another cursor than the last time starts anew."""
    last = of_source(lake, mapping.name)
    return last if last is not None and last.column == sql.cursor else at_start(sql)


def kind_of(value: object) -> str | None:
    """What a cursor's value is, None where it cannot be one."""
    if isinstance(value, bool) or value is None:
        return None
    kinds = ((int, "int"), (Decimal, "decimal"), (float, "float"), (datetime, "datetime"), (date, "date"))
    for known, kind in kinds:
        if isinstance(value, known):
            return kind
    return "text" if isinstance(value, str) and PLAIN.fullmatch(value) else None


class Order:
    """Holds that rows come in the order of their cursor, none without a value."""

    def __init__(self, mapping: Mapping, column: str) -> None:
        self.where, self.column = f"{mapping.path.name}: [sql]", column
        self.last: object = None

    def check(self, values: list[object]) -> None:
        """IntakeError where a value is none that a pull can go on from, or is below the one before it."""
        for value in values:
            if kind_of(value) is None:
                raise IntakeError(
                    f'{self.where} cursor: "{self.column}" has a row with '
                    + ("no value" if value is None else "a value that is no number, date or time")
                    + "; choose a column that always has one, such as a running number or when it was changed"
                )
            if self.last is not None and not self._follows(value):
                raise IntakeError(
                    f'{self.where} query: rows do not come in the order of "{self.column}"; '
                    f'end it with: order by {self.column} (of texts: by their characters, collate "C")'
                )
            self.last = value

    def _follows(self, value: object) -> bool:
        try:
            return bool(value >= self.last)  # type: ignore[operator]
        except TypeError:
            return False
