"""`make bench`: builds a lake, measures the rows of the budget, and prints one JSON line for each.

The environment: EVENTS (10,000,000 without), BENCH (folder of the lake; one that stands is used again),
ROWS (such as 1,2,7: only these), SECONDS (of the steady load of rows 4 and 5; 600 without).
"""

from __future__ import annotations

import json
import os
import platform
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import collect, etl, lake, reach, web
from bench.plan import Plan
from bench.server import serving
from config.settings import ROOT, Settings
from data.snapshot import Lake


def main() -> int:
    given = os.environ
    plan = Plan(int(given.get("EVENTS") or 10_000_000))
    folder = Path(given.get("BENCH") or ROOT / "var" / f"bench-{plan.events}")
    settings = Settings(var=folder.resolve(), port=_free_port(), sample=False)
    wanted = {int(one) for one in (given.get("ROWS") or "1,2,3,4,5,6,7").split(",")}
    tell(
        "machine", {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}
    )
    built = bool(Lake(settings.lake).latest().number)
    if not built:
        seconds = lake.fill(settings, plan, lambda words: print(words, file=sys.stderr, flush=True))
        tell("lake", {"events": plan.events, "members": plan.members, "filled_seconds": round(seconds, 1)})
    if 3 in wanted or not built:
        tell("3 counts alone", etl.counts_alone(settings))
        tell("3 rebuild", etl.rebuild(settings, plan))
    if 2 in wanted:
        tell("2 distinct members", reach.distinct(settings))
    if 5 in wanted:
        tell("5 ingest", collect.ingest(settings))
    if wanted & {1, 4, 6, 7}:
        with serving(settings) as workers:
            _served(settings, workers, wanted)
    if 3 in wanted:
        tell("3 new events", etl.new_events(settings, plan))
        tell("3 late outcomes", etl.late_outcomes(settings, plan))
    return 0


def _served(settings: Settings, workers: list[int], wanted: set[int]) -> None:
    of_row: dict[int, list[tuple[str, Callable[[], Any]]]] = {
        4: [("live", lambda: collect.live(settings, workers, float(os.environ.get("SECONDS") or 600)))],
        1: [("pages", lambda: web.pages(settings)), ("throughput", lambda: web.throughput(settings))],
        6: [("csv", lambda: web.large_csv(settings, workers))],
        7: [("weights", lambda: web.weights(settings))],
    }
    for row in sorted(wanted & of_row.keys()):
        for name, measured in of_row[row]:
            tell(f"{row} {name}", measured())


def tell(row: str, found: dict[str, Any]) -> None:
    print(json.dumps({"row": row, **found}), flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
