"""The monthly report through the guard: page and files say the same, under an ID, to whom it may be told."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import docx
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from app import shelf
from config.permissions import PERMISSIONS, Role
from data.viewer import Scope, Viewer
from documents.model import Bars, Document, Figures, Table
from pages.monthly_document import OVERVIEW, document
from pages.monthly_month import asked
from reports.issue import reopened
from state.exports import Ledger
from state.store import Store
from tests.asking import fire, show, signed_in
from tests.places import LINE, SCOPED, WHOLE

MONTH = {"month": "2026-10"}
ADDRESS = "/reports/monthly"
FORMATS = ("pdf", "docx", "html")


@pytest.fixture(scope="module")
def server(own_server: Flask) -> Flask:
    return own_server


@pytest.fixture(scope="module")
def analyst(server: Flask) -> FlaskClient:
    return signed_in(server, "analyst")


@pytest.fixture(scope="module")
def told(server: Flask) -> Document:
    cubes = shelf.keeper(server).current()
    month = asked(MONTH, WHOLE, cubes)
    return document(month.month, month.filters, WHOLE, cubes)


def texts(of: Document) -> list[str]:
    """Everything that the report's figures and tables say."""
    found: list[str] = []
    for one in of.blocks:
        if isinstance(one, Figures):
            found += [text for item in one.items for text in (item.label, item.value.text)]
        if isinstance(one, (Table, Bars)):
            found += [text for row in one.rows for text in (row.label, *(value.text for value in row.values))]
    return found


def squeezed(words: str) -> str:
    return "".join(words.split())


def text_of(format: str, content: bytes) -> str:
    if format == "pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if format == "html":
        return BeautifulSoup(content, "lxml").get_text()
    made = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    foot = [one.text for one in made.sections[0].footer.paragraphs]
    return "\n".join([*(one.text for one in made.paragraphs), *cells, *foot])


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_says_what_the_report_says_under_an_id_that_reopens_it(
    analyst: FlaskClient, store: Store, told: Document, format: str
) -> None:
    answer = analyst.get(f"{ADDRESS}.{format}?month=2026-10&why=for+the+board")
    assert answer.status_code == 200
    id = answer.headers["X-Reachboard-Report"]
    said = squeezed(text_of(format, answer.data))
    assert id in said
    cut = 22 if format == "pdf" else 1_000  # names are cut where they stand beside a bar
    missing = [text for text in texts(told) if squeezed(text)[:cut] not in said]
    assert missing == []
    found = reopened(id, WHOLE, store)
    assert found is not None
    assert found[1].blocks == told.blocks
    assert id.lower() in answer.headers["Content-Disposition"]


def test_every_form_of_the_same_report_has_one_id_and_the_same_bytes(analyst: FlaskClient) -> None:
    ids = set()
    for format in FORMATS:
        first, again = (analyst.get(f"{ADDRESS}.{format}?month=2026-09") for _ in range(2))
        assert first.data == again.data
        ids |= {first.headers["X-Reachboard-Report"], again.headers["X-Reachboard-Report"]}
    assert len(ids) == 1


def test_the_section_alone_goes_into_a_report_that_exists(analyst: FlaskClient) -> None:
    address = f"{ADDRESS}.html?month=2026-10&section=overview"
    answer = analyst.get(address)
    assert answer.data.decode("ascii").startswith('<section class="reachboard-report"')
    around = b"<!doctype html><meta charset=latin1><h1>Ours</h1>" + answer.data + b"<p>More of ours"
    soup = BeautifulSoup(around, "lxml")
    assert soup.h2 is not None
    assert soup.h2.get_text() == OVERVIEW
    assert not soup.find_all(["script", "img", "iframe", "link", "a"])
    assert "≈" in soup.get_text()
    titles = [
        p.text
        for p in docx.Document(io.BytesIO(analyst.get(address.replace("html", "docx")).data)).paragraphs
    ]
    assert titles[0] == OVERVIEW
    assert "Year over year" not in titles


