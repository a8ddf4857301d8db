"""Live events by the true way: a key, the collector, the journal, a run, and the figures they make."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.factory import create_app
from collect.journal import Journal, finished
from config.settings import Settings
from data.cubes import Shelf
from data.filters import Filters
from data.identify import Pseudonyms
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake
from data.viewer import EVERYTHING
from etl.drain import drain
from etl.refresh import refresh
from state.store import Store

MEMBERS = 40


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, sample=False)


class Sender:
    """A system that sends with a key."""

    def __init__(self, settings: Settings, name: str = "Care App", role: str = "source") -> None:
        self.server: Flask = create_app(settings)
        self.secret = Store(settings.state).keys.add(name, role, "a test")[1]

    def post(self, body: bytes, kind: str = "application/json", **headers: str) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.secret}", "Content-Type": kind}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.server.test_client().post("/api/v1/events", data=body, headers=sent)

    def send(self, *events: dict[str, Any]) -> dict[str, Any]:
        answer = self.post(json.dumps(events).encode())
        assert answer.status_code == 202, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def hand_on(self) -> None:
        journal: Journal = self.server.extensions["reachboard.journal"]
        journal.release()


def event(member: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{member}-{name}",
        "event": name,
        "at": "2026-03-02T15:00:00Z",
        "member": f"M{member}",
        "message_id": f"m{member}",
        "campaign": "flu-2026",
        "channel": "email",
        **more,
    }


def messages() -> list[dict[str, Any]]:
    stages = ("sent", "delivered", "opened", "clicked")
    return [event(member, name) for member in range(MEMBERS) for name in stages[: 2 + member % 3]]


def told(settings: Settings, *metrics: str) -> list[float | None]:
    cubes = Shelf(Lake(settings.lake)).current()
    answer = measure(metrics, (), Filters(period=Period("all_time")), EVERYTHING, cubes)
    return [answer.one(name).value for name in metrics]


def test_accepted_events_become_figures(settings: Settings) -> None:
    sender, events = Sender(settings), messages()
    assert sender.send(*events) == {"accepted": len(events), "not_kept": 0, "refused": 0, "refusals": []}
    sender.hand_on()
    (landed,) = drain(settings).landed
    assert (landed.source, landed.rows_in, landed.loaded) == ("care_app", len(events), len(events))
    assert finished(settings.journal) == []
    refresh(settings)
    assert told(settings, "sent", "delivered") == [MEMBERS, MEMBERS]
    assert told(settings, "clicked") == [sum(one["event"] == "clicked" for one in events)]


def test_sent_again_in_another_order_and_packed_otherwise_nothing_counts_twice(settings: Settings) -> None:
    sender, events = Sender(settings), messages()
    shuffled = random.Random(1).sample(events, len(events))
    for part in (events[:50], shuffled, events):
        lines = "\n".join(json.dumps(one) for one in part).encode()
        answer = sender.post(gzip.compress(lines), "application/x-ndjson", Content_Encoding="gzip")
        assert answer.status_code == 202
        sender.hand_on()
    drain(settings)
    sender.send(*events)
    sender.hand_on()
    (again,) = drain(settings).landed
    assert (again.loaded, again.already_present) == (0, len(events))
    assert Lake(settings.lake).frame("events").height == len(events)


def test_each_row_is_in_exactly_one_of_loaded_refused_and_not_kept(settings: Settings) -> None:
    sender = Sender(settings)
    said = sender.send(
        event(1, "sent"),
        event(1, "tracking_withdrawn", id="c1"),
        event(1, "opened"),
        {"id": "x"},
        event(2, "claim", id="o2", outcome="a1c_test", value=12.5),
        event(2, "page_view", id="p2", feature="booking"),
    )
    assert (said["accepted"], said["not_kept"], said["refused"]) == (4, 1, 1)
    assert said["refusals"] == [{"index": 3, "detail": "Object missing required field event"}]
    sender.hand_on()
    (landed,) = drain(settings).landed
    assert (landed.loaded, landed.skipped, landed.refused) == (3, 1, 1)
    assert landed.rows_in == 5
    lake = Lake(settings.lake)
    assert lake.frame("outcomes").select("outcome", "value_micros").row(0) == ("a1c_test", 12_500_000)
    assert lake.frame("behaviour").select("event", "feature").row(0) == ("page_view", "booking")
    reasons = lake.frame("refusals").select("kind", "reason", "rows").sort("kind").rows()
    assert reasons == [
        ("refused", "Object missing required field event", 1),
        ("skipped", "tracking is not permitted", 1),
    ]
    assert sender.send(event(1, "clicked"))["not_kept"] == 1, "the statement holds for later requests"


def test_a_drain_that_died_before_it_deleted_lands_nothing_twice(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, events = Sender(settings), messages()
    sender.send(*events)
    sender.hand_on()

    def died(_self: Path, missing_ok: bool = False) -> None:
        if _self.suffix == ".ready":
            raise OSError("killed here")
        whole(_self, missing_ok=missing_ok)

    whole = Path.unlink
    monkeypatch.setattr(Path, "unlink", died)
    with pytest.raises(OSError, match="killed here"):
        drain(settings)
    monkeypatch.undo()
    assert len(finished(settings.journal)) == 1
    assert drain(settings).landed == (), "what was landed is only deleted"
    assert finished(settings.journal) == []
    assert Lake(settings.lake).frame("events").height == len(events)


def test_nobody_is_named_in_the_lake_or_the_journal(settings: Settings) -> None:
    sender = Sender(settings)
    sender.send(event(7, "sent", email="canary@secret.example") | {"member": "M-CANARY"})
    sender.hand_on()
    for file in settings.var.rglob("*"):
        if file.is_file() and not file.name.startswith("state.db"):
            held = file.read_bytes().lower()
            assert b"canary" not in held, file
    drain(settings)
    frame = Lake(settings.lake).frame("events")
    assert frame["member"].to_list() == [Pseudonyms(settings.secret()).member("M-CANARY")]
    assert frame["event_date"].cast(pl.String).to_list() == ["2026-03-02"]


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"{", "application/json", "no JSON array"),
        (b"[]", "text/csv", "application/x-ndjson"),
        (b"[" + b'{"id":"x"},' * 10_001 + b"1]", "application/json", "10,000 are taken"),
        (b"[" + b" " * 5_000_001 + b"]", "application/json", ""),
    ],
)
def test_a_body_that_cannot_be_taken_is_a_problem_with_a_way_on(
    settings: Settings, body: bytes, kind: str, words: str
) -> None:
    answer = Sender(settings).post(body, kind)
    assert answer.status_code in (400, 413)
    assert words in answer.text
    assert finished(settings.journal) == []


def test_a_packed_body_that_unpacks_to_more_than_is_taken_is_refused(settings: Settings) -> None:
    bomb = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    assert len(bomb) < 100_000
    answer = Sender(settings).post(bomb, Content_Encoding="gzip")
    assert answer.status_code == 400
    assert "at most 5 MB" in answer.text


def test_a_failing_disk_is_told_as_not_now(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender(settings)
    from collect import journal

    monkeypatch.setattr(journal.os, "fdatasync", lambda _file: (_ for _ in ()).throw(OSError(5, "EIO")))
    answer = sender.post(json.dumps([event(1, "sent")]).encode())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    monkeypatch.undo()
    sender.send(event(1, "sent"))
    sender.hand_on()
    assert drain(settings).landed[0].loaded == 1


def test_only_a_source_sends_and_it_reads_nothing(settings: Settings) -> None:
    analyst = Sender(settings, "Reader", "analyst")
    assert analyst.post(b"[]").status_code == 403
    sender = Sender(settings)
    client = sender.server.test_client()
    key = {"Authorization": f"Bearer {sender.secret}"}
    assert client.get("/api/v1/campaigns", headers=key).status_code == 403
    assert client.get("/api/v1/events/schema.json", headers=key).status_code == 200
    assert client.post("/api/v1/events", data=b"[]").status_code == 401


def test_the_browser_of_a_named_app_may_send_and_no_other(tmp_path: Path) -> None:
    sender = Sender(Settings(var=tmp_path, sample=False, apps=("https://app.example",)))
    client = sender.server.test_client()
    body = json.dumps([event(1, "sent")]).encode()
    told = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    before = client.options("/api/v1/events", headers=told)
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert "Authorization" in before.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in before.headers
    answer = sender.post(body, Origin="https://app.example", Sec_Fetch_Site="cross-site")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (202, told["Origin"])
    other = sender.post(body, Origin="https://other.example", Sec_Fetch_Site="cross-site")
    assert other.status_code == 403
    assert "Access-Control-Allow-Origin" not in other.headers
    elsewhere = client.post("/api/v1/figures", headers=told)
    assert "Access-Control-Allow-Origin" not in elsewhere.headers
