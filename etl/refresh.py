"""A run: from new rows in the landing tables to a published snapshot, recomputing only what they touch."""

from __future__ import annotations

import time
from dataclasses import dataclass

import duckdb
import polars as pl

from config.settings import Settings
from data.records import current
from data.snapshot import NOTHING_PUBLISHED, Snapshot, on_days
from data.tables import TABLES
from etl import aggregates, anew, cells, checks, coverage, gone, models, publish, reach
from etl.commit import Files, Writer
from etl.door import quarantine_of
from etl.edits import land_edits
from etl.land import tidy
from etl.lineage import lineage
from etl.policy import effective
from etl.sightings import sightings
from etl.terms import prices, terms
from etl.touched import Inputs
from etl.workshop import workshop


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
        rebuild = rebuild or lake.outgrown() or not publish.same_models(last)
        rebuild = rebuild or not gone.reachable(lake, last)
        if not rebuild and newest == last.load_seq and publish.same_terms(last, settings):
            return Run(last, False, time.monotonic() - started, waiting)
        base = NOTHING_PUBLISHED if rebuild else last
        with workshop(lake, threads) as con:
            warnings = _recompute(con, lake, base, last, settings.zone)
            snapshot = publish.publish(con, lake, settings, last, base, newest)
        return Run(snapshot, True, time.monotonic() - started, (*waiting, *warnings))


def _recompute(
    con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, last: Snapshot, zone: str
) -> tuple[str, ...]:
    inputs = Inputs(con, lake, base)
    _terms(con, inputs)
    _write_messages(con, lake, inputs)
    before, after = _count_pairs(con, lake, inputs, last, zone)
    _write_cells(con, lake, base, inputs)
    found = checks.run(con)
    checks.keep(lake, found, time.time_ns() // 1000)
    findings = checks.judged(found)
    _write_reach(lake, base, before, after)
    _write_coverage(con, lake, base, inputs)
    lake.replace("lineage", lineage(con, lake, base, inputs.everything, bool(inputs.gone.loads)))
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
    if inputs.everything:
        anew.messages(con, lake)
    else:
        inputs.messages()
        models.materialise(con, "messages", "messages_fresh")
        checks.look_at_events(con)
        _move_messages(con, lake, inputs.old)
        inputs.pairs()
    con.execute(f"create or replace temp view messages_next as select * from {lake.source('messages')}")


def _move_messages(con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot) -> None:
    """Write the days of sending from which, or to which, a touched message moves."""
    fresh = "select *, date '1970-01-01' + send_day as send_date from messages_fresh"
    moved = con.execute(
        f"select distinct send_date from touched_old union select distinct send_date from ({fresh})"
    ).fetchall()
    if not moved:
        return
    days = [row[0] for row in moved]
    files = Files(con, lake, "messages")
    there = on_days(lake, "messages", days, base.versions["messages"])
    kept = f"select * from {there} anti join touched_messages using (message_id)"
    files.add(f"{kept} {anew.ORDER}")
    files.add(f"{fresh} {anew.ORDER}")
    files.commit(days)


def _count_pairs(
    con: duckdb.DuckDBPyConnection, lake: Writer, inputs: Inputs, last: Snapshot, zone: str
) -> tuple[reach.Bitmaps, reach.Bitmaps]:
    """Fill `cells_before` and `cells_after`, or write the cells of a rebuild; the marks of both sides."""
    _write_index(con, lake, inputs, last)
    before: reach.Bitmaps = {}
    after: reach.Bitmaps = {}
    for name in ("cells_before", "cells_after"):
        cells.empty(con, name)
    files = Files(con, lake, "cells") if inputs.everything else None
    for campaigns in inputs.batches():
        inputs.batch(campaigns)
        if files is not None:
            inputs.side("now")
            cells.contribution(con, zone)
            files.add(cells.whole("cells_given"))
            after.update(reach.marked(con))
            continue
        for when, name, marks in (("now", "cells_after", after), ("old", "cells_before", before)):
            inputs.side(when)
            cells.contribution(con, zone)
            con.execute(f"insert into {name} by name select * from cells_given")
            marks.update(reach.marked(con))
    if files is not None:
        aggregates.cells(con, "cells_aggregate")
        files.add(cells.whole("cells_aggregate"))
        files.commit()
    return before, after


def _write_index(con: duckdb.DuckDBPyConnection, lake: Writer, inputs: Inputs, last: Snapshot) -> None:
    known = lake.frame("member_index", last.versions.get("member_index"))
    index = reach.positions(con, known, "messages_next" if inputs.everything else "messages_fresh")
    if index.height > known.height or not last.number:
        lake.append("member_index", index.slice(known.height))


def _write_cells(con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, inputs: Inputs) -> None:
    """Move the cells of the months that touched pairs change; those of a rebuild are written already."""
    if not inputs.everything:
        aggregates.cells(con, "cells_aggregate")
        old = lake.source("cells", base.versions["cells"])
        con.execute(
            f"insert into cells_before by name select * exclude (month) from {old} where kind = 'aggregate'"
        )
        con.execute("insert into cells_after by name select * from cells_aggregate")
        _move_cells(con, lake, old)
    con.execute(f"create or replace temp view cells_next as select * from {lake.source('cells')}")


def _move_cells(con: duckdb.DuckDBPyConnection, lake: Writer, old: str) -> None:
    cells.deltas(con)
    months = cells.months_moved(con)
    if months:
        listed = ", ".join(str(month) for month in months)
        there = f"(select * from {old} where month in ({listed}))"
        files = Files(con, lake, "cells")
        files.add(cells.kept(there))
        files.add(cells.merged(there))
        files.commit(months)


def _write_reach(lake: Writer, base: Snapshot, before: reach.Bitmaps, after: reach.Bitmaps) -> None:
    empty = pl.DataFrame(schema={c.name: pl.String for c in TABLES["reach"].columns}).clear()
    old = lake.frame("reach", base.versions["reach"]) if base.number else empty
    lake.replace("reach", reach.merged(old, before, after))


def _write_coverage(con: duckdb.DuckDBPyConnection, lake: Writer, base: Snapshot, inputs: Inputs) -> None:
    loads = con.sql("from loads").pl()
    seen = sightings(con, lake, base, inputs.everything, bool(inputs.gone.loads))
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
