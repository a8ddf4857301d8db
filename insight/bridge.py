"""From a platform's total to ours: which known reasons fit the difference, and what of it may be shown.

Everything told here follows from released figures and from what the asker brought: no step looks behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from data.answer import Released, Status

TOLERANCE = 0.005  # platforms round, and count retries in their own way; half a percent decides nothing
MOST_REASONS = 2  # three sums can be made to fit almost any difference
ROUNDED = 10


class Verdict(StrEnum):
    """How theirs stands to ours."""

    AGREES = "agrees"
    EXPLAINED = "explained"
    POSSIBLE = "may be explained"
    UNEXPLAINED = "unexplained"
    WITHHELD = "withheld"
    NOT_AVAILABLE = "not available"


@dataclass(frozen=True)
class Way:
    """A way in which platforms count otherwise: theirs is ours plus `adds` minus `takes` (metrics)."""

    words: str
    adds: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bound:
    """What may explain a rest without being counted for it: up to `most` (None: nobody knows how much).

    `more` is whether theirs would be the greater one by it; None where it may be either.
    """

    words: str
    most: float | None
    more: bool | None = True


@dataclass(frozen=True)
class Step:
    """One reason, and by how much theirs is the greater one (or, below 0, the smaller one) because of it."""

    words: str
    amount: float


@dataclass(frozen=True)
class Bridge:
    """`theirs - the steps' amounts - rest = ours`; None where it may not be shown, with `reason` in words.

    `rounded`: theirs and the rest are told to the next ten only. `may`: the bounds that could hold the rest.
    """

    verdict: Verdict
    theirs: float | None = None
    ours: float | None = None
    steps: tuple[Step, ...] = ()
    rest: float | None = None
    rounded: bool = False
    may: tuple[Bound, ...] = ()
    reason: str = ""


_EACH_ONCE = "They count each person once; we count every message."
_EVERY = "They count every message; we count each person once."
WAYS: Mapping[str, tuple[Way, ...]] = {
    "sent": (
        Way("They count messages as sent that were refused before sending.", adds=("suppressed",)),
        Way("They count as sent what did not bounce.", takes=("bounced",)),
        Way("They count as sent what did not fail.", takes=("failed",)),
        Way(_EACH_ONCE, adds=("members_sent",), takes=("sent",)),
    ),
    "delivered": (
        Way("They count bounced messages as delivered.", adds=("bounced",)),
        Way("They count messages as delivered that bounced for now.", adds=("bounced_soft",)),
        Way("They count failed messages as delivered.", adds=("failed",)),
        Way(_EACH_ONCE, adds=("members_delivered",), takes=("delivered",)),
    ),
    "bounced": (
        Way("They count what bounced for good only.", adds=("bounced_hard",), takes=("bounced",)),
        Way("They count messages as bounced that were refused before sending.", adds=("suppressed",)),
        Way("They do not count blocked messages as bounced.", takes=("bounced_block",)),
        Way("They count failed messages as bounced.", adds=("failed",)),
    ),
    "failed": (Way("They count bounced messages as failed.", adds=("bounced",)),),
    "opened": (
        Way("They leave out opens by machines.", adds=("opened_human",), takes=("opened",)),
        Way(_EACH_ONCE, adds=("members_opened",), takes=("opened",)),
    ),
    "opened_human": (
        Way("They count opens by machines.", adds=("opened",), takes=("opened_human",)),
        Way(_EACH_ONCE, adds=("members_opened_human",), takes=("opened_human",)),
    ),
    "clicked": (Way(_EACH_ONCE, adds=("members_clicked",), takes=("clicked",)),),
    "replied": (Way(_EACH_ONCE, adds=("members_responded",), takes=("replied",)),),
    "opt_outs": (Way(_EACH_ONCE, adds=("members_opted_out",), takes=("opt_outs",)),),
    "complaints": (Way(_EACH_ONCE, adds=("members_complained",), takes=("complaints",)),),
    "members_sent": (Way(_EVERY, adds=("sent",), takes=("members_sent",)),),
    "members_delivered": (Way(_EVERY, adds=("delivered",), takes=("members_delivered",)),),
    "members_opened": (
        Way("They leave out opens by machines.", adds=("members_opened_human",), takes=("members_opened",)),
        Way(_EVERY, adds=("opened",), takes=("members_opened",)),
    ),
    "members_opened_human": (
        Way("They count opens by machines.", adds=("members_opened",), takes=("members_opened_human",)),
        Way(_EVERY, adds=("opened_human",), takes=("members_opened_human",)),
    ),
    "members_clicked": (Way(_EVERY, adds=("clicked",), takes=("members_clicked",)),),
    "members_responded": (Way(_EVERY, adds=("replied",), takes=("members_responded",)),),
    "members_opted_out": (Way(_EVERY, adds=("opt_outs",), takes=("members_opted_out",)),),
    "members_complained": (Way(_EVERY, adds=("complaints",), takes=("members_complained",)),),
}  # fmt: skip


def needed(metrics: Iterable[str]) -> list[str]:
    """The metrics that bridging some metrics asks for: themselves, and those of the ways."""
    ways = [(name, way) for name in metrics for way in (None, *WAYS.get(name, ()))]
    found = [(name,) if way is None else (*way.adds, *way.takes) for name, way in ways]
    return list(dict.fromkeys(one for names in found for one in names))


def bridge(
    metric: str,
    theirs: float,
    told: Mapping[str, Released],
    *,
    protected: int,
    bounds: Sequence[Bound] = (),
) -> Bridge:
    """The bridge of one figure. `told` are our released values of `needed` metrics over the same selection.

    `protected` is the threshold where the figure counts members or what they did, 0 where it is a fact about
    messages that is told exactly: below it no difference, and no number of theirs, is shown.
    """
    own = told[metric]
    if own.status is Status.NOT_AVAILABLE:
        return Bridge(Verdict.NOT_AVAILABLE, reason=own.reason)
    if own.status is not Status.RELEASED or own.value is None or own.approximate:
        return Bridge(Verdict.WITHHELD, reason=own.reason or "Ours is not told.")
    ours = own.value
    steps = _fitting(metric, theirs, ours, told, protected)
    rest = theirs - ours - sum(step.amount for step in steps)
    close = _close(rest, ours, protected)
    may = () if close else _holding(rest, bounds)
    verdict = _verdict(close, bool(steps), rest, may)
    if protected:
        return _guarded(verdict, theirs, ours, steps, rest, may, protected)
    return Bridge(verdict, theirs, ours, steps, rest, may=may)


def _guarded(
    verdict: Verdict,
    theirs: float,
    ours: float,
    steps: tuple[Step, ...],
    rest: float,
    may: tuple[Bound, ...],
    protected: int,
) -> Bridge:
    """The bridge to the next ten; nothing of theirs where some difference is below the threshold."""
    if theirs == ours:
        return Bridge(verdict, ours, ours, (), 0.0)
    apart = (theirs, theirs - ours, rest)
    if any(0 < abs(one) < protected for one in apart):
        words = f"Fewer than {protected} apart, or fewer than {protected} in all: told no closer."
        return Bridge(verdict, None, ours, steps, None, True, may, words)
    return Bridge(verdict, _rounded(theirs), ours, steps, _rounded(rest), True, may)


def _fitting(
    metric: str, theirs: float, ours: float, told: Mapping[str, Released], protected: int
) -> tuple[Step, ...]:
    """The fewest ways of counting otherwise that leave nothing to explain; none where none do."""
    difference = theirs - ours
    known = [step for way in WAYS.get(metric, ()) if (step := _step(way, told, protected)) is not None]
    if _close(difference, ours, protected):
        # What agrees well enough needs no reason, unless one is it to the message.
        return next(((one,) for one in known if one.amount == difference and not protected), ())
    for size in range(1, MOST_REASONS + 1):
        sets = [(abs(difference - sum(s.amount for s in some)), some) for some in combinations(known, size)]
        fitting = [one for one in sets if _close(one[0], ours, 0)]
        if fitting:
            return min(fitting, key=lambda one: one[0])[1]
    return ()


def _step(way: Way, told: Mapping[str, Released], protected: int) -> Step | None:
    parts = [(1, name) for name in way.adds] + [(-1, name) for name in way.takes]
    amount = 0.0
    for sign, name in parts:
        value = told.get(name)
        if value is None or value.status is not Status.RELEASED or value.value is None:
            return None
        amount += sign * value.value
    return Step(way.words, amount) if abs(amount) >= max(protected, 1) else None


def _close(rest: float, ours: float, protected: int) -> bool:
    return abs(rest) <= TOLERANCE * abs(ours) or abs(rest) < protected


def _holding(rest: float, bounds: Sequence[Bound]) -> tuple[Bound, ...]:
    """The bounds on the side of the rest, where together they could hold it; those that are known first."""
    side = [one for one in bounds if one.most != 0 and one.more in (None, rest > 0)]
    known = sum(one.most or 0 for one in side)
    unknown = any(one.most is None for one in side)
    return tuple(side) if unknown or known >= abs(rest) else ()


def _verdict(close: bool, steps: bool, rest: float, may: Sequence[Bound]) -> Verdict:
    if close:
        return Verdict.EXPLAINED if steps else Verdict.AGREES
    return Verdict.POSSIBLE if may and rest else Verdict.UNEXPLAINED


def _rounded(number: float) -> float:
    return float(round(number / ROUNDED) * ROUNDED)
