"""Cells are a sum over (campaign, member) pairs, so a run moves only what the touched pairs give."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from data.tables import CELL_KEY, COUNTS
from etl import models, slots

MARKS = ("campaign", "channel", "wave", "variant", "month", "stage", "member")


@dataclass(frozen=True)
class Contribution:
    """What a set of pairs gives: temporary tables of cells and of reach marks."""

    cells: str
    marks: str


def contribution(con: duckdb.DuckDBPyConnection, suffix: str, zone: str) -> Contribution:
    """Run the models over `messages_in`, `assignments_in`, `outcomes_in`, `statements`, `terms`, `prices`."""
    for name in models.FACTS:
        if name == "member_cells":
            _calendar(con)
        models.materialise(con, name)
    slots.prepare(con, zone)
    parts = [f"({models.sql(name)})" for name in models.CELLS]
    con.execute(f"create or replace temp table cells_{suffix} as {' union all by name '.join(parts)}")
    con.execute(
        f"create or replace temp table marks_{suffix} as select m.* exclude (day), {month('day')} as month "
        f"from ({models.sql('reach_marks')}) m"
    )
    return Contribution(f"cells_{suffix}", f"marks_{suffix}")


def _calendar(con: duckdb.DuckDBPyConnection) -> None:
    """Fill `calendar` with the month of every day that `touches` speaks of."""
    days = "(select distinct send_day as day from touches where send_day is not null)"
    con.execute(f"create or replace temp table calendar as select day, {month('day')} as month from {days}")


def month(day: str) -> str:
    """SQL for the year and month of a day number, 0 where undated."""
    date = f"(date '1970-01-01' + cast({day} as integer))"
    return f"cast(coalesce(year({date}) * 100 + month({date}), 0) as integer)"


def nothing(con: duckdb.DuckDBPyConnection, like: Contribution, suffix: str) -> Contribution:
    """The contribution of no pair at all, shaped like another."""
    con.execute(f"create or replace temp table cells_{suffix} as select * from {like.cells} where false")
    con.execute(f"create or replace temp table marks_{suffix} as select * from {like.marks} where false")
    return Contribution(f"cells_{suffix}", f"marks_{suffix}")


def months_touched(con: duckdb.DuckDBPyConnection, before: Contribution, after: Contribution) -> list[int]:
    """The months in which any cell changes."""
    rows = con.execute(
        f"select distinct {month('day')} from {before.cells} "
        f"union select distinct {month('day')} from {after.cells}"
    ).fetchall()
    return sorted(row[0] for row in rows)


def merged(
    con: duckdb.DuckDBPyConnection, old_cells: str, before: Contribution, after: Contribution
) -> pl.DataFrame:
    """The cells of the touched months: what was there, less what the pairs gave, plus what they give now."""
    key = ", ".join(CELL_KEY)
    sums = ", ".join(f"cast(sum(coalesce({name}, 0)) as bigint) as {name}" for name in COUNTS)
    minus = ", ".join(f"-{name} as {name}" for name in COUNTS)
    alive = " or ".join(f"{name} <> 0" for name in COUNTS)
    cells: pl.DataFrame = con.sql(
        f"with moves as (select {key}, {', '.join(COUNTS)} from {old_cells} "
        f"union all by name select {key}, {minus} from {before.cells} "
        f"union all by name select * from {after.cells}), "
        f"sums as (select {key}, {sums} from moves group by {key}) "
        f"select *, {month('day')} as month from sums where {alive}"
    ).pl()
    return cells
