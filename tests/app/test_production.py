"""A production server for real: what it writes into its log, and what its processes count together."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from config.settings import Settings
from tests.productions import PATIENCE, Production, copied, serving, until

ASKED = 60


@pytest.fixture(scope="module")
def running(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    folder = tmp_path_factory.mktemp("production")
    with serving(folder, copied(sample, folder)) as made:
        yield made


@pytest.fixture(scope="module")
def analyst(running: Production) -> str:
    return running.key("rebuilds-the-screen", "analyst")


def test_one_line_of_json_per_request_and_nothing_of_who_asked_what(
    running: Production, analyst: str
) -> None:
    before = len(running.requests())
    drawn = "0123456789abcdef0123456789abcdef"
    told = {"User-Agent": "hush-agent", "Referer": "https://hush.example", "Cookie": "scheme=hush"}
    asked = [
        ("/api/v1/campaigns?program=hush", "GET", None),
        ("/api/v1/campaigns/hush-id/metrics", "GET", None),
        ("/campaign?campaign=hush", "GET", None),
        ("/sign-in", "POST", b"role=hush"),
        ("/hush", "DELETE", None),
        ("/api/v1/events", "POST", b'[{"member": "hush"}]'),
        ("/sign-in?next=/hush", "GET", None),
    ]
    for path, method, body in asked:
        status, headers, _ = running.ask(path, method, body, analyst, **told, X_Request_ID=drawn)
        assert status < 500
        assert headers["X-Request-ID"] == drawn
    until(lambda: sum(line["id"] == drawn for line in running.requests()) == len(asked))
    text = running.log.read_text()
    for word in ("hush", "203.0.113.9", "127.0.0.1", "rebuilds-the-screen", "reachboard_", analyst[:14]):
        assert word not in text, word
    line = running.requests()[before:][0]
    assert (line["route"], line["method"], line["role"]) == ("/api/v1/campaigns", "GET", "analyst")
    assert datetime.fromisoformat(line["time"]).tzinfo is not None


def test_a_broken_request_is_told_without_what_it_held(running: Production) -> None:
    before = len(running.lines())
    for sent in (b"GET /hush HTTP/1.1\r\nHost: x\r\nBad hush\r\n\r\n", b"hush hush hush\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", running.port), timeout=PATIENCE) as line:
            line.sendall(sent)
            assert b"400" in line.recv(4096)
    until(lambda: len(running.lines()) >= before + 2)
    assert "hush" not in running.log.read_text()
    assert "127.0.0.1" not in running.log.read_text()


def counted(running: Production, key: str) -> dict[tuple[str, str], float]:
    status, _, body = running.ask("/metrics", key=key)
    assert status == 200
    return {
        (sample.name, sample.labels.get("route", "") + sample.labels.get("status", "")): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def test_the_processes_count_together_and_no_count_falls(running: Production, analyst: str) -> None:
    watching = running.key("prometheus", "monitor")
    name = ("reachboard_requests_total", "/api/v1/dimensions200")
    assert counted(running, watching)["reachboard_processes", ""] == 2
    with ThreadPoolExecutor(8) as several:
        answers = several.map(lambda _: running.ask("/api/v1/dimensions", key=analyst)[0], range(ASKED))
        seen = [counted(running, watching).get(name, 0.0) for _ in range(10)]
        assert set(answers) == {200}
    assert seen == sorted(seen)
    until(lambda: counted(running, watching)[name] == ASKED)
    assert {counted(running, watching)[name] for _ in range(8)} == {ASKED}, "whichever process answers"
