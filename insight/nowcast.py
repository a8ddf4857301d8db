"""How many outcomes a cohort will have once all are in, by how much of them is known at its age."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

BOTH_SURE = 2.241403
"""Normal quantile of 97.5 % two-sided: two intervals that hold together with at least 95 % (Bonferroni)."""
LEAST_KNOWN = 0.25
"""Where less may be known, the range reaches to more than four times the rate so far: it says nothing."""


@dataclass(frozen=True)
class Delays:
    """When outcomes came, of cohorts of which all are in: `counts[i]` members in days [starts[i], ends[i]).

    Days are from the assignment to the service; the last slot ends with the outcome's window.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)

    def by(self, age: float) -> float:
        """Share of outcomes with a service at most `age` days after the assignment; even inside a slot."""
        if not self.total:
            return 0.0
        known = sum(
            count * min(1.0, max(0.0, (age - start) / (end - start)))
            for start, end, count in zip(self.starts, self.ends, self.counts, strict=True)
        )
        return known / self.total


@dataclass(frozen=True)
class Known:
    """The share of a cohort's final outcomes known by now: the best guess, and the range it may lie in."""

    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Nowcast:
    """The final outcome rate of a cohort, with a range of at least 95 %; rates are fractions."""

    rate: float
    low: float
    high: float
    known: Known


def known_by(delays: Delays, youngest: int, oldest: int, lag: int) -> Known:
    """How complete a cohort is whose members were assigned `youngest` to `oldest` days ago.

    `lag` is the longest delay in days from the service until its source reports it. Nothing released says how
    long lags are inside that bound, nor on which of its days a member was assigned: the range goes from the
    youngest with the longest lag to the oldest with none, the best guess takes all of them as equally likely.
    The delays' own sampling error is in the range at 97.5 % (Wilson 1927).
    """
    if not delays.total:
        return Known(0.0, 0.0, 1.0)
    ages = range(youngest, oldest + 1)
    shares = [delays.by(age - wait) for age in ages for wait in range(lag + 1)]
    least = wilson(delays.by(youngest - lag), delays.total)[0]
    most = wilson(delays.by(oldest), delays.total)[1]
    return Known(sum(shares) / len(shares), least, most)


def nowcast(members: int, outcomes: int, known: Known) -> Nowcast | None:
    """The final rate of a cohort of `members` of which `outcomes` are known; None where too little is.

    Reported counts over the share that is reported by now, as in Lawless 1994, "Adjustments for reporting
    delays and the prediction of occurred but not reported events", Canadian Journal of Statistics 22. The
    range joins Wilson's interval of the known rate with the range of the share, each at 97.5 %.
    Raises ValueError where more have the outcome than there are members.
    """
    if not 0 <= outcomes <= members:
        raise ValueError(f"{outcomes} outcomes of {members} members")
    if not members or known.low < LEAST_KNOWN:
        return None
    seen = outcomes / members
    low, high = wilson(seen, members)
    rate = min(1.0, seen / known.share)
    return Nowcast(
        rate,
        min(rate, max(seen, low / known.high)),
        max(rate, min(1.0, high / known.low)),
        known,
    )


def wilson(share: float, n: int, z: float = BOTH_SURE) -> tuple[float, float]:
    """Wilson's score interval of a share of `n`; the whole line from 0 to 1 where `n` is 0."""
    if not n:
        return 0.0, 1.0
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)
