"""What becomes of a source after a try: when it is tried again, and when it is left alone for a while."""

from __future__ import annotations

from dataclasses import dataclass, replace

from data.pulls import PullState
from etl.pull.tally import Tally
from etl.sources.timing import Timing
from remote import breaker

KEPT_FILES = 20


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
    words = "the last try was ended before it could finish"
    return breaker.begun(state, lambda one: failed(one, beat, words, now_us), now_us)


def succeeded(state: PullState, beat: Beat, now_us: int, tally: Tally) -> PullState:
    """A try came to its end, and the circuit is closed."""
    next_us = beat.next_us(state.began_us or now_us, now_us)
    return replace(
        breaker.succeeded(state, now_us, next_us), loaded=tally.loaded, refused=tally.refused,
        files=tuple(tally.files[:KEPT_FILES]), waiting=tally.waiting,
    )  # fmt: skip


def failed(state: PullState, beat: Beat, words: str, now_us: int, wait_seconds: float = 0) -> PullState:
    """A try failed; before it is left alone it is tried as often as without failures, at the least."""
    timing = beat.timing
    longest = None if timing.cron else timing.every or beat.usual
    patience = breaker.Patience(timing.failures, timing.pause, longest)
    return breaker.failed(state, patience, words, now_us, int(wait_seconds * 1_000_000))
