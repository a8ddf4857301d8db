"""Types of two databases become the texts of a CSV, and what is wrong there is said in one sentence."""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from config.settings import Settings, SettingsError
from etl.door import quarantine_of
from etl.intake import IntakeError, MappingError
from etl.pull import pull
from etl.pull.position import Position, at_start, kind_of, loaded
from etl.pull.texts import text_of
from etl.sources.sql import Sql
from etl.sources.toml import load_mapping
from tests.feeds import settings_of
from tests.postgres import PASSWORD, Server
from tests.pulls import MAPPING, QUERY, Crm, crm, event

TEXTS = [
    (None, ""),
    ('Ann, "A"\nB', 'Ann, "A"\nB'),
    (True, "true"),
    (False, "false"),
    (12, "12"),
    (Decimal("12.50"), "12.50"),
    (Decimal("1E+3"), "1000"),
    (0.1, "0.1"),
    (date(2026, 3, 1), "2026-03-01"),
    (datetime(2026, 3, 1, 15, 0, 0, 5), "2026-03-01 15:00:00.000005"),
    (datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=-5))), "2026-03-01 15:00:00-05:00"),
    (b"\x00\xffA", "\\x00ff41"),
    (memoryview(b"A"), "\\x41"),
    ({"a": [1, "é"]}, '{"a": [1, "é"]}'),
    (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
]


@pytest.mark.parametrize(("value", "text"), TEXTS, ids=[str(text) or "null" for _, text in TEXTS])
def test_a_value_is_the_text_that_a_csv_would_hold(value: object, text: str) -> None:
    assert text_of(value) == text


WIDE = """create table events (id integer, what text, at timestamptz, member numeric(6, 0), campaign text,
version timestamptz, gone boolean, paid numeric(9, 2), day date, raw bytea, note text, more jsonb)"""
ROW = """insert into events values (1, 'sent', '2026-03-01 10:00:00+00', 1001, 'flu-2026',
'2026-03-02 00:00:00.123456+00', true, 1234.50, '2026-03-01', '\\x00ff', null, '{"a": 1}')"""


def test_postgresql_and_a_csv_of_the_same_table_load_alike(postgres: Server, tmp_path: Path) -> None:
    """COPY writes PostgreSQL's own CSV: the same mapping reads both to the same events."""
    url = postgres.database()
    name = url.partition("@/")[2].partition("?")[0]
    postgres.run(name, WIDE, ROW)
    source = Crm(url, settings_of(tmp_path / "var", sql={"crm": url}))
    query = "select * from events where version >= :cursor order by version"
    source.maps(query, start="2026-01-01T00:00:00Z")
    (landed,) = source.pull()
    assert landed.loaded == 1
    with (
        psycopg.connect(url.replace("+psycopg", "")) as connection,
        connection.cursor() as cursor,
        cursor.copy("copy events to stdout with (format csv, header)") as copied,
    ):
        text = b"".join(bytes(part) for part in copied).decode()
    (tmp_path / "events.csv").write_text(text)
    from etl.door import import_file

    again = import_file(source.settings, tmp_path / "events.csv", source.mapping)
    assert (again.loaded, again.already_present) == (0, 1)
    (event_us,) = source.lake.frame("events")["event_us"]
    assert event_us == int(datetime(2026, 3, 1, 10, tzinfo=UTC).timestamp() * 1e6)
    assert source.pull() == []


@pytest.mark.parametrize(
    "value", [7, Decimal("7.5"), 7.5, datetime(2026, 3, 1, 4, 5, tzinfo=UTC), date(2026, 3, 1), "2026-03-01"]
)
def test_a_position_comes_back_as_it_was(value: object) -> None:
    start = Sql("crm", QUERY, "version", value)  # type: ignore[arg-type]
    position = loaded(at_start(start).dumped())
    assert position == at_start(start)
    assert position.bound("postgresql") == value
    assert type(position.bound("postgresql")) is type(value)
    assert isinstance(Position("v", "date", "2026-03-01").bound("sqlite"), str)


@pytest.mark.parametrize("value", [None, True, "ann@example.org", "Ann", b"x", "1" * 65])
def test_what_may_name_somebody_is_no_cursor(value: object) -> None:
    assert kind_of(value) is None


def _refused(source: Crm) -> str:
    with pytest.raises(IntakeError) as error:
        source.pull()
    said = str(error.value)
    assert PASSWORD not in said
    assert "wrong-word" not in said
    assert "\n" not in said
    return said


@pytest.fixture
def lite(tmp_path: Path) -> Crm:
    return crm(f"sqlite:///{tmp_path / 'crm.db'}", tmp_path)


@pytest.fixture
def big(tmp_path: Path, postgres: Server) -> Crm:
    return crm(postgres.database(), tmp_path)