def test_a_file_is_written_down_and_a_look_at_its_head_issues_nothing(
    analyst: FlaskClient, store: Store
) -> None:
    before = len(store.reports.latest(most=500))
    head = analyst.head(f"{ADDRESS}.pdf?month=2026-07")
    assert head.status_code == 200
    assert "X-Reachboard-Report" not in head.headers
    assert len(store.reports.latest(most=500)) == before
    answer = analyst.get(f"{ADDRESS}.docx?month=2026-07&campaign=flu-2025&why=a+test")
    last = Ledger(store.database).every(1)[0]
    assert (last.page, last.format, last.status, last.reason) == ("monthly", "docx", "done", "a test")
    assert last.bytes == len(answer.data)
    assert last.report == answer.headers["X-Reachboard-Report"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("month=2026-13", 400),
        ("month=2026-10&campaign=nobody", 400),
        ("paper=a0", 400),
        ("section=all", 404),
        ("why=" + "x" * 1000, 400),
        ("month=2031-01", 200),
    ],
)
def test_what_does_not_exist_is_refused_in_words(analyst: FlaskClient, query: str, status: int) -> None:
    assert analyst.get(f"{ADDRESS}.html?{query}").status_code == status


@pytest.mark.parametrize("role", list(Role)[:5])
def test_files_are_for_those_who_may_export(server: Flask, role: Role) -> None:
    client = signed_in(server, role.value)
    may = "export" in PERMISSIONS[role]
    assert client.get(f"{ADDRESS}.html?month=2026-10").status_code == (200 if may else 404)
    files = panels(server, client, MONTH)["monthly-files"]
    assert (f"{ADDRESS}.pdf" in files) == may


def panels(server: Flask, client: FlaskClient, query: Mapping[str, str]) -> dict[str, str]:
    """What each place of the page is filled with."""
    guard = server.extensions["reachboard.guard"]
    found: dict[str, str] = {}
    for output, title in guard.homes.items():
        if title != "Monthly report" or guard.wires[output]["clientside_function"] is not None:
            continue
        sent: dict[str, Any] = {"filters-query.data": dict(query), "frame-snapshot.data": 1}
        answer = fire(server, client, output, sent)
        assert answer.status_code == 200, output
        assert len(answer.data) < 15_000, output
        found |= {name: json.dumps(part) for name, part in json.loads(answer.data)["response"].items()}
    return found


def test_the_page_shows_what_the_files_say(server: Flask, analyst: FlaskClient, told: Document) -> None:
    found = panels(server, analyst, MONTH)
    shown = json.loads(f"[{','.join(found.values())}]")
    said = json.dumps(shown, ensure_ascii=False)
    assert [text for text in texts(told) if json.dumps(text, ensure_ascii=False)[1:-1] not in said] == []


def test_rows_lead_on_with_the_same_days(server: Flask, analyst: FlaskClient, told: Document) -> None:
    campaigns = next(one for one in told.blocks if isinstance(one, Bars) and one.name == "campaigns")
    address = urlsplit(campaigns.rows[0].href)
    assert address.path == "/campaign"
    assert parse_qs(address.query)["from"] == ["2026-10-01"]
    assert parse_qs(address.query)["to"] == ["2026-10-31"]
    regions = next(one for one in told.blocks if isinstance(one, Bars) and one.name == "regions")
    narrowed = dict(part.split("=") for part in urlsplit(regions.rows[0].href).query.split("&"))
    assert narrowed == {"month": "2026-10", "attr.region": regions.rows[0].key}
    found = panels(server, analyst, narrowed)["monthly-regions"]
    assert regions.rows[0].key in found
    assert regions.rows[1].key not in found


def test_a_limited_viewer_is_given_their_own_campaigns(server: Flask, store: Store) -> None:
    client = signed_in(server, SCOPED)
    answer = client.get(f"{ADDRESS}.html?month=2026-10")
    cubes = shelf.keeper(server).current()
    own = Viewer("x", "manager", scope=Scope(lines=frozenset((LINE,))))
    told = document(202610, asked(MONTH, own, cubes).filters, own, cubes)
    said = squeezed(text_of("html", answer.data))
    for campaign in cubes.campaigns.values():
        if campaign.line_of_business != LINE:
            assert squeezed(campaign.name) not in said
    assert [text for text in texts(told) if squeezed(text) not in said] == []


def test_the_address_restores_month_and_filters(server: Flask, analyst: FlaskClient) -> None:
    shown = show(server, analyst, ADDRESS, "?month=2026-03&attr.region=North&utm=1").text
    assert '"value": "2026-03"' in shown or '"value":"2026-03"' in shown
    assert "March 2026" in shown
    empty = show(server, analyst, ADDRESS, "?month=nonsense").text
    assert "October 2026" in empty
