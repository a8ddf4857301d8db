"""What outreach caused: outcomes of the members assigned to it, less what those held out lead to expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from insight.experiments import Arm, Verdict, difference, verdict


@dataclass(frozen=True)
class Incremental:
    """Outcomes caused among the members assigned to outreach, with the 95 % range; counts of members.

    `cost_each` is money per caused outcome, None where the range includes 0 or no cost is known.
    """

    observed: int
    expected: float
    value: float
    low: float
    high: float
    cost_each: float | None
    verdict: Verdict


def incremental(treated: Arm, control: Arm, cost: float | None, *, higher: bool = True) -> Incremental:
    """(rate treated - rate control) x treated members, by intention to treat.

    `higher`: more of the outcome is better. Raises ValueError for an arm without members.
    """
    found = difference(treated, control)
    value = found.estimate * treated.n
    low, high = found.low * treated.n, found.high * treated.n
    estimable = cost is not None and (low > 0 or high < 0)
    return Incremental(
        treated.hits,
        control.rate * treated.n,
        value,
        low,
        high,
        cost / abs(value) if estimable and cost is not None else None,
        verdict(found, treated, control, higher=higher),
    )


def total(parts: Sequence[Incremental]) -> tuple[float, float, float]:
    """The sum over independent campaigns with its 95 % range, which keeps the parts' lopsidedness.

    Zou and Donner 2008, "Construction of confidence limits about effect measures", Statistics in Medicine 27
    (variance estimates recovered from each interval). Members in several campaigns are taken as independent.
    """
    value = sum(one.value for one in parts)
    below = sqrt(sum((one.value - one.low) ** 2 for one in parts))
    above = sqrt(sum((one.high - one.value) ** 2 for one in parts))
    return value, value - below, value + above
