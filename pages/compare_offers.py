"""What Compare offers to compare: last year's campaign, others of the program, and pairs to begin with."""

from __future__ import annotations

from collections.abc import Iterator

from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.periods import day_date
from data.viewer import Viewer
from pages.compare_chosen import MOST, Chosen


def suggestions(asked: Chosen, viewer: Viewer, cubes: Cubes) -> list[tuple[str, Campaign]]:
    """What to compare the first chosen campaign with: last year's, then the same program's, in words."""
    if not asked.campaigns or len(asked.campaigns) >= MOST:
        return []
    first = cubes.campaigns[asked.campaigns[0]]
    others = [
        cubes.campaigns[name]
        for name in Filters().campaigns(cubes, viewer)
        if name not in asked.campaigns and cubes.campaigns[name].program == first.program
    ]
    near = sorted(
        others, key=lambda c: (-_alike(first, c), abs((c.start_day or 0) - (first.start_day or 0)), c.name)
    )
    kept = [one for one in near if one.start_day is not None and one.recorded][: MOST - 1]
    return [("last year's" if _a_year_before(one, first) else "same program", one) for one in kept]


def pairs(viewer: Viewer, cubes: Cubes) -> Iterator[tuple[Campaign, Campaign]]:
    """Pairs worth comparing, the best first: one program, successive years before successive campaigns."""
    begun = [
        campaign
        for name in Filters().campaigns(cubes, viewer)
        if (campaign := cubes.campaigns[name]).start_day is not None and campaign.start_day <= cubes.today
    ]
    found = [
        (_alike(later, earlier), -(later.start_day or 0), later.name, (later, earlier))
        for later in begun
        for earlier in begun
        if later.program == earlier.program and (earlier.start_day or 0) < (later.start_day or 0)
    ]
    seen: set[str] = set()
    for *_, pair in sorted(found, key=lambda one: (-one[0], *one[1:3])):
        if pair[0].program not in seen:
            seen.add(pair[0].program)
            yield pair


def _alike(one: Campaign, other: Campaign) -> int:
    same_line = one.line_of_business == other.line_of_business
    return 4 * (_a_year_before(one, other) or _a_year_before(other, one)) + 2 * same_line


def _a_year_before(earlier: Campaign, later: Campaign) -> bool:
    if earlier.start_day is None or later.start_day is None:
        return False
    return day_date(earlier.start_day).year == day_date(later.start_day).year - 1
