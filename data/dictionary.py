"""The dictionaries of docs/: tables.md and metrics.md, written from the definitions themselves."""

from __future__ import annotations

from data import tables
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

Written by `make docs` from `data/metrics.toml`. Every surface reads its words and numbers from there.

- Unit: `msg` counts messages, `mbr` members, each once per campaign, channel and stage, so
  that they add up over dates; a `union` counts distinct members over everything asked for and adds up over
  nothing.
- A message counts on the day it was sent, a member on the day of the first message there, an assignment
  on the day it was made.
- Class: `operational` facts about our messages are free per campaign, channel and day; `member` metrics
  always pass the release rule.
- What no source reports is "not available", never 0.

"""


def metrics_page() -> str:
    """Text of docs/metrics.md: every metric with its formula, unit, additivity, class and direction."""
    head = "| Metric | Means | Formula | Unit | Adds up | Class | Better |\n|---|---|---|---|---|---|---|\n"
    rows = "".join(_metric_row(metric) for metric in METRICS.values())
    return f"{_METRICS_HEAD}Definitions version `{DEFINITIONS_VERSION}`.\n\n{head}{rows}"


def _metric_row(metric: Metric) -> str:
    weak = " Weak evidence: never ranked by." if metric.weak else ""
    adds = "yes" if metric.additive else "no"
    return (
        f"| `{metric.name}` {metric.label} | {metric.meaning}{weak} | {metric.formula} | {metric.unit} "
        f"| {adds} | {metric.sensitivity} | {metric.better} |\n"
    )
