"""The files hold the page's own figures, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import shelf
from app.factory import create_app
from config.permissions import PEOPLE, PERMISSIONS, Role
from config.settings import Settings
from config.text import neutral
from data.filters import parse
from data.viewer import EVERYTHING, Viewer
from exports.tables import SCHEMA, VALUES
from pages.registry import TABLES as EVERY
from pages.table import Table

QUERIES = ["", "?period=all_time", "?attr.region=North", "?channel=email&period=last_7_days"]
MAY = {role for role, held in PERMISSIONS.items() if "export" in held}


@pytest.fixture(scope="module")
def server(sample: Settings) -> Flask:
    made = create_app(sample)
    shelf.keeper(made).renew()
    return made


def client(server: Flask, role: Role) -> FlaskClient:
    found = server.test_client()
    found.post("/sign-in", data={"role": role.value})
    return found


@pytest.fixture
def analyst(server: Flask) -> FlaskClient:
    return client(server, Role.ANALYST)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


TABLES = {name: one for name, one in EVERY["overview"].items() if isinstance(one, Table)}


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize("query", QUERIES)
def test_a_file_holds_the_answer_of_measure_value_for_value(
    server: Flask, analyst: FlaskClient, table: str, query: str
) -> None:
    response = analyst.get(f"/overview/{table}.csv{query}")
    assert response.status_code == 200
    assert response.content_type == "text/csv; charset=utf-8"
    cubes = shelf.keeper(server).current()
    given = dict(pair.split("=") for pair in query.removeprefix("?").split("&") if pair)
    filters, _ = parse(given, cubes, EVERYTHING)
    answer = TABLES[table].ask(filters, Viewer("x", "analyst"), cubes)
    found = rows(response.get_data(as_text=True))
    told = [(row.key, name, row.values[name]) for row in answer.rows for name in answer.metrics]
    assert len(found) == len(told)
    for line, (key, name, value) in zip(found, told, strict=True):
        assert line["metric"] == name
        assert line["schema"] == SCHEMA
        assert line["filters"] == answer.sentence
        assert line["snapshot"] == str(answer.snapshot)
        assert line["status"] == value.status.value
        assert line["value"] == "" if value.value is None else float(line["value"]) == value.value
        if value.denominator is not None:
            assert float(line["denominator"]) == value.denominator
        if "campaign" in answer.by:
            assert line["campaign"] == key[0]
    assert unquote(response.headers["X-Reachboard-Filters"]) == answer.sentence
    assert response.headers["X-Reachboard-Snapshot"] == str(answer.snapshot)
    assert "attachment" in response.headers["Content-Disposition"]
    assert "North" not in response.headers["Content-Disposition"]


def test_what_is_withheld_is_empty_with_a_status_and_never_zero(analyst: FlaskClient) -> None:
    found = rows(analyst.get("/overview/campaigns.csv?period=all_time").get_data(as_text=True))
    hidden = [line for line in found if line["status"] in ("withheld", "not available")]
    assert hidden
    assert {line["value"] for line in hidden} == {""}
    assert {line["numerator"] for line in hidden} == {""}
    assert all(line["reason"] for line in hidden)


def test_lines_end_as_the_standard_says_and_the_columns_stand_in_order(analyst: FlaskClient) -> None:
    text = analyst.get("/overview/channels.csv").get_data(as_text=True)
    assert text.split("\r\n")[0].split(",") == ["schema", "snapshot", "channel", *VALUES]
    assert text.count("\n") == text.count("\r\n")


def test_only_who_may_export_gets_a_file(server: Flask) -> None:
    for role in PEOPLE:
        status = client(server, role).get("/overview/channels.csv").status_code
        assert status == (200 if role in MAY else 404), role
    assert server.test_client().get("/overview/channels.csv").status_code == 401


def test_a_table_that_does_not_exist_is_not_found(analyst: FlaskClient) -> None:
    assert analyst.get("/overview/members.csv").status_code == 404


def test_a_filter_that_does_not_exist_is_refused(analyst: FlaskClient) -> None:
    strange = analyst.get("/overview/channels.csv?channel=emial")
    assert strange.status_code == 400
    assert "Did you mean 'email'?" in strange.get_data(as_text=True)
    campaign = analyst.get("/overview/channels.csv?utm_source=x")
    assert campaign.get_data() == analyst.get("/overview/channels.csv").get_data()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert neutral(text) == "'" + text
    assert neutral("x=1") == "x=1"
