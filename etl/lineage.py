"""Which load told of which campaign, channel and month: moved by what touched messages gave and give now."""

from __future__ import annotations

import duckdb
import polars as pl

from data.snapshot import Snapshot
from etl import models
from etl.cells import month
from etl.commit import Writer

KEY = "load_id, kind, campaign, channel, outcome, month"
DAYS = {"assignments": "assigned_day", "outcomes": "service_day", "aggregates": "day"}
LANDED = (*DAYS, "campaigns", "members", "crosswalk")


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Start without any message that a load told of."""
    con.execute(
        "create or replace temp table told (load_id bigint, kind varchar, campaign varchar, channel varchar, "
        "outcome varchar, month integer, behind bigint)"
    )


def add(con: duckdb.DuckDBPyConnection, events: str, messages: str, sign: str = "") -> None:
    """Add what the loads of some events told of their messages, or take it away."""
    con.execute(f"create or replace temp view told_events as select load_id, message_id from {events} e")
    dated = f"{month('send_day')} as month"
    con.execute(f"create or replace temp view told_messages as select *, {dated} from {messages} m")
    con.execute(f"insert into told select {KEY}, {sign}behind from ({models.sql('lineage_messages')})")


def lineage(
    con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, everything: bool, gone: bool = False
) -> pl.DataFrame:
    """Rows of the table of that name, from `events_in`, `events_before`, `messages_fresh`, `messages_next`.

    What a load landed beside messages never changes, unless a load was undone (`gone`); of messages only the
    touched ones moved. A rebuild has filled `told` already.
    """
    anew = everything or "lineage" not in base.versions
    _landed(con, anew or gone)
    parts = [f"select {KEY}, behind from lineage_rows", f"select {KEY}, behind from told"]
    if not everything:
        begin(con)
        if anew:
            add(con, lake.source("events"), "messages_next")
        else:
            add(con, "events_before", "touched_old", "-")
            add(con, "events_in", "messages_fresh")
            of = "where kind = 'messages'" if gone else ""
            parts.append(f"select {KEY}, behind from {lake.source('lineage', base.versions['lineage'])} {of}")
    frame: pl.DataFrame = con.sql(
        f"select {KEY}, cast(sum(behind) as bigint) as behind from ({' union all by name '.join(parts)}) "
        f"group by all having sum(behind) <> 0 order by {KEY}"
    ).pl()
    return frame


def _landed(con: duckdb.DuckDBPyConnection, anew: bool) -> None:
    keep = "" if anew else "where load_id in (select load_id from news)"
    for name in LANDED:
        dated = f", {month(DAYS[name])} as month" if name in DAYS else ""
        con.execute(f"create or replace temp view told_{name} as select *{dated} from {name}_now {keep}")
    models.materialise(con, "lineage_rows")
