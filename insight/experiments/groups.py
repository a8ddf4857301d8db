"""The effect in each group of an attribute: a forest of comparisons, corrected for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import chdtrc

from insight.experiments.arms import Arm
from insight.experiments.differences import Difference, difference
from insight.experiments.intervals import LEVEL
from insight.experiments.several import benjamini_hochberg, holm
from insight.experiments.verdicts import Verdict, verdict


@dataclass(frozen=True)
class InGroup:
    """What an arm did in one group against its control there, with p corrected over all groups."""

    group: str
    treated: Arm
    control: Arm
    found: Difference
    holm: float
    hochberg: float
    verdict: Verdict


def in_groups(
    pairs: Sequence[tuple[str, Arm, Arm]], *, higher: bool = True, level: float = LEVEL
) -> list[InGroup]:
    """Each group's treated arm against its own control; (group, treated, control). Empty arms are left out.

    That an arm works in one group and not in another is no proof that it works differently there.
    """
    told = [one for one in pairs if one[1].n and one[2].n]
    found = [difference(treated, control, level) for _, treated, control in told]
    corrected = holm([one.p for one in found])
    rates = benjamini_hochberg([one.p for one in found])
    return [
        InGroup(group, treated, control, one, p, rate, verdict(one, treated, control, higher=higher, p=p))
        for (group, treated, control), one, p, rate in zip(told, found, corrected, rates, strict=True)
    ]


def interaction(pairs: Sequence[tuple[Arm, Arm]]) -> float | None:
    """p that the effect (difference of rates) is the same in every group; (treated, control) of each.

    Cochran's Q of the differences, each weighted by its inverse variance, against chi-square with one degree
    of freedom less than groups (Cochran 1954, Biometrics 10:101). Half an outcome is added to each side of an
    arm's variance, so that one without outcomes has some. None where there are fewer than two groups.
    """
    told = [(treated, control) for treated, control in pairs if treated.n and control.n]
    if len(told) < 2:
        return None
    gaps = [treated.rate - control.rate for treated, control in told]
    weights = [1 / (_variance(treated) + _variance(control)) for treated, control in told]
    mean = sum(w * gap for w, gap in zip(weights, gaps, strict=True)) / sum(weights)
    q = sum(w * (gap - mean) ** 2 for w, gap in zip(weights, gaps, strict=True))
    return float(chdtrc(len(told) - 1, q))


def _variance(arm: Arm) -> float:
    rate = (arm.hits + 0.5) / (arm.n + 1)
    return rate * (1 - rate) / arm.n
