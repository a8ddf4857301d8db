"""What this server does by the clock: how often, what became of it last, and when it is next."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from dash.development.base_component import Component

from config.settings import Settings, variable
from data import pulls, runs
from data.cubes import Cubes
from data.pulls import PullState
from ledger import verified
from ledger.checkpoints import newest
from pages.data_health import ENDED
from pages.data_pieces import heads, state, zone_of
from pages.data_pulls import kind_of
from state.pushes import TargetState
from state.store import Store
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

TITLE = "What runs by the clock"
CAPTION = (
    "One process of this server is elected to start these; if it ends, another one is. The page Data tells "
    "more of runs and of sources."
)
SCHEDULED = "scheduled"
MOST_SOURCES = 12
MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
LATE = 3
"""Of so many rounds nothing was heard: something stands still."""


@dataclass(frozen=True)
class Line:
    """One thing that is done by the clock; instants in microseconds (UTC), None where there is none.

    `why` says what went wrong, where that is known and stands on no page of its own.
    """

    name: str
    often: str
    last_us: int | None
    ended: str
    kind: str
    next_us: int | None
    why: str = ""


def panel_of(cubes: Cubes, store: Store, settings: Settings) -> list[Component]:
    """The panel: what is late or failed is said in its title."""
    zone, now = zone_of(cubes), time.time_ns() // 1000
    sources = pulls.read(cubes.lake.root)
    pushed = [_target(one) for one in store.pushes.targets()]
    found = [*_own(cubes, store, settings, now), *pushed, *(_source(one) for one in sources[:MOST_SOURCES])]
    bad = [one for one in found if one.kind == "bad"]
    title = f"{TITLE}: something is wrong with {_those(bad)}" if bad else TITLE
    names = heads("What", "How often", "Last", "How it ended", "Next")
    left = len(sources) - MOST_SOURCES
    more = [html.P(f"and {count(left)} more sources, on the page Data")] if left > 0 else []
    return panel(
        title, CAPTION, table(names, [_row(one, zone, now) for one in found], TITLE, "words schedules"), more
    )


def _those(bad: list[Line]) -> str:
    first = bad[0].name[0].lower() + bad[0].name[1:]
    return first if len(bad) == 1 else f"{first} and {count(len(bad) - 1)} more"


def _own(cubes: Cubes, store: Store, settings: Settings, now: int) -> Iterator[Line]:
    yield _run(cubes, settings, now)
    yield _messages(store, settings, now)
    yield _signing(settings)
    yield _verifying(settings)


def _signing(settings: Settings) -> Line:
    name, last = "Signing of the ledger", newest(settings.ledger)
    if last is None:
        return Line(name, "every minute", None, "not yet", "none", None)
    return Line(name, "every minute", last.at, f"checkpoint {count(last.number)}", "good", None)


def _verifying(settings: Settings) -> Line:
    name, last = "Verification of the ledger", verified.last(settings.ledger)
    if last is None:
        return Line(name, "every day", None, "not yet", "none", None)
    words, kind = ("sound", "good") if last.sound else ("was changed", "bad")
    return Line(name, "every day", last.at, words, kind, last.at + DAY_US)


def _run(cubes: Cubes, settings: Settings, now: int) -> Line:
    """The refresh; it is late when nothing was heard of it for several rounds."""
    every = settings.refresh_minutes
    often = "every minute" if every == 1 else f"every {every} minutes"
    name = "Refresh of the figures"
    last = next((one for one in runs.read(cubes.lake.root) if one.kind == SCHEDULED), None)
    if last is None:
        return Line(name, often, None, "not yet", "none", None)
    due = last.started_us + every * MINUTE_US
    ended = last.started_us + int(last.seconds * 1e6)
    if now - max(ended, due) > LATE * every * MINUTE_US:
        return Line(name, often, last.started_us, "stands still", "bad", due)
    words = f"{last.ended} after {last.seconds:.0f} s" if last.seconds >= 1 else last.ended
    return Line(name, often, last.started_us, words, ENDED.get(last.ended, "none"), due)


def _messages(store: Store, settings: Settings, now: int) -> Line:
    """What is to be told to people when something is wrong."""
    name = "Messages when something is wrong"
    if not settings.alerts:
        return Line(name, "never", None, f"{variable('alerts')} names no way", "none", None)
    notices = [one for incident in store.incidents.since(now - 30 * DAY_US) for one in incident.notices]
    told = [one.told_us for one in notices if one.told_us is not None]
    waiting = [one for one in notices if one.told_us is None and one.dropped_us is None]
    words = f"{count(len(waiting))} to be told" if waiting else "all told" if told else "nothing to tell yet"
    kind = "late" if waiting else "good" if told else "none"
    due = min((one.next_us for one in waiting), default=None)
    return Line(name, "every minute", max(told, default=None), words, kind, due)


def _target(one: TargetState) -> Line:
    """A target of the monthly export; what failed last is said where it fails."""
    kind = "bad" if one.fails else "late" if one.failures else "good" if one.succeeded_us else "none"
    often = one.plan or "not known"
    return Line(f"Push to {one.name}", often, one.tried_us, one.words, kind, one.next_us, one.wrong)


def _source(one: PullState) -> Line:
    name, often = f"Pull of {one.name}", one.plan or "not known"
    return Line(name, often, one.tried_us, one.words, kind_of(one), one.next_us)


def _row(one: Line, zone: str, now: int) -> list[Children]:
    due = "–" if one.next_us is None else "now" if one.next_us <= now else moment(one.next_us, zone)
    last = "–" if one.last_us is None else moment(one.last_us, zone)
    ended = [state(one.ended, one.kind), *([html.Small(one.why)] if one.why else [])]
    return [one.name, one.often, last, ended, due]
