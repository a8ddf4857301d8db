"""A table of a database, and one of manifests beside it: a month is replaced in one transaction."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from config.settings import Settings, database_variable
from config.suggest import near
from exports.sidecar import instant
from reports.manifest import Manifest, ManifestError, loaded
from reports.monthly_export import COLUMNS, KEY, mark
from reports.transfer.places import Parcel
from reports.transfer.problems import TargetError
from reports.transfer.targets import Sql

PATIENCE_SECONDS = 15
AT_ONCE = 5_000
TYPES: dict[type[pl.DataType], type[sa.types.TypeEngine[Any]]] = {
    pl.String: sa.Text, pl.Int64: sa.BigInteger, pl.Float64: sa.Double, pl.Boolean: sa.Boolean,
}  # fmt: skip
CODES = {
    "28P01": "it does not accept the user or the password",
    "3D000": "there is no such database, or the user may not open it",
    "3F000": "there is no such schema; make it, or name another as [sql] schema",
    "42501": "the user may not write there; grant create on the schema, or select, insert and delete",
    "57014": "it stopped the work, as after its time limit",
    "53100": "its disk is full",
}  # fmt: skip
CONNECTING = (
    ("password", "it does not accept the user or the password"),
    ("no pg_hba.conf entry", "it lets nobody in from this machine; its pg_hba.conf says who may"),
    ("does not exist", "there is no such database or user"),
    ("resolve", "its host is not known; check the host in the URL"),
    ("refused", "nothing answers there; check host and port, and whether it runs"),
    ("no such file", "nothing answers there; check host and port, and whether it runs"),
    ("timeout", "it did not answer in time; check host, port and firewall"),
    ("unable to open", "its file cannot be opened; check the path in the URL"),
    ("locked", "another process writes it"),
    ("readonly", "it may not be written; check the rights of its file"),
)


@contextmanager
def database(settings: Settings, given: Sql) -> Iterator[Tables]:
    """The tables of a target; TargetError in words where they cannot be had."""
    engine = _engine(_url(settings, given.database))
    try:
        with _told():
            tables = Tables(engine, given)
        yield tables
    finally:
        engine.dispose()


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


def _url(settings: Settings, name: str) -> URL:
    if name not in settings.sql:
        told = f"{database_variable(name)} is not set; set it to the URL of the database"
        raise TargetError(f"{told}{near(name, settings.sql)}")
    try:
        return make_url(settings.sql[name].get_secret_value())
    except ArgumentError:
        raise TargetError(f"{database_variable(name)} cannot be read as a URL") from None


def _engine(url: URL) -> Engine:
    how: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        how = {"connect_timeout": PATIENCE_SECONDS}
    if url.get_backend_name() == "sqlite":
        how = {"timeout": PATIENCE_SECONDS}
    try:
        return sa.create_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=how)
    except (NoSuchModuleError, ImportError):
        raise TargetError(
            f'the driver of "{url.drivername}" is not installed; install it beside Reachboard, or name '
            "another in the URL"
        ) from None


@contextmanager
def _told() -> Iterator[None]:
    """What a failure means; nothing of it that may hold a value, an address or a password."""
    try:
        yield
    except SQLAlchemyError as failure:
        original = failure.orig if isinstance(failure, DBAPIError) else None
        code = getattr(original, "sqlstate", None)
        text = str(original or "").lower()
        told = CODES.get(str(code)) or next((words for mark, words in CONNECTING if mark in text), None)
        kind = f"SQLSTATE {code}" if code else type(original or failure).__name__
        raise TargetError(told or f"it failed ({kind}); nothing was replaced") from None
