"""Whether another system is tried: always, not for a while after failures, or once to see."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

MINUTE_US = 60_000_000
LONGEST_WORDS = 500


class Circuit(StrEnum):
    """Whether a system is tried: always, not for a while after failures, or once to see."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a system stands. Instants in microseconds (UTC), None where there is none.

    `wrong`: what failed last, in words without a secret.
    """

    circuit: str = Circuit.CLOSED
    failures: int = 0
    began_us: int | None = None
    tried_us: int | None = None
    succeeded_us: int | None = None
    next_us: int | None = None
    wrong: str = ""

    @property
    def fails(self) -> bool:
        """Whether it is left alone after failures, or could not do better since."""
        return self.circuit != Circuit.CLOSED

    @property
    def words(self) -> str:
        """How it stands, in a few words."""
        times = "once" if self.failures == 1 else f"{self.failures:,} times in a row"
        if self.circuit == Circuit.OPEN:
            return f"left alone for a while: it failed {times}"
        if self.circuit == Circuit.HALF_OPEN:
            return f"tried once more: it failed {times}"
        if self.failures:
            return f"fails: {times}"
        return "works" if self.succeeded_us is not None else "not tried yet"


@dataclass(frozen=True)
class Patience:
    """After how many failures it is left alone, for how many minutes, and the longest wait before that."""

    failures: int
    pause: int
    longest: int | None = None


State = TypeVar("State", bound=Standing)


def begun(state: State, ended: Callable[[State], State], now_us: int) -> State:
    """A try begins. `ended` makes a failure of one that ended without a word, as after kill -9."""
    if state.began_us is not None:
        state = ended(state)
    circuit = Circuit.HALF_OPEN if state.circuit != Circuit.CLOSED else Circuit.CLOSED
    return replace(state, circuit=circuit, began_us=now_us, tried_us=now_us)


def succeeded(state: State, now_us: int, next_us: int) -> State:
    """A try came to its end, and the circuit is closed."""
    return replace(
        state, circuit=Circuit.CLOSED, failures=0, began_us=None, succeeded_us=now_us, wrong="",
        next_us=next_us,
    )  # fmt: skip


def failed(state: State, patience: Patience, words: str, now_us: int, least_us: int = 0) -> State:
    """A try failed: soon again, each time twice as late; after enough of them, not before a pause is over."""
    failures = state.failures + 1
    opens = state.circuit != Circuit.CLOSED or failures >= patience.failures
    wait_us = patience.pause * MINUTE_US if opens else _soon(failures, patience.longest)
    return replace(
        state, circuit=Circuit.OPEN if opens else Circuit.CLOSED, failures=failures, began_us=None,
        wrong=words[:LONGEST_WORDS], next_us=now_us + max(wait_us, least_us),
    )  # fmt: skip


def _soon(failures: int, longest: int | None) -> int:
    # By chance a little less, so that what shares a server does not come back together.
    wait_us = int(MINUTE_US * 2 ** min(failures - 1, 10) * random.uniform(0.75, 1))  # noqa: S311
    return wait_us if longest is None else min(wait_us, longest * MINUTE_US)
