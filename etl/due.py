"""Which campaigns a publish decides anew: those that changed, and those of which time completes something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from data import release
from data.clocks import DAY_US
from data.snapshot import Snapshot
from etl import gone
from etl.commit import Writer


def due(
    con: duckdb.DuckDBPyConnection,
    lake: Writer,
    base: Snapshot,
    coverage: pl.DataFrame,
    told: release.Told,
    clock: release.Clock,
) -> list[str]:
    """The campaigns to decide: of all others the decision would start from what it made, and end there.

    Their cells, coverage and terms are the last snapshot's, and the same counts of theirs are complete.
    """
    changed = set(_changed(con, lake, base, coverage))
    unfinished = sorted(set(told.unfinished()) - changed)
    if _learnt_profiles(con, lake, base):
        return sorted(changed | set(unfinished))
    cells = lake.source("cells", base.versions["cells"])
    before = clock_of(con, cells, "terms_old", base.clocks)
    blocks = con.sql(f"{_BLOCKS} where campaign in (select unnest({texts(unfinished)})) group by all").pl()
    return sorted(changed | set(release.completed(blocks, before, clock)))


def _learnt_profiles(con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot) -> bool:
    """Whether attributes or values came or may have gone: they may lie in others than they did."""
    new = f"select 1 from {lake.source('profiles')} where load_id in (select load_id from news) limit 1"
    return bool(gone.since(lake, base).loads) or bool(con.execute(new).fetchall())


def clock_of(con: duckdb.DuckDBPyConnection, cells: str, terms: str, now: Mapping[str, Any]) -> release.Clock:
    """How far the data reach: messages, and the outcomes of each campaign, by the clocks of a snapshot."""
    newest = con.execute(f"select coalesce(max(day), 0) from {cells}").fetchall()[0][0]
    reached = now["outreach_through_us"]
    outcomes = now["outcomes_through"]
    rows = [
        (campaign, result, int(outcomes.get(outcome, newest - window - lag - 1)))
        for campaign, outcome, main, window, lag in con.execute(
            f"select campaign, outcome, main, window_days, lag_days from {terms}"
        ).fetchall()
        for result in ((outcome, "") if main else (outcome,))
    ]
    schema = {"campaign": pl.String, "result": pl.String, "complete_day": pl.Int32}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return release.Clock(newest if reached is None else min(newest, reached // DAY_US), frame)


def texts(values: list[str]) -> str:
    """The values as a DuckDB list."""
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]::varchar[]"


def _changed(
    con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, coverage: pl.DataFrame
) -> list[str]:
    """The campaigns whose cells or coverage differ from the last snapshot's."""
    moved = con.sql("select distinct campaign from cells_moved").pl()
    old = lake.frame("coverage", base.versions["coverage"])
    on = ["campaign", "channel", "fact", "origin"]
    learnt = pl.concat([coverage.join(old, on=on, how="anti"), old.join(coverage, on=on, how="anti")])
    return sorted({*moved["campaign"], *learnt["campaign"]})


_BLOCKS = """
select
    campaign, channel, month, kind = 'aggregate' as added_up,
    case when kind = 'outcome' then outcome else '' end as result, max(day) as last_day
from cells_next
"""
