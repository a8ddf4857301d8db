"""What has to hold before a difference is believed: the planned shares, and limits that nothing may break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from scipy.special import chdtrc

from insight.experiments.intervals import score_test, wilson

ALARM = 0.001
"""Below this p the arms do not have their planned shares: Fabijan et al. 2019, KDD, "Diagnosing sample ratio
mismatch"; strict, because it is looked at often and a true mismatch makes it tiny."""
LEAST = 5
COMPLAINTS, OPT_OUTS = 0.003, 0.02
"""Share of delivered messages called unwanted from which mailbox providers block a sender (0.3 %: the rules
of Google and Yahoo for bulk senders, 2024); share of members delivered to who opt out within 7 days (2 %: no
standard names one; it is ours, several times what a list usually loses)."""


@dataclass(frozen=True)
class Ratio:
    """How likely assigned members would lie as far from their planned shares by chance."""

    p: float
    expected: tuple[float, ...]

    @property
    def alarm(self) -> bool:
        return self.p < ALARM


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> Ratio | None:
    """Pearson's chi-square of members per arm against the planned shares, which are scaled to 1.

    None where it cannot be judged: no share, fewer than two arms, or fewer than 5 expected in one.
    """
    if len(counts) != len(shares) or len(counts) < 2 or min(shares, default=0) <= 0:
        return None
    whole = sum(counts)
    expected = tuple(whole * share / sum(shares) for share in shares)
    if min(expected) < LEAST:
        return None
    square = sum((count - one) ** 2 / one for count, one in zip(counts, expected, strict=True))
    return Ratio(float(chdtrc(len(counts) - 1, square)), expected)


class Guard(StrEnum):
    """How a rate stands to its limit."""

    KEPT = "kept"
    WATCH = "watch"
    BROKEN = "broken"


def guard(hits: int, n: int, limit: float) -> Guard | None:
    """Broken where the rate lies above its limit for certain (Wilson's whole 95 % interval), to be watched
    where it lies above but may be chance; None where nobody is counted."""
    if n <= 0:
        return None
    if float(wilson(hits, n)[0]) > limit:
        return Guard.BROKEN
    return Guard.WATCH if hits / n > limit else Guard.KEPT


def guard_against(hits1: int, n1: int, hits0: int, n0: int, alpha: float = 0.05) -> Guard | None:
    """The same against the control's own rate, where a control is told."""
    if min(n1, n0) <= 0:
        return None
    if hits1 / n1 <= hits0 / n0:
        return Guard.KEPT
    return Guard.BROKEN if float(score_test(hits1, n1, hits0, n0)) < alpha else Guard.WATCH
