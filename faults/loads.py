"""kill -9 of landing, run and publish at any moment; then a fresh one, and everything is counted."""

from __future__ import annotations

import csv
import random
import time
from pathlib import Path

from config.settings import Settings
from data.snapshot import Lake
from etl.door import import_file
from etl.refresh import refresh
from faults.outcome import Outcome
from faults.sent import Event, Truth, differing, events, published, shuffled, stored
from faults.workers import ONE, Worker

MESSAGES = 120
OF_A_LAKE = 40
"""Trials after which a new lake is begun: a long one only makes each of them slower."""
MAPPING = """
[source]
name = "feed"
kind = "event"

[fields]
event_id = "id"
event = "event"
at = { column = "at", type = "datetime" }
member = "member"
message_id = "message_id"
campaign = "campaign"
channel = "channel"
"""


def killed(trials: int, folder: Path, outcome: Outcome) -> None:
    """The landing of a file, and the run and publish after it, are killed after a random time."""
    rng = random.Random(trials)
    for begun in range(0, trials, OF_A_LAKE):
        _on_one_lake(min(OF_A_LAKE, trials - begun), folder / str(begun), rng, outcome)


def _on_one_lake(trials: int, folder: Path, rng: random.Random, outcome: Outcome) -> None:
    settings, truth = Settings(var=folder, sample=False), Truth()
    folder.mkdir(parents=True)
    (folder / "feed.toml").write_text(MAPPING, encoding="utf-8")
    brought: list[Event] = []
    longest = 1.5
    following = Worker(settings, ONE, _words(folder, 0))
    for trial in range(trials):
        running = following
        fresh = events(rng, trial * MESSAGES, MESSAGES)
        rows = shuffled(rng, [*fresh, *rng.sample(brought, min(len(brought), 60))], 0.3)
        brought += fresh
        write(folder / f"{trial}.csv", rows)
        running.ready()
        if trial + 1 < trials:
            following = Worker(settings, ONE, _words(folder, trial + 1))
        running.go()
        time.sleep(rng.uniform(0.0, longest))
        at_work = running.kill()
        # Kills shall fall everywhere, however busy the machine is.
        longest = min(20.0, longest * (1.1 if at_work else 0.85))
        outcome.counts["killed at work" if at_work else "ended before the kill"] += 1
        _recover(settings, folder, trial)
        truth.add(rows)
        _judge(Lake(settings.lake), truth, outcome)


def _words(folder: Path, trial: int) -> list[str]:
    return ["import", str(folder / f"{trial}.csv"), "--mapping", str(folder / "feed.toml")]


def _recover(settings: Settings, folder: Path, trial: int) -> None:
    """What an operator does: the same file again, and a run."""
    import_file(settings, folder / f"{trial}.csv", folder / "feed.toml")
    refresh(settings)


def _judge(lake: Lake, truth: Truth, outcome: Outcome) -> None:
    there, twice = stored(lake)
    outcome.trials += 1
    outcome.lost += max(0, len(truth.known) - there)
    outcome.doubled += twice + max(0, there - len(truth.known))
    outcome.wrong += differing(truth.figures(), published(lake))


def write(file: Path, rows: list[Event]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
