"""Opens the lake: one published state of its tables, and nothing newer or older."""

from __future__ import annotations

import atexit
import json
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from data.tables import TABLES, Table

DUCK_TYPES = {
    "long": "BIGINT",
    "int": "INTEGER",
    "text": "VARCHAR",
    "bool": "BOOLEAN",
    "date": "DATE",
    "blob": "BLOB",
}


@dataclass(frozen=True)
class Snapshot:
    """What one publish recorded: table versions, clocks and the terms of release.

    `versions` maps a table's name to its Delta version; `clocks` holds `outreach_through_us`
    (microseconds), `outcomes_through` (outcome -> day number) and `last_load_us`.
    """

    number: int = 0
    published_us: int = 0
    load_seq: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    clocks: dict[str, Any] = field(default_factory=dict)
    definitions: str = ""
    terms: dict[str, Any] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The plan's zone that it was published for: days begin at its midnight."""
        return str(self.terms.get("zone", "UTC"))


NOTHING_PUBLISHED = Snapshot()
GONE = (duckdb.Error, DeltaError, OSError)
"""How a snapshot answers of which files are not there any more."""


def engine(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own, which draws no progress bar over what a caller prints."""
    con = duckdb.connect(config={} if threads is None else {"threads": threads})
    con.execute("set enable_progress_bar = false")
    return con


PATIENCE = 5.0
"""Seconds that the end of a process waits for questions that its threads still ask."""
_of_process: dict[int, duckdb.DuckDBPyConnection] = {}
_asking: dict[int, int] = {}
_ended: set[int] = set()
_turn = threading.Condition()


@contextmanager
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection for one small question; all of a process share one DuckDB, which takes 20 ms to make.

    `InterruptedError` where the process is ending.
    """
    process = os.getpid()  # a DuckDB does not survive a fork
    with _turn:
        if process in _ended:
            raise InterruptedError("The process is ending.")
        if process not in _of_process:
            _of_process[process] = engine()
            _of_process[process].execute("set enable_external_file_cache = false")
        own = _of_process[process].cursor()
        _asking[process] = _asking.get(process, 0) + 1
    try:
        with own:
            yield own
    finally:
        with _turn:
            _asking[process] -= 1
            _turn.notify_all()


@atexit.register
def _end() -> None:
    """DuckDB complains on the terminal where a connection outlives the interpreter, and brings the process
    down where that happens under a thread that asks, as those do that keep something fresh."""
    process = os.getpid()
    with _turn:
        _ended.add(process)
        quiet = _turn.wait_for(lambda: not _asking.get(process), PATIENCE)
        own = _of_process.pop(process, None)
    if own is not None and quiet:
        own.close()


class Lake:
    """Reads tables of the lake at `root`, at a version or the newest one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> str:
        return str(self.root / name)

    def open(self, name: str, version: int | None = None) -> DeltaTable | None:
        """The Delta table, or None where nothing was ever written to it."""
        if not (self.root / name / "_delta_log").is_dir():
            return None
        try:
            return DeltaTable(self.path(name), version=version)
        except TableNotFoundError:
            return None

    def version(self, name: str) -> int | None:
        table = self.open(name)
        return None if table is None else table.version()

    def newest(self, name: str) -> str:
        """The name of a table's last commit: as much as is needed to see that there is a newer one."""
        try:
            with os.scandir(self.root / name / "_delta_log") as found:
                return max((one.name for one in found if one.name.endswith(".json")), default="")
        except FileNotFoundError:
            return ""

    def source(self, name: str, version: int | None = None, partitions: Any = None) -> str:
        """A DuckDB table expression over the Parquet files of a table.

        `partitions` is a list of (column, operator, value) as delta-rs takes them. The expression
        names files only, so that it can stand in any statement.
        """
        handle = self.open(name, version)
        uris = [] if handle is None else handle.file_uris(partition_filters=partitions)
        return parquet(TABLES[name], uris)

    def frame(self, name: str, version: int | None = None, where: str = "true") -> pl.DataFrame:
        """The rows of a table as a Polars frame with the table's columns."""
        with reader() as con:
            columns = ", ".join(column.name for column in TABLES[name].columns)
            rows: pl.DataFrame = con.sql(
                f"select {columns} from {self.source(name, version)} where {where}"
            ).pl()
            return rows

    def last_seq(self) -> int:
        """The order number of the latest load or undo, 0 where nothing was landed."""
        numbers = [*self.frame("loads")["seq"], *self.frame("undone")["undone_seq"]]
        return max(numbers, default=0)

    def snapshots(self) -> pl.DataFrame:
        return self.frame("snapshots").sort("snapshot")

    def latest(self) -> Snapshot:
        """The newest published snapshot, or `NOTHING_PUBLISHED`."""
        rows = self.snapshots()
        return NOTHING_PUBLISHED if rows.is_empty() else _snapshot(rows.row(-1, named=True))

    def at(self, number: int) -> Snapshot:
        """The snapshot of that number; `LookupError` where it was never published."""
        rows = self.snapshots().filter(pl.col("snapshot") == number)
        if rows.is_empty():
            raise LookupError(f"There is no snapshot {number}; the newest is {self.latest().number}.")
        return _snapshot(rows.row(0, named=True))


def _snapshot(row: dict[str, Any]) -> Snapshot:
    return Snapshot(
        number=row["snapshot"],
        published_us=row["published_us"],
        load_seq=row["load_seq"],
        versions=json.loads(row["versions"]),
        clocks=json.loads(row["clocks"]),
        definitions=row["definitions"],
        terms=json.loads(row["terms"]),
    )


def on_days(lake: Lake, name: str, days: Iterable[date | None], version: int | None = None) -> str:
    """The rows of a table that is partitioned by date, of some dates (None: those without one)."""
    (column,) = TABLES[name].partition
    table = lake.open(name, version)
    wanted = {f"{column}={'__HIVE_DEFAULT_PARTITION__' if day is None else day}" for day in days}
    uris = [] if table is None else [uri for uri in table.file_uris() if uri.split("/")[-2] in wanted]
    return parquet(TABLES[name], uris)


def parquet(table: Table, uris: list[str]) -> str:
    """A DuckDB table expression over Parquet files of a table; an empty relation where there are none."""
    nulls = ", ".join(f"null::{DUCK_TYPES[column.type]} as {column.name}" for column in table.columns)
    if not uris:
        return f"(select {nulls} where false)"
    files = ", ".join("'" + uri.replace("'", "''") + "'" for uri in uris)
    kinds = {column.name: DUCK_TYPES[column.type] for column in table.columns}
    hive = ", ".join(f"'{name}': {kinds[name]}" for name in table.partition)
    types = f", hive_types={{{hive}}}" if hive else ""
    read = f"read_parquet([{files}], hive_partitioning={bool(hive)}, union_by_name=true{types})"
    if any(column.late for column in table.columns):
        return f"(select {nulls} where false union all by name select * from {read})"
    return read
