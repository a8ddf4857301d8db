"""The executive page as PDF through the guard: for who may see it, with an ID that reopens it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from app import shelf
from app.factory import create_app
from config.permissions import Role
from config.settings import Settings
from state.store import Store
from tests.asking import signed_in
from tests.documents.test_pdf import read, squeezed

SHEET = "/reports/executive.pdf?period=all_time"


@pytest.fixture(scope="module")
def server(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    database = tmp_path_factory.mktemp("sheets") / "state.db"
    made = create_app(sample.model_copy(update={"state_url": SecretStr(f"sqlite:///{database}")}))
    shelf.keeper(made).renew()
    return made


@pytest.fixture
def executive(server: Flask) -> FlaskClient:
    return signed_in(server, Role.EXECUTIVE)


def test_an_executive_has_the_sheet_on_paper_and_it_reopens(server: Flask, executive: FlaskClient) -> None:
    answer = executive.get(f"{SHEET}&paper=us-letter")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    sheet = read(answer.data)
    assert float(sheet.pages[0].mediabox.width) == 612
    store: Store = server.extensions["reachboard.store"]
    (kept,) = store.reports.latest(("executive",))
    assert squeezed(f"Report {kept.id}") in squeezed(sheet.pages[0].extract_text())
    assert kept.id.lower() in answer.headers["Content-Disposition"]
    assert executive.get(f"/reports?report={kept.id}").status_code == 200
    executive.get(SHEET)
    assert len(store.reports.latest(("executive",))) == 1  # the same figures have the same ID


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/reports/executive.pdf?paper=a5", 400, "take one of a4, us-letter"),
        ("/reports/executive.pdf?campaign=flu-2020", 400, "flu-2020"),
        ("/reports/nothing.pdf", 404, ""),
    ],
)
def test_what_cannot_be_given_is_said(executive: FlaskClient, address: str, status: int, words: str) -> None:
    answer = executive.get(address)
    assert answer.status_code == status
    assert words in answer.text


def test_nobody_else_has_it(server: Flask) -> None:
    with server.test_client() as client:
        assert client.get(SHEET).status_code in (302, 303, 401)
