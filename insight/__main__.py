"""The command line of insight: python -m insight detect FILE.csv."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from insight.anomalies.table import HEAD, TableRefused, judge, read

ABOUT = (
    "What departs from its own past in a series: CSV of timestamp,value in; score, anomaly and reason out."
)


def main(arguments: list[str] | None = None) -> int:
    """Judge a file; 0 where every row has its answer, 2 where it is no table."""
    top = argparse.ArgumentParser(prog="python -m insight", description="Evidence from figures.")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    one = verbs.add_parser("detect", help="find anomalies in a CSV of timestamp,value", description=ABOUT)
    one.add_argument("file", type=Path, metavar="FILE.csv")
    given = top.parse_args(arguments)
    try:
        table = read(given.file)
    except TableRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    try:
        out = csv.writer(sys.stdout, lineterminator="\n")
        out.writerow(HEAD)
        out.writerows(judge(table))
    except BrokenPipeError:  # whoever reads had enough
        sys.stderr.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
