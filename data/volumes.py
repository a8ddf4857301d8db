"""How much each source brings on a day, against what it usually brings on that weekday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from zoneinfo import ZoneInfo

import polars as pl

from data.catalogue import Catalogue
from data.clocks import words_of
from data.cubes import Cubes
from data.kept import kept_of
from data.periods import day_number
from data.records import BROWSER
from data.refusals import replays

WEEKS = 8
FEWEST = 4  # of the same weekday; below it one odd day would be half of what is usual
SPREADS = 3.0
NORMAL = 1.4826  # makes a median distance comparable with a standard deviation
LEAST_SHARE, LEAST = 0.25, 10  # however even a source is: smaller changes say nothing
JUDGED_DAYS = 28
SENDING = {"sent", "attempted", "printed"}
TOGETHER = " + "


@dataclass(frozen=True)
class Usual:
    """What a source usually brings on a weekday: the median, and the range that is nothing odd."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Day:
    """One day of a source. `number` is None where it is told with other days only; `flag` is empty, low,
    high or silent."""

    day: int
    number: int | None
    usual: Usual | None
    flag: str = ""


def usual(numbers: list[int]) -> Usual | None:
    """What is usual after some days of the same weekday; None where they are too few, or mostly 0."""
    if len(numbers) < FEWEST:
        return None
    middle = median(numbers)
    if not middle:
        return None
    spread = NORMAL * median(abs(one - middle) for one in numbers)
    wide = max(SPREADS * spread, LEAST_SHARE * middle, LEAST)
    # Sending comes in waves: what was seen twice lately is nothing odd, however far from the median.
    ordered = sorted(numbers)
    return Usual(middle, max(0.0, min(middle - wide, ordered[1])), max(middle + wide, ordered[-2]))


def judged(counts: Mapping[int, int | None], through: int) -> list[Day]:
    """The last days of a source up to `through`, each against the same weekday of the weeks before it.

    A day that is not among the counts, and lies behind the first one, is one without any.
    """
    if not counts:
        return []
    first = min(counts)
    return [_judged(day, first, counts) for day in range(max(first, through - JUDGED_DAYS + 1), through + 1)]


def _judged(day: int, first: int, counts: Mapping[int, int | None]) -> Day:
    before = [counts.get(day - 7 * week, 0) for week in range(1, WEEKS + 1) if day - 7 * week >= first]
    known = usual([one for one in before if one is not None])
    number = counts.get(day, 0)
    return Day(day, number, known, _flag(number, known))


def _flag(number: int | None, known: Usual | None) -> str:
    if number is None or known is None:
        return ""
    if number == 0 and known.low > 0:
        return "silent"
    return "low" if number < known.low else "high" if number > known.high else ""


@kept_of
def received(known: Catalogue, zone: str) -> dict[str, dict[int, int]]:
    """New rows per source and day of receipt, less what was there before; those of replays came earlier."""
    again = list(replays(known))
    own = known.loads.filter((pl.col("source") != BROWSER) & ~pl.col("load_id").is_in(again))
    found: dict[str, dict[int, int]] = {}
    for source, at, rows, present in own.select(
        "source", "received_us", "rows_in", "already_present"
    ).iter_rows():
        day = day_number(datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo(zone)).date())
        days = found.setdefault(source, {})
        days[day] = days.get(day, 0) + rows - present
    return found


def sending(known: Catalogue) -> frozenset[str]:
    """The sources that tell of sending."""
    told = known.loads.select("source", "provides").unique().iter_rows()
    return frozenset(source for source, provides in told if words_of(provides) & SENDING)


@kept_of
def senders(cubes: Cubes, sources: frozenset[str]) -> dict[tuple[str, str], str]:
    """Who of `sources` tells of a campaign's channel; several sources of the same one stand together."""
    found: dict[tuple[str, str], set[str]] = {}
    for campaign, channel, source in _sightings(cubes):
        if source in sources:
            found.setdefault((campaign, channel), set()).add(source)
    return {key: TOGETHER.join(sorted(names)) for key, names in found.items()}


@kept_of
def _sightings(cubes: Cubes) -> list[tuple[str, str, str]]:
    """(campaign, channel, source) of who told of what in the snapshot."""
    version = cubes.snapshot.versions.get("sightings")
    if version is None:
        return []
    return cubes.lake.frame("sightings", version).select("campaign", "channel", "source").rows()
