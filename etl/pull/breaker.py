"""What becomes of a source after a try: when it is tried again, and when it is left alone for a while."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from data.pulls import Circuit, PullState
from etl.pull.tally import Tally
from etl.sources.timing import MINUTE_US, Timing

KEPT_FILES = 20
LONGEST_WORDS = 500


@dataclass(frozen=True)
class Beat:
    """The rhythm of a source: its timing, the minutes of the setting, and the plan's zone."""

    timing: Timing
    usual: int
    zone: str

    def next_us(self, began_us: int, now_us: int) -> int:
        return self.timing.next_us(began_us, now_us, self.usual, self.zone)


def due(state: PullState, now_us: int) -> bool:
    return state.next_us is not None and state.next_us <= now_us


def begun(state: PullState, beat: Beat, now_us: int) -> PullState:
    """A try begins. One that ended without a word, as after kill -9, was a failure."""
    if state.began_us is not None:
        state = failed(state, beat, "the last try was ended before it could finish", now_us)
    circuit = Circuit.HALF_OPEN if state.circuit != Circuit.CLOSED else Circuit.CLOSED
    return replace(state, circuit=circuit, began_us=now_us, tried_us=now_us)


def succeeded(state: PullState, beat: Beat, now_us: int, tally: Tally) -> PullState:
    """A try came to its end, and the circuit is closed."""
    began = state.began_us or now_us
    return replace(
        state, circuit=Circuit.CLOSED, failures=0, began_us=None, succeeded_us=now_us, loaded=tally.loaded,
        refused=tally.refused, wrong="", files=tuple(tally.files[:KEPT_FILES]), waiting=tally.waiting,
        next_us=beat.next_us(began, now_us),
    )  # fmt: skip


def failed(state: PullState, beat: Beat, words: str, now_us: int, wait_seconds: float = 0) -> PullState:
    """A try failed: soon again, each time twice as late; after enough of them, not before a pause is over."""
    failures = state.failures + 1
    probed = state.circuit != Circuit.CLOSED
    opens = probed or failures >= beat.timing.failures
    if opens:
        wait_us = beat.timing.pause * MINUTE_US
    else:
        # By chance a little less, so that sources of one server do not come back together.
        wait_us = int(MINUTE_US * 2 ** min(failures - 1, 10) * random.uniform(0.75, 1))  # noqa: S311
        if not beat.timing.cron:
            wait_us = min(wait_us, (beat.timing.every or beat.usual) * MINUTE_US)
    return replace(
        state, circuit=Circuit.OPEN if opens else Circuit.CLOSED, failures=failures, began_us=None,
        wrong=words[:LONGEST_WORDS], next_us=now_us + max(wait_us, int(wait_seconds * 1_000_000)),
    )  # fmt: skip
