"""kill -9 at any moment of a pull: what was not landed is read again, and nothing counts twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.settings import ROOT
from etl.door import quarantine_of
from tests.feeds import SECRET
from tests.pulls import Crm, crm, event

ROWS, WRONG, TIES = 3_000, 50, 70
KILLS = 4
# The real command in a real process; it waits with its modules loaded, so that the kill hits the work.
COMMAND = """
import sys
from etl.__main__ import main
sys.stdin.readline()
sys.exit(main(sys.argv[1:]))
"""


def _started(source: Crm) -> subprocess.Popen[str]:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("REACHBOARD_")},
        "REACHBOARD_VAR": str(source.settings.var), "REACHBOARD_SECRET_KEY": SECRET,
        "REACHBOARD_ZONE": source.settings.zone, "REACHBOARD_SQL_CRM": source.url,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "pull", str(source.mapping), "--no-run"], cwd=ROOT, env=environ,
        text=True, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return process


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_pull_that_is_killed_again_and_again_ends_as_one_that_was_not(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = (
        f"sqlite:///{tmp_path / 'crm.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgres").database()
    )
    source = crm(url, tmp_path)
    source.add(event(n, n // TIES, "snt" if n % WRONG == 0 else "sent") for n in range(ROWS))
    rng, reached, hit = random.Random(3), 0, 0
    for _ in range(KILLS):
        process = _started(source)
        began = source.lake.frame("loads").height
        until = time.monotonic() + 60
        while (
            source.lake.frame("loads").height <= began and process.poll() is None and time.monotonic() < until
        ):
            time.sleep(0.05)
        time.sleep(rng.uniform(0, 0.4))
        hit += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        loads = source.lake.frame("loads")
        assert loads["rows_in"].sum() >= reached, "what was landed stays"
        reached = int(loads["rows_in"].sum())
    source.pull()
    loads, events = source.lake.frame("loads"), source.lake.frame("events")
    assert hit > 1, "kills must fall into the work"
    assert loads["rows_in"].sum() == ROWS, "every row was counted once"
    assert loads["refused"].sum() == ROWS // WRONG
    assert loads["already_present"].sum() == 0
    assert events.height == events["event_id"].n_unique() == ROWS - ROWS // WRONG
    assert sum(entry.rows for entry in quarantine_of(source.settings).entries()) == ROWS // WRONG
    assert not any((source.settings.lake / "_landing").iterdir())
