"""Makes what the first questions of a snapshot need, before anybody asks them."""

from __future__ import annotations

from collections.abc import Callable

from data.cubes import Cubes, Grain
from data.metrics import METRICS
from data.release import OPERATIONS
from data.untold import complete_until, withheld

GRAINS: tuple[Grain, ...] = ("month", "total", "group")


def warm(cubes: Cubes, goes_on: Callable[[], bool]) -> None:
    """Make the groups of every metric by time while `goes_on` says so; cuts are made when asked for."""
    for columns in dict.fromkeys(metric.facts for metric in METRICS.values()):
        for grain in GRAINS:
            if not goes_on():
                return
            complete_until(cubes, cubes.groups(OPERATIONS.name, columns, grain))
        withheld(cubes, OPERATIONS.name, columns)
