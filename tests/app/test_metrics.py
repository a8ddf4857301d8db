"""Numbers for a monitoring system: behind a permission of their own, true, and without a figure or a name."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app import meters as kept
from app import shelf
from app.factory import create_app
from app.meters import BUCKETS, Meters
from config.permissions import PEOPLE, Role
from config.settings import ROOT, Settings
from data.runs import RunRecord
from etl import runs
from state.incidents import Found
from state.store import Store
from tests.asking import SHOW, show, signed_in

Numbers = dict[tuple[str, tuple[tuple[str, str], ...]], float]
ROUTES = [("GET", "/"), ("POST", "/sign-in")]


def numbers(answer: TestResponse) -> Numbers:
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture(scope="module")
def watched(sample: Settings) -> Flask:
    server = create_app(sample)
    shelf.keeper(server).renew()
    return server


def asked(server: Flask) -> Numbers:
    return numbers(signed_in(server, "administrator").get("/metrics"))


def test_only_who_watches_may_read_them(settings: Settings) -> None:
    server = create_app(settings)
    store = Store(settings.state)
    for role in PEOPLE:
        expected = 200 if role is Role.ADMINISTRATOR else 404
        assert signed_in(server, role).get("/metrics").status_code == expected, role
    assert server.test_client().get("/metrics").status_code == 401
    for role in Role:
        secret = store.keys.add(f"of {role.value}", role.value, "a test")[1]
        answer = server.test_client().get("/metrics", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == (200 if role in (Role.MONITOR, Role.ADMINISTRATOR) else 404), role
    secret = store.keys.add("prometheus", "monitor", "a test")[1]
    for path in ("/api/v1/campaigns", "/api/v1/figures", "/api/v1/metrics-catalogue"):
        answer = server.test_client().get(path, headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == 403, path


def test_requests_and_callbacks_are_counted_by_pattern(watched: Flask) -> None:
    before = asked(watched)
    client = signed_in(watched, "manager")
    for _ in range(3):
        with client.get("/campaign?campaign=hush") as answer:
            assert answer.status_code == 200
    with client.get("/hush-hush") as answer:
        assert answer.status_code == 404
    for _ in range(2):
        with show(watched, client, "/") as answer:
            assert answer.status_code == 200
    after = asked(watched)

    def more(name: str, **labels: str) -> float:
        key = (f"reachboard_{name}", tuple(sorted(labels.items())))
        return after.get(key, 0.0) - before.get(key, 0.0)

    assert more("requests_total", method="GET", route="/<path:path>", status="200") == 3
    assert more("requests_total", method="GET", route="/<path:path>", status="404") == 1
    assert more("request_seconds_count", route="/<path:path>") == 4
    assert more("request_seconds_bucket", route="/<path:path>", le="+Inf") == 4
    assert more("request_seconds_sum", route="/<path:path>") > 0
    assert more("callback_seconds_count", callback=SHOW) == 2
    assert "hush" not in str(after)


def test_buckets_grow_and_end_with_the_count(watched: Flask) -> None:
    found = asked(watched)
    for name, labels in found:
        if name == "reachboard_request_seconds_count":
            route = dict(labels)["route"]
            grown = [
                found["reachboard_request_seconds_bucket", (("le", str(bound)), ("route", route))]
                for bound in (*BUCKETS[:-1], "+Inf")
            ]
            assert grown == sorted(grown)
            assert grown[-1] == found[name, labels]


def test_no_campaign_is_named_and_no_member_counted(watched: Flask) -> None:
    client = signed_in(watched, "manager")
    for name in shelf.keeper(watched).current().campaigns:
        with client.get(f"/api/v1/campaigns/{name}/metrics"):
            pass
    text = signed_in(watched, "administrator").get("/metrics").text
    campaigns = shelf.keeper(watched).current().campaigns
    assert not [one for one, record in campaigns.items() if one in text or record.name in text]
    families = {family.name for family in text_string_to_metric_families(text)}
    assert families == {
        f"reachboard_{name}"
        for name in (
            "requests", "request_seconds", "callback_seconds", "processes", "ready", "degraded",
            "snapshot_number", "snapshot_published_timestamp_seconds", "run_started_timestamp_seconds",
            "run_seconds", "run_failed", "sources_failing", "journal_bytes", "journal_oldest_seconds",
            "state_up", "incidents_open", "sessions",
        )
    }  # fmt: skip


def test_runs_journal_and_incidents_are_told(settings: Settings) -> None:
    now = time.time()
    runs.add(settings.lake, RunRecord(int((now - 60) * 1e6), 2.5, "scheduled", "failed", "hush", 3))
    settings.journal.mkdir(parents=True)
    (settings.journal / f"{int((now - 30) * 1e6):016d}-1-1.ready").write_bytes(b"x" * 500)
    store = Store(settings.state)
    told = [Found(key, "source-quiet", f"hush {key}", "hush") for key in ("a", "b")]
    store.incidents.settle("loading", [*told, Found("c", "run-failed", "hush", "hush")], (), int(now * 1e6))
    server = create_app(settings)
    found = asked(server)
    kind = (("kind", "scheduled"),)
    assert found["reachboard_run_failed", kind] == 1
    assert found["reachboard_run_seconds", kind] == 2.5
    assert found["reachboard_run_started_timestamp_seconds", kind] == pytest.approx(now - 60, abs=1)
    assert found["reachboard_journal_bytes", ()] == 500
    assert 29 < found["reachboard_journal_oldest_seconds", ()] < 300
    assert found["reachboard_incidents_open", (("kind", "source-quiet"),)] == 2
    assert found["reachboard_state_up", ()] == 1
    assert found["reachboard_ready", ()] == 0
    assert "hush" not in str(found)


def test_a_state_database_that_is_away_is_told_as_that(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = create_app(settings)

    def away(_us: int) -> None:
        raise OperationalError("select hush", {}, Exception("hush"))

    monkeypatch.setattr(server.extensions["reachboard.store"].incidents, "since", away)
    found = asked(server)
    assert found["reachboard_state_up", ()] == 0
    assert not [name for name, _ in found if name == "reachboard_incidents_open"]


def meters_of(folder: Path) -> Meters:
    made = Meters()
    made.settle(ROUTES, ["a.children"])
    made.share(folder)
    return made


def test_processes_count_into_one_sum_and_what_ended_still_counts(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.app.test_metrics import meters_of;"
        "made = meters_of(Path(sys.argv[1]))\n"
        "for _ in range(1000): made.asked('GET', '/', 200, 0.02)\n"
    )
    own = meters_of(tmp_path)
    command = [sys.executable, "-c", program, str(tmp_path)]
    others = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    for _ in range(500):
        own.asked("GET", "/", 200, 0.02)
    assert [one.wait(60) for one in others] == [0, 0]
    assert own.read()["requests", "GET", "/", 200] == 2500
    assert own.read()["bucket", "/", 0.025] == 2500
    assert own.processes() == 1
    kept.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_counts_before_a_process_shares_are_kept_and_another_version_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / f"another-{os.getpid()}.meters").write_bytes(b"\0" * 80)
    made = Meters()
    made.settle(ROUTES, [])
    made.asked("GET", "/", 200, 99.0)
    made.asked("GET", "/", 418, 0.001)
    made.asked("GET", "/unknown", 200, 0.001)
    made.share(tmp_path)
    assert made.read() == {
        ("requests", "GET", "/", 200): 1, ("requests", "GET", "/", 0): 1, ("took", "/"): 99.001,
        ("bucket", "/", float("inf")): 1, ("bucket", "/", 0.005): 1,
    }  # fmt: skip
    assert len(list(tmp_path.iterdir())) == 1
