"""The order in which people expect values: bands by their number, unknown and other last."""

from __future__ import annotations

import re
from collections.abc import Iterable

LAST = ("other", "(several together)", "(none)", "(unknown)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)")


def natural(value: str) -> tuple[int, float, str]:
    """A sort key: `<18` before `18-34`, names by letter, then Other, pooled values and the unknown."""
    folded = value.casefold().strip()
    if folded in LAST:
        return (1 + LAST.index(folded), 0.0, folded)
    number = _NUMBER.search(folded)
    if number is None or (folded[0].isalpha() and not folded.startswith(("under", "over", "below", "up to"))):
        return (0, 0.0, folded)
    below = folded.startswith(("<", "≤", "under", "below", "up to"))
    return (0, float(number.group()) - (0.5 if below else 0), folded)


def in_order(values: Iterable[str]) -> list[str]:
    """The distinct values in the order people expect."""
    return sorted(set(values), key=natural)
