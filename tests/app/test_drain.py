"""The end of a server: what is being answered is answered to its last byte, and nothing new is taken."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import ROOT, Settings
from state.store import Store
from tests.ports import free_port
from tests.productions import PATIENCE, environment, until

FACTS = "/exports/facts.csv"
SLOW = 65536
EVENT = {
    "event": "sent", "at": "2026-11-20T10:00:00Z", "campaign": "flu-2026", "channel": "email", "id": "e1",
    "member": "M1",
}  # fmt: skip


@pytest.fixture
def ending(sample: Settings, tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[bytes], Settings]]:
    shutil.copytree(sample.var, tmp_path / "var")
    port, settings = free_port(), Settings(var=tmp_path / "var")
    command = [sys.executable, "-m", "app", "serve"]
    given = environment(VAR=str(settings.var), PORT=str(port), WORKERS="2")
    process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.DEVNULL)
    try:
        until(lambda: ready(port))
        yield port, process, settings
    finally:
        process.kill()
        process.wait()


def ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def signed_in(port: int) -> dict[str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", b"role=analyst", form)
    cookie = connection.getresponse().headers["Set-Cookie"].split(";")[0]
    connection.close()
    return {"Cookie": cookie}


def read(port: int, path: str, headers: dict[str, str]) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().read()
    finally:
        connection.close()


def slow_reader(port: int) -> socket.socket:
    """A line over which an answer comes no faster than it is read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLOW)
    line.settimeout(PATIENCE)
    line.connect(("127.0.0.1", port))
    return line


def test_a_long_csv_and_a_slow_sender_are_answered_to_the_end(
    ending: tuple[int, subprocess.Popen[bytes], Settings],
) -> None:
    port, process, settings = ending
    cookie = signed_in(port)
    expected = read(port, FACTS, cookie)
    store = Store(settings.state)
    key = store.keys.add("care-app", "source", "a test")[1]
    body = json.dumps([EVENT]).encode()
    head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    with (
        closing(slow_reader(port)) as line,
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as sender,
    ):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.sock = line
        connection.request("GET", FACTS, headers=cookie)
        csv = connection.getresponse()
        first = csv.read(SLOW)
        size = f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
        sender.sendall(f"POST /api/v1/events HTTP/1.1\r\n{head}{size}".encode())
        assert b"100 Continue" in sender.recv(4096), "it is being read"
        running = [one for one in exports(store) if one == "running"]
        process.terminate()
        until(lambda: not accepts(port))
        assert running, "the file was still being written when the end was asked for"
        sender.sendall(body)
        assert sender.recv(65536).startswith(b"HTTP/1.1 202")
        assert first + csv.read() == expected
    store.close()
    assert process.wait(PATIENCE) == 0


def exports(store: Store) -> list[str]:
    import sqlalchemy as sa

    from state.tables import EXPORTS

    with store.database.reading() as connection:
        return list(connection.execute(sa.select(EXPORTS.c.status)).scalars())
