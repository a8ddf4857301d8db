"""A production server of tests: real processes, a folder of its own, and all that such a start needs."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.settings import ROOT, Settings
from state.store import Store
from tests.ports import free_port

DRAWN = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NAME = "board.plan.example"
WHOLE = {
    "PRODUCTION": "1",
    "DEMO": "0",
    "SAMPLE": "0",
    "SECRET_KEY": DRAWN,
    "TLS": "terminated",
    "PROXIES": "1",
    "PUBLIC_URL": f"https://{NAME}",
    "OIDC_ISSUER": "https://login.plan.example",
    "OIDC_CLIENT_ID": "reachboard",
    "ENCRYPTED_VOLUME": "1",
}
"""What a production start needs, but for its folder."""
BY_TLS = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
PATIENCE = 120


def until(true: Callable[[], bool]) -> None:
    """Wait for what comes in the end, however slow the machine is."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def environment(**values: str) -> dict[str, str]:
    """That of this process, with these settings and no others."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("REACHBOARD_")}
    return clean | {f"REACHBOARD_{name}": text for name, text in values.items()}


@dataclass
class Production:
    """A running server; its log is a file of lines."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    settings: Settings

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, key: str = "", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Ask as the proxy in front does, on a connection of its own."""
        sent = BY_TLS | {name.replace("_", "-"): text for name, text in headers.items()}
        if key:
            sent["Authorization"] = f"Bearer {key}"
        connection = self.connection()
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()

    def key(self, name: str, role: str) -> str:
        """A new key of a role."""
        store = Store(self.settings.state)
        try:
            return store.keys.add(name, role, "a test")[1]
        finally:
            store.close()

    def lines(self) -> list[dict[str, Any]]:
        """Its log so far; every line of it is JSON."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["logger"] == "reachboard.request"]

    def end(self) -> int:
        """Ask it to end, and wait."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def copied(sample: Settings, folder: Path) -> dict[str, str]:
    """A production place with the sample's lake: its settings; its secret stands outside."""
    var, secret = folder / "var", folder / "secret_key"
    shutil.copytree(sample.var, var)
    shutil.move(var / "secret", secret)
    rest = {name: text for name, text in WHOLE.items() if name != "SECRET_KEY"}
    return {**rest, "VAR": str(var), "SECRET_KEY_FILE": str(secret)}


@contextmanager
def serving(folder: Path, given: Mapping[str, str]) -> Iterator[Production]:
    """Serve with these settings on a free port, until the end of the block."""
    port, log = free_port(), folder / "log"
    whole = {"WORKERS": "2", **given, "PORT": str(port)}
    settings = Settings.load({f"REACHBOARD_{name}": text for name, text in whole.items()}, None)
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=ROOT, env=environment(**whole), stdout=subprocess.DEVNULL, stderr=file,
        )  # fmt: skip
    made = Production(port, process, log, settings)
    try:
        _wait(made)
        yield made
    finally:
        if process.poll() is None:
            made.end()


def _wait(made: Production) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        assert made.process.poll() is None, made.log.read_text()
        assert time.monotonic() < until, made.log.read_text()
        try:
            if made.ask("/api/health")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
