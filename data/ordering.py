"""The order in which people expect values: bands by their number, unknown and other last."""

from __future__ import annotations

import re
from collections.abc import Iterable

LAST = ("other", "(several together)", "(none)", "(unknown)", "(no profile)")
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)")
BELOW = ("<", "≤", "under", "below", "up to")


def natural(value: str) -> tuple[int, float, str]:
    """A sort key: `<18` before `18-34`, `Wave 2` before `Wave 10`; Other, pooled and unknown values last."""
    folded = value.casefold().strip()
    if folded in LAST:
        return (1 + LAST.index(folded), 0.0, folded)
    padded = _NUMBER.sub(lambda found: found.group().zfill(12), folded)
    number = _NUMBER.search(folded)
    if number is None or not (folded.startswith(BELOW) or not folded[0].isalpha()):
        return (0, 0.0, padded)
    return (0, float(number.group()) - (0.5 if folded.startswith(BELOW) else 0), padded)


def in_order(values: Iterable[str]) -> list[str]:
    """The distinct values in the order people expect."""
    return sorted(set(values), key=natural)
