"""docs/first-campaign.md: its commands, in their order, in a fresh folder, come to what the page says."""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from config.settings import ROOT
from data.snapshot import Lake

PAGE = ROOT / "docs" / "first-campaign.md"
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
SERVE = "make run PORT=8051\n"
SECONDS = 90


class Reader:
    """Somebody who does what the page says: `said` is what the last command printed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.exports, self.said, self.load, self.key, self.figures = "", "", "", "", ""
        self.server: subprocess.Popen[bytes] | None = None

    def follow(self, kind: str, title: str, text: str) -> None:
        if kind == "text":
            for line in text.splitlines():
                assert line in self.said
        elif title == "the line of sends.toml":
            mapping = self.folder / "sends.toml"
            assert 'event = "what"\n' in mapping.read_text()
            mapping.write_text(mapping.read_text().replace('event = "what"\n', text))
        elif title:
            if title == "rows.csv":
                assert text.replace("2026-11-02 12:10", "02/11/2026") == (self.folder / title).read_text()
            (self.folder / title).write_text(text)
        elif text == SERVE:
            self._serve()
        elif text.startswith("curl "):
            self.figures = self._ask(shlex.split(text))
        else:
            self._run(text)

    def _run(self, text: str) -> None:
        self.exports += "".join(f"{line}\n" for line in text.splitlines() if line.startswith("export "))
        command = self._here(self.exports + text).replace("LOAD", self.load)
        done = subprocess.run(
            ["bash", "-euc", command], cwd=ROOT, env=_bare(), capture_output=True, text=True, timeout=SECONDS
        )
        assert done.returncode == 0, done.stderr
        self.said = done.stdout
        self.load = _first(r"etl refused (-?\d+)", self.said) or self.load
        self.key = _first(r"(reachboard_\S+)", self.said) or self.key

    def _here(self, text: str) -> str:
        return text.replace("var/first", str(self.folder)).replace(".venv/bin/python", sys.executable)

    def _serve(self) -> None:
        """What `make run` does once everything is installed."""
        places = {
            "REACHBOARD_VAR": str(self.folder),
            "REACHBOARD_SAMPLE": "0",
            "REACHBOARD_PORT": str(self.port),
        }
        environ = {**_bare(), **places}
        subprocess.run([sys.executable, "-m", "app", "prepare"], cwd=ROOT, env=environ, check=True)
        self.server = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"], cwd=ROOT, env=environ,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _ask(self, words: list[str]) -> str:
        headers = dict(word.split(": ", 1) for before, word in pairwise(words) if before == "-H")
        url = words[-1].replace(":8051", f":{self.port}")
        headers["Authorization"] = headers["Authorization"].replace("KEY", self.key)
        until = time.monotonic() + SECONDS
        while True:
            try:
                with urlopen(Request(url, headers=headers), timeout=SECONDS) as answer:
                    return str(answer.read().decode())
            except URLError:
                assert time.monotonic() < until
                time.sleep(0.5)

    def end(self) -> None:
        if self.server is not None:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait(timeout=SECONDS)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    made = Reader(tmp_path / "first")
    yield made
    made.end()


@pytest.mark.slow
def test_the_page_leads_to_a_first_campaign(reader: Reader) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for kind, title, text in BLOCK.findall(page):
        reader.follow(kind, title, text)
    found = {row["metric"]: row["value"] for row in csv.DictReader(io.StringIO(reader.figures))}
    assert found == {"sent": "400", "delivered": "380", "opened": "80", "clicked": "40"}
    said = " ".join(page.split())
    assert "400 sent, 380 delivered, 80 opened and 40 clicked" in said
    assert "400 members were sent to, 380 were reached, 40 engaged" in said
    clicks = Lake(reader.folder / "lake").frame("messages")["clicked_us"]
    assert clicks.len() - clicks.null_count() == 41, "the mended click is loaded, and not told yet"
    assert not list((reader.folder / "quarantine").glob("*"))


def _bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("REACHBOARD_")}


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
