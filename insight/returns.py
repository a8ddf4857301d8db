"""What outreach was worth: the value of the outcomes that it caused against what its messages cost."""

from __future__ import annotations

from dataclasses import dataclass

from insight.incremental import Incremental


@dataclass(frozen=True)
class Return:
    """Return on investment as a fraction of the cost, with the 95 % range of what was caused: 0 is even."""

    value: float
    low: float
    high: float


def returned(found: Incremental, each: float, cost: float) -> Return | None:
    """(caused outcomes x `each` - `cost`) / `cost`, at the estimate and both ends of its range.

    None where the range includes 0: then the sign of the return itself is not known. Raises ValueError for
    a cost of 0, by which nothing can be divided.
    """
    if cost <= 0:
        raise ValueError("Nothing was spent, so there is nothing to set a return against.")
    if found.low <= 0 <= found.high:
        return None
    return Return(*((much * each - cost) / cost for much in (found.value, found.low, found.high)))
