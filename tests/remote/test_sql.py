"""Databases by the name of their setting, and what is said of their errors."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from remote import sql
from tests.feeds import settings_of
from tests.postgres import PASSWORD, Server


class Asked(Exception):
    """The error of whoever asks."""


WRONG = {
    "the URL": ("postgresql://u:a-secret@h:port/d", "REACHBOARD_SQL_OUT cannot be read as a URL"),
    "the driver": (
        "no+driver://u:a-secret@h/d",
        'the driver of "no\\+driver" is not installed.*REACHBOARD_SQL_OUT',
    ),
}


@pytest.mark.parametrize(("url", "words"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_used_is_said_without_a_secret(url: str, words: str, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, sql={"out": url})
    with pytest.raises(Asked, match=words) as failure, sql.opened(settings, "out", Asked):
        pass
    assert "a-secret" not in str(failure.value)


def test_a_name_that_is_not_set_has_its_near_miss(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, sql={"crm": "sqlite:////x"})
    with (
        pytest.raises(Asked, match=r'REACHBOARD_SQL_CRN is not set.*did you mean "crm"'),
        sql.opened(settings, "crn", Asked),
    ):
        pass


UNREACHED = {
    "password": ("reachboard", "wrong-word", "postgres", sql.CODES["28P01"]),
    "database": ("reachboard", PASSWORD, "nowhere", sql.CODES["3D000"]),
}


@pytest.mark.parametrize(("user", "word", "database", "means"), UNREACHED.values(), ids=UNREACHED)
def test_why_no_connection_came_about_is_told_apart(
    user: str, word: str, database: str, means: str, postgres: Server, tmp_path: Path
) -> None:
    settings = settings_of(tmp_path, sql={"out": postgres.url(database, user, word)})
    with sql.opened(settings, "out", Asked) as engine, pytest.raises(SQLAlchemyError) as failure:
        engine.connect()
    assert (sql.CODES.get(sql.code_of(failure.value)) or sql.unreached(failure.value)) == means


def test_a_query_that_fails_is_no_lost_connection(postgres: Server, tmp_path: Path) -> None:
    """Its words may hold anything, as the name of a table that is called like an error."""
    settings = settings_of(tmp_path, sql={"out": postgres.url("postgres", "reachboard", PASSWORD)})
    with (
        sql.opened(settings, "out", Asked) as engine,
        engine.connect() as connection,
        pytest.raises(SQLAlchemyError) as failure,
    ):
        connection.execute(sa.text("select * from no_password_refused"))
    assert (sql.code_of(failure.value), sql.unreached(failure.value)) == ("42P01", None)
