"""What intake hands on: canonical frames per landing table, and the rows refused or left out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from data.tables import LANDING, Table

POLARS: dict[str, pl.DataType] = {
    "long": pl.Int64(),
    "int": pl.Int32(),
    "text": pl.String(),
    "bool": pl.Boolean(),
    "date": pl.Date(),
    "blob": pl.Binary(),
}
ADDED_AT_LANDING = ("load_id", "event_date")
TABLES: dict[str, Table] = {table.name: table for table in LANDING}
REFUSED = pl.Schema({"row": pl.Int64, "column": pl.String, "reason": pl.String, "raw": pl.String})
SKIPPED = pl.Schema({"row": pl.Int64, "reason": pl.String})


@dataclass(frozen=True)
class Batch:
    """One file, read. Every row of the file is refused, skipped, or stands in at least one table.

    `tables`: by name of a landing table, its columns without load_id and event_date, plus `row`
    (Int64, the data row's number in the file, from 1). `refused`: row, column, reason, raw (the row as
    it was written). `skipped`: row, reason. `header` and `folder` serve a later replay, whose batch
    names in `origin` the SHA-256 of the file that the rows once stood in. `notes`: what else to know.
    `position`: where a pull from a database goes on after this batch. `keeps_refused`: whether the
    quarantine keeps refused rows; what a sender was told at once is only counted. `in_part`: rows of which
    an open, click or action is left out, and the rest is here.
    """

    source: str
    kind: str
    file_name: str
    sha256: str
    mapping_sha256: str
    rows_in: int
    provides: frozenset[str]
    synthetic: bool
    tables: dict[str, pl.DataFrame]
    refused: pl.DataFrame
    skipped: pl.DataFrame
    header: str = ""
    folder: str = ""
    origin: str = ""
    notes: tuple[str, ...] = ()
    position: str | None = None
    keeps_refused: bool = True
    in_part: int = 0
    once: bool = False


def schema_of(name: str) -> pl.Schema:
    """Columns of a batch's frame for a landing table, with `row` last."""
    columns = [one for one in TABLES[name].columns if one.name not in ADDED_AT_LANDING]
    return pl.Schema({**{one.name: POLARS[one.type] for one in columns}, "row": pl.Int64()})


def shaped(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with exactly the columns and types of a landing table; what it lacks is null."""
    schema = schema_of(name)
    if frame.width == 0:
        return pl.DataFrame(schema=schema)
    return frame.select(
        (pl.col(column) if column in frame.columns else pl.lit(None)).cast(kind).alias(column)
        for column, kind in schema.items()
    )
