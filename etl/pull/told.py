"""What was pulled and how each scheduled source stands, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from config.instants import minute
from config.settings import Settings
from data import pulls
from data.pulls import PullState
from etl.pull import position, walked
from etl.pull.door import configured


def lines(settings: Settings, loads: pl.DataFrame) -> Iterator[str]:
    """Some lines for each scheduled source, and one for each source that was pulled by hand."""
    pulled = loads.filter(pl.col("position").is_not_null()).sort("seq")
    latest = {str(source): through(str(text)) for source, text in pulled.select("source", "position").rows()}
    known = {one.mapping: one for one in pulls.read(settings.lake)}
    for path in configured(settings):
        state = known.get(path.name) or PullState(path.name)
        reached = latest.pop(state.source, "")
        yield from _of_source(state, reached)
    for source, reached in latest.items():
        yield f"  {source:<20} {reached}, pulled by hand"


def _of_source(state: PullState, reached: str) -> Iterator[str]:
    place = f"from {state.place} {state.plan}, " if state.place else ""
    yield f"  {state.name:<20} {f'{reached}, ' if reached else ''}{place}by {state.mapping}: {state.words}"
    times = [f"next try {minute(state.next_us)}"] if state.next_us is not None else []
    if state.succeeded_us is not None:
        rows = f"{state.loaded:,} rows loaded, {state.refused:,} refused"
        times.insert(0, f"last success {minute(state.succeeded_us)}: {rows}")
    if times:
        yield f"      {'; '.join(times)}"
    if state.wrong:
        yield f"      {state.wrong}"
    for name, reason in state.files:
        yield f"      {name}: nothing of it is loaded: {reason}"
    if state.waiting:
        yield f"      {state.waiting:,} files are not whole yet"


def through(text: str) -> str:
    """How far a source was pulled, in words."""
    reached = walked.loaded(text) or position.loaded(text)
    return reached.through
