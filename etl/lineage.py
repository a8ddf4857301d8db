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


def lineage(con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, everything: bool) -> pl.DataFrame:
    """Rows of the table of that name, from `events_in`, `messages_fresh`, `messages_old`, `messages_next`.

    What a load landed beside messages never changes; of messages only the touched ones moved.
    """
    anew = everything or "lineage" not in base.versions
    _landed(con, anew)
    parts = [_rows("lineage_rows")]
    if anew:
        parts.append(_told(con, "events_in" if everything else lake.source("events"), "messages_next", ""))
    else:
        old_events = "(select * from events_in where load_id not in (select load_id from news))"
        touched = "(select * from messages_old semi join touched_messages using (message_id))"
        parts.append(f"select {KEY}, behind from {lake.source('lineage', base.versions['lineage'])}")
        parts.append(_told(con, old_events, touched, "-"))
        parts.append(_told(con, "events_in", "messages_fresh", ""))
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


def _told(con: duckdb.DuckDBPyConnection, events: str, messages: str, sign: str) -> str:
    """A query for what loads told of messages, made now: the views behind it are used again."""
    con.execute(f"create or replace temp view told_events as select load_id, message_id from {events} e")
    dated = f"{month('send_day')} as month"
    con.execute(f"create or replace temp view told_messages as select *, {dated} from {messages} m")
    table = f"lineage_messages{'_before' if sign else ''}"
    models.materialise(con, "lineage_messages", table)
    return _rows(table, sign)


def _rows(table: str, sign: str = "") -> str:
    return f"select {KEY}, {sign}behind as behind from {table}"
