"""What several loads delivered: each row stands under one of them, and is remembered for the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb
import polars as pl

from data.snapshot import Lake
from data.tables import EVENTS, REMEMBERED, REPEATS, TABLES
from etl.intake.batch import POLARS

RESTATED: dict[str, tuple[list[str], str]] = {
    "aggregates": (["key", "measure"], "value"),
    "campaigns": (["campaign"], "record"),
}
"""Tables of which the latest statement of a source counts: what it is of, and what is said of it."""
NAMES = tuple(table.name for table in REMEMBERED)
FIRST = tuple(name for name in NAMES if name not in RESTATED)
"""The other ones: of a key the first load's row counts."""


def columns_of(name: str) -> list[str]:
    """The columns of a remembered table that its repeats keep."""
    return [c.name for c in TABLES[name].columns if c.name != "event_date"]


def frame_of(repeated: Mapping[str, pl.DataFrame], load_id: int) -> pl.DataFrame:
    """Rows of a batch, by table, that the lake holds already, as rows of `repeats`."""
    parts = [
        frame.with_columns(of=pl.lit(name), load_id=pl.lit(load_id, pl.Int64)).drop("row", strict=False)
        for name, frame in repeated.items()
        if name in NAMES and not frame.is_empty()
    ]
    empty = pl.DataFrame(schema={c.name: POLARS[c.type] for c in REPEATS.columns})
    return pl.concat([empty, *parts], how="diagonal")


def source(lake: Lake, name: str) -> str:
    """A DuckDB table expression over the repeats of a table, with that table's columns."""
    return f"(select {', '.join(columns_of(name))} from {lake.source('repeats')} where \"of\" = '{name}')"


def frame(lake: Lake, name: str) -> pl.DataFrame:
    """The repeats of a table, with that table's columns."""
    return lake.frame("repeats", where=f"\"of\" = '{name}'").select(columns_of(name))


def listed(loads: Collection[int]) -> str:
    """Load ids for an `in (...)`."""
    return ", ".join(str(one) for one in sorted(loads)) or "null"


def heirs(
    con: duckdb.DuckDBPyConnection, lake: Lake, name: str, gone: Collection[int], of: Collection[int] = ()
) -> pl.DataFrame:
    """Of the rows that loads hold which go (or that those `of` them hold), what another load delivered too:
    as the first of these did. Columns of the table."""
    key = ", ".join(TABLES[name].key)
    same = " and ".join(f"r.{column} is not distinct from m.{column}" for column in TABLES[name].key)
    found: pl.DataFrame = con.sql(
        f"with mine as (select distinct {key} from {lake.source(name)} "
        f"where load_id in ({listed(of or gone)})), "
        f"others as (select r.*, l.seq from {source(lake, name)} r join {lake.source('loads')} l "
        f"using (load_id) where load_id not in ({listed(gone)}) "
        f"and exists (select 1 from mine m where {same})) "
        f"select * exclude (seq) from others "
        f"qualify row_number() over (partition by {key} order by seq) = 1"
    ).pl()
    if name == EVENTS.name:
        return found.with_columns(event_date=pl.col("event_day").cast(pl.Int32).cast(pl.Date))
    return found


def restated(lake: Lake, name: str, gone: Collection[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of a table of which the latest statement counts: the rows that stand, and the repeats, without some
    loads: a statement stands where it says something else than the one before it."""
    of, said = RESTATED[name]
    order = lake.frame("loads").select("load_id", "seq", "source").rename({"source": "stated by"})
    stands = lake.frame(name).join(order, on="load_id")
    again = frame(lake, name).join(order, on="load_id")
    whose = [*of, "stated by"]
    every = pl.concat([stands, again], how="diagonal").unique([*whose, "load_id"], keep="first")
    mine = every.filter(pl.col("load_id").is_in(list(gone))).select(whose).unique()
    left = every.filter(~pl.col("load_id").is_in(list(gone))).sort("seq")
    touched = left.join(mine, on=whose, how="semi", maintain_order="left")
    news = touched.filter(pl.col(said).ne_missing(pl.col(said).shift(1).over(whose)) | _first(whose))
    key = [*whose, "load_id"]
    stays = stands.join(mine, on=whose, how="anti")
    held = pl.concat([stays, news], how="diagonal").select(columns_of(name))
    rest = left.join(stays, on=key, how="anti").join(news, on=key, how="anti")
    return held, rest.select(columns_of(name))


def _first(whose: list[str]) -> pl.Expr:
    return pl.int_range(pl.len()).over(whose) == 0
