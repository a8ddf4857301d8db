"""Two schedulers, and two publishers, at the same instant: one works, and the result is the same."""

from __future__ import annotations

import random
from pathlib import Path

from config.settings import Settings
from data.snapshot import Lake
from etl.door import import_file
from faults.loads import MAPPING, write
from faults.outcome import Outcome
from faults.sent import Truth, differing, events, published
from faults.workers import MANY, Worker

MESSAGES = 40
OF_A_LAKE = 100


def two(trials: int, folder: Path, outcome: Outcome) -> None:
    """At each start two processes stand for election, and two publish what is new."""
    rng = random.Random(trials)
    for begun in range(0, trials, OF_A_LAKE):
        _on_one_lake(min(OF_A_LAKE, trials - begun), folder / str(begun), rng, outcome)


def _on_one_lake(trials: int, folder: Path, rng: random.Random, outcome: Outcome) -> None:
    settings, truth = Settings(var=folder, sample=False), Truth()
    folder.mkdir(parents=True)
    (folder / "feed.toml").write_text(MAPPING, encoding="utf-8")
    both = [Worker(settings, MANY) for _ in range(2)]
    for one in both:
        one.ready()
    lake = Lake(settings.lake)
    for trial in range(trials):
        fresh = events(rng, trial * MESSAGES, MESSAGES)
        truth.add(fresh)
        write(folder / "feed.csv", fresh)
        import_file(settings, folder / "feed.csv", folder / "feed.toml")
        elected = _ask(both, "elect").count("True")
        said = _ask(both, "run")
        _ask(both, "yield")
        outcome.trials += 1
        outcome.counts["schedulers elected"] += elected
        outcome.counts["snapshots published"] += sum("Published" in one for one in said)
        wrong = elected != 1 or lake.latest().number != trial + 1
        outcome.wrong += wrong + differing(truth.figures(), published(lake))
    for one in both:
        one.kill()


def _ask(both: list[Worker], line: str) -> list[str]:
    for one in both:
        one.go(line)
    return [one.answer() for one in both]
