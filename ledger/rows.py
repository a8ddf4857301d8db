"""Entries as rows of a CSV: each with all that it holds, and in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from config.text import neutral
from ledger.words import told

COLUMNS = (
    "at", "who", "role", "key", "what", "place", "words", "filters", "filters_in_words", "campaigns", "rows",
    "snapshot", "why", "times", "address", "about", "hash",
)  # fmt: skip


def rows(lines: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """The file, piece by piece; texts that a spreadsheet would take for formulas are neutral."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([neutral(str(one)) for one in cells(line)])
        if out.tell() > 1 << 16:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def cells(line: dict[str, Any]) -> list[object]:
    """The columns of a line; empty where it has none of it."""
    at = datetime.fromtimestamp(line.get("at", 0) / 1e6, UTC).isoformat(timespec="microseconds")
    plain = {**line, "at": at, "words": told(line), "filters_in_words": line.get("words", "")}
    plain["campaigns"] = " ".join(line.get("campaigns", ()))
    plain["about"] = json.dumps(line["about"], sort_keys=True) if "about" in line else ""
    return [plain.get(name, "") for name in COLUMNS]
