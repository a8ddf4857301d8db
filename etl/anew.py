"""The messages of a rebuild: window by window of the events, from file to file."""

from __future__ import annotations

from datetime import date

import duckdb

from data.snapshot import Lake, on_days
from etl import batches, checks, lineage, models, sightings
from etl.commit import Files, Writer

ORDER = "order by send_day, campaign"
"""What is read together stands together: a day's messages of a campaign."""


def messages(con: duckdb.DuckDBPyConnection, lake: Writer) -> None:
    """Write all messages, and fill what lineage, sightings and checks say of their events.

    The events of a message mostly lie in one window. Those that do not are worked on last, by slices of
    their ids. Needs the view `links`.
    """
    stretches = batches.windows(lake)
    slices = _torn(con, lake, stretches)
    files = Files(con, lake, "messages")
    lineage.begin(con)
    sightings.begin(con)
    for days in stretches:
        keep = "anti join torn using (message_id)" if slices else ""
        _window(con, files, f"select * from {on_days(lake, 'events', days)} {keep}")
    for number in range(slices):
        own = f"(select message_id from torn where message_id % {slices} in ({number}, {number - slices}))"
        _window(con, files, f"select * from {lake.source('events')} semi join {own} using (message_id)")
    files.commit()
    con.execute("drop table if exists torn")
    con.execute("drop table if exists messages_fresh")


def _window(con: duckdb.DuckDBPyConnection, files: Files, events: str) -> None:
    con.execute(f"create or replace temp view events_in as {events}")
    models.materialise(con, "messages", "messages_fresh")
    files.add(f"select *, date '1970-01-01' + send_day as send_date from messages_fresh {ORDER}")
    lineage.add(con, "events_in", "messages_fresh")
    sightings.add(con)
    checks.look_at_events(con)


def _torn(con: duckdb.DuckDBPyConnection, lake: Lake, stretches: list[list[date | None]]) -> int:
    """Fill `torn` with the messages whose events lie in several windows; how many slices they make."""
    if len(stretches) < 2:
        return 0
    rows = ", ".join(
        f"(date '{day}', {number})" if day else f"(null, {number})"
        for number, days in enumerate(stretches)
        for day in days
    )
    con.execute(
        "create or replace temp table stretches as "
        f"select cast(day as date) as event_date, stretch from (values {rows}) as of_days(day, stretch)"
    )
    con.execute(
        "create or replace temp table torn as "
        f"select message_id from {lake.source('events')} e "
        "join stretches s on s.event_date is not distinct from e.event_date "
        "group by message_id having min(stretch) <> max(stretch)"
    )
    count = con.execute("select count(*) from torn").fetchall()[0][0]
    return int(-(-count // (batches.EVENTS_AT_ONCE // 2)))
