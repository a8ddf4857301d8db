"""Which sources told of a campaign and channel: kept, and recounted where a message moved away."""

from __future__ import annotations

import duckdb
import polars as pl

from data.snapshot import Snapshot
from etl.commit import Writer


def sightings(
    con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, everything: bool, gone: bool = False
) -> pl.DataFrame:
    """Rows of the table of that name, from `events_in`, `messages_fresh`, `touched_old`, `messages_next`.

    A rebuild has filled `seen` already. Where a load was undone (`gone`), a source may tell of a campaign
    and channel no more although their messages stay.
    """
    if everything:
        query = "select distinct * from seen"
    else:
        query = _query(con, lake, base, _TOUCHED if gone else _LEFT)
    frame: pl.DataFrame = con.sql(query).pl()
    return frame


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Start without any source that told of anything."""
    con.execute(
        "create or replace temp table seen "
        "(campaign varchar, channel varchar, source varchar, linked boolean)"
    )


def add(con: duckdb.DuckDBPyConnection) -> None:
    """Add which sources told of the messages of a window (`events_in`, `messages_fresh`)."""
    con.execute(f"insert into seen {_SEEN.format(events='events_in', messages='messages_fresh')}")


def _query(con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, left: str) -> str:
    fresh = _SEEN.format(events="events_in", messages="messages_fresh")
    if "sightings" not in base.versions:
        return _SEEN.format(events=lake.source("events"), messages="messages_next")
    con.execute(f"create temp table left_places as {left}")
    again = "(select * from messages_next semi join left_places using (campaign, channel))"
    old = lake.source("sightings", base.versions["sightings"])
    return (
        f"select campaign, channel, source, linked from {old} "
        "anti join left_places using (campaign, channel) "
        f"union {fresh} "
        f"union {_SEEN.format(events=lake.source('events'), messages=again)}"
    )


_SEEN = """
select distinct m.campaign, m.channel, e.source, m.linked
from {events} e join {messages} m using (message_id)
where m.campaign <> ''
"""
_TOUCHED = "select distinct campaign, channel from touched_old"
_LEFT = """
select distinct o.campaign, o.channel
from touched_old o
left join messages_fresh f on f.message_id = o.message_id
where f.campaign is distinct from o.campaign or f.channel is distinct from o.channel
   or f.linked is distinct from o.linked
"""
