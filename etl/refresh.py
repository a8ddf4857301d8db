"""A run: from new rows in the landing tables to a published snapshot, recomputing only what they touch."""

from __future__ import annotations

import time
from dataclasses import dataclass

import duckdb
import polars as pl

from config.settings import Settings
from data.records import current
from data.snapshot import NOTHING_PUBLISHED, Snapshot, engine
from data.tables import TABLES
from etl import aggregates, cells, checks, coverage, models, publish, reach
from etl.commit import Writer
from etl.door import quarantine_of
from etl.edits import land_edits
from etl.land import tidy
from etl.lineage import lineage
from etl.policy import effective
from etl.sightings import sightings
from etl.terms import prices, terms
from etl.touched import Inputs


@dataclass(frozen=True)
class Run:
    """What a run did."""

    snapshot: Snapshot
    changed: bool
    seconds: float
    warnings: tuple[str, ...] = ()

    def sentence(self) -> str:
        if not self.changed:
            return f"Nothing new since snapshot {self.snapshot.number}."
        return f"Published snapshot {self.snapshot.number} in {self.seconds:.1f} s."


def refresh(settings: Settings, *, rebuild: bool = False, threads: int = 2, wait: bool = True) -> Run:
    """Publish what is new, or everything anew; `PublishBlocked` and `LakeBusy` leave the last snapshot."""
    lake = Writer(settings.lake)
    with lake.lock(wait):
        started = time.monotonic()
        tidy(lake, quarantine_of(settings))
        last = lake.latest()
        settings, told = effective(settings, last)
        publish.check_zone(last, settings)
        lake.return_to(last)
        waiting = (*land_edits(settings, lake, time.time_ns() // 1000), *told)
        newest = lake.last_seq()
        rebuild = rebuild or lake.outgrown()
        if not rebuild and newest == last.load_seq and publish.same_terms(last, settings):
            return Run(last, False, time.monotonic() - started, waiting)
        base = NOTHING_PUBLISHED if rebuild else last
        with engine(threads) as con:
            warnings = _recompute(con, lake, base, last, settings.zone)
            snapshot = publish.publish(con, lake, settings, last, base, newest)
        return Run(snapshot, True, time.monotonic() - started, (*waiting, *warnings))


def _recompute(
    con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, last: Snapshot, zone: str
) -> tuple[str, ...]:
    inputs = Inputs(con, lake, base)
    _terms(con, inputs)
    inputs.messages()
    con.execute("create temp view links as select * from links_now")
    models.materialise(con, "messages", "messages_fresh")
    inputs.pairs()
    inputs.side("now")
    after = cells.contribution(con, "after", zone)
    before = cells.nothing(con, after, "before")
    if not inputs.everything:
        inputs.side("old")
        before = cells.contribution(con, "before", zone)
    _write_messages(con, lake, inputs)
    _write_cells(con, lake, base, before, after)
    found = checks.run(con)
    checks.keep(lake, found, time.time_ns() // 1000)
    findings = checks.judged(found)
    _write_reach(con, lake, base, last, before, after)
    _write_coverage(con, lake, base, inputs)
    lake.replace("lineage", lineage(con, lake, base, inputs.everything))
    lake.replace("terms", con.sql("select * from terms_now").pl())
    lake.replace("prices", con.sql("select * from prices_now").pl())
    return tuple(finding.sentence() for finding in findings)


def _terms(con: duckdb.DuckDBPyConnection, inputs: Inputs) -> None:
    """`terms` and `prices`, as the last snapshot counted with them (`_old`) and as records say `_now`."""
    records = current(
        con.sql("select c.*, seq, source, received_us from campaigns_now c join loads using (load_id)").pl()
    )
    tied = con.sql("select distinct campaign, outcome from outcomes_now where campaign is not null").pl()
    for name, frame in (("terms", terms(records, tied)), ("prices", prices(records))):
        con.register("frame_in", frame.to_arrow())
        con.execute(f"create temp table {name}_now as select * from frame_in")
        con.execute(f"create temp table {name}_old as select * from {inputs.published(name)}")


def _write_messages(con: duckdb.DuckDBPyConnection, lake: Writer, inputs: Inputs) -> None:
    fresh = "select *, date '1970-01-01' + send_day as send_date from messages_fresh"
    if inputs.everything:
        lake.replace("messages", con.sql(f"{fresh} order by send_date, campaign, message_id").pl())
    else:
        touched = "message_id in (select message_id from touched_messages)"
        days = con.sql(
            f"select distinct send_date from messages_old where {touched} "
            f"union select distinct send_date from ({fresh})"
        ).pl()["send_date"]
        con.register("days_in", days.to_frame().to_arrow())
        rows = con.sql(
            f"select * from (select * from messages_old where not {touched} union all by name {fresh}) m "
            "where exists (select 1 from days_in d where d.send_date is not distinct from m.send_date)"
        ).pl()
        if len(days):
            lake.replace("messages", rows, days.to_list())
    con.execute(f"create or replace temp view messages_next as select * from {lake.source('messages')}")


def _write_cells(
    con: duckdb.DuckDBPyConnection,
    lake: Writer,
    base: Snapshot,
    before: cells.Contribution,
    after: cells.Contribution,
) -> None:
    aggregates.cells(con, "cells_aggregate")
    version = base.versions.get("cells")
    old = "(select * from cells_after where false)" if version is None else lake.source("cells", version)
    con.execute(f"create temp table cells_old as select * from {old}")
    con.execute(
        f"insert into {before.cells} by name select * exclude (month) from cells_old where kind = 'aggregate'"
        if version is not None
        else "select 1"
    )
    con.execute(f"insert into {after.cells} by name select * from cells_aggregate")
    months = cells.months_touched(con, before, after)
    listed = ", ".join(str(month) for month in months) or "null"
    touched = "cells_old" if version is None else f"(select * from cells_old where month in ({listed}))"
    frame = cells.merged(con, touched, before, after)
    if version is None:
        lake.replace("cells", frame)
    elif months:
        lake.replace("cells", frame, months)
    con.execute(f"create or replace temp view cells_next as select * from {lake.source('cells')}")


def _write_reach(
    con: duckdb.DuckDBPyConnection,
    lake: Writer,
    base: Snapshot,
    last: Snapshot,
    before: cells.Contribution,
    after: cells.Contribution,
) -> None:
    marks_before, marks_after = con.sql(f"from {before.marks}").pl(), con.sql(f"from {after.marks}").pl()
    known = lake.frame("member_index", last.versions.get("member_index"))
    index = reach.positions(known, marks_after["member"])
    if index.height > known.height or not last.number:
        lake.append("member_index", index.slice(known.height))
    empty = pl.DataFrame(schema={c.name: pl.String for c in TABLES["reach"].columns}).clear()
    old = lake.frame("reach", base.versions["reach"]) if base.number else empty
    lake.replace("reach", reach.merged(old, marks_before, marks_after, index))


def _write_coverage(con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, inputs: Inputs) -> None:
    loads = con.sql("from loads").pl()
    seen = sightings(con, lake, base, inputs.everything)
    lake.replace("sightings", seen)
    assigned = con.sql("select distinct campaign, source from assignments_now").pl()
    known = pl.concat([coverage.of_messages(seen, loads), coverage.of_assignments(assigned, loads)]).unique()
    more = [
        coverage.of_outcomes(con.sql("from terms_now").pl(), coverage.outcomes(loads), known),
        coverage.of_prices(con.sql("from prices_now").pl(), known),
    ]
    rows = pl.concat([known, *more]).unique().with_columns(origin=pl.lit("rows"))
    counts = coverage.of_counts(
        con.sql("select distinct key, campaign, channel, measure from aggregates_now").pl()
    )
    lake.replace("coverage", pl.concat([rows, counts]).sort("campaign", "channel", "fact", "origin"))
