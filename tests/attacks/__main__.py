"""`make attack`: attacks the lake of REACHBOARD_VAR, and small tables by the ten thousand, at full size."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

from config.settings import Settings, get_settings
from data import release
from data.snapshot import Lake
from tests.attacks import joint, lp, plain
from tests.attacks.holdings import blocks_of
from tests.attacks.small import NESTED, case, nested_values, scheduled, tables, told
from tests.attacks.snapshots import steps

SMALL = 3
SECRET: frozenset[str] = frozenset()
Line = dict[str, object]


def main() -> int:
    """One line of JSON per attack; 1 where something was recovered."""
    lines = []
    for line in attacks():
        print(json.dumps(line), flush=True)
        lines.append(line)
    return int(any(line["recovered"] for line in lines))


def attacks() -> Iterator[Line]:
    yield from _lake(get_settings())
    for name, made, cuts in _tables():
        started = time.perf_counter()
        blocks = told(made)
        tally = joint.attack(blocks, SMALL, cuts, SECRET, exact=True) if cuts else lp.Tally()
        by_views = lp.attack(blocks, SMALL, SECRET)
        tally.found += by_views.found
        yield _line(name, tally if cuts else by_views, started)
    started = time.perf_counter()
    moved = [one for seed in range(10) for one in steps(200, 6, 11, seed, early=seed % 3)]
    yield {"attack": "snapshots", "recovered": len(moved), "examples": moved[:5], "seconds": _since(started)}


def _lake(settings: Settings) -> Iterator[Line]:
    """The groups of the last snapshot, under the terms that it was released under."""
    lake = Lake(settings.lake)
    snapshot = lake.latest()
    if not snapshot.number:
        sys.exit(f"There is no snapshot in {settings.lake}: run `make run` first, or set REACHBOARD_VAR.")
    threshold, profile = int(snapshot.terms["threshold"]), str(snapshot.terms["profile"])
    free = release.OPERATIONAL if profile == "default" else SECRET
    released = lake.frame("released", snapshot.versions["released"])
    started = time.perf_counter()
    blocks = blocks_of(released, lake.frame("cells", snapshot.versions["cells"]))
    yield _line(f"lake, {profile}", lp.attack(blocks, threshold, free), started)
    found = [*plain.stated(blocks, threshold, free), *plain.crossed(released, threshold)]
    figures = plain.counts_told(blocks)
    yield {"attack": "told outright", "figures": figures, "recovered": len(found), "examples": found[:5]}


def _tables() -> Iterator[tuple[str, release.Case, tuple[str, ...]]]:
    two = NESTED[:2]
    yield "2 x 2, all", case(tables(2, 2, 4, 2), SMALL, two), ("a", "b")
    yield "2 x 3", case(tables(2, 3, 4, 2, 401), SMALL, two), ("a", "b")
    yield "2 x 2, three nested", case(tables(2, 2, 4, 3, 61), SMALL, NESTED), ("a", "b")
    yield "3 x 3", case(tables(3, 3, 4, 1, 97), SMALL, two[:1]), ("a", "b")
    yield "wave x day", case(scheduled(5, 17), SMALL, two), ("operations", "wave")
    yield (
        "county in region",
        case(nested_values(5, 11), SMALL, two, inside={"county": "region"}),
        ("county", "region"),
    )
    yield "pair 2 x 2", case(tables(2, 2, 5, 2, 17), SMALL, two, pairs=(("a", "b"),)), ()
    yield "pair 2 x 3", case(tables(2, 3, 5, 2, 20_011), SMALL, two, pairs=(("a", "b"),)), ()


def _line(name: str, tally: lp.Tally, started: float) -> Line:
    return {"attack": name, **tally.line(), "seconds": _since(started), "examples": tally.found[:5]}


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 1)


if __name__ == "__main__":
    sys.exit(main())
