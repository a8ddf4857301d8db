"""A PostgreSQL of the tests' own: in a folder of its own, on a socket, as somebody who is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

USER, PASSWORD = "reachboard", "a-password-of-tests"
SECONDS = 60


def programs() -> Path | None:
    """Folder of initdb and postgres, the newest where there are several; None where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[-3]))
    return newest[-1].parent if newest else None


class Server:
    """A running server; `database` makes an empty database and returns its URL."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0

    def url(self, database: str, user: str = USER, password: str = PASSWORD) -> str:
        return f"postgresql+psycopg://{user}:{password}@/{database}?host={self.folder}"

    def database(self) -> str:
        self.made += 1
        name = f"test{self.made}"
        self.run("postgres", f"create database {name}")
        return self.url(name)

    def run(self, database: str, *statements: str) -> None:
        """Run statements as the owner, each on its own."""
        url = self.url(database).replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Make a cluster below `programs()` and run it; it is ended by its own process id."""
    where = programs()
    assert where is not None
    somebody = _somebody()
    data, word = folder / "data", folder / "word"
    word.write_text(PASSWORD)
    if somebody:
        os.chown(folder, somebody["user"], somebody["group"])
        os.chown(word, somebody["user"], somebody["group"])
    make = [where / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "--pwfile", word, "--no-sync"]
    made = subprocess.run(
        [*make, "-E", "UTF8", "--locale=C"], capture_output=True, text=True, cwd=folder, **somebody
    )
    assert made.returncode == 0, made.stderr
    command = [where / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **somebody)
    try:
        server = Server(folder)
        _wait(server, process, folder / "log")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=SECONDS)


def _somebody() -> dict[str, Any]:
    """Who runs it: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    known = {one.pw_name: one for one in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + SECONDS
    while True:
        try:
            return server.run("postgres", "select 1")
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder with a short name: the path of a socket has at most 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="rb-pg-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
