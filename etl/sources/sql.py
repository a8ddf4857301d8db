"""The [sql] section of a mapping: database, query, and the column that says how far it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from etl.sources.pulled import BATCH, Given, check_file, section
from etl.sources.rules import Note

SQL = ("database", "query", "cursor", "start", "batch")
BOUND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
READS = re.compile(r"\s*(--[^\n]*\n\s*)*(select|with)\b", re.IGNORECASE)
Start = str | int | float | date | datetime


@dataclass(frozen=True)
class Sql:
    """What is pulled: `query` has one bound value, `:cursor`, and its rows come in the order of `cursor`."""

    database: str
    query: str
    cursor: str
    start: Start
    batch: int = BATCH


def parse_sql(document: dict[str, Any], note: Note) -> Sql | None:
    """The [sql] section, None where there is none; problems go to `note`."""
    given = section(document, "sql", note)
    if given is None:
        return None
    keys = Given(given, "[sql]", SQL, note)
    _check_database(given.get("database"), note)
    _check_query(given.get("query"), note)
    if not isinstance(given.get("cursor"), str) or not given["cursor"].strip():
        note("[sql] cursor", 'needs the column that the rows are ordered by, such as "updated_at"')
    start = given.get("start")
    if isinstance(start, bool | time) or not isinstance(start, Start):
        note("[sql] start", "needs the value to begin with, such as 0, 2026-01-01 or 2026-01-01T00:00:00Z")
    batch = keys.batch()
    check_file(document, "sql", note)
    return Sql(
        str(given.get("database")), str(given.get("query")), str(given.get("cursor")).strip(),
        start if isinstance(start, Start) else 0, batch,
    )  # fmt: skip


def _check_database(name: object, note: Note) -> None:
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]{1,40}", name):
        note(
            "[sql] database",
            'needs a name of lower-case letters, digits and _, such as "crm"; '
            "its URL is set as REACHBOARD_SQL_CRM, never here",
        )


def _check_query(query: object, note: Note) -> None:
    if not isinstance(query, str) or not READS.match(query):
        note("[sql] query", "needs a statement that reads: select ... (or with ... select ...)")
        return
    names = set(BOUND.findall(query))
    if names != {"cursor"}:
        others = ", ".join(f":{one}" for one in sorted(names - {"cursor"}))
        said = f"knows {others}, but" if others else "must say where to go on:"
        note(
            "[sql] query", f"{said} the one value that is bound is :cursor, as in where updated_at >= :cursor"
        )
