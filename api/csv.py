"""An answer of `measure` as CSV: the same rows as the file of a table."""

from __future__ import annotations

from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.viewer import Viewer
from exports.formats import Written, pieces
from exports.tables import of_answer, span_of


def file_name(table: str, answer: Answer) -> str:
    """`reachboard-figures-2026-06-01-to-2026-11-20-snapshot-3.csv`; it names no value of a filter."""
    return f"reachboard-{table}-{'-to-'.join(span_of(answer))}-snapshot-{answer.snapshot}.csv"


def text(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """The answer as RFC 4180: a row per key and metric; what is not told has an empty value and a status."""
    sheet = of_answer("api", "figures", "Figures", answer, filters, viewer, cubes)
    return b"".join(pieces(sheet, "csv", Written())).decode()
