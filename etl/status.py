"""The state of a lake for a terminal, from the same catalogue that the Data page shows."""

from __future__ import annotations

from collections.abc import Iterator

from config.instants import minute
from config.settings import Settings
from data.catalogue import Catalogue
from data.periods import day_date
from data.refusals import replays, waiting
from data.sources import sources
from etl.pull import told

MOST_REASONS = 5
MOST_RUNS = 5


def lines(catalogue: Catalogue, settings: Settings, now_us: int) -> Iterator[str]:
    """Snapshot and clocks, sources that are late, loads, what waits in quarantine, checks and runs."""
    yield f"Lake {settings.lake}"
    yield from _clocks(catalogue, now_us)
    parts = {
        "Loads": _loads(catalogue),
        "Pulled": told.lines(settings, catalogue.loads),
        "Quarantine": _quarantine(catalogue, now_us),
        "Checks that found something": _checks(catalogue),
        "Last runs": _runs(catalogue),
    }
    for title, part in parts.items():
        if found := list(part):
            yield f"\n{title}"
            yield from found


def _runs(catalogue: Catalogue) -> Iterator[str]:
    for run in catalogue.runs[:MOST_RUNS]:
        times = f" ({run.times} times)" if run.times > 1 else ""
        yield (
            f"  {minute(run.started_us)}  {run.kind:<10} {run.ended:<12} {run.seconds:6.1f} s"
            f"  {run.words}{times}"
        )


def _clocks(catalogue: Catalogue, now_us: int) -> Iterator[str]:
    snapshot = catalogue.snapshot
    told = f", published {minute(snapshot.published_us)}" if snapshot.number else ": none yet"
    yield f"Snapshot {snapshot.number}{told}"
    if catalogue.waiting:
        yield f"{catalogue.waiting:,} loads wait for the next run"
    if not catalogue.blocking.is_empty():
        since = min(catalogue.blocking["failing_since_us"])
        yield f"The publish is blocked since {minute(since)}: {', '.join(catalogue.blocking['name'])}"
    setting = ", ".join(one.source for one in catalogue.outreach if one.sets)
    through = minute(snapshot.clocks.get("outreach_through_us"))
    yield f"Outreach through {through}" + (f", set by {setting}" if setting else "")
    for one in catalogue.outcomes:
        day = day_date(one.day).isoformat()
        yield f"Outcome {one.outcome} complete for assignments through {day}, set by {', '.join(one.sources)}"
    for source in sources(catalogue, now_us):
        if source.late_us:
            yield f"Source {source.name} is late by {source.late_us / 86_400_000_000:.1f} days"


def _loads(catalogue: Catalogue) -> Iterator[str]:
    again = replays(catalogue)
    for row in catalogue.loads.reverse().iter_rows(named=True):
        yield (
            f"  {row['seq']:>4}  {row['source']:<20} {row['file_name']:<28} {row['rows_in']:>10,} in"
            f"  {row['loaded']:>10,} loaded  {row['already_present']:>9,} present"
            f"  {row['skipped']:>7,} skipped  {row['refused']:>7,} refused  load {row['load_id']}"
            + (f", a replay of load {again[row['load_id']]}" if row["load_id"] in again else "")
        )


def _quarantine(catalogue: Catalogue, now_us: int) -> Iterator[str]:
    for load in waiting(catalogue, now_us):
        until = "" if load.until_us is None else f", kept until {minute(load.until_us)}"
        yield f"  load {load.load_id}: {load.rows:,} rows of {load.file_name}{until}"
        for reason in load.reasons[:MOST_REASONS]:
            where = f"{reason.header}: " if reason.header else ""
            yield f"      {reason.rows:>8,}  {where}{reason.reason}"


def _checks(catalogue: Catalogue) -> Iterator[str]:
    for row in catalogue.checks.iter_rows(named=True):
        if row["bad_rows"]:
            since = minute(row["failing_since_us"])
            yield f"  {row['name']}: {row['bad_rows']:,} bad rows since {since}. {row['meaning']}"
