"""The verdict on an arm, in one of four words; and what is said where there is none."""

from __future__ import annotations

from enum import StrEnum
from math import sqrt

from insight.experiments.arms import Arm
from insight.experiments.checks import LEAST
from insight.experiments.differences import Difference
from insight.experiments.power import Z_POWER, worthwhile


class Verdict(StrEnum):
    """The four verdicts; the last two stand in the place of one."""

    WORKS = "works"
    NO_EVIDENCE = "no evidence"
    HARMFUL = "harmful"
    TOO_SMALL = "too small to tell"
    TOO_EARLY = "too early"
    NOT_CAUSAL = "not causally measured"


NO_VERDICT = (Verdict.TOO_EARLY, Verdict.NOT_CAUSAL)


def verdict(
    found: Difference,
    treated: Arm,
    control: Arm,
    *,
    higher: bool = True,
    p: float | None = None,
    vetoed: bool = False,
    smallest: float | None = None,
) -> Verdict:
    """The word for a difference, once the outcome is complete.

    `p` is the one corrected for several arms (else the difference's own), `higher` whether more of the
    outcome is better, `vetoed` whether a guardrail is broken. What is not beyond chance is "too small to
    tell" where fewer than 5 outcomes are expected in an arm (Cochran 1954), or where the smallest effect that
    these arms would show four times out of five is above `smallest` (`power.worthwhile` where none is given);
    else they would have shown it, and it is "no evidence".
    """
    if expected(treated, control) < LEAST:
        return Verdict.HARMFUL if vetoed else Verdict.TOO_SMALL
    beyond_chance = (found.p if p is None else p) < 1 - found.level and found.excludes_zero
    if vetoed or (beyond_chance and (found.estimate > 0) is not higher):
        return Verdict.HARMFUL
    if beyond_chance:
        return Verdict.WORKS
    least = worthwhile(control.rate) if smallest is None else smallest
    return Verdict.TOO_SMALL if would_show(found, treated, control) > least else Verdict.NO_EVIDENCE


def expected(treated: Arm, control: Arm) -> float:
    """The fewest members with, or without, the outcome that one rate for both arms would expect in one."""
    pooled = (treated.hits + control.hits) / (treated.n + control.n)
    return min(treated.n, control.n) * min(pooled, 1 - pooled)


def would_show(found: Difference, treated: Arm, control: Arm) -> float:
    """The minimum detectable effect of these arms as they are read: what they show four times out of five."""
    rate = (treated.hits + control.hits) / (treated.n + control.n)
    return (found.critical + Z_POWER) * sqrt(rate * (1 - rate) * (1 / treated.n + 1 / control.n))
