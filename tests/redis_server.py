"""A Redis of the tests' own: on a free port of loopback, with a password, in memory alone; it can go away."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from tests.ports import free_port, wait_for

PASSWORD = "a-password-of-tests"
SECONDS = 60


def program() -> str | None:
    return shutil.which("redis-server")


class Server:
    """A server that can be stopped and started again, empty; `url` names it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [program() or "", "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        rest = ["--requirepass", PASSWORD, "--dir", str(self.folder), "--daemonize", "no"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*command, *rest], stdout=log, stderr=log)
        wait_for(self.port, self._process, str(self.folder / "log"))

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(SECONDS)
            self._process = None

    def names(self) -> list[str]:
        """The names of all that is kept."""
        with redis.Redis.from_url(self.url, decode_responses=True) as client:
            return sorted(client.keys("*"))

    def empty(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
