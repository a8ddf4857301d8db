"""What is wrong with the way to other systems: targets that the monthly export does not reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from config.settings import Settings
from state.incidents import Found
from state.pushes import TargetState
from state.store import Store

TRANSFER = "transfer"


class Kind(StrEnum):
    """What an incident of a transfer is about; docs/runbook.md has a section of each."""

    PUSH = "push-failing"


def look(settings: Settings, store: Store, now_us: int) -> None:
    """Settle which targets cannot be reached; sends nothing."""
    found = list(failing_targets(store.pushes.targets()))
    store.incidents.settle(TRANSFER, found, settings.alerts, now_us)


def failing_targets(known: Sequence[TargetState]) -> Iterator[Found]:
    """The targets that are left alone after failures; why is said where targets are shown."""
    for one in known:
        if one.fails:
            words = (
                f"The monthly export could not be pushed to {one.name}, so often in a row that it is left "
                "alone for a while. What stood there stands. The Administration page says why."
            )
            yield Found(f"push:{one.name}", Kind.PUSH, f"{one.name} does not get the monthly export", words)
