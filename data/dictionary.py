"""The dictionaries of docs/: tables.md and metrics.md, written from the definitions themselves."""

from __future__ import annotations

from data import tables, words
from data.dimensions import DIMENSIONS
from data.metrics import DEFINITIONS_VERSION, METRICS, Metric
from data.tables import LANDING, LOADS, TABLES, Table

_HEAD = """\
# Tables

Written by `make docs` from `data/tables/`. Every table is a Delta table in the lake.

- Identifiers are keyed 64-bit pseudonyms; no table holds a member's id or an address.
- Instants (`*_us`) are microseconds since the epoch in UTC; days (`*_day`) are whole days since the epoch
  in the plan's reporting zone; money (`*_micros`) is in millionths.
- A null is "not known". A stage's instant of 0 is "happened, but the source gives no date".
- A key names one row. Landing tables receive rows from files; the others are computed from them and can be
  rebuilt.

| Type | Arrow type |
|---|---|
"""


def tables_page() -> str:
    """Text of docs/tables.md: every table with its columns, key and partition."""
    types = "".join(f"| {name} | `{arrow}` |\n" for name, arrow in tables.TYPES.items())
    return _HEAD + types + "".join(_section(table) for table in TABLES.values())


def _section(table: Table) -> str:
    facts = [_sort(table), f"Key: {_names(table.key)}."] if table.key else [_sort(table)]
    if table.partition:
        facts.append(f"Partitioned by {_names(table.partition)}.")
    rows = "".join(
        f"| `{column.name}` | {column.type} | {'yes' if column.required else ''} | {column.meaning} |\n"
        for column in table.columns
    )
    return (
        f"\n## {table.name}\n\n{table.meaning}\n\n{' '.join(facts)}\n\n"
        f"| Column | Type | Always there | Meaning |\n|---|---|---|---|\n{rows}"
    )


def _sort(table: Table) -> str:
    return "Landing table." if table in (LOADS, *LANDING) else "Computed table."


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


_METRICS_HEAD = """\
# Metrics

Written by `make docs` from `data/metrics.toml`, `data/dimensions.py` and `data/words.py`. Every surface
reads its words and numbers from there; the page Definitions shows them with the terms in force.

What no source reports is "not available", never 0.

"""


def metrics_page() -> str:
    """Text of docs/metrics.md: metrics with their words, dimensions, release rule, glossary."""
    parts = [f"{_METRICS_HEAD}Definitions version `{DEFINITIONS_VERSION}`.\n"]
    for group, title in words.GROUPS.items():
        rows = "".join(_metric_row(metric) for metric in METRICS.values() if words.group_of(metric) == group)
        parts.append(f"## {title}\n\n{_METRICS_COLUMNS}{rows}")
    dimensions = "".join(f"| `{d.name}` {d.label} | {d.meaning} |\n" for d in DIMENSIONS.values())
    parts.append(f"## Dimensions\n\n| Dimension | Means |\n|---|---|\n{dimensions}")
    parts.append("## Release\n\n" + "\n".join(f"- {text}" for text in words.release_words({})) + "\n")
    parts.append(
        "## Evidence\n\nDefined in `data/effects.toml`; `measure` does not answer them (docs/evidence.md).\n"
    )
    parts.append("".join(f"- {name}: {text}\n" for name, text in words.effects().items()))
    for title, told in (("Clocks", words.CLOCKS), ("Nothing", words.FACES), ("Glossary", words.GLOSSARY)):
        parts.append(f"## {title}\n\n" + "".join(f"- {name}: {text}\n" for name, text in told.items()))
    return "\n".join(parts)


_METRICS_COLUMNS = (
    "| Metric | Means | Formula | Unit | Adds up | Class | Better |\n|---|---|---|---|---|---|---|\n"
)


def _metric_row(metric: Metric) -> str:
    weak = f" {words.WEAK}" if metric.weak else ""
    return (
        f"| `{metric.name}` {metric.label} | {metric.meaning}{weak} | {metric.formula} | {metric.unit} "
        f"| {words.adds_up(metric)} | {metric.sensitivity} | {metric.better} |\n"
    )
