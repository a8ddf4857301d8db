"""The effect in each group of an attribute: a forest of comparisons, corrected for how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insight.experiments.arms import Arm
from insight.experiments.differences import Difference, difference
from insight.experiments.intervals import LEVEL
from insight.experiments.several import benjamini_hochberg, holm
from insight.experiments.verdicts import Verdict, verdict


@dataclass(frozen=True)
class InGroup:
    """What an arm did in one group, with p corrected over all groups."""

    group: str
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
        InGroup(group, one, p, rate, verdict(one, treated, control, higher=higher, p=p))
        for (group, treated, control), one, p, rate in zip(told, found, corrected, rates, strict=True)
    ]
