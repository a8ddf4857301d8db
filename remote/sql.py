"""A database by the name of its setting, and what its errors mean: no value, no address, no password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from config.settings import Settings, database_variable
from config.suggest import near
from remote.fail import Fail

PATIENCE_SECONDS = 15
PATIENCE = {"postgresql": "connect_timeout", "sqlite": "timeout"}
"""What drivers call the seconds for which they wait."""
CODES = {
    "28P01": "it does not accept the user or the password",
    "3D000": "there is no such database, or the user may not open it",
}
CONNECTING = (
    ("no password supplied", "it asks for a password, and the URL has none"),
    ("password", CODES["28P01"]),
    ("no pg_hba.conf entry", "it lets nobody in from this machine; its pg_hba.conf says who may"),
    ('database "', CODES["3D000"]),
    ('role "', "there is no such user"),
    ("resolve", "its host is not known; check the host in the URL"),
    ("translate host", "its host is not known; check the host in the URL"),
    ("refused", "nothing answers there; check host and port, and whether it runs"),
    ("no such file", "nothing answers there; check host and port, and whether it runs"),
    ("timeout", "it did not answer in time; check host, port and firewall"),
)


@contextmanager
def opened(settings: Settings, name: str, fail: Fail) -> Iterator[Engine]:
    """The engine of a database, which connects when it is used; nothing of it is kept afterwards."""
    engine = _engine(_url(settings, name, fail), name, fail)
    try:
        yield engine
    finally:
        engine.dispose()


def original_of(failure: SQLAlchemyError) -> Any:
    """What the driver raised, None where it was not the driver."""
    return failure.orig if isinstance(failure, DBAPIError) else None


def code_of(failure: SQLAlchemyError) -> str:
    """The SQLSTATE of a failure, "" where the database gave none, as where no connection came about."""
    return str(getattr(original_of(failure), "sqlstate", None) or "")


def unreached(failure: SQLAlchemyError) -> str | None:
    """Why no connection came about; None where something else failed."""
    text = str(original_of(failure) or "").lower()
    return None if code_of(failure) else next((words for mark, words in CONNECTING if mark in text), None)


def _url(settings: Settings, name: str, fail: Fail) -> URL:
    variable = database_variable(name)
    if name not in settings.sql:
        raise fail(f"{variable} is not set; set it to the URL of the database{near(name, settings.sql)}")
    try:
        return make_url(settings.sql[name].get_secret_value())
    except (ArgumentError, ValueError):
        raise fail(f"{variable} cannot be read as a URL") from None


def _engine(url: URL, name: str, fail: Fail) -> Engine:
    patience = PATIENCE.get(url.get_backend_name())
    given = {patience: PATIENCE_SECONDS} if patience and patience not in url.query else {}
    try:
        return sa.create_engine(url, hide_parameters=True, poolclass=NullPool, connect_args=given)
    except (NoSuchModuleError, ImportError):
        raise fail(
            f'the driver of "{url.drivername}" is not installed; install it beside Reachboard, or name '
            f"another in {database_variable(name)}"
        ) from None
