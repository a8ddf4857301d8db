"""Each request leaves an id and a line without anything that somebody typed; errors carry the same id."""

from __future__ import annotations

import json
import logging
import sys
import threading
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import logs, trail
from app.factory import create_app
from app.logs import Lines, places
from config.settings import Settings
from tests.asking import SECRET_OUTPUT, call, fire, guard_of, request_of, signed_in

PROXYS = ("0123456789abcdef0123456789abcdef", str(uuid.UUID(int=1 << 100)))
OTHERS = (
    "",
    "x",
    "123456789",
    "0" * 31,
    "0" * 33,
    "g" * 32,
    "0" * 32 + "\t",
    "a b",
    "member-123456789-of-plan",
)


@pytest.fixture
def manager(server: Flask) -> FlaskClient:
    return signed_in(server, "manager")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    """What the log of requests says from here on."""
    caplog.set_level(logging.INFO, logs.REQUESTS)
    told: list[dict[str, object]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(json.loads(Lines().format(record)))

    kept = Kept()
    logging.getLogger(logs.REQUESTS).addHandler(kept)
    yield told  # type: ignore[misc]
    logging.getLogger(logs.REQUESTS).removeHandler(kept)


@pytest.mark.parametrize("given", PROXYS)
def test_the_id_of_a_proxy_is_kept_and_returned(manager: FlaskClient, given: str) -> None:
    with manager.get("/sign-in", headers={trail.HEADER: given.upper()}) as answer:
        assert answer.headers[trail.HEADER] == given


@pytest.mark.parametrize("given", OTHERS)
def test_what_no_proxy_draws_is_not_taken_for_an_id(manager: FlaskClient, given: str) -> None:
    with manager.get("/", headers={trail.HEADER: given}) as answer:
        assert answer.headers[trail.HEADER] != given.strip()
        assert len(answer.headers[trail.HEADER]) == 16


def test_a_line_says_what_was_asked_by_pattern_and_nothing_that_was_typed(
    manager: FlaskClient, lines: list[dict[str, object]]
) -> None:
    typed = {"User-Agent": "hush-agent", "Referer": "https://hush.example/"}
    for address in (
        "/?member=hush-1", "/campaign?campaign=hush-2", "/hush-3", "/exports/hush-4/file",
        "/assets/hush-5.css", "/api/v1/campaigns/hush-6/metrics", "/data/hush-7.csv",
    ):  # fmt: skip
        with manager.get(address, headers=typed) as answer:
            answer.get_data()
    assert len(lines) == 7
    assert "hush" not in json.dumps(lines)
    assert "127.0.0.1" not in json.dumps(lines)
    assert set(lines[0]) == {
        "time", "level", "logger", "id", "method", "route", "status", "role", "ms"
    }  # fmt: skip
    assert (lines[0]["method"], lines[0]["route"], lines[0]["status"]) == ("GET", "/", 200)
    assert lines[0]["role"] == "manager"
    assert lines[2]["route"] == "/<path:path>"
    assert isinstance(lines[0]["ms"], float)


def test_a_callback_is_told_by_its_name(server: Flask, lines: list[dict[str, object]]) -> None:
    client = signed_in(server, "privacy_officer")
    with fire(server, client, SECRET_OUTPUT, {"asked.value": "hush"}) as answer:
        assert answer.status_code == 200
    with call(client, {"output": "hush.children"}) as answer:
        assert answer.status_code == 403
    told = [one for one in lines if one["route"] == "/_dash-update-component"]
    assert told[0]["callback"] == SECRET_OUTPUT
    assert "callback" not in told[1]
    assert "hush" not in json.dumps(lines)


def test_an_error_carries_the_id_of_its_request(
    server: Flask, lines: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    wire = guard_of(server).wires[SECRET_OUTPUT]
    body = request_of(wire, {"asked.value": "break", "more.value": 1})
    client = signed_in(server, "privacy_officer")
    with client.post("/_dash-update-component", json=body, headers={trail.HEADER: PROXYS[0]}) as answer:
        assert answer.headers[trail.HEADER] == PROXYS[0]
        assert PROXYS[0] in answer.text
    assert f"reference={PROXYS[0]} error=ValueError" in caplog.text
    assert lines[-1]["id"] == PROXYS[0]
    assert "member 12345" not in caplog.text


def test_a_stream_is_told_of_when_its_last_byte_is_sent(
    settings: Settings, lines: list[dict[str, object]]
) -> None:
    server = create_app(settings)

    def pieces():  # type: ignore[no-untyped-def]
        yield b"one"
        assert lines == []
        yield b"two"

    server.view_functions["sign_in"] = lambda: server.response_class(pieces())
    with server.test_client().get("/sign-in") as answer:
        assert answer.get_data() == b"onetwo"
    (line,) = lines
    assert line["route"] == "/sign-in"


def record(
    name: str, message: object, *args: object, error: BaseException | None = None
) -> logging.LogRecord:
    told = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, told)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (record("reachboard.shelf", "The source %s waits.", "crm"), "The source crm waits."),
        (record("gunicorn.error", "WORKER TIMEOUT (pid:%s)", 17), "WORKER TIMEOUT (pid:17)"),
        (record("gunicorn.error", "Worker %s was sent %s", 17, "SIGKILL!"), "Worker 17 was sent SIGKILL!"),
        (record("gunicorn.error", "Invalid request from ip=203.0.113.9: GET /hush"), "Invalid request from"),
        (record("gunicorn.error", "Error handling request %s", "/hush?member=1"), "Error handling request"),
        (record("urllib3", "Retrying {hush}"), "Retrying"),
        (record("py.warnings", "%s", "/srv/x.py:3: UserWarning: 12345"), ""),
    ],
)  # fmt: skip
def test_other_libraries_say_their_own_words_and_no_values(made: logging.LogRecord, said: str) -> None:
    assert json.loads(Lines().format(made))["message"] == said


def test_an_error_is_a_kind_and_a_place() -> None:
    with pytest.raises(ValueError, match="12345") as raised:
        raise ValueError("member 12345")
    line = json.loads(Lines().format(record("gunicorn.error", "Exception in worker", error=raised.value)))
    assert line["error"] == "ValueError"
    assert line["at"] == places(raised.tb)
    assert "test_trail.py" in line["at"]
    assert "12345" not in json.dumps(line)


def test_a_thread_that_fails_is_told_of_without_its_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading, "excepthook", logs._of_thread)

    def broken() -> None:
        raise ValueError("member 12345")

    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    (told,) = caplog.records
    assert "12345" not in Lines().format(told)
    assert "ValueError" in Lines().format(told)
    assert "12345" not in capsys.readouterr().err
    assert sys.excepthook is not logs._of_thread
