"""Did it work, and how sure are we: the statistics of experiments, on counts of members per arm.

`Arm` holds an arm's counts, `difference` its difference to the control with a named interval, `verdict` the
word for it (one of `Verdict`). The other modules are asked by name; docs/evidence.md says where each comes
from.
"""

from insight.experiments.arms import Arm
from insight.experiments.differences import Difference, Reading, always_valid, difference, lift
from insight.experiments.judge import Comparison, Judged, judge
from insight.experiments.verdicts import NO_VERDICT, Verdict, verdict

__all__ = [
    "NO_VERDICT", "Arm", "Comparison", "Difference", "Judged", "Reading", "Verdict", "always_valid",
    "difference", "judge", "lift", "verdict",
]  # fmt: skip
