"""What each snapshot did beside the one before: loads by kind, undoings, replays, records, definitions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import polars as pl

from data.snapshot import Lake
from documents.moves import Cause
from ui.numbers import count

OUTCOMES, RECORDS = "outcome", "campaigns"
TERMS = ("rule", "threshold", "profile", "zone", "pairs", "models")


@dataclass(frozen=True)
class Step:
    """From one snapshot to the next: `did` counts what happened, in words; no file is named."""

    first: int
    last: int
    published_us: int
    causes: frozenset[Cause]
    did: Counter[str] = field(default_factory=Counter)

    @property
    def cause(self) -> Cause:
        """The one cause, `SEVERAL`, or `RELEASE` where nothing else happened."""
        if len(self.causes) > 1:
            return Cause.SEVERAL
        return next(iter(self.causes), Cause.RELEASE)

    @property
    def words(self) -> str:
        """`2 loads of outcomes, 1 load undone`."""
        told = [f"{count(many)} {words if many == 1 else _plural(words)}" for words, many in self.did.items()]
        return ", ".join(told) or "nothing new was loaded"

    def with_cause(self, cause: Cause) -> Step:
        """The same step, which has one more cause."""
        return replace(self, causes=self.causes | {cause})

    def __add__(self, other: Step) -> Step:
        causes = self.causes | other.causes
        return Step(self.first, other.last, other.published_us, causes, self.did + other.did)


def steps(lake: Lake, first: int, last: int) -> list[Step]:
    """Each step from one snapshot to another; none where the first is not there any more."""
    rows = lake.snapshots().filter(pl.col("snapshot").is_between(first, last)).rows(named=True)
    if not rows or rows[0]["snapshot"] != first:
        return []
    loads, undone, replays = _loads(lake), lake.frame("undone"), _replays(lake)
    return [
        Step(a["snapshot"], b["snapshot"], b["published_us"], *_what(a, b, loads, undone, replays))
        for a, b in pairwise(rows)
    ]


def together(found: Sequence[Step], most: int) -> list[Step]:
    """The steps, those of the same single cause in a row as one, and no more than `most`: the first ones as
    one step where there are more."""
    made: list[Step] = []
    for step in found:
        if made and made[-1].causes == step.causes and len(step.causes) < 2:
            made[-1] = made[-1] + step
        else:
            made.append(step)
    while len(made) > max(1, most):
        made[:2] = [made[0] + made[1]]
    return made


def _loads(lake: Lake) -> pl.DataFrame:
    """The loads there are and those that were undone since: order and kind."""
    names = ("load_id", "seq", "kind")
    return pl.concat([lake.frame("loads").select(names), lake.frame("undone").select(names)])


def _replays(lake: Lake) -> frozenset[int]:
    told = lake.frame("refusals").filter(pl.col("load_id") != pl.col("of_load"))
    return frozenset(told["load_id"])


def _what(
    a: dict[str, Any], b: dict[str, Any], loads: pl.DataFrame, undone: pl.DataFrame, replays: frozenset[int]
) -> tuple[frozenset[Cause], Counter[str]]:
    told = [*_landed(a, b, loads, replays), *_taken_out(a, b, undone), *_retold(a, b)]
    return frozenset(cause for cause, _ in told), Counter(words for _, words in told)


def _landed(
    a: dict[str, Any], b: dict[str, Any], loads: pl.DataFrame, replays: frozenset[int]
) -> Iterator[tuple[Cause, str]]:
    own = loads.filter((pl.col("seq") > a["load_seq"]) & (pl.col("seq") <= b["load_seq"]))
    for load_id, kind in own.select("load_id", "kind").iter_rows():
        if load_id in replays:
            yield Cause.CORRECTION, "replay of refused rows"
        elif kind == RECORDS:
            yield Cause.CORRECTION, "change of campaign records"
        elif kind == OUTCOMES:
            yield Cause.OUTCOMES, "load of outcomes"
        else:
            yield Cause.ROWS, "load of other rows"


def _taken_out(a: dict[str, Any], b: dict[str, Any], undone: pl.DataFrame) -> Iterator[tuple[Cause, str]]:
    seq = pl.col("undone_seq")
    for _ in range(undone.filter((seq > a["load_seq"]) & (seq <= b["load_seq"])).height):
        yield Cause.CORRECTION, "load undone"


def _retold(a: dict[str, Any], b: dict[str, Any]) -> Iterator[tuple[Cause, str]]:
    if a["definitions"] != b["definitions"]:
        yield Cause.DEFINITION, "change of definitions"
    was, now = json.loads(a["terms"]), json.loads(b["terms"])
    if any(was.get(name) != now.get(name) for name in TERMS):
        yield Cause.DEFINITION, "change of the terms of release or of how it is counted"


def _plural(words: str) -> str:
    head, _, tail = words.partition(" ")
    return f"{head}s {tail}".strip()
