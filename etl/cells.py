"""Cells are a sum over (campaign, member) pairs, so a run moves only what the touched pairs give."""

from __future__ import annotations

import duckdb

from data.tables import CELL_KEY, CELLS, COUNTS
from etl import models, slots

KEY = ", ".join(CELL_KEY)
SAME = " and ".join(
    f"c.{name} is not distinct from d.{name}" if name == "day" else f"c.{name} = d.{name}"
    for name in CELL_KEY
)
ALIVE = " or ".join(f"{name} <> 0" for name in COUNTS)


def contribution(con: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Run the models over `messages_in`, `assignments_in`, `outcomes_in`, `statements`, `terms`, `prices`.

    What the pairs give is then in the tables `cells_given` and `reach_marks`.
    """
    _calendar(con)
    for name in models.FACTS:
        models.materialise(con, name)
    slots.prepare(con, zone)
    parts = [f"({models.sql(name)})" for name in models.CELLS]
    counted = (
        f"select * from (select {_nulls()} where false) union all by name {' union all by name '.join(parts)}"
    )
    # A table: the filter on counts of no kind may not be pushed into the union (DuckDB 2.0 loses rows then).
    con.execute(f"create or replace temp table cells_given as {counted}")
    models.materialise(con, "reach_marks")


def _nulls() -> str:
    """A column of every count, so that a kind of cells that lacks one has it all the same."""
    return ", ".join(f"null::bigint as {name}" for name in COUNTS)


def _calendar(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `calendar` with the month of every day on which messages were sent."""
    days = "(select distinct send_day as day from messages_in where send_day is not null)"
    con.execute(f"create or replace temp table calendar as select day, {month('day')} as month from {days}")


def month(day: str) -> str:
    """SQL for the year and month of a day number, 0 where undated."""
    date = f"(date '1970-01-01' + cast({day} as integer))"
    return f"cast(coalesce(year({date}) * 100 + month({date}), 0) as integer)"


def empty(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """An empty temporary table of cells without their month, to add to."""
    kinds = {column.name: column.type for column in CELLS.columns}
    types = {"text": "varchar", "int": "integer", "long": "bigint"}
    columns = ", ".join(f"{column} {types[kinds[column]]}" for column in (*CELL_KEY, *COUNTS))
    con.execute(f"create or replace temp table {name} ({columns})")


def whole(given: str) -> str:
    """The rows of a relation of cells as the table has them; its keys have to be unique."""
    sums = ", ".join(f"coalesce({name}, 0) as {name}" for name in COUNTS)
    counted = f"select {KEY}, {sums} from {given}"
    return f"select *, {month('day')} as month from ({counted}) where {ALIVE}"


def deltas(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `cells_moved` with what `cells_after` has more than `cells_before`, where they differ."""
    both = "(select * from cells_before union all select * from cells_after)"
    counts = counted(con, both) or list(COUNTS[:1])
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in counts)
    minus = ", ".join(f"-{name} as {name}" for name in counts)
    con.execute(
        f"create or replace temp table cells_summed as select {KEY}, {sums} from ("
        f"select {KEY}, {minus} from cells_before union all by name "
        f"select {KEY}, {', '.join(counts)} from cells_after) group by {KEY}"
    )
    differs = " or ".join(f"{name} <> 0" for name in counts)
    con.execute(f"create or replace temp table cells_moved as select * from cells_summed where {differs}")
    con.execute("drop table cells_summed")


def counted(con: duckdb.DuckDBPyConnection, cells: str) -> list[str]:
    """The counts that any cell of a relation has at all: most channels know few of them."""
    asked = ", ".join(f"coalesce(max({name}) <> 0 or min({name}) <> 0, false)" for name in COUNTS)
    row = con.execute(f"select {asked} from {cells}").fetchall()[0]
    return [name for name, found in zip(COUNTS, row, strict=True) if found]


def months_moved(con: duckdb.DuckDBPyConnection) -> list[int]:
    """The months in which any cell changes."""
    rows = con.execute(f"select distinct {month('day')} from cells_moved").fetchall()
    return sorted(row[0] for row in rows)


def kept(cells: str) -> str:
    """A query for the cells that stay as they are."""
    return f"select c.* from {cells} c anti join cells_moved d on {SAME}"


def merged(cells: str) -> str:
    """A query for the cells that change, as they are now."""
    sums = ", ".join(f"cast(sum(coalesce({name}, 0)) as bigint) as {name}" for name in COUNTS)
    names = f"{KEY}, {', '.join(COUNTS)}"
    return (
        f"with changing as (select c.* from {cells} c semi join cells_moved d on {SAME}), "
        f"moves as (select {names} from changing union all by name select * from cells_moved), "
        f"sums as (select {KEY}, {sums} from moves group by {KEY}) "
        f"select *, {month('day')} as month from sums where {ALIVE}"
    )
