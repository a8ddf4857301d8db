"""The data dictionary: docs/tables.md, written from the tables' own definitions."""

from __future__ import annotations

from data import tables
from data.tables import LANDING, LOADS, TABLES, Table

_HEAD = """\
# Tables

Written by `make docs` from `data/tables/`. Every table is a Delta table in the lake.

- Identifiers are keyed 64-bit pseudonyms; no table holds a member's id or an address.
- Instants (`*_us`) are microseconds since the epoch in UTC; days (`*_day`) are whole days since the epoch
  in the plan's reporting zone; money (`*_micros`) is in millionths.
- A null is "not known". A stage's instant of 0 is "happened, but the source gives no date".
- A key names one row. Landing tables receive rows from files; the others are computed from them and can be
  rebuilt.

| Type | Arrow type |
|---|---|
"""


def tables_page() -> str:
    """Text of docs/tables.md: every table with its columns, key and partition."""
    types = "".join(f"| {name} | `{arrow}` |\n" for name, arrow in tables.TYPES.items())
    return _HEAD + types + "".join(_section(table) for table in TABLES.values())


def _section(table: Table) -> str:
    facts = [_sort(table), f"Key: {_names(table.key)}."] if table.key else [_sort(table)]
    if table.partition:
        facts.append(f"Partitioned by {_names(table.partition)}.")
    rows = "".join(f"| `{column.name}` | {column.type} | {column.meaning} |\n" for column in table.columns)
    return (
        f"\n## {table.name}\n\n{table.meaning}\n\n{' '.join(facts)}\n\n"
        f"| Column | Type | Meaning |\n|---|---|---|\n{rows}"
    )


def _sort(table: Table) -> str:
    return "Landing table." if table in (LOADS, *LANDING) else "Computed table."


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{column}`" for column in columns)
