"""What a change between two periods is made of: more or fewer of each part, and better or worse parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

NOT_TOLD = "(not told)"
"""What the whole has and no told part does: withheld, or counted in part."""


@dataclass(frozen=True)
class Counts:
    """Numerator and denominator of one part in one period; a plain count has no denominator."""

    top: float
    bottom: float = 0.0


@dataclass(frozen=True)
class Effect:
    """How much of the change one part makes: by its share (`mix`) and by its own rate (`rate`).

    In the unit of the metric: a fraction for rates, a count for counts, of which all is `mix`.
    """

    part: str
    mix: float
    rate: float

    @property
    def both(self) -> float:
        return self.mix + self.rate


Parts = Mapping[str, Counts]


def of_rate(whole: tuple[Counts, Counts], before: Parts, after: Parts) -> list[Effect]:
    """Mix and rate effects per part; over all parts they add up to the change of the whole's rate.

    Kitagawa 1955, "Components of a difference between two rates", Journal of the American Statistical
    Association 50: both effects at the midpoint of the two periods, so that there is no residual and neither
    period is the base. A part's mix effect counts its rate against the mean of the two wholes, which changes
    no sum. A part that is there in one period only changes the mix alone. What the parts leave of the whole
    is a part of its own (`NOT_TOLD`). Raises ValueError where a whole has no denominator, or the parts have
    more than the whole.
    """
    old, new = whole
    if old.bottom <= 0 or new.bottom <= 0:
        raise ValueError("A period without a denominator has no rate.")
    told = [_closed(old, before), _closed(new, after)]
    middle = (old.top / old.bottom + new.top / new.bottom) / 2
    found = []
    for part in dict.fromkeys([*told[0], *told[1]]):
        counts = [one.get(part, Counts(0.0, 0.0)) for one in told]
        shares = [one.bottom / of.bottom for one, of in zip(counts, whole, strict=True)]
        rates = _rates(counts)
        mix = (shares[1] - shares[0]) * ((rates[0] + rates[1]) / 2 - middle)
        found.append(Effect(part, mix, (rates[1] - rates[0]) * (shares[0] + shares[1]) / 2))
    return found


def of_count(
    whole: tuple[float, float], before: Mapping[str, float], after: Mapping[str, float]
) -> list[Effect]:
    """How much each part adds to the change of a count; over all parts that is the change of the whole."""
    parts = dict.fromkeys([*before, *after])
    found = [Effect(part, after.get(part, 0.0) - before.get(part, 0.0), 0.0) for part in parts]
    rest = (whole[1] - whole[0]) - sum(one.mix for one in found)
    return [*found, Effect(NOT_TOLD, rest, 0.0)] if abs(rest) > 1e-9 else found


def _closed(whole: Counts, parts: Parts) -> dict[str, Counts]:
    """The parts, and what they leave of the whole."""
    top = whole.top - sum(one.top for one in parts.values())
    bottom = whole.bottom - sum(one.bottom for one in parts.values())
    if bottom < -1e-9:
        raise ValueError("The parts have more than the whole.")
    if bottom <= 1e-9 and abs(top) <= 1e-9:
        return dict(parts)
    if bottom <= 1e-9:
        raise ValueError("The parts have all of the denominator and not all of the numerator.")
    return {**parts, NOT_TOLD: Counts(top, bottom)}


def _rates(counts: list[Counts]) -> tuple[float, float]:
    """The two rates of a part; where a period has none of it, the other's."""
    known = [one.top / one.bottom if one.bottom else None for one in counts]
    first = known[0] if known[0] is not None else known[1]
    second = known[1] if known[1] is not None else known[0]
    return first or 0.0, second or 0.0
