"""The lake's tables: columns, types, keys and partitions, from which the data dictionary is generated."""

from __future__ import annotations

from data.tables.derived import (
    CELL_KEY,
    CELLS,
    CHECKS,
    COUNTS,
    COVERAGE,
    DERIVED,
    MEMBER_INDEX,
    MESSAGES,
    PENDING,
    PRICES,
    REACH,
    RELEASED,
    SNAPSHOTS,
    STANDING,
    TERMS,
    TOLD_REACH,
    WITHHELD,
)
from data.tables.landing import (
    AGGREGATES,
    ASSIGNMENTS,
    CAMPAIGNS,
    CROSSWALK,
    EVENTS,
    LANDING,
    LOADS,
    MEMBERS,
    OUTCOMES,
    PROFILES,
    REFUSALS,
)
from data.tables.schema import TYPES, Column, Table

TABLES: dict[str, Table] = {table.name: table for table in (LOADS, *LANDING, *DERIVED, SNAPSHOTS, CHECKS)}

__all__ = [
    "AGGREGATES",
    "ASSIGNMENTS",
    "CAMPAIGNS",
    "CELLS",
    "CELL_KEY",
    "CHECKS",
    "COUNTS",
    "COVERAGE",
    "CROSSWALK",
    "DERIVED",
    "EVENTS",
    "LANDING",
    "LOADS",
    "MEMBERS",
    "MEMBER_INDEX",
    "MESSAGES",
    "OUTCOMES",
    "PENDING",
    "PRICES",
    "PROFILES",
    "REACH",
    "REFUSALS",
    "RELEASED",
    "SNAPSHOTS",
    "STANDING",
    "TABLES",
    "TERMS",
    "TOLD_REACH",
    "TYPES",
    "WITHHELD",
    "Column",
    "Table",
]
