"""The dry run in words: what would be loaded, what is left out, and the first rows of each refusal."""

from __future__ import annotations

import polars as pl

from etl.intake.batch import Batch

FIRST_ROWS = 5
MOST_REASONS = 20


def report(batch: Batch, present: int = 0) -> str:
    """Text for a terminal; names rows, columns and reasons, never a value of the file.

    `present`: sound rows that are there already, in the lake or earlier in the file.
    """
    sound = batch.rows_in - batch.refused.height - batch.skipped.height - present
    there = f"{present:,} already present, " if present else ""
    lines = [
        f"{batch.file_name} as {batch.source} (kind {batch.kind}{', synthetic' if batch.synthetic else ''})",
        f"  {batch.rows_in:,} rows in: {sound:,} to load, {there}{batch.skipped.height:,} left out by rule, "
        f"{batch.refused.height:,} refused",
        *_tables(batch),
        f"  provides: {', '.join(sorted(batch.provides)) or 'nothing'}",
        *(f"  note: {one}" for one in batch.notes),
        *_grouped("left out", batch.skipped.with_columns(pl.lit(None, pl.String).alias("column"))),
        *_grouped("refused", batch.refused),
    ]
    return "\n".join(lines)


def _tables(batch: Batch) -> list[str]:
    result = []
    for name, frame in batch.tables.items():
        if frame.height:
            result.append(f"  {name}: {frame.height:,}{span(frame)}")
    return result


def span(frame: pl.DataFrame) -> str:
    days = [
        one
        for one in ("event_day", "assigned_day", "service_day", "day", "as_of_day")
        if one in frame.columns
    ]
    for one in days:
        dates = frame[one].drop_nulls().sort().cast(pl.Date).cast(pl.String)
        if dates.len():
            undated = f", {frame[one].null_count():,} undated" if frame[one].null_count() else ""
            span = dates[0] if dates[0] == dates[-1] else f"{dates[0]} to {dates[-1]}"
            return f", {span}{undated}"
    return ", undated" if days else ""


def _grouped(verb: str, frame: pl.DataFrame) -> list[str]:
    """One line per column and reason, the most frequent first, with the first row numbers."""
    if frame.height == 0:
        return []
    groups = (
        frame.sort("row")
        .group_by("column", "reason", maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("row").head(FIRST_ROWS))
        .sort("n", descending=True, maintain_order=True)
    )
    lines = [f"  {verb}:"]
    for column, reason, n, rows in groups.head(MOST_REASONS).iter_rows():
        where = f"{column}: " if column else ""
        more = ", ..." if n > len(rows) else ""
        lines.append(f"    {n:,} x {where}{reason} (row {', '.join(str(one) for one in rows)}{more})")
    if groups.height > MOST_REASONS:
        lines.append(f"    and {groups.height - MOST_REASONS:,} further reasons")
    return lines
