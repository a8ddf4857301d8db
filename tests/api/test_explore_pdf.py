"""Explore's PDF says what the screen says, under an ID that reopens it, and is written down as taken."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from pypdf import PdfReader

from app import shelf
from app.factory import create_app
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from config.settings import Settings
from data.metrics import METRICS
from data.viewer import EVERYTHING, Viewer
from pages.explore_asked import answer, asked
from reports.issue import reopened
from state.exports import Ledger
from tests.asking import signed_in
from ui.numbers import written

QUERY = {"metrics": "sent,click_rate,reach", "by": "channel", "period": "all_time"}


@pytest.fixture(scope="module")
def server(sample: Settings) -> Flask:
    made = create_app(sample)
    shelf.keeper(made).renew()
    return made


def test_the_text_holds_every_value_and_the_id_reopens_it(server: Flask) -> None:
    client = signed_in(server, Role.ANALYST)
    response = client.get("/explore.pdf", query_string={**QUERY, "paper": "us-letter"})
    assert (response.status_code, response.content_type) == (200, "application/pdf")
    page = PdfReader(io.BytesIO(response.data))
    assert [round(float(one)) for one in page.pages[0].mediabox[2:]] == [612, 792]
    text = " ".join(one.extract_text() for one in page.pages)
    cubes = shelf.keeper(server).current()
    told = answer(asked(QUERY, EVERYTHING, cubes), EVERYTHING, cubes)
    values = [written(row.values[name], METRICS[name]) for row in told.rows for name in told.metrics]
    assert [one for one in values if one not in text.replace("\n", " ")] == []
    assert "no total" in text
    found = re.search(r"RB-\w{5}-\w{5}", text)
    assert found is not None
    store = server.extensions["reachboard.store"]
    reader = Viewer("an analyst", "analyst", PERMISSIONS[Role.ANALYST])
    opened = reopened(found[0], reader, store)
    assert opened is not None
    assert (opened[0].kind, opened[0].page, opened[1].query["metrics"]) == (
        "view",
        "explore",
        QUERY["metrics"],
    )
    taken = Ledger(store.database).every(1)[0]
    assert (taken.page, taken.format, taken.status) == ("explore", "pdf", "done")
    again = client.get("/explore.pdf", query_string=QUERY)
    assert found[0].lower() in again.headers["Content-Disposition"], "the same figures have the same ID"


@pytest.mark.parametrize(
    "query", [{}, {"metrics": "nonsense"}, {**QUERY, "paper": "a3"}, {**QUERY, "why": "a\u202eb"}]
)
def test_what_cannot_be_asked_is_refused_in_words(server: Flask, query: dict[str, str]) -> None:
    response = signed_in(server, Role.ANALYST).get("/explore.pdf", query_string=query)
    assert response.status_code == 400
    assert response.text.strip()


@pytest.mark.parametrize("role", PEOPLE)
def test_only_who_may_export_is_given_it(server: Flask, role: Role) -> None:
    response = signed_in(server, role).get("/explore.pdf", query_string=QUERY)
    assert response.status_code == (200 if Permission.EXPORT in PERMISSIONS[role] else 404)
