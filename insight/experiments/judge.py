"""An experiment judged as a whole: every arm against the control, in three readings, and who wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insight.experiments.arms import Arm
from insight.experiments.bayes import Posterior, posterior
from insight.experiments.differences import Difference, Lift, Reading, always_valid, difference, lift
from insight.experiments.intervals import LEVEL
from insight.experiments.power import worthwhile
from insight.experiments.sequential import PLANNED
from insight.experiments.several import benjamini_hochberg, holm
from insight.experiments.verdicts import Verdict, verdict, would_show


@dataclass(frozen=True)
class Comparison:
    """An arm against the control: its readings, of which `reading` applies, and the verdict.

    `holm` and `hochberg` are p values of the reading that applies, corrected for all arms; `shows` is the
    effect that these arms would show four times out of five, `worth` the one that is worth knowing of.
    """

    arm: Arm
    control: Arm
    reading: Reading
    fixed: Difference
    sequential: Difference
    lift: Lift | None
    holm: float
    hochberg: float
    shows: float
    worth: float
    verdict: Verdict

    @property
    def found(self) -> Difference:
        """The difference as the reading that applies has it."""
        return self.sequential if self.reading is Reading.SEQUENTIAL else self.fixed

    @property
    def bayes(self) -> Posterior:
        """The third reading, which is shown beside the one that applies."""
        return posterior(self.arm, self.control, self.fixed.level)


@dataclass(frozen=True)
class Judged:
    """All comparisons in the order of the arms, the winner among several, and why in words."""

    comparisons: tuple[Comparison, ...]
    winner: str | None = None
    why: str = ""


def judge(
    treated: Sequence[Arm],
    control: Arm,
    reading: Reading,
    *,
    planned: float | None = None,
    higher: bool = True,
    vetoed: bool = False,
    level: float = LEVEL,
) -> Judged:
    """Judge every treated arm against the control by one reading, corrected for how many arms there are."""
    size = planned or PLANNED
    readings = [(difference(arm, control, level), always_valid(arm, control, size, level)) for arm in treated]
    ps = [(running if reading is Reading.SEQUENTIAL else fixed).p for fixed, running in readings]
    corrected, rates = holm(ps), benjamini_hochberg(ps)
    found = []
    for place, (arm, (fixed, running)) in enumerate(zip(treated, readings, strict=True)):
        used = running if reading is Reading.SEQUENTIAL else fixed
        word = verdict(used, arm, control, higher=higher, p=corrected[place], vetoed=vetoed)
        found.append(
            Comparison(
                arm, control, reading, fixed, running,
                lift=lift(arm, control, level),
                holm=corrected[place],
                hochberg=rates[place],
                shows=would_show(used, arm, control),
                worth=worthwhile(control.rate),
                verdict=word,
            )
        )  # fmt: skip
    winner, why = _winner(found, size, higher)
    return Judged(tuple(found), winner, why)


def _winner(found: Sequence[Comparison], planned: float, higher: bool) -> tuple[str | None, str]:
    """The top arm, where it works and beats the second best; else why there is none."""
    if len(found) < 2:
        return None, ""
    ranked = sorted(found, key=lambda one: one.arm.rate, reverse=higher)
    top, second = ranked[0], ranked[1]
    if top.verdict is not Verdict.WORKS:
        return None, f"No arm wins: {top.arm.name} leads, and is not shown to work."
    if top.reading is Reading.SEQUENTIAL:
        apart = always_valid(top.arm, second.arm, planned, top.found.level)
    else:
        apart = difference(top.arm, second.arm, top.found.level)
    if apart.p < 1 - apart.level and apart.excludes_zero:
        return top.arm.name, f"{top.arm.name} wins: it beats {second.arm.name}, the second best."
    return None, f"No arm wins: {top.arm.name} leads, and {second.arm.name} may be as good (p {apart.p:.2g})."
