"""The models: one SQL statement a file, in the portable subset, run in order on DuckDB."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent
FACTS = (
    "assigned",
    "pair_profiles",
    "slices",
    "touches",
    "credits",
    "people",
    "member_cells",
    "assignment_outcomes",
)
CELLS = (
    "message_cells",
    "assignment_cells",
    "outcome_cells",
    "daypart_cells",
    "response_cells",
    "delay_cells",
)
NAMES = ("messages", *FACTS, *CELLS, "reach_marks", "lineage_messages", "lineage_rows")


@cache
def sql(name: str) -> str:
    """The statement of a model, without a closing semicolon."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip()


@cache
def digest() -> str:
    """A mark of all statements: what was made by others has to be made anew."""
    whole = "\0".join(f"{name}\0{sql(name)}" for name in NAMES)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def materialise(con: duckdb.DuckDBPyConnection, name: str, table: str | None = None) -> None:
    """Run a model into a temporary table, called like the model unless `table` says otherwise."""
    con.execute(f"create or replace temp table {table or name} as {sql(name)}")


def summary(name: str) -> str:
    """The comment on top of a model: what it makes and what it reads."""
    lines = sql(name).splitlines()
    return " ".join(line[2:].strip() for line in lines if line.startswith("--"))
