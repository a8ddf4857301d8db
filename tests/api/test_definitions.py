"""The words of the metrics: for those who are signed in, kept by their browser and by nobody between."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.definitions import PATH, address
from app.factory import create_app
from config.permissions import PEOPLE, Role
from config.settings import Settings
from data.answer import Released, Status
from data.metrics import DEFINED, METRICS
from ui.hints import STATUS_WORDS, hint


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    server: Flask = create_app(settings)
    return server.test_client()


def test_the_words_are_for_who_has_signed_in_and_stay_in_their_browser(client: FlaskClient) -> None:
    assert client.get(address()).status_code == 401
    for role in PEOPLE:
        client.post("/sign-in", data={"role": role.value})
        answer = client.get(address())
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
        assert set(answer.json["metrics"]) == set(DEFINED)
        assert set(answer.json["status"]) == set(STATUS_WORDS)


@pytest.mark.parametrize("query", ["", "?v=", "?v=older"])
def test_words_of_another_version_are_kept_by_nobody(client: FlaskClient, query: str) -> None:
    client.post("/sign-in", data={"role": Role.MANAGER.value})
    assert client.get(PATH + query).headers["Cache-Control"] == "no-store"


CASES = {
    "told": (Released(0.05, Status.RELEASED, 5, 100), {"data-n": "5 of 100"}),
    "in part": (
        Released(0.05, Status.PARTIAL, 5, 100, reason=STATUS_WORDS["p"][1]),
        {"data-n": "5 of 100", "data-s": "p"},
    ),
    "withheld": (Released(None, Status.WITHHELD, reason=STATUS_WORDS["w"][1]), {"data-s": "w"}),
    "withheld, for another reason": (
        Released(None, Status.WITHHELD, reason="Other."),
        {"data-s": "w", "data-r": "Other."},
    ),
    "nothing to divide by": (
        Released(None, Status.RELEASED, 0, 0, reason=STATUS_WORDS["n"][1]),
        {"data-n": "0 of 0", "data-s": "n"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_number_carries_its_marks_and_no_words_that_the_browser_has(case: str) -> None:
    value, marks = CASES[case]
    assert hint(value, METRICS["click_rate"]) == {"data-hint": "click_rate", **marks}
