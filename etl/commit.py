"""The only writer of the lake: one lock, atomic commits, crash leftovers undone."""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import duckdb
import polars as pl
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.transaction import AddAction, RemoveAction

from data.snapshot import DUCK_TYPES, Lake, Snapshot
from data.tables import DERIVED, TABLES, Table

ZSTD = WriterProperties(compression="ZSTD", compression_level=1)
ROWS_OF_A_GROUP = 40_960
"""Rows that are read or passed over together: few enough for a campaign's to stand apart in a day."""


class LakeBusy(RuntimeError):
    """Another process holds the writer's lock."""


class Writer(Lake):
    """A lake that may be written. Hold `lock()` around everything that belongs together."""

    @contextmanager
    def lock(self, wait: bool = True) -> Iterator[None]:
        """Hold the lake's only writing right; `LakeBusy` where `wait` is false and another has it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".writer").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as busy:
                raise LakeBusy(
                    "Another process is writing the lake; try again when it has finished."
                ) from busy
            yield

    def handle(self, name: str) -> DeltaTable:
        """The newest state of a table, created empty where it is missing."""
        existing = self.open(name)
        if existing is not None:
            return existing
        table = TABLES[name]
        return DeltaTable.create(
            self.path(name),
            schema=table.schema,
            partition_by=list(table.partition),
            mode="ignore",
            configuration={
                "delta.checkpointInterval": "50",
                "delta.logRetentionDuration": "interval 365 days",
            },
        )

    def outgrown(self) -> bool:
        """Whether a computed table was written with other columns than it has by now: all is made anew."""
        existing = [(table, self.open(table.name)) for table in DERIVED]
        return any(
            {field.name for field in found.schema().fields} != {column.name for column in table.columns}
            for table, found in existing
            if found is not None
        )

    def append(self, name: str, frame: pl.DataFrame, **metadata: str) -> int:
        """Append rows in one commit and return the table's new version."""
        table = self.handle(name)
        write_deltalake(
            table,
            conform(frame, TABLES[name]),
            mode="append",
            schema_mode=_schema_mode(table, TABLES[name]),
            writer_properties=ZSTD,
            commit_properties=CommitProperties(custom_metadata=metadata),
        )
        return table.version()

    def replace(self, name: str, frame: pl.DataFrame, partitions: Sequence[Any] | None = None) -> int:
        """Replace the table, or only the given values of its partition column, in one commit."""
        table = self.handle(name)
        grown = _schema_mode(table, TABLES[name])
        predicate = None if partitions is None else _either(TABLES[name].partition[0], partitions)
        write_deltalake(
            table,
            conform(frame, TABLES[name]),
            mode="overwrite",
            schema_mode="overwrite" if predicate is None and grown else grown,
            predicate=predicate,
            writer_properties=ZSTD,
        )
        return table.version()

    def remove_load(self, name: str, load_id: int) -> None:
        """Delete the rows that a load left behind."""
        self.remove(name, f"load_id = {load_id}")

    def remove(self, name: str, predicate: str) -> None:
        """Delete the rows of which a predicate holds; no commit where there are none."""
        existing = self.open(name)
        if existing is not None:
            existing.delete(predicate)

    def return_to(self, snapshot: Snapshot) -> None:
        """Undo what a run wrote to derived tables and never published."""
        for table in DERIVED:
            existing = self.open(table.name)
            if existing is None:
                continue
            published = snapshot.versions.get(table.name)
            if published is None:
                existing.delete()
            elif existing.version() != published and not self._same_files(existing, table.name, published):
                existing.restore(published)

    def _same_files(self, newest: DeltaTable, name: str, version: int) -> bool:
        return set(newest.file_uris()) == set(DeltaTable(self.path(name), version=version).file_uris())

    def compact(self, name: str, smallest: int) -> bool:
        """Merge small files where a table has more than `smallest` of them; true where it did."""
        existing = self.open(name)
        if existing is None or len(existing.file_uris()) <= smallest:
            return False
        existing.optimize.compact(writer_properties=ZSTD)
        return True

    def vacuum(self, name: str, keep_hours: int) -> int:
        """Delete files that no version of the last `keep_hours` names; returns how many."""
        existing = self.open(name)
        if existing is None:
            return 0
        return len(existing.vacuum(keep_hours, dry_run=False, enforce_retention_duration=False))


