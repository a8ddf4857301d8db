"""Of many looks on one day, those that may be called findings: false-discovery control over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, cos, exp, log, pi, sin, sqrt

FALSE_SHARE = 0.001
"""Of the findings of a day at most this share is expected to be chance; and anything is found at all on one
quiet day in a thousand, once in three years."""


def findings(chances: Sequence[float], share: float = FALSE_SHARE) -> list[bool]:
    """Which of some chances (p values) are findings at a false-discovery rate of `share`.

    Benjamini and Hochberg, "Controlling the False Discovery Rate", J. R. Statist. Soc. B 57 (1995), 289-300:
    with m chances in order, all up to the largest i for which the i-th is at most i / m of `share`.
    """
    ordered = sorted(range(len(chances)), key=lambda at: chances[at])
    last = 0
    for place, at in enumerate(ordered, 1):
        if chances[at] <= share * place / len(chances):
            last = place
    chosen = set(ordered[:last])
    return [at in chosen for at in range(len(chances))]


def binomial_tail(share: float, usual: float, many: float) -> float:
    """At most the chance that `many` draws with the chance `usual` give a share as far out as `share`.

    Chernoff's bound, exp(-n KL(share, usual)) (Hoeffding, J. Am. Statist. Assoc. 58, 1963, theorem 1): it
    holds for few hits, too, where the normal law calls a handful of failures impossible.
    """
    parts = ((share, usual), (1 - share, 1 - usual))
    apart = sum(one * log(one / other) for one, other in parts if one > 0)
    return min(1.0, exp(-many * apart))


def student_tail(t: float) -> float:
    """The chance that a draw of Student's law with 7 degrees of freedom (eight weeks before) is at least `t`.

    Closed form for odd degrees, Abramowitz and Stegun 26.7.3.
    """
    angle = atan(t / sqrt(7))
    c = cos(angle)
    inside = angle + sin(angle) * (c + 2 / 3 * c**3 + 8 / 15 * c**5)
    return max(0.0, 0.5 - inside / pi)
