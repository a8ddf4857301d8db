"""Opens a database to read from, and says what went wrong there without its URL, its password or its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from config.settings import Settings, database_variable
from config.suggest import near
from etl.sources.problems import IntakeError

PATIENCE_SECONDS = 15
# What PostgreSQL's codes mean for whoever set this up; of class 42 its own words name the culprit, too.
CODES = {
    "42501": "the user may not read it; grant select to the user of the URL",
    "42P01": "there is no such table; check [sql] query",
    "42703": "there is no such column; check [sql] query",
    "42601": "the query cannot be read as SQL; check [sql] query",
    "42883": "the query compares what cannot be compared; cast :cursor or the column in [sql] query",
    "0A000": "the query writes, or cannot be read in pieces, and a pull does; check [sql] query",
    "25006": "the query writes, and a pull only reads; check [sql] query",
    "57014": "it stopped the query, as after its time limit; make [sql] query lighter, or add an index",
    "22007": "a text is no date or time there; check [sql] start and what the query casts",
    "22P02": "a text is not of the type that it is compared with; check [sql] start and what the query casts",
    "22003": "a number does not fit its type there; check [sql] start and what the query casts",
}
CONNECTING = (
    ("password authentication failed", "it does not accept the user or the password"),
    ("no password supplied", "it asks for a password, and the URL has none"),
    ("no pg_hba.conf entry", "it lets nobody in from this machine; its pg_hba.conf says who may"),
    ('database "', "there is no such database, or the user may not open it"),
    ('role "', "there is no such user"),
    ("resolve", "its host is not known; check the host in the URL"),
    ("translate host", "its host is not known; check the host in the URL"),
    ("refused", "nothing answers there; check host and port, and whether it runs"),
    ("no such file", "nothing answers there; check host and port, and whether it runs"),
    ("timeout", "it did not answer in time; check host, port and firewall"),
)
SQLITE = (
    ("no such table", "check [sql] query"),
    ("no such column", "check [sql] query"),
    ("syntax error", "check [sql] query"),
    ("incomplete input", "check [sql] query"),
    ("no such function", "check [sql] query"),
    ("unable to open database file", "check that the file may be read"),
    ("file is not a database", "check the path in the URL"),
    ("database is locked", "another process writes it; try again later"),
    ("attempt to write a readonly database", "the query writes, and a pull only reads; check [sql] query"),
)


def url_of(settings: Settings, name: str) -> URL:
    """The URL that the settings give a database; IntakeError, with the near miss, where there is none."""
    if name not in settings.sql:
        raise IntakeError(
            f'database "{name}": {database_variable(name)} is not set; set it to the URL of the database'
            f"{near(name, settings.sql)}"
        )
    try:
        return make_url(settings.sql[name].get_secret_value())
    except ArgumentError:
        raise IntakeError(f"{where(name)}: its URL cannot be read as one") from None


def where(name: str) -> str:
    return f'database "{name}" ({database_variable(name)})'


@contextmanager
def reading(settings: Settings, name: str) -> Iterator[Connection]:
    """A connection that only reads; IntakeError says in one sentence what went wrong in it."""
    url = url_of(settings, name)
    try:
        engine = _sqlite(url, name) if url.get_backend_name() == "sqlite" else _engine(url)
    except (NoSuchModuleError, ImportError):
        raise IntakeError(
            f'{where(name)}: the driver of "{url.drivername}" is not installed; install it beside '
            "Reachboard, or name another in the URL"
        ) from None
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as failure:
        raise IntakeError(f"{where(name)}: {in_words(failure, url.get_backend_name())}") from None
    finally:
        engine.dispose()


def _engine(url: URL) -> Engine:
    arguments: dict[str, Any] = {}
    if url.get_backend_name() == "postgresql" and "connect_timeout" not in url.query:
        arguments = {"connect_timeout": PATIENCE_SECONDS}
    engine = sa.create_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=arguments)
    only_reads = {"postgresql_readonly": True} if url.get_backend_name() == "postgresql" else {}
    return engine.execution_options(**only_reads)


def _sqlite(url: URL, name: str) -> Engine:
    # The driver would make an empty database where there is none.
    if not Path(url.database or "").is_file():
        raise IntakeError(f"{where(name)}: there is no file at the path of the URL; check it")
    engine = sa.create_engine(
        url, hide_parameters=True, poolclass=NullPool, connect_args={"timeout": PATIENCE_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _record: object) -> None:
        raw.text_factory = lambda text: text.decode("utf-8", "replace")
        raw.execute("pragma query_only = on")

    return engine


def in_words(failure: SQLAlchemyError, backend: str) -> str:
    """What a failure means; nothing of it that may hold a row's value, an address or a password."""
    original = failure.orig if isinstance(failure, DBAPIError) else None
    if backend == "postgresql":
        return _of_postgresql(original)
    said = str(original or "")
    if backend == "sqlite":
        for words, advice in SQLITE:
            if words in said.lower():
                return f"{said}; {advice}"
    return f"it failed ({type(original or failure).__name__}); try [sql] query with the database's own client"


def _of_postgresql(original: Any) -> str:
    code = getattr(original, "sqlstate", None)
    said = str(getattr(getattr(original, "diag", None), "message_primary", None) or "")
    if code:
        meaning = CODES.get(code, "the query failed; try it with the database's own client")
        return f"{meaning} ({said})" if said and code.startswith("42") else f"{meaning} (SQLSTATE {code})"
    text = str(original).lower()
    if type(original).__name__ == "DataError":
        return (
            "a row holds a date outside the years 1 to 9999; leave it out or cast it to text in [sql] query"
        )
    found = next((meaning for words, meaning in CONNECTING if words in text), None)
    return found or "it cannot be reached, or broke off; the next pull goes on where this one stopped"
