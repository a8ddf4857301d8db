"""Health: open to all, true, and without a figure."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest

from app import shelf
from app.factory import create_app
from config.settings import Settings
from data import runs


def test_it_is_ready_once_the_snapshot_is_loaded(settings: Settings) -> None:
    server = create_app(settings)
    client = server.test_client()
    early = client.get("/api/health")
    assert (early.status_code, early.json["live"], early.json["ready"]) == (503, True, False)
    shelf.keeper(server).renew()
    whole = {"status": "ok", "live": True, "ready": True, "degraded": False, "reasons": []}
    assert client.get("/api/health").json == whole
    assert client.get("/api/v1/health").json == whole


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


def test_it_is_degraded_while_an_earlier_snapshot_answers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = create_app(settings)
    keeper = shelf.keeper(server)
    keeper.renew()

    def broken() -> bool:
        raise OSError("member 12345")

    monkeypatch.setattr(keeper.shelf, "renew", broken)
    keeper.renew()
    answer = server.test_client().get("/api/health")
    assert (answer.status_code, answer.json["status"], answer.json["ready"]) == (200, "degraded", True)
    assert "12345" not in answer.text


@pytest.mark.parametrize("ended", ["failed", "blocked"])
def test_it_is_degraded_after_a_run_that_went_wrong(settings: Settings, ended: str) -> None:
    server = create_app(settings)
    shelf.keeper(server).renew()
    settings.lake.mkdir(parents=True, exist_ok=True)
    record = runs.RunRecord(1, 1.0, "run", ended, "12345 rows", 1)
    runs.path_of(settings.lake).write_text(json.dumps([asdict(record)]))
    answer = server.test_client().get("/api/health")
    assert (answer.status_code, answer.json["degraded"]) == (200, True)
    assert "12345" not in answer.text


def test_it_is_degraded_without_its_state_database(settings: Settings) -> None:
    server = create_app(settings)
    shelf.keeper(server).renew()
    settings.var.mkdir(parents=True, exist_ok=True)
    (settings.var / "state.db").write_bytes(b"no database at all, but long enough to be read as one" * 40)
    answer = server.test_client().get("/api/health")
    assert (answer.status_code, answer.json["degraded"]) == (200, True)


def test_it_carries_no_figure(settings: Settings) -> None:
    server = create_app(settings)
    shelf.keeper(server).renew()
    assert not re.search(r"\d", server.test_client().get("/api/health").text)
