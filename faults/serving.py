"""The real server in a folder of its own, and senders that send again until they are told that it is kept."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.server import HOST, children
from config.settings import ROOT, Settings
from faults.sent import Event, events, shuffled
from faults.workers import environ
from state.store import store_of

OF_A_REQUEST = 40
SOURCE = "sender"


def settings_in(folder: Path) -> Settings:
    """Settings of a server on a free port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    return Settings(var=folder, sample=False, port=port, collector_limit=1_000_000, refresh_minutes=1440)


class Served:
    """The server as people start it, and the secret of a key that may send to it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.secret()
        store = store_of(settings)
        self.secret = store.keys.add(SOURCE, "source", "faults")[1]
        store.close()
        self.begin()

    def begin(self) -> None:
        more = {"collector_limit": "1000000", "refresh_minutes": "1440"}
        command = [sys.executable, "-m", "app", "serve"]
        with (self.settings.var / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environ(self.settings, **more), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 120
        while not self._answers():
            if time.monotonic() > until:
                raise RuntimeError(f"The server did not begin; see {self.settings.var / 'server.log'}.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.settings.port, timeout=5)
        try:
            connection.request("GET", "/api/v1/health")
            with connection.getresponse() as answer:
                return answer.status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The web processes that are up."""
        return children(self.process.pid)

    def kill(self) -> None:
        """kill -9 of everything at once: master, workers, and what they started."""
        running = [] if self.process.poll() is not None else self.workers()
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while any(_lives(one) for one in running):
            time.sleep(0.01)

    def stop(self) -> None:
        """SIGTERM, as a service manager does; waits until all has ended."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def _lives(pid: int) -> bool:
    """Whether a process still holds what it opened."""
    try:
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    # Its first thread may be gone while others of it still hold the files.
    return threads > 1 or state not in "ZX"


@dataclass
class Sender:
    """Sends a request again until it is answered 202. `unanswered`: the events of those without an answer."""

    served: Served
    rng: random.Random
    number: int
    stop: threading.Event
    acknowledged: list[Event] = field(default_factory=list)
    unfinished: list[Event] = field(default_factory=list)
    turn: int = 0
    answers: int = 0
    unanswered: list[list[Event]] = field(default_factory=list)
    refused: int = 0
    later: int = 0

    def run(self) -> None:
        """Send until the end; what was not kept by then is sent again when this is called again."""
        while not self.stop.is_set():
            if not self.unfinished:
                first = self.number * 10_000_000 + self.turn * OF_A_REQUEST
                self.unfinished = events(self.rng, first, OF_A_REQUEST // 2)
                self.turn += 1
            if not self._keep():
                time.sleep(0.05)

    def finish(self) -> None:
        """Send again what was under way at the end, until it is kept."""
        while self.unfinished and not self._keep():
            time.sleep(0.05)

    def _keep(self) -> bool:
        kept = self._post(shuffled(self.rng, self.unfinished, 0.3))
        if kept:
            self.acknowledged += self.unfinished
            self.unfinished = []
        return kept

    def _post(self, several: list[Event]) -> bool:
        body = json.dumps(several).encode()
        named = {"Authorization": f"Bearer {self.served.secret}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(HOST, self.served.settings.port, timeout=30)
        try:
            connection.connect()
        except OSError:
            self.refused += 1
            return False
        try:
            connection.request("POST", "/api/v1/events", body, named)
            with connection.getresponse() as answer:
                status = answer.status
        except (OSError, http.client.HTTPException):
            self.unanswered.append(several)
            return False
        finally:
            connection.close()
        self.answers += 1
        self.later += status in (429, 503)
        return status == 202


class Senders:
    """Several that send at once, in threads."""

    def __init__(self, served: Served, several: int, seed: int) -> None:
        self.stop = threading.Event()
        self.all = [Sender(served, random.Random(f"{seed}-{n}"), n, self.stop) for n in range(several)]
        self.threads: list[threading.Thread] = []

    def begin(self) -> None:
        self.stop.clear()
        self.threads = [threading.Thread(target=one.run) for one in self.all]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def acknowledged(self) -> int:
        return sum(len(one.acknowledged) for one in self.all)

    def take(self) -> list[Event]:
        """What was acknowledged since it was taken last."""
        taken = [event for one in self.all for event in one.acknowledged]
        for one in self.all:
            one.acknowledged = []
        return taken
