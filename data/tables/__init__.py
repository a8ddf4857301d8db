"""The lake's tables: columns, types, keys and partitions, from which the data dictionary is generated."""

from __future__ import annotations

from data.tables.derived import (
    CELL_KEY,
    CELLS,
    CHECKS,
    COUNTS,
    COVERAGE,
    LINEAGE,
    MEMBER_INDEX,
    MESSAGES,
    MODELLED,
    PRICES,
    REACH,
    SNAPSHOTS,
    TERMS,
)
from data.tables.landing import (
    AGGREGATES,
    ASSIGNMENTS,
    BEHAVIOUR,
    CAMPAIGNS,
    CROSSWALK,
    EVENTS,
    LANDING,
    LOADS,
    MEMBERS,
    OUTCOMES,
    PROFILES,
    REFUSALS,
    REMEMBERED,
    REPEATS,
    UNDONE,
)
from data.tables.schema import TYPES, Column, Table
from data.tables.told import PENDING, RELEASED, STANDING, TOLD, TOLD_REACH, UTILITY, WITHDRAWN, WITHHELD

DERIVED = (*MODELLED, *TOLD)
TABLES: dict[str, Table] = {
    table.name: table for table in (LOADS, UNDONE, *LANDING, *DERIVED, SNAPSHOTS, CHECKS)
}

__all__ = [
    "AGGREGATES",
    "ASSIGNMENTS",
    "BEHAVIOUR",
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
    "LINEAGE",
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
    "REMEMBERED",
    "REPEATS",
    "SNAPSHOTS",
    "STANDING",
    "TABLES",
    "TERMS",
    "TOLD_REACH",
    "TYPES",
    "UNDONE",
    "UTILITY",
    "WITHDRAWN",
    "WITHHELD",
    "Column",
    "Table",
]
