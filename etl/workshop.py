"""The engine of a run: bounded in memory, what does not fit goes to disk beside the lake."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from data.snapshot import engine
from etl.commit import Writer

MEMORY = "3GB"
SPILL = "_spill"


@contextmanager
def workshop(lake: Writer, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB for the holder of the lake's lock; what it put on disk is gone afterwards."""
    # What a crash left goes first.
    spill = lake.root / SPILL
    shutil.rmtree(spill, ignore_errors=True)
    with engine(threads) as con:
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set temp_directory = '{}'".format(str(spill).replace("'", "''")))
        con.execute("set preserve_insertion_order = false")
        # Adding up before a join of few to many makes as many groups as rows, each of all counts.
        con.execute("set disabled_optimizers = 'partial_aggregate_pushdown'")
        try:
            yield con
        finally:
            shutil.rmtree(spill, ignore_errors=True)
