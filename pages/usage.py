"""Which table of which page asks for which metric: found by asking every table, not written down."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from weakref import WeakKeyDictionary

from data.cubes import Cubes
from data.filters import Filters
from data.periods import Period
from data.viewer import EVERYTHING, Viewer
from pages import campaign, compare, data_page, explore, monthly, overview
from pages.table import Table

Use = tuple[str, str]
PAGES = {
    page.name: page
    for page in (
        overview.PAGE,
        campaign.PAGE,
        compare.PAGE,
        explore.PAGE,
        monthly.PAGE,
        data_page.PAGE,
    )
}
# By days and by months tables may ask for other figures; some want one campaign, some several.
PERIODS = ("all_time", "last_30_days")
_found: WeakKeyDictionary[Cubes, dict[str, tuple[Use, ...]]] = WeakKeyDictionary()
_lock = threading.Lock()


def used_by(cubes: Cubes) -> Mapping[str, tuple[Use, ...]]:
    """Metric -> (page's name, table's title) of every table that offers it, in the order of the pages."""
    with _lock:  # while one asks the tables, others wait for what it finds
        if cubes not in _found:
            _found[cubes] = _look(cubes)
        return _found[cubes]


def uses_words(uses: Sequence[Use], viewer: Viewer) -> list[str]:
    """`Overview: Key figures, By channel` for each page that the viewer may see."""
    found: dict[str, list[str]] = {}
    for name, title in uses:
        page = PAGES[name]
        if viewer.may(page.needs):
            found.setdefault(page.title, []).append(title)
    return [f"{page}: {', '.join(titles)}" for page, titles in found.items()]


def _look(cubes: Cubes) -> dict[str, tuple[Use, ...]]:
    from pages.registry import TABLES  # which lists the catalogue's own table, and that asks here

    found: dict[str, dict[Use, None]] = {}
    for page, offered in TABLES.items():
        for table in offered.values():
            if isinstance(table, Table):
                for metric in _asked(table, cubes):
                    found.setdefault(metric, {})[page, table.title] = None
    return {metric: tuple(uses) for metric, uses in found.items()}


def _asked(table: Table, cubes: Cubes) -> set[str]:
    """The metrics that a table answers with, over periods, choices of campaigns and its own parameters."""
    found: set[str] = set()
    for query in _queries(table):
        for period in PERIODS:
            for campaigns in _campaigns(cubes):
                filters = Filters(period=Period(period), campaign=campaigns)
                try:
                    found |= set(table.answer(filters, EVERYTHING, cubes, query).metrics)
                except LookupError:
                    continue
                break
    return found


def _campaigns(cubes: Cubes) -> Iterator[tuple[str, ...]]:
    """All campaigns, then one, then two: the first that a table takes."""
    yield ()
    for several in (1, 2):
        yield tuple(islice(cubes.campaigns, several))


def _queries(table: Table) -> Iterator[dict[str, str]]:
    """The table's own parameters: none of them, then each value that it names."""
    yield {}
    for name, values in table.choices.items():
        for value in values:
            yield {name: value}
