"""Several comparisons at once: p values corrected for how many there are."""

from __future__ import annotations

from collections.abc import Sequence


def holm(ps: Sequence[float]) -> list[float]:
    """Adjusted p values that keep the chance of any false alarm (Holm 1979, Scand. J. Statist. 6:65)."""
    order = sorted(range(len(ps)), key=lambda place: ps[place])
    adjusted, largest = [0.0] * len(ps), 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(ps) - rank) * ps[place]))
        adjusted[place] = largest
    return adjusted


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Adjusted p values that keep the share of false alarms among alarms (Benjamini and Hochberg 1995,
    J. R. Statist. Soc. B 57:289)."""
    order = sorted(range(len(ps)), key=lambda place: -ps[place])
    adjusted, smallest = [0.0] * len(ps), 1.0
    for back, place in enumerate(order):
        smallest = min(smallest, ps[place] * len(ps) / (len(ps) - back))
        adjusted[place] = smallest
    return adjusted
