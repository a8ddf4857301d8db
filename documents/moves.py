"""What has moved since a report was issued: differences by cause, which add up to now less then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a figure moved. `SEVERAL` where one step had more than one cause, which nobody can take apart."""

    OUTCOMES = "late outcomes"
    ROWS = "other late rows"
    CORRECTION = "corrections"
    DEFINITION = "definitions"
    ERASURE = "erasures"
    RELEASE = "release"
    SEVERAL = "several"


LABELS: dict[Cause, str] = {
    Cause.OUTCOMES: "Late outcomes",
    Cause.ROWS: "Other late rows",
    Cause.CORRECTION: "Corrections",
    Cause.DEFINITION: "Definitions",
    Cause.ERASURE: "Erasures",
    Cause.RELEASE: "Released later",
    Cause.SEVERAL: "Several at once",
}
MEANINGS: dict[Cause, str] = {
    Cause.OUTCOMES: "Claims, labs and bookings that arrived after the report.",
    Cause.ROWS: "Messages, engagement, members and assignments that arrived after the report.",
    Cause.CORRECTION: "Loads undone, refused rows read again, records of campaigns edited.",
    Cause.DEFINITION: "A metric is counted otherwise, or the terms of release changed: all is told anew.",
    Cause.ERASURE: "Members who were erased.",
    Cause.RELEASE: "Figures that were held back until they were complete, or until enough had changed.",
    Cause.SEVERAL: "One step had several of these causes; the list below says which.",
}
Changes = Mapping[str, Sequence[float | None]]


@dataclass(frozen=True)
class Part:
    """What one step changed of a figure, or several that count as one: their places, cause, later less
    before."""

    of: tuple[int, ...]
    cause: Cause
    change: float


@dataclass(frozen=True)
class Moved:
    """One figure: then, now, and the steps of the difference. A number that is not told is None; `untold`:
    it was told then and is not now, or the other way round, so that there is no difference."""

    key: str
    then: float | None
    now: float | None
    steps: tuple[Part, ...] = ()

    @property
    def parts(self) -> dict[Cause, float]:
        """The difference by cause; causes whose steps cancel each other out are left out."""
        found: dict[Cause, float] = {}
        for one in self.steps:
            found[one.cause] = found.get(one.cause, 0.0) + one.change
        return {cause: part for cause, part in found.items() if part}

    @property
    def untold(self) -> bool:
        return self.then is None or self.now is None

    @property
    def difference(self) -> float:
        """Now less then, the sum of the parts; 0 where one of them is not told."""
        return 0.0 if self.then is None or self.now is None else self.now - self.then


def after(then: Mapping[str, float | None], steps: Iterable[Changes]) -> dict[str, float | None]:
    """The values of the same keys once the steps were made."""
    now = dict(then)
    for changes in steps:
        now |= {key: turn[1] for key, turn in changes.items() if key in now}
    return now


def moved(then: Mapping[str, float | None], steps: Sequence[tuple[Cause, Changes]]) -> list[Moved]:
    """The figures that are others now, in their order.

    Where a figure was not told for a while, what happened meanwhile counts as one step.
    """
    found = [_moved(key, value, steps) for key, value in then.items()]
    return [one for one in found if one.then != one.now]


def _moved(key: str, then: float | None, steps: Sequence[tuple[Cause, Changes]]) -> Moved:
    told, now = then, then
    waiting: list[tuple[int, Cause]] = []
    made: list[Part] = []
    for place, (cause, changes) in enumerate(steps):
        if key not in changes:
            continue
        now = changes[key][1]
        waiting.append((place, cause))
        if now is None or told is None:
            told = now if told is None else told
            continue
        causes = {whose for _, whose in waiting}
        whose = cause if len(causes) == 1 else Cause.SEVERAL
        made.append(Part(tuple(place for place, _ in waiting), whose, now - told))
        told, waiting = now, []
    return Moved(key, then, now, tuple(made))
