"""Histories by the hundred: campaigns that few members join and leave, and what each publish tells."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import polars as pl

from data.release import Told, release
from tests.attacks.plain import moved
from tests.attacks.small import FIRST, NESTED, Line, case

VALUES = ("n", "s", "e", "w")
DAYS = (0, 1, 8, 9, 15, 22)


def histories(campaigns: int, steps: int, seed: int) -> Iterator[list[Line]]:
    """The cells of many campaigns after each of some small loads: late events, new members, an erasure."""
    rng = random.Random(seed)
    now: dict[tuple[str, str, int], list[int]] = {}
    for number in range(campaigns):
        size = rng.choice((3, 8, 20, 60))
        for value in VALUES[: rng.choice((2, 3, 4))]:
            for day in rng.sample(DAYS, rng.choice((1, 2, 4))):
                sent = rng.randrange(size)
                delivered = rng.randint(0, sent) if rng.random() < 0.5 else sent
                now[f"h{number}", value, day] = [sent, delivered, rng.randint(0, delivered)]
    for step in range(steps):
        if step:
            for counts in now.values():
                if rng.random() < 0.4:
                    _changed(counts, rng)
        yield [
            {"campaign": c, "attribute a": v, "day": d, **dict(zip(NESTED, counts, strict=True))}
            for (c, v, d), counts in now.items()
        ]


def _changed(counts: list[int], rng: random.Random) -> None:
    kind, some = rng.choice(("late", "late", "new", "erased")), rng.choice((1, 1, 2, 5, 14))
    if kind == "late":
        counts[2] = min(counts[1], counts[2] + some)
    elif kind == "new":
        counts[:] = [counts[0] + some, counts[1] + some, counts[2]]
    else:
        counts[:] = [max(0, one - some) for one in counts]


def published(lines: list[list[Line]], threshold: int, early: int = 0) -> Iterator[pl.DataFrame]:
    """What is told after each load; the first `early` publishes come before the counts are complete."""
    before = Told.nothing()
    for number, one in enumerate(lines):
        through = FIRST + 10 if number < early else FIRST + 400
        before = release(replace(case(one, threshold, now_us=number + 1, through=through)), before)
        yield before.released


def steps(campaigns: int, publishes: int, threshold: int, seed: int, early: int = 0) -> list[str]:
    """Figures that moved by a few members from one publish to the next."""
    told = published(list(histories(campaigns, publishes, seed)), threshold, early)
    return [one for pair in pairwise(told) for one in moved(*pair, threshold, frozenset())]
