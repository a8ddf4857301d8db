"""Serving for real: one process with its workers, a sign-in, health, a busy port, and a quiet end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest

from app.__main__ import prepare, serve
from app.serve import address, busy, welcome
from config.settings import ROOT, Settings
from data import live
from state.store import Store


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, port: int) -> dict[str, str]:
    ours = {"REACHBOARD_VAR": str(var), "REACHBOARD_PORT": str(port), "REACHBOARD_SAMPLE": "0"}
    return {name: text for name, text in os.environ.items() if not name.startswith("REACHBOARD_")} | ours


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    command = [sys.executable, "-m", "app", "serve"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(tmp_path_factory.mktemp("served") / "var", port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.communicate()


def wait_until_ready(url: str) -> dict[str, object]:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"{url}/api/health") as answer:
                return dict(json.load(answer))
        except HTTPError as error:
            error.close()
            time.sleep(0.1)
        except URLError:
            time.sleep(0.1)
    raise AssertionError("not ready after 15 seconds")


def test_it_serves_signs_in_and_ends_quietly(served: tuple[str, subprocess.Popen[str]]) -> None:
    url, process = served
    assert wait_until_ready(url) == {
        "status": "ok", "live": True, "ready": True, "degraded": False, "reasons": []
    }  # fmt: skip
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with browser.open(f"{url}/sign-in", data=b"role=analyst") as page:
        assert "Demo analyst" in page.read().decode()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=15)
    assert process.returncode == 0
    assert f"Reachboard is on {url}" in said
    assert "no password" in said
    assert "Traceback" not in said


def test_a_server_follows_what_its_collector_accepts(tmp_path: Path) -> None:
    port, var = free_port(), tmp_path / "var"
    settings = Settings(var=var, sample=False)
    secret = Store(settings.state).keys.add("Care App", "source", "a test")[1]
    now = datetime.now(UTC).isoformat()
    common = {"event": "sent", "at": now, "campaign": "flu-2026", "channel": "email"}
    events = [{"id": f"e{n}", "member": f"M{n}", **common} for n in range(20)]
    process = subprocess.Popen([sys.executable, "-m", "app", "serve"], cwd=ROOT, env=environment(var, port))
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1/events",
            json.dumps(events).encode(),
            {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 202
        for _ in range(300):
            if live.read(settings.lake).told("sent"):
                break
            time.sleep(0.1)
        assert live.read(settings.lake).told("sent") == 20
    finally:
        process.terminate()
        assert process.wait(30) == 0


def test_a_busy_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "app", "serve"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(tmp_path, port), capture_output=True, text=True
        )
    assert done.returncode == 2
    assert f"Cannot serve on 127.0.0.1:{port}" in done.stderr
    assert "make run PORT=" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_free_port_is_not_called_busy() -> None:
    assert busy(Settings(port=free_port())) == ""


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1:9000"), ("::1", "[::1]:9000")])
def test_the_address_can_be_opened_as_printed(host: str, shown: str) -> None:
    settings = Settings(host=host, port=9000)
    assert address(settings) == shown
    assert f"http://{shown}" in welcome(settings)


def test_without_the_demo_the_welcome_says_that_nobody_can_sign_in() -> None:
    assert "REACHBOARD_DEMO=0" in welcome(Settings(demo=False))


def test_a_state_database_that_cannot_be_opened_stops_the_start_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state.db").write_text("no database at all, but long enough to be looked at" * 50)
    broken = Settings(var=tmp_path, port=free_port(), sample=False)
    assert (prepare(broken), serve(broken)) == (2, 2)
    said = capsys.readouterr().err.splitlines()
    assert set(said) == {
        "The state database cannot be opened (DatabaseError): see whether the folder of REACHBOARD_VAR, or "
        "REACHBOARD_STATE_URL, can be written."
    }
    sound = Settings(var=tmp_path / "sound", sample=False)
    assert prepare(sound) == 0
    assert (sound.var / "state.db").is_file()
