"""The one DuckDB of a process ends with it, whatever its threads still ask."""

from __future__ import annotations

import subprocess
import sys

from config.settings import ROOT

ASKING = """
import threading, time
from data.snapshot import reader

def ask():
    while True:
        with reader() as con:
            con.execute("select sum(hash(range)) from range(2_000_000)").fetchall()
        asked.set()

asked = threading.Event()
for _ in range(3):
    threading.Thread(target=ask, daemon=True).start()
asked.wait(60)
"""


def test_a_process_ends_in_peace_while_its_threads_ask() -> None:
    for _ in range(3):
        ended = subprocess.run(
            [sys.executable, "-c", ASKING], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
        assert ended.returncode == 0, ended.stderr
        assert "Fatal" not in ended.stderr
        assert "terminate" not in ended.stderr
