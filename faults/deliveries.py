"""Events that come twice, in any order, and late: the totals are those of each event once."""

from __future__ import annotations

import random
from pathlib import Path

from data.snapshot import Lake
from etl.drain import drain
from etl.refresh import refresh
from faults.inside import Inside
from faults.outcome import Outcome
from faults.sent import Event, Truth, differing, events, published, shuffled, stored

AGAIN, LATE = 0.3, 0.2
OF_A_REQUEST = 1_000
PARTS = 4
"""Runs into which the deliveries fall: late ones come in a later one than the others of their messages."""


def late(trials: int, folder: Path, outcome: Outcome) -> None:
    """`trials` events and more: 30 % come twice, 20 % some runs later, all of them in any order."""
    outcome.trials = trials
    rng, inside, truth = random.Random(trials), Inside(folder), Truth()
    sent = events(rng, 0, trials)[:trials]
    for several in _parts(rng, sent):
        for begin in range(0, len(several), OF_A_REQUEST):
            some = several[begin : begin + OF_A_REQUEST]
            outcome.wrong += not inside.send(some)
            outcome.counts["deliveries"] += len(some)
        inside.journal.release()
        drain(inside.settings)
        refresh(inside.settings)
    truth.add(sent)
    lake = Lake(inside.settings.lake)
    there, twice = stored(lake)
    outcome.lost = max(0, len(truth.known) - there)
    outcome.doubled = twice + max(0, there - len(truth.known))
    outcome.wrong += differing(truth.figures(), published(lake))


def _parts(rng: random.Random, sent: list[Event]) -> list[list[Event]]:
    """The deliveries by run. Some come twice, in the same run or in another one."""
    parts: list[list[Event]] = [[] for _ in range(PARTS)]
    for one in sent:
        first = rng.randrange(PARTS - 1)
        at = rng.randrange(first + 1, PARTS) if rng.random() < LATE else first
        parts[at].append(one)
        if rng.random() < AGAIN:
            parts[rng.randrange(at, PARTS)].append(one)
    return [shuffled(rng, part, 0.0) for part in parts]
