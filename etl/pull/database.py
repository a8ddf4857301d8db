"""Opens a database to read from, and says what went wrong there without its URL, its password or its rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings, database_variable
from etl.sources.problems import IntakeError
from remote import sql

# What PostgreSQL's codes mean for whoever set this up; of class 42 its own words name the culprit, too.
CODES = {
    **sql.CODES,
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


@contextmanager
def reading(settings: Settings, name: str) -> Iterator[Connection]:
    """A connection that only reads; IntakeError says in one sentence what went wrong in it."""
    said = f'database "{name}"'
    with sql.opened(settings, name, lambda words: IntakeError(f"{said}: {words}")) as engine:
        said = f"{said} ({database_variable(name)})"
        backend = engine.dialect.name
        # The driver would make an empty database where there is none.
        if backend == "sqlite" and not Path(engine.url.database or "").is_file():
            raise IntakeError(f"{said}: there is no file at the path of the URL; check it")
        try:
            with _only_reads(engine).connect() as connection:
                yield connection
        except SQLAlchemyError as failure:
            raise IntakeError(f"{said}: {in_words(failure, backend)}") from None


def _only_reads(engine: Engine) -> Engine:
    if engine.dialect.name == "postgresql":
        return engine.execution_options(postgresql_readonly=True)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connected(raw: Any, _record: object) -> None:
            raw.text_factory = lambda text: text.decode("utf-8", "replace")
            raw.execute("pragma query_only = on")

    return engine


def in_words(failure: SQLAlchemyError, backend: str) -> str:
    """What a failure means; nothing of it that may hold a row's value, an address or a password."""
    original = sql.original_of(failure)
    if backend == "postgresql":
        return _of_postgresql(failure, original)
    said = str(original or "")
    if backend == "sqlite":
        for words, advice in SQLITE:
            if words in said.lower():
                return f"{said}; {advice}"
    return f"it failed ({type(original or failure).__name__}); try [sql] query with the database's own client"


def _of_postgresql(failure: SQLAlchemyError, original: Any) -> str:
    code = sql.code_of(failure)
    said = str(getattr(getattr(original, "diag", None), "message_primary", None) or "")
    if code:
        meaning = CODES.get(code, "the query failed; try it with the database's own client")
        return f"{meaning} ({said})" if said and code.startswith("42") else f"{meaning} (SQLSTATE {code})"
    if type(original).__name__ == "DataError":
        return (
            "a row holds a date outside the years 1 to 9999; leave it out or cast it to text in [sql] query"
        )
    return (
        sql.unreached(failure)
        or "it cannot be reached, or broke off; the next pull goes on where this one stopped"
    )
