"""Health: open to all, true, and without a figure."""

from __future__ import annotations

import re

import pytest

from app import shelf
from app.factory import create_app
from config.settings import Settings


def test_it_is_ready_once_the_snapshot_is_loaded(settings: Settings) -> None:
    server = create_app(settings)
    client = server.test_client()
    early = client.get("/api/health")
    assert (early.status_code, early.json["live"], early.json["ready"]) == (503, True, False)
    shelf.keeper(server).renew()
    assert client.get("/api/health").json == {"live": True, "ready": True, "reasons": []}


def test_a_lake_that_cannot_be_read_is_said_and_survived(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    server = create_app(settings)
    keeper = shelf.keeper(server)

    def broken() -> bool:
        raise OSError("disk 7 of member 12345")

    monkeypatch.setattr(keeper.shelf, "renew", broken)
    keeper.renew()
    keeper.renew()
    answer = server.test_client().get("/api/health")
    assert (answer.status_code, answer.json["ready"]) == (503, False)
    assert "OSError" in answer.json["reasons"][0]
    assert "12345" not in answer.text + caplog.text
    assert len(caplog.records) == 1


def test_it_carries_no_figure(settings: Settings) -> None:
    server = create_app(settings)
    shelf.keeper(server).renew()
    assert not re.search(r"\d", server.test_client().get("/api/health").text)
