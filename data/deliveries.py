"""What a snapshot's sources delivered and when: the rhythm of each, and who feeds which channel."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import polars as pl

from data.cubes import Cubes


@dataclass(frozen=True)
class Source:
    """One source. `loads` are (received, latest instant stated) in microseconds, in the order of landing.

    `fed` are the (campaign, channel) that it told of.
    """

    name: str
    kinds: frozenset[str]
    loads: tuple[tuple[int, int | None], ...]
    fed: frozenset[tuple[str, str]] = frozenset()
    provides: frozenset[str] = frozenset()

    @property
    def last_us(self) -> int | None:
        return max((last for _, last in self.loads if last is not None), default=None)

    @property
    def received_us(self) -> int:
        return max(received for received, _ in self.loads)

    @property
    def channels(self) -> list[str]:
        return sorted({channel for _, channel in self.fed if channel})


_known: WeakKeyDictionary[Cubes, tuple[Source, ...]] = WeakKeyDictionary()


def sources(cubes: Cubes) -> tuple[Source, ...]:
    """The sources of a snapshot, by name."""
    if cubes not in _known:
        _known[cubes] = _read(cubes)
    return _known[cubes]


def _read(cubes: Cubes) -> tuple[Source, ...]:
    loads = cubes.lake.frame("loads").filter(pl.col("seq") <= cubes.snapshot.load_seq).sort("seq")
    version = cubes.snapshot.versions.get("sightings")
    seen = cubes.lake.frame("sightings", version) if version is not None else None
    found = []
    for (name,), part in sorted(loads.partition_by("source", as_dict=True).items()):
        fed = (
            [] if seen is None else seen.filter(pl.col("source") == name).select("campaign", "channel").rows()
        )
        words = {word for text in part["provides"].drop_nulls() for word in text.split()}
        found.append(
            Source(
                str(name),
                frozenset(part["kind"]),
                tuple(part.select("received_us", "last_us").iter_rows()),
                frozenset((campaign or "", channel or "") for campaign, channel in fed),
                frozenset(words),
            )
        )
    return tuple(found)
