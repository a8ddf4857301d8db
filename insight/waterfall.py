"""A waterfall that balances: every member leaves at one step, or is there at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OTHERS = "counts others, too: not compared"
WITH_NEXT = "too few to tell apart: with the next step"
WITH_REST = "too few to tell apart: with those who remain"


@dataclass(frozen=True)
class Step:
    """A step: who is still there after it (None where that is not known, with `reason` why), and why others
    left at it."""

    name: str
    members: float | None
    because: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Fall:
    """What happened at one step: how many `left` (None where it is not told, with `reason`), who remains."""

    name: str
    left: float | None
    remain: float
    because: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Waterfall:
    """From `start` members over its falls to those at the `end`: start = sum of all that left + end."""

    start: float
    falls: tuple[Fall, ...]
    end: float

    @property
    def balances(self) -> bool:
        return self.start == sum(fall.left or 0 for fall in self.falls) + self.end


def waterfall(start: float, steps: Sequence[Step], least: int) -> Waterfall:
    """Members from step to step. Fewer than `least` who left at a step are told with a later one, or with
    those who remain, so that no difference of two figures tells of few; so is what a step counts of others.
    """
    here, waiting, falls = start, list[str](), list[Fall]()
    for step in steps:
        if step.members is None:
            falls.append(Fall(step.name, None, here, reason=step.reason))
            continue
        left = here - step.members
        if left < 0:
            falls.append(Fall(step.name, None, here, reason=OTHERS))
        elif 0 < left < least:
            waiting.append(step.because)
            falls.append(Fall(step.name, None, here, reason=WITH_NEXT))
        else:
            here = step.members
            reasons = [*(waiting if left else []), step.because]
            falls.append(Fall(step.name, left, here, because=", or ".join(reasons)))
            waiting = [] if left else waiting
    return Waterfall(start, tuple(_last(falls)), here)


def _last(falls: Sequence[Fall]) -> list[Fall]:
    """The falls; what waits for a next step that is not there remains."""
    told = max((place for place, fall in enumerate(falls) if fall.left), default=-1)
    return [
        Fall(fall.name, None, fall.remain, reason=WITH_REST)
        if fall.reason == WITH_NEXT and place > told
        else fall
        for place, fall in enumerate(falls)
    ]
