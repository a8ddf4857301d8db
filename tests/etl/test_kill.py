"""kill -9 at any moment of a load or a run: the last snapshot stands, nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from config.settings import ROOT, Settings
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake, Snapshot
from data.viewer import EVERYTHING
from etl.door import import_file, quarantine_of
from etl.refresh import refresh
from tests.feeds import SECRET, Piece, mapping_of, settings_of, write
from tests.lakes import differences, state
from tests.worlds import deal, world

TRIALS = 20
# These trials end by themselves, so that however slow the machine is some kill comes after a publish.
LEFT_ALONE = (4, 7)
MARK = "ready"
# The real command in a real process; it waits with its modules loaded, so that the kill hits the work.
COMMAND = f"""
import sys
from etl.__main__ import main
print("{MARK}", flush=True)
sys.stdin.readline()
sys.exit(main(sys.argv[1:]))
"""


class Command:
    """`python -m etl ...` in a process of its own, started by `go` and ended by `kill` or by itself."""

    def __init__(self, settings: Settings, words: Sequence[str]) -> None:
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("REACHBOARD_")},
            "REACHBOARD_VAR": str(settings.var), "REACHBOARD_SECRET_KEY": SECRET,
            "REACHBOARD_ZONE": settings.zone,
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *words], cwd=ROOT, env=environ, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def go(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == MARK, self.process.communicate()[1]
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def wait(self) -> float:
        """Seconds until it ended well."""
        began = time.monotonic()
        said = self.process.communicate()[1]
        assert self.process.returncode == 0, said
        return time.monotonic() - began

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def figures(lake: Lake, snapshot: Snapshot) -> list[object]:
    """What a page would show of a snapshot."""
    everything = Filters(period=Period("all_time"))
    cubes = Cubes(lake, snapshot)
    metrics = ("sent", "members_delivered", "unlinked", "cost")
    answers = [
        measure(metrics, by, everything, EVERYTHING, cubes) for by in (("campaign", "channel"), ("day",))
    ]
    return [(row.key, row.values) for answer in answers for row in answer.rows]


def _files(var: Path, pieces: list[Piece]) -> list[tuple[Path, Path]]:
    return [(write(var / "files", p), mapping_of(var / "files", p.source)) for p in pieces]


def _spoiled(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with a row in each of the mailer's that is refused."""
    return [
        Piece(p.source, p.number, (*p.rows, tuple((n, "?" if n == "event" else v) for n, v in p.rows[0])))
        if p.source == "mailer"
        else p
        for p in pieces
    ]


def _finish(settings: Settings, files: list[tuple[Path, Path]]) -> None:
    """Every file again, as an operator does after a crash, and a run."""
    for file, mapping in files:
        landed = import_file(settings, file, mapping)
        total = landed.loaded + landed.already_present + landed.skipped + landed.refused
        assert total == landed.rows_in
    refresh(settings)


def _refused(settings: Settings) -> list[int]:
    return sorted(entry.rows for entry in quarantine_of(settings).entries())


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_when_loads_and_runs_are_killed(tmp_path: Path) -> None:
    rng = random.Random(9)
    ours, calm = settings_of(tmp_path / "killed"), settings_of(tmp_path / "calm")
    pieces = _spoiled(deal(world(21, 14, 1, days=20), 21, 5, again=0.3))
    files = _files(ours.var, pieces)
    lake = Lake(ours.lake)
    started = Command(ours, ["import", str(files[0][0]), "--mapping", str(files[0][1])])
    started.go()
    latest = started.wait()
    known = {lake.latest().number: figures(lake, lake.latest())}

    def words(trial: int) -> list[str]:
        file, mapping = files[trial % len(files)]
        landing = ["import", str(file), "--mapping", str(mapping)]
        return landing if trial % 3 else [*landing, "--no-run"] if trial % 2 else ["run"]

    following = Command(ours, words(1))
    moved = 0
    for trial in range(1, TRIALS + 1):
        running, following = following, Command(ours, words(trial + 1))
        running.go()
        if trial in LEFT_ALONE:
            running.process.wait(timeout=300)
        else:
            time.sleep(rng.uniform(0, latest))
        # Some commands should have just ended, so that kills fall everywhere, however busy the machine is.
        latest *= 0.8 if running.process.poll() is not None else 1.12
        running.kill()
        last = lake.latest()
        moved += last.number not in known
        for number, shown in known.items():
            assert figures(lake, lake.at(number)) == shown, f"snapshot {number} changed at trial {trial}"
        known = {last.number: figures(lake, last)}
        if trial % 10 == 0:
            _finish(ours, files[: trial // 2])
            known[lake.latest().number] = figures(lake, lake.latest())
    following.kill()
    _finish(ours, files)
    assert 0 < moved < TRIALS, "kills must hit before and after the publish"
    _finish(calm, _files(calm.var, pieces))
    assert not differences(state(ours), state(calm))
    assert _refused(ours) == _refused(calm)
    assert not any((ours.lake / "_landing").iterdir())
    rows = {name: lake.frame(name).height for name in ("events", "assignments", "outcomes", "loads")}
    assert rows == {name: Lake(calm.lake).frame(name).height for name in rows}
    _finish(ours, files)
    assert rows == {name: lake.frame(name).height for name in rows}
