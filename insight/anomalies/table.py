"""A CSV file of timestamp,value in, the same rows with score, anomaly and reason out."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from insight.anomalies.stream import Verdicts, detect

HEAD = ("timestamp", "value", "score", "anomaly", "reason")
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-"})
NO_VALUE, NO_NUMBER, NO_TIME = "no value", "not a number", "not a time"
CELL_BYTES = 1 << 20
MOST_VALUE = 1e150
"""Beyond it the square of a value is no number."""
_EPOCH = re.compile(r"\d{9,16}(\.\d+)?")


class TableRefused(ValueError):
    """A file that is no table of timestamp and value; its words say what is wrong and what is expected."""


@dataclass(frozen=True)
class Table:
    """The rows of a file: the two cells as they stand, and what they mean. A row that cannot be judged has
    the reason in `wrong`, else nothing; `seconds` since 1970 in UTC."""

    cells: list[tuple[str, str]]
    seconds: list[float]
    values: list[float]
    wrong: list[str]


def read(path: Path) -> Table:
    """The table in a file; `TableRefused` where it cannot be read as one."""
    csv.field_size_limit(CELL_BYTES)
    table = Table([], [], [], [])
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            rows = csv.reader(file)
            at = _places(next(rows, []), path)
            for row in rows:
                if row:
                    _add(table, row, at)
    except OSError as failure:
        raise TableRefused(f"{path} cannot be read: {failure.strerror}.") from None
    except csv.Error as failure:
        raise TableRefused(f"{path} is no CSV, line {rows.line_num}: {failure}.") from None
    return table


def _places(head: list[str], path: Path) -> tuple[int, int]:
    names = [name.strip().lower() for name in head]
    missing = [name for name in HEAD[:2] if name not in names]
    if missing:
        raise TableRefused(
            f"{path} has no column {' and no column '.join(missing)}: its first line must name the columns, "
            f"timestamp,value among them; it is {','.join(head)[:80]!r}."
        )
    return names.index("timestamp"), names.index("value")


def _add(table: Table, row: list[str], at: tuple[int, int]) -> None:
    when, what = (row[place] if place < len(row) else "" for place in at)
    table.cells.append((when, what))
    try:
        seconds = moment(when)
    except (ValueError, OverflowError):
        _refuse(table, NO_TIME)
        return
    try:
        value = float(what)
    except ValueError:
        _refuse(table, NO_VALUE if what.strip().lower() in MISSING else NO_NUMBER)
        return
    if not math.isfinite(value) or abs(value) > MOST_VALUE:
        _refuse(table, NO_VALUE if math.isnan(value) else NO_NUMBER)
        return
    table.seconds.append(seconds)
    table.values.append(value)
    table.wrong.append("")


def _refuse(table: Table, why: str) -> None:
    table.seconds.append(0.0)
    table.values.append(0.0)
    table.wrong.append(why)


def moment(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 time (UTC where it names no zone), or of seconds, milliseconds or
    microseconds since then. ValueError where it is neither."""
    plain = text.strip()
    if _EPOCH.fullmatch(plain):
        digits = len(plain.partition(".")[0])
        return float(plain) / (1 if digits < 12 else 1e3 if digits < 15 else 1e6)
    when = datetime.fromisoformat(plain)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def judge(table: Table) -> Iterator[tuple[str, str, str, str, str]]:
    """One row out for each row in, in the same order: its cells, score, 0 or 1, and the reason."""
    sound = [row for row, wrong in enumerate(table.wrong) if not wrong]
    seconds, values = (np.array(column, np.float64)[sound] for column in (table.seconds, table.values))
    found: Verdicts = detect(seconds, values)
    verdicts = zip(found.score.tolist(), found.anomaly.tolist(), found.reason, strict=True)
    for (when, what), wrong in zip(table.cells, table.wrong, strict=True):
        score, anomaly, reason = (0.0, False, wrong) if wrong else next(verdicts)
        yield when, what, f"{score:.4g}", "1" if anomaly else "0", reason
