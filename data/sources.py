"""The sources of a lake: what each provides, how often it comes, and whether it is late by its own rhythm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median

import polars as pl

from data.catalogue import Catalogue
from data.clocks import HOUR_US, coming_once, words_of
from data.kept import kept_of
from data.records import BROWSER

# A source may be late by as long as it usually waits, and by this at least, before anybody calls it late.
PATIENCE_US = 6 * HOUR_US
FEWEST_GAPS = 1
# It is quiet, and somebody is told, only when that is no accident: after several gaps, of a known rhythm.
QUIET_LOADS = 4
QUIET_GAPS = 3.0


@dataclass(frozen=True)
class Source:
    """One source. Instants and spans are in microseconds; `usual_us` is None where no rhythm is known yet.

    `late_us` is by how much its next data are overdue, 0 where they are not, None where nobody can say.
    `dated` is false where no row states when anything happened.
    """

    name: str
    kinds: tuple[str, ...]
    provides: frozenset[str]
    loads: int
    rows_in: int
    loaded: int
    refused: int
    received_us: int
    latest_us: int | None
    usual_us: int | None
    late_us: int | None
    sets_outreach: bool
    silent: bool
    outcomes: tuple[str, ...]
    synthetic: bool
    once: bool = False

    @property
    def dated(self) -> bool:
        return self.latest_us is not None

    def waited_us(self, now_us: int) -> int:
        """How long nothing new has come: since its latest data, or its last load where nothing is dated."""
        return now_us - (self.received_us if self.latest_us is None else self.latest_us)


def sources(catalogue: Catalogue, now_us: int) -> list[Source]:
    """Every source that was ever loaded, by name; people who edit are none, and never late."""
    return [
        replace(
            one,
            late_us=overdue(one.waited_us(now_us), one.usual_us),
        )
        for one in _loaded(catalogue)
    ]


@kept_of
def _loaded(catalogue: Catalogue) -> list[Source]:
    """The sources, without how late they are by now."""
    loads = catalogue.loads.filter(pl.col("source") != BROWSER).sort("seq")
    parts = loads.partition_by("source", as_dict=True)
    return [_source(str(key[0]), frame, catalogue) for key, frame in sorted(parts.items())]


def _source(name: str, loads: pl.DataFrame, catalogue: Catalogue) -> Source:
    dated = loads["last_us"].drop_nulls().to_list()
    received = loads["received_us"].to_list()
    once = name in coming_once(loads)
    usual = None if once else rhythm(dated) if dated else rhythm(received, HOUR_US)
    latest = max(dated, default=None)
    clock = next((one for one in catalogue.outreach if one.source == name), None)
    return Source(
        name=name,
        kinds=tuple(dict.fromkeys(loads["kind"])),
        provides=frozenset(word for text in loads["provides"] for word in words_of(text)),
        loads=loads.height,
        rows_in=int(loads["rows_in"].sum()),
        loaded=int(loads["loaded"].sum()),
        refused=int(loads["refused"].sum()),
        received_us=max(received),
        latest_us=latest,
        usual_us=usual,
        late_us=None,
        sets_outreach=clock is not None and clock.sets,
        silent=clock is not None and not clock.active,
        outcomes=tuple(one.outcome for one in catalogue.outcomes if name in one.sources),
        synthetic=bool(loads["synthetic"].any()),
        once=once,
    )


def rhythm(instants: list[int], shortest_us: int = 1) -> int | None:
    """The usual gap between the data of successive loads: the median of their steps forward.

    Steps below `shortest_us` are none: files that are imported in one go came at once.
    """
    gaps, reached = [], None
    for at in instants:
        if reached is not None and at - reached >= shortest_us:
            gaps.append(at - reached)
        reached = at if reached is None else max(reached, at)
    return int(median(gaps)) if len(gaps) >= FEWEST_GAPS else None


def quiet(loads: int, waited_us: int, usual_us: int | None) -> bool:
    """Whether a source that came `loads` times keeps its own rhythm no more."""
    if usual_us is None or loads < QUIET_LOADS:
        return False
    return waited_us > QUIET_GAPS * max(usual_us, PATIENCE_US)


def overdue(waited_us: int, usual_us: int | None) -> int | None:
    """By how much the next data are overdue: 0 within twice the usual gap, which a load takes to arrive."""
    if usual_us is None:
        return None
    return waited_us - usual_us if waited_us > usual_us + max(usual_us, PATIENCE_US) else 0