class Files:
    """A table of the lake, or some of its partitions, made anew from queries: files, committed at once.

    The table has one column of partitions. What was written before a failure is taken away again.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, lake: Writer, name: str) -> None:
        self.con, self.lake, self.table = con, lake, TABLES[name]
        self.handle = lake.handle(name)
        self.actions: list[AddAction | RemoveAction] = []

    def add(self, query: str) -> None:
        """Write the rows of a query; columns that it lacks are null. `ValueError` as of `conform`."""
        known = {row[0] for row in self.con.execute(f"describe {query}").fetchall()}
        columns = ", ".join(
            f"cast({one.name if one.name in known else 'null'} as {DUCK_TYPES[one.type]}) as {one.name}"
            for one in self.table.columns
        )
        (partition,) = self.table.partition
        written = self.con.execute(
            f"copy (select {columns} from ({query})) to '{self._quoted()}' (format parquet, "
            f"compression zstd, row_group_size {ROWS_OF_A_GROUP}, partition_by ({partition}), "
            "filename_pattern 'part-{uuid}', append, return_stats)"
        ).fetchall()
        self.actions += [self._action(row[0], row[1], row[2], row[5]) for row in written]
        try:
            self._whole([row[4] for row in written], [row[5] for row in written])
        except ValueError:
            self.discard()
            raise

    def commit(self, partitions: Sequence[Any] | None = None) -> int:
        """Make the files the table, or the given values of its partition column; the table's new version."""
        gone = [] if partitions is None else self._files_of(partitions)
        self.handle.create_write_transaction(
            [*self.actions, *gone],
            mode="overwrite" if partitions is None else "append",
            schema=self.table.schema,
            partition_by=list(self.table.partition),
        )
        return self.handle.version()

    def _files_of(self, partitions: Sequence[Any]) -> list[RemoveAction]:
        (name,) = self.table.partition
        files = pl.DataFrame(self.handle.get_add_actions(flatten=True))
        if files.is_empty():
            return []
        now_ms = time.time_ns() // 1_000_000
        return [
            RemoveAction(
                path=path,
                data_change=True,
                deletion_timestamp=now_ms,
                partition_values={name: None if value is None else str(value)},
                size=size,
            )
            for path, size, value in files.select("path", "size_bytes", f"partition.{name}").iter_rows()
            if value in partitions
        ]

    def discard(self) -> None:
        """Take away what was written and not committed."""
        for action in self.actions:
            (Path(self.lake.path(self.table.name)) / action.path).unlink(missing_ok=True)
        self.actions.clear()

    def _quoted(self) -> str:
        return self.lake.path(self.table.name).replace("'", "''")

    def _action(self, path: str, rows: int, size: int, values: dict[str, str | None]) -> AddAction:
        return AddAction(
            str(Path(path).relative_to(self.lake.path(self.table.name))),
            size,
            values,
            time.time_ns() // 1_000_000,
            True,
            json.dumps({"numRecords": rows}),
        )

    def _whole(self, columns: list[dict[str, dict[str, str]]], values: list[dict[str, str | None]]) -> None:
        required = [column.name for column in self.table.columns if column.required]
        empty = [
            name
            for name in required
            if any(int(found.get(f'"{name}"', {}).get("null_count", 0)) for found in columns)
            or any(name in found and found[name] is None for found in values)
        ]
        if empty:
            raise ValueError(
                f"{self.table.name}: every row must have {', '.join(empty)}; nothing was written."
            )


def conform(frame: pl.DataFrame, table: Table) -> pa.Table:
    """The frame as an Arrow table of exactly the table's columns in order and type; missing ones are null.

    Raises `ValueError` where a column that every row must have holds nulls.
    """
    absent = [pl.lit(None).alias(c.name) for c in table.columns if c.name not in frame.columns]
    ordered = frame.with_columns(absent).select(column.name for column in table.columns)
    empty = [c.name for c in table.columns if c.required and ordered[c.name].null_count()]
    if empty:
        raise ValueError(f"{table.name}: every row must have {', '.join(empty)}; nothing was written.")
    return ordered.to_arrow().cast(table.schema)


def _schema_mode(handle: DeltaTable, table: Table) -> Literal["merge"] | None:
    """Let a table that another version made grow the columns it lacks."""
    known = {field.name for field in handle.schema().fields}
    return None if known == {column.name for column in table.columns} else "merge"


def _either(column: str, values: Sequence[Any]) -> str:
    dated = [value for value in values if value is not None]
    parts = [f"{column} is null"] if len(dated) < len(values) else []
    if dated:
        listed = ", ".join(f"'{v}'" if not isinstance(v, int) else str(v) for v in sorted(dated))
        parts.append(f"{column} in ({listed})")
    return " or ".join(parts)
