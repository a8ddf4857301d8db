"""The effect on those whom the outreach reached, where not everybody assigned was sent to."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from insight.experiments.arms import Arm
from insight.experiments.intervals import LEVEL, critical


@dataclass(frozen=True)
class Complier:
    """Difference of rates among members who are sent to if, and only if, they are assigned to it."""

    estimate: float
    low: float
    high: float
    sent: float  # share sent to, treated less control
    method: str = "Wald estimator, Fieller's interval"


def complier(
    treated: Arm,
    control: Arm,
    sent: int,
    sent_control: int = 0,
    together: tuple[int, int] | None = None,
    level: float = LEVEL,
) -> Complier | None:
    """The complier average causal effect: Angrist, Imbens and Rubin 1996, JASA 91:444, with the interval of
    Fieller 1954. None where sending hardly differs, so that the interval would have no end.

    `sent` of the treated and `sent_control` of the control members were sent to; `together` counts those of
    them with the outcome. Where that is not told, the widest interval that any such counts allow is given.
    Assumes that assignment works through sending alone, and that nobody is sent to because of the control.
    """
    arms = ((treated, sent), (control, sent_control))
    if any(not 0 <= received <= arm.n or not arm.n for arm, received in arms):
        return None
    gap = treated.rate - control.rate
    share = sent / treated.n - sent_control / control.n
    outcome = sum(_variance(arm.rate, arm.n) for arm, _ in arms)
    receipt = sum(_variance(received / arm.n, arm.n) for arm, received in arms)
    if together is None:
        most = sum(
            sqrt(_variance(arm.rate, arm.n) * _variance(received / arm.n, arm.n)) for arm, received in arms
        )
        shared = [-most, most]
    else:
        both = zip(arms, together, strict=True)
        shared = [sum((k / arm.n - arm.rate * received / arm.n) / arm.n for (arm, received), k in both)]
    found = [_fieller(gap, share, outcome, receipt, one, critical(level)) for one in shared]
    ends = [one for one in found if one is not None]
    if len(ends) < len(found):
        return None
    return Complier(gap / share, min(low for low, _ in ends), max(high for _, high in ends), share)


def _variance(rate: float, n: int) -> float:
    return rate * (1 - rate) / n


def _fieller(
    top: float, bottom: float, top_variance: float, bottom_variance: float, shared: float, z: float
) -> tuple[float, float] | None:
    lead = bottom**2 - z**2 * bottom_variance
    if lead <= 0 or bottom <= 0:
        return None
    middle = top * bottom - z**2 * shared
    root = sqrt(max(middle**2 - lead * (top**2 - z**2 * top_variance), 0.0))
    return (middle - root) / lead, (middle + root) / lead
