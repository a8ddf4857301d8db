"""`make faults`: makes every fault so many times, and prints what survived as JSON lines and as a table.

The environment: TRIALS (of every fault; without it those of the design), FAULTS (such as disk,files: only
these).
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from faults import collector, deliveries, disk, loads, mutated, starts
from faults.outcome import Outcome, Row

ROWS = (
    Row("collector", "kill -9 of the collector under load", 1_000, collector.killed),
    Row("loads", "kill -9 of landing, run, publish", 1_000, loads.killed),
    Row("late", "duplicate 30 %, reordered, late 20 %", 100_000, deliveries.late),
    Row("files", "mutated CSV and JSON", 10_000, mutated.mutated),
    Row("starts", "two schedulers, two publishers", 500, starts.two),
    Row("disk", "disk full, EIO", 50, disk.full),
    Row("stops", "SIGTERM under load", 100, collector.stopped),
)
HEAD = "| fault | trials | lost | doubled | wrong | seconds | survived |\n|---|---|---|---|---|---|---|"


def main() -> int:
    """Make the faults; 1 where something was not survived."""
    trials, named = os.environ.get("TRIALS"), os.environ.get("FAULTS")
    wanted = set(named.split(",")) if named else {row.name for row in ROWS}
    print(json.dumps({"machine": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}))
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="reachboard-faults-") as folder:
        for row in ROWS:
            if row.name in wanted:
                found.append(row.run(int(trials) if trials else row.trials, Path(folder) / row.name))
                print(json.dumps(found[-1].as_json()), flush=True)
    print(table(found))
    return 0 if found and all(one.survived for one in found) else 1


def table(found: list[Outcome]) -> str:
    """The outcomes as a table of Markdown."""
    rows = [
        f"| {one.fault} | {one.trials:,} | {one.lost:,} | {one.doubled:,} | {one.wrong:,} "
        f"| {one.seconds:,.0f} | {'yes' if one.survived else 'NO'} |"
        for one in found
    ]
    return "\n".join([HEAD, *rows])


if __name__ == "__main__":
    sys.exit(main())
