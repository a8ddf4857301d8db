"""How the targets stand and what arrived there, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from config.instants import minute
from config.settings import Settings
from reports.transfer.targets import configured
from reports.transfer.tried import standing
from state.store import Store

LATELY = 3


def lines(settings: Settings, store: Store) -> Iterator[str]:
    """Some lines for each target."""
    paths = configured(settings)
    if not paths:
        yield f"There is no target in {settings.targets}. docs/reports.md has one of each kind."
    for path in paths:
        state = standing(settings, path, store)
        place = f"to {state.place}, {state.plan}: " if state.place else ""
        yield f"{state.name:<20} {place}{state.words}"
        if state.wrong:
            yield f"    {state.wrong}"
        last = [f"last success {minute(state.succeeded_us)}"] if state.succeeded_us is not None else []
        yield f"    {'; '.join([*last, f'next try {minute(state.next_us)}'])}"
        for one in store.pushes.history(state.name, LATELY):
            arrived = f"{one.rows:,} rows of {one.month}, snapshot {one.snapshot}"
            yield f"    {minute(one.at_us)}: {arrived}"
