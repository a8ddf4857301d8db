"""Opens the state database by its URL and brings it to the newest form: SQLite here, PostgreSQL by URL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from config.settings import ROOT
from ledger.entry import Entry

MIGRATIONS = ROOT / "state" / "migrations"
WAIT_SECONDS = 30
WRITER = 7_221_437  # any number: the lock of Reachboard's writers in a PostgreSQL database
_migrating = threading.Lock()


class Database:
    """One database, opened at its first use: an engine does not survive a fork."""

    def __init__(self, url: str, tell: Callable[[Entry], None] | None = None) -> None:
        self.url = url
        self._tell = tell
        self._engine: Engine | None = None
        self._opening = threading.Lock()

    def is_new(self) -> bool:
        """Whether nothing was ever stored: reading then needs no database."""
        file = self._file()
        return file is not None and not file.exists()

    def _file(self) -> Path | None:
        url = make_url(self.url)
        return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._opened().connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer overlaps; it is committed at the end, or undone by an error."""
        with _alone(self._opened()) as connection:
            yield connection

    def tell(self, entry: Entry) -> None:
        """Write a change into the ledger, as the last step of its transaction: what cannot be recorded is
        undone. Nothing is told of a database that nobody gave a ledger."""
        if self._tell is not None:
            self._tell(entry)

    def open(self) -> None:
        """Make what is missing, in the database and of its tables."""
        self._opened()

    def close(self) -> None:
        with self._opening:
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _opened(self) -> Engine:
        with self._opening:
            if self._engine is None:
                engine = _engine(self.url, self._file())
                try:
                    _migrate(engine)
                except BaseException:
                    engine.dispose()
                    raise
                self._engine = engine
            return self._engine


def _engine(url: str, file: Path | None) -> Engine:
    if file is None:
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": WAIT_SECONDS})

    # The driver begins no transaction before DDL and takes the lock late; both are done here instead.
    @event.listens_for(engine, "connect")
    def connected(raw: object, _record: object) -> None:
        raw.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        alone = connection.get_execution_options().get("alone", False)
        connection.exec_driver_sql("begin immediate" if alone else "begin")

    return engine


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    with engine.execution_options(alone=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER)))
        yield connection


def _migrate(engine: Engine) -> None:
    """Bring the tables to the newest form; of several processes one does it while the others wait."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _migrating, _alone(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