QUERIES = {
    "a table": (QUERY.replace("from events", "from evnts"), "evnts", "check [sql] query"),
    "a column": (QUERY.replace("member,", "membr,"), "membr", "check [sql] query"),
    "a word": (QUERY.replace("order by", "ordr by"), "syntax error", "check [sql] query"),
}


@pytest.mark.parametrize(("query", "names", "advice"), QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize("kind", ["lite", "big"])
def test_a_wrong_query_is_named(
    kind: str, query: str, names: str, advice: str, request: pytest.FixtureRequest
) -> None:
    source = request.getfixturevalue(kind)
    source.maps(query)
    said = _refused(source)
    assert said.startswith('database "crm" (REACHBOARD_SQL_CRM): ')
    assert names in said
    assert advice in said


def test_rows_out_of_order_stop_the_pull_before_one_is_lost(lite: Crm) -> None:
    lite.add([event(1, 5), event(2, 3)])
    lite.maps(QUERY.replace("order by version", "order by id"))
    assert _refused(lite) == (
        'crm.toml: [sql] query: rows do not come in the order of "version"; '
        'end it with: order by version (of texts: by their characters, collate "C")'
    )
    assert lite.lake.frame("loads").is_empty()


def test_a_cursor_that_is_missing_or_empty_or_a_name_is_said(lite: Crm) -> None:
    lite.add([event(1, 1)])
    lite.maps(cursor="verison")
    assert _refused(lite) == (
        'crm.toml: [sql] cursor: the answer of the query has no column "verison"; did you mean "version"?'
    )
    lite.maps(
        QUERY.replace("where version >= :cursor", "where 0 >= :cursor").replace(
            "version from", "null as version from"
        )
    )
    assert "has a row with no value; choose a column that always has one" in _refused(lite)
    lite.maps(QUERY.replace("order by version", "order by member").replace(", version", ""), "member")
    assert "a value that is no number, date or time" in _refused(lite)


def test_an_answer_without_the_columns_of_the_mapping_is_said(lite: Crm) -> None:
    lite.add([event(1, 1)])
    lite.maps(QUERY.replace("member, campaign", "member, campaign as camp"))
    assert (
        _refused(lite)
        == 'crm.toml: [fields] campaign: sql:crm has no column "campaign"; did you mean "camp"?'
    )
    lite.maps("select version as v, 1 as version from events where version >= :cursor")
    said = "the answer of [sql] query has none of the columns that the mapping names"
    assert said in _refused(lite)


def test_what_the_user_may_not_read_is_said(big: Crm, postgres: Server) -> None:
    name = big.url.partition("@/")[2].partition("?")[0]
    postgres.run(name, f"create role guest_{name} login password 'wrong-word'")
    url = postgres.url(name, f"guest_{name}", "wrong-word")
    guest = Crm(
        url, big.settings.model_copy(update={"sql": settings_of(big.settings.var, sql={"crm": url}).sql})
    )
    said = _refused(guest)
    assert "the user may not read it; grant select" in said
    assert "events" in said


WRONG = {
    "password": ("reachboard", "wrong-word", "postgres", "it does not accept the user or the password"),
    "user": ("nobody_here", "wrong-word", "postgres", "it does not accept the user or the password"),
    "database": ("reachboard", PASSWORD, "nowhere", "there is no such database"),
}


@pytest.mark.parametrize(("user", "word", "database", "means"), WRONG.values(), ids=WRONG)
def test_a_door_that_stays_shut_is_said(
    user: str, word: str, database: str, means: str, postgres: Server, lite: Crm
) -> None:
    url = postgres.url(database, user, word)
    shut = Crm(url, settings_of(lite.settings.var, sql={"crm": url}))
    assert means in _refused(shut)


URLS = {
    "nothing listens": ("postgresql+psycopg://me:wrong-word@127.0.0.1:1/crm", "nothing answers there"),
    "no file": ("sqlite:////nowhere/crm.db", "there is no file at the path of the URL"),
    "no driver": (
        "mysql+pymysql://me:wrong-word@127.0.0.1/crm",
        'the driver of "mysql+pymysql" is not installed',
    ),
    "no dialect": ("dbase://me:wrong-word@127.0.0.1/crm", 'the driver of "dbase" is not installed'),
}


@pytest.mark.parametrize(("url", "means"), URLS.values(), ids=URLS)
def test_a_wrong_url_is_said(url: str, means: str, lite: Crm) -> None:
    wrong = Crm(url, settings_of(lite.settings.var, sql={"crm": url}))
    assert means in _refused(wrong)


def test_no_empty_database_is_made_where_there_is_none(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'gone.db'}"
    source = Crm(url, settings_of(tmp_path / "var", sql={"crm": url}))
    source.maps()
    _refused(source)
    assert not (tmp_path / "gone.db").exists()


def test_an_unset_database_names_the_setting(lite: Crm) -> None:
    source = Crm(lite.url, settings_of(lite.settings.var, sql={"crn": lite.url}))
    said = 'database "crm": REACHBOARD_SQL_CRM is not set; set it to the URL of the database'
    assert _refused(source) == said + '; did you mean "crn"?'


def test_a_date_that_no_calendar_here_has_is_said(big: Crm) -> None:
    big.add([event(1, 1)])
    big.write("update events set at = 'infinity'")
    assert "a row holds a date outside the years 1 to 9999" in _refused(big)


def test_bytes_that_are_no_text_refuse_their_row_alone(lite: Crm) -> None:
    lite.add([event(1, 1), event(2, 2)])
    with closing(sqlite3.connect(lite.url.removeprefix("sqlite:///"))) as raw:
        raw.execute("update events set member = cast(x'4dff' as text) where id = 2")
        raw.commit()
    (landed,) = lite.pull()
    assert (landed.loaded, landed.refused) == (1, 1)
    (entry,) = quarantine_of(lite.settings).entries()
    assert entry.reasons == {"row: bytes that are not valid in the file's encoding": 1}


@pytest.mark.parametrize("kind", ["lite", "big"])
def test_dates_are_a_cursor(kind: str, request: pytest.FixtureRequest) -> None:
    source: Crm = request.getfixturevalue(kind)
    query = "select id, what, at, member, campaign from events where at >= :cursor order by at"
    source.maps(query, "at", "2026-03-05")
    source.add(event(n, n) for n in range(1, 20))
    assert sum(one.loaded for one in source.pull()) == 16
    assert source.pull() == []
    (position,) = source.lake.frame("loads")["position"].to_list()
    assert json.loads(position)[2].startswith("2026-03-20 10:00:00")


def test_a_wrong_sql_section_is_told_whole(tmp_path: Path) -> None:
    text = MAPPING.format(query="delete from events", cursor="", start="true", batch=5)
    text = text.replace('database = "crm"', 'database = "sqlite:////crm.db"\ncursr = 1')
    text = text.replace('event_id = "id"\n', "") + '[file]\ndelimiter = ";"\n[key]\nnone = true\n'
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(MappingError) as error:
        load_mapping(tmp_path / "wrong.toml")
    said = str(error.value)
    for words in (
        '[sql] cursr: no such key; did you mean "cursor"?',
        "[sql] database: needs a name of lower-case letters",
        "[sql] query: needs a statement that reads",
        "[sql] cursor: needs the column",
        "[sql] start: needs the value to begin with",
        "[sql] batch: must be a whole number of rows from 100",
        "[file] delimiter: is of a file",
    ):
        assert words in said
    keyed = MAPPING.format(query="select :cursor, :other", cursor="a", start="0", batch=100)
    (tmp_path / "wrong.toml").write_text(keyed + "[key]\nnone = true\n")
    with pytest.raises(MappingError) as error:
        load_mapping(tmp_path / "wrong.toml")
    assert "[sql] query: knows :other, but the one value that is bound is :cursor" in str(error.value)
    (tmp_path / "wrong.toml").write_text(
        MAPPING.format(query=QUERY, cursor="a", start="0", batch=100) + "[key]\nnone = true\n"
    )
    with pytest.raises(MappingError, match="rows of a database come again"):
        load_mapping(tmp_path / "wrong.toml")


def test_a_mapping_of_files_cannot_be_pulled(lite: Crm) -> None:
    text = lite.mapping.read_text()
    head, _, rest = text.partition("[sql]")
    lite.mapping.write_text(head + rest[rest.index("[fields]") :])
    with pytest.raises(IntakeError, match=r"crm.toml: has no section \(\[sql\], \[rest\]"):
        next(pull(lite.settings, lite.mapping))


def test_databases_are_set_by_name_and_never_shown() -> None:
    given = {
        "REACHBOARD_SQL_CRM": "postgresql+psycopg://me:hidden-word@host/db",
        "REACHBOARD_SQL_BI2": "sqlite:////a b.db",
    }
    settings = Settings.load(given, None)
    assert sorted(settings.sql) == ["bi2", "crm"]
    assert "hidden-word" not in repr(settings)
    for name, url in (
        ("CRM", "crm.db"),
        ("CRM", "sqlite:///crm.db"),
        ("A-B", "sqlite:////crm.db"),
        ("", "secret"),
    ):
        with pytest.raises(SettingsError) as error:
            Settings.load({f"REACHBOARD_SQL_{name}": url}, None)
        assert str(error.value).startswith(f"REACHBOARD_SQL_{name}=(hidden): expected a database's URL")
    with pytest.raises(SettingsError) as error:
        Settings.load({"REACHBOARD_SQL": "postgresql://me:hidden-word@host/db"}, None)
    assert str(error.value) == "REACHBOARD_SQL: there is no such setting; did you mean REACHBOARD_SQL_<NAME>?"
