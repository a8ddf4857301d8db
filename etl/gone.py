"""What was undone since a snapshot: the loads that it still counts, and those that rows stay under."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from data.snapshot import Lake, Snapshot
from etl.repeats import listed as _listed

LANDED = ("assignments", "outcomes", "members", "crosswalk", "campaigns", "aggregates")
"""Landing tables that a run compares with what the last snapshot saw, beside events."""


@dataclass(frozen=True)
class Gone:
    """`loads` are counted by a snapshot and undone since; `heirs` are loads that some of their rows stay
    under."""

    loads: frozenset[int] = frozenset()
    heirs: frozenset[int] = frozenset()

    @property
    def listed(self) -> str:
        """Both, for an `in (...)`."""
        return _listed(self.loads | self.heirs)


NOTHING = Gone()


def since(lake: Lake, snapshot: Snapshot) -> Gone:
    """The loads that a snapshot counts and that were undone after it."""
    undone = lake.frame("undone", where=f"undone_seq > {snapshot.load_seq} and seq <= {snapshot.load_seq}")
    if undone.is_empty():
        return NOTHING
    heirs = {int(word) for words in undone["stayed_by"] for word in (words or "").split()}
    return Gone(frozenset(undone["load_id"]), frozenset(heirs) - frozenset(undone["load_id"]))


def reachable(lake: Lake, snapshot: Snapshot) -> bool:
    """Whether what a snapshot saw can still be read, where that is needed; else all is made anew."""
    if not since(lake, snapshot).loads:
        return True
    for name in ("events", *LANDED):
        table = lake.open(name, snapshot.versions[name]) if name in snapshot.versions else None
        if table is None and lake.open(name) is not None:
            return False
        if table is not None and not all(Path(uri).exists() for uri in table.file_uris()):
            return False
    return True
