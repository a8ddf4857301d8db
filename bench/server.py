"""The real server of a bench lake, and programs that ask it over kept connections."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from config.settings import ROOT, Settings, variable

HOST = "127.0.0.1"


@dataclass
class Asked:
    """An answer: status, seconds to its first byte and to its last, bytes, and its headers."""

    status: int
    first: float
    whole: float
    body: bytes
    headers: dict[str, str]


@dataclass
class Browser:
    """Somebody signed in over one connection."""

    port: int
    role: str = "analyst"
    cookie: str = ""
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.ask("POST", "/sign-in", urlencode({"role": self.role}).encode(), form)
        self.cookie = answer.headers["set-cookie"].split(";")[0]

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Asked:
        sent = {**({"Cookie": self.cookie} if self.cookie else {}), **(headers or {})}
        started = time.perf_counter()
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        first_bytes = response.read(1)
        first = time.perf_counter() - started
        whole = first_bytes + response.read()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Asked(response.status, first, time.perf_counter() - started, whole, named)

    def call(self, body: object) -> Asked:
        """Fire a callback, as a browser packs it."""
        headers = {"Content-Type": "application/json", "Accept-Encoding": "br"}
        return self.ask("POST", "/_dash-update-component", json.dumps(body).encode(), headers)


@contextmanager
def serving(settings: Settings) -> Iterator[list[int]]:
    """Serve until the end of the block; the process ids of the web workers."""
    given = {
        variable("var"): str(settings.var),
        variable("port"): str(settings.port),
        variable("workers"): str(settings.workers),
        variable("sample"): "0",
        variable("api_limit"): "1000000",
        variable("collector_limit"): "1000000",
    }
    log = (Path(settings.var) / "bench" / "server.log").open("w")
    command = [sys.executable, "-m", "app", "serve"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stdout=log, stderr=log)
    try:
        _ready(settings.port)
        yield children(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)
        log.close()


def _ready(port: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(OSError):
            connection = http.client.HTTPConnection(HOST, port, timeout=5)
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.5)
    raise RuntimeError("The server did not become ready; see server.log in the bench's folder.")


def children(parent: int) -> list[int]:
    """The child processes of a process."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def memory_mib(pid: int, name: str = "VmRSS") -> float:
    """Memory of a process now (VmRSS), or at its most (VmHWM)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0
