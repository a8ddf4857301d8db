"""Cells are a sum over (campaign, member) pairs, so a run moves only what the touched pairs give."""

from __future__ import annotations

import duckdb
import polars as pl

from data.tables import CELL_KEY, CELLS, COUNTS
from etl import models, slots

KEY = ", ".join(CELL_KEY)
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


def months_touched(con: duckdb.DuckDBPyConnection) -> list[int]:
    """The months in which any cell changes."""
    rows = con.execute(
        f"select distinct {month('day')} from cells_before "
        f"union select distinct {month('day')} from cells_after"
    ).fetchall()
    return sorted(row[0] for row in rows)


def merged(con: duckdb.DuckDBPyConnection, old_cells: str) -> pl.DataFrame:
    """The cells of the touched months: what was there, less what the pairs gave, plus what they give now."""
    sums = ", ".join(f"cast(sum(coalesce({name}, 0)) as bigint) as {name}" for name in COUNTS)
    minus = ", ".join(f"-{name} as {name}" for name in COUNTS)
    cells: pl.DataFrame = con.sql(
        f"with moves as (select {KEY}, {', '.join(COUNTS)} from {old_cells} "
        f"union all by name select {KEY}, {minus} from cells_before "
        f"union all by name select * from cells_after), "
        f"sums as (select {KEY}, {sums} from moves group by {KEY}) "
        f"select *, {month('day')} as month from sums where {ALIVE}"
    ).pl()
    return cells
