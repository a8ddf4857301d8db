"""A table of a database, and one of manifests beside it: a month is replaced in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from exports.sidecar import instant
from remote import sql
from reports.manifest import Manifest, ManifestError, loaded
from reports.monthly_export import COLUMNS, KEY, mark
from reports.transfer.places import Parcel
from reports.transfer.problems import TargetError
from reports.transfer.targets import Sql

AT_ONCE = 5_000
TYPES: dict[type[pl.DataType], type[sa.types.TypeEngine[Any]]] = {
    pl.String: sa.Text, pl.Int64: sa.BigInteger, pl.Float64: sa.Double, pl.Boolean: sa.Boolean,
}  # fmt: skip
CODES = {
    **sql.CODES,
    "3F000": "there is no such schema; make it, or name another as [sql] schema",
    "42501": "the user may not write there; grant create on the schema, or select, insert and delete",
    "57014": "it stopped the work, as after its time limit",
    "53100": "its disk is full",
}
SQLITE = (
    ("unable to open", "its file cannot be opened; check the path in the URL"),
    ("locked", "another process writes it"),
    ("readonly", "it may not be written; check the rights of its file"),
)


@contextmanager
def database(settings: Settings, given: Sql) -> Iterator[Tables]:
    """The tables of a target; TargetError in words where they cannot be had."""
    with sql.opened(settings, given.database, TargetError) as engine:
        with _told():
            tables = Tables(engine, given)
        yield tables


class Tables:
    """A table of rows with the columns of the export, in order, and a table of manifests by month."""

    keeps_files = False

    def __init__(self, engine: Engine, given: Sql) -> None:
        self.engine = engine
        schema = given.schema_name or None
        metadata = sa.MetaData(schema=schema)
        self.rows = sa.Table(
            given.table,
            metadata,
            *(sa.Column(name, TYPES[kind], nullable=name not in KEY[:1]) for name, kind in COLUMNS.items()),
            sa.Column("position", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint("month", "position"),
        )
        self.manifests = sa.Table(
            f"{given.table}_manifests",
            metadata,
            sa.Column("month", sa.Text, primary_key=True),
            sa.Column("snapshot", sa.BigInteger, nullable=False),
            sa.Column("rows", sa.BigInteger, nullable=False),
            sa.Column("content", sa.Text, nullable=False),
            sa.Column("arrived", sa.Text, nullable=False),
            sa.Column("manifest", sa.Text, nullable=False),
        )
        metadata.create_all(engine)
        self._fits(sa.inspect(engine), schema)

    def standing(self, month: str) -> bytes | None:
        with _told(), self.engine.connect() as connection:
            text = self._manifest(connection, month)
            return text if text is not None and self._count(connection, month) == _rows_of(text) else None

    def months(self) -> list[str]:
        with _told(), self.engine.connect() as connection:
            return sorted(connection.execute(sa.select(self.manifests.c.month)).scalars())

    def lay(self, parcel: Parcel) -> None:
        told = parcel.manifest
        with _told(), self.engine.begin() as connection:
            connection.execute(sa.delete(self.rows).where(self.rows.c.month == told.month))
            self._insert(connection, parcel.made.frame)
            count = self._count(connection, told.month)
            if count != told.rows:
                raise TargetError(
                    f"{count:,} rows arrived, and {told.rows:,} were sent; nothing was replaced. "
                    "Look for triggers and rules on the table"
                )
            self._sign(connection, told)

    def wrong(self, month: str) -> Iterator[str]:
        with _told(), self.engine.connect() as connection:
            text = self._manifest(connection, month)
            if text is None:
                yield f"{self.manifests.name}: has no manifest of {month}; push the month"
                return
            try:
                told = loaded(text)
            except ManifestError as problem:
                yield f"{self.manifests.name}: {month}: {problem}"
                return
            count = self._count(connection, month)
            if count != told.rows:
                yield (
                    f"{self.rows.name}: has {count:,} rows of {month}, and the manifest says "
                    f"{told.rows:,}; push {month} again"
                )
            elif mark(self._read(connection, month)) != told.content:
                yield f"{self.rows.name}: rows of {month} were changed; find out by whom, and push it again"

    def _insert(self, connection: Connection, frame: pl.DataFrame) -> None:
        whole = frame.with_row_index("position")
        for part in whole.iter_slices(AT_ONCE):
            connection.execute(sa.insert(self.rows), part.to_dicts())

    def _sign(self, connection: Connection, told: Manifest) -> None:
        own = self.manifests.c.month == told.month
        values = {
            "month": told.month, "snapshot": told.snapshot, "rows": told.rows, "content": told.content,
            "arrived": instant(time.time_ns() // 1000), "manifest": told.dumped().decode(),
        }  # fmt: skip
        connection.execute(sa.delete(self.manifests).where(own))
        connection.execute(sa.insert(self.manifests).values(values))

    def _manifest(self, connection: Connection, month: str) -> bytes | None:
        asked = sa.select(self.manifests.c.manifest).where(self.manifests.c.month == month)
        text = connection.execute(asked).scalar()
        return None if text is None else str(text).encode()

    def _count(self, connection: Connection, month: str) -> int:
        asked = sa.select(sa.func.count()).select_from(self.rows).where(self.rows.c.month == month)
        return int(connection.execute(asked).scalar() or 0)

    def _read(self, connection: Connection, month: str) -> pl.DataFrame:
        asked = sa.select(*(self.rows.c[name] for name in COLUMNS)).where(self.rows.c.month == month)
        rows = connection.execute(asked.order_by(self.rows.c.position)).all()
        return pl.DataFrame([tuple(row) for row in rows], schema=COLUMNS, orient="row")

    def _fits(self, seen: sa.Inspector, schema: str | None) -> None:
        """Tables that were there before have to have the columns of the export."""
        for table in (self.rows, self.manifests):
            there = {str(one["name"]) for one in seen.get_columns(table.name, schema)}
            missing = [one.name for one in table.columns if one.name not in there]
            if missing:
                raise TargetError(
                    f"its table {table.name} has no column {', '.join(missing)}; name another as "
                    "[sql] table, or rename that one, and it is made anew"
                )


def _rows_of(text: bytes) -> int | None:
    try:
        return loaded(text).rows
    except ManifestError:
        return None


@contextmanager
def _told() -> Iterator[None]:
    """What a failure means; nothing of it that may hold a value, an address or a password."""
    try:
        yield
    except SQLAlchemyError as failure:
        code, text = sql.code_of(failure), str(sql.original_of(failure) or "").lower()
        of_sqlite = next((words for mark, words in SQLITE if mark in text and not code), None)
        kind = f"SQLSTATE {code}" if code else type(sql.original_of(failure) or failure).__name__
        told = CODES.get(code) or sql.unreached(failure) or of_sqlite
        raise TargetError(told or f"it failed ({kind}); nothing was replaced") from None
