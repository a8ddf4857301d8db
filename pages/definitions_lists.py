"""The catalogue as a file: a row per metric, with the words and the terms in force."""

from __future__ import annotations

from data import words
from data.cubes import Cubes
from data.metrics import DEFINITIONS_VERSION, METRICS
from data.viewer import Viewer
from pages import definitions_utility
from pages.table import Listing, ListTable
from pages.usage import used_by, uses_words

COLUMNS = (
    "definitions", "metric", "label", "group", "meaning", "formula", "unit", "shape", "numerator",
    "denominator", "better", "weak_evidence", "additive", "adds_up", "class", "told", "version", "used_by",
)  # fmt: skip


def _metrics(viewer: Viewer, cubes: Cubes) -> Listing:
    uses, terms = used_by(cubes), cubes.snapshot.terms
    rows = [
        (
            DEFINITIONS_VERSION,
            one.name,
            one.label,
            words.GROUPS[words.group_of(one)],
            one.meaning,
            one.formula,
            one.unit,
            one.shape,
            one.numerator,
            one.denominator,
            one.better,
            one.weak,
            one.additive,
            words.adds_up(one),
            one.sensitivity,
            words.sensitivity_words(one, terms),
            one.version,
            "; ".join(uses_words(uses.get(one.name, ()), viewer)),
        )
        for one in METRICS.values()
    ]
    return Listing(COLUMNS, rows)


TABLES = (ListTable("metrics", "Metrics", _metrics), definitions_utility.TABLE)
