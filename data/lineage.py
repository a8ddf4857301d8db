"""From a figure back to the loads it is made of, and from a load on to what it told of."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import polars as pl

from data.catalogue import Catalogue
from data.cubes import Cubes
from data.kept import kept_of
from data.metrics import Metric

# What a figure is computed by, in order: models of the ETL, from the landed rows on. A test holds them to it.
MADE_BY: dict[str, tuple[str, ...]] = {
    "messages": ("messages", "message_cells"),
    "members": ("messages", "touches", "member_cells"),
    "unions": ("messages", "touches", "member_cells", "reach_marks"),
    "assigned": ("assigned", "assignment_cells"),
    "outcomes": ("assigned", "assignment_outcomes", "outcome_cells"),
}
MESSAGES, TOTALS, ASSIGNMENTS = "messages", "totals", "assignments"
OUTCOMES, RECORDS, MEMBERS = "outcomes", "records", "members"
BEHIND_OUTCOMES = frozenset(("with_outcome", "value_micros", "members_converted", "converted", "attributed"))
DEFAULT_THRESHOLD = 11


@dataclass(frozen=True)
class Asked:
    """A figure to be traced: its metric, and what it is narrowed to (empty and 0: everything)."""

    metric: Metric
    campaign: str
    channel: str = ""
    month: int = 0


@dataclass(frozen=True)
class Part:
    """What one load gave to a figure: its load id, and the kinds of rows by which it did."""

    load_id: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Touched:
    """What a load told of: campaigns by kind and channel, with the first and last month (0: undated)."""

    kind: str
    campaign: str
    channel: str
    outcome: str
    first: int
    last: int


_kept: WeakKeyDictionary[Cubes, pl.DataFrame] = WeakKeyDictionary()
_lock = threading.Lock()


def shown(cubes: Cubes) -> pl.DataFrame:
    """The lineage of a snapshot without the parts that fewer than the threshold stand behind.

    How many stand behind a part is never told: beside counts of the same messages it would be a new sum.
    """
    with _lock:
        known = _kept.get(cubes)
    if known is None:
        known = _read(cubes)
        with _lock:
            _kept[cubes] = known
    return known


def _read(cubes: Cubes) -> pl.DataFrame:
    version = cubes.snapshot.versions.get("lineage")
    fewest = int(cubes.snapshot.terms.get("threshold", DEFAULT_THRESHOLD))
    where = "false" if version is None else f"behind >= {fewest} or kind = '{RECORDS}'"
    return cubes.lake.frame("lineage", version, where).drop("behind")


def made_by(metric: Metric) -> tuple[str, ...]:
    """The models that a metric's figures come from."""
    columns = set(metric.columns)
    if columns & {"with_outcome", "value_micros"}:
        return MADE_BY["outcomes"]
    if metric.without_channel:
        return MADE_BY["assigned"]
    if metric.is_union:
        return MADE_BY["unions"]
    of_members = any(name.startswith("members_") or name == "attributed" for name in columns)
    return MADE_BY["members" if of_members else "messages"]


def kinds_of(metric: Metric) -> tuple[str, ...]:
    """The kinds of rows that a metric's figures are made of."""
    kinds = [ASSIGNMENTS] if metric.without_channel else [MESSAGES, TOTALS]
    if not metric.without_channel and metric.sensitivity == "member":
        kinds.append(MEMBERS)
    if set(metric.columns) & BEHIND_OUTCOMES:
        kinds += [OUTCOMES, RECORDS]
    if "cost_micros" in metric.columns:
        kinds.append(RECORDS)
    return tuple(dict.fromkeys(kinds))


def parts(asked: Asked, cubes: Cubes, known: Catalogue) -> list[Part]:
    """The loads that a figure is made of, newest first: of those, whatever enough stand behind."""
    frame = shown(cubes)
    kinds = kinds_of(asked.metric)
    found = frame.filter(pl.col("kind").is_in(kinds) & _belongs(asked, known))
    if found.filter(pl.col("kind").is_in((MESSAGES, TOTALS, ASSIGNMENTS))).is_empty():
        return []
    order = {load_id: place for place, load_id in enumerate(known.loads["load_id"])}
    grouped = found.group_by("load_id").agg(pl.col("kind").unique().sort())
    rows = [Part(load_id, tuple(names)) for load_id, names in grouped.iter_rows() if load_id in order]
    return sorted(rows, key=lambda one: order[one.load_id])


def _belongs(asked: Asked, known: Catalogue) -> pl.Expr:
    """Which rows belong to a figure: each kind is tied to a campaign, channel and month in its own way."""
    kind, month = pl.col("kind"), pl.col("month")
    here = pl.col("campaign") == asked.campaign
    sent = here & ((pl.col("channel") == asked.channel) if asked.channel else pl.lit(True))
    dated = (month == asked.month) if asked.month else pl.lit(True)
    terms = known.terms.filter(pl.col("campaign") == asked.campaign)
    outcome = pl.col("outcome").is_in(terms["outcome"].to_list()) & (here | (pl.col("campaign") == ""))
    later = (month >= asked.month) | (month == 0) if asked.month else pl.lit(True)
    return (
        (kind.is_in((MESSAGES, TOTALS)) & sent & dated)
        | ((kind == ASSIGNMENTS) & here & dated)
        | ((kind == OUTCOMES) & outcome & later)
        | ((kind == RECORDS) & here)
        | (kind == MEMBERS)
    )


def touched(load_id: int, cubes: Cubes) -> list[Touched]:
    """What a load told of, by kind, campaign, channel and outcome."""
    own = shown(cubes).filter(pl.col("load_id") == load_id)
    by = ["kind", "campaign", "channel", "outcome"]
    dated = pl.col("month").filter(pl.col("month") > 0)
    found = own.group_by(by).agg(first=dated.min().fill_null(0), last=dated.max().fill_null(0))
    return [Touched(*row) for row in found.sort(by).iter_rows()]


def months(campaign: str, cubes: Cubes) -> list[int]:
    """The months of a campaign's messages and assignments, newest first."""
    return list(_months(cubes).get(campaign, []))


@kept_of
def _months(cubes: Cubes) -> dict[str, list[int]]:
    own = shown(cubes).filter(pl.col("kind").is_in((MESSAGES, TOTALS, ASSIGNMENTS)) & (pl.col("month") != 0))
    found: dict[str, list[int]] = {}
    for campaign, month in (
        own.select("campaign", "month").unique().sort("month", descending=True).iter_rows()
    ):
        found.setdefault(campaign, []).append(month)
    return found


def loads_of(campaign: str, channel: str, first_month: int, last_month: int, cubes: Cubes) -> list[int]:
    """The loads that told of a campaign's messages in some months (0: in all of them)."""
    own = shown(cubes).filter(
        (pl.col("campaign") == campaign)
        & pl.col("kind").is_in((MESSAGES, TOTALS))
        & ((pl.col("channel") == channel) if channel else pl.lit(True))
        & (pl.col("month").is_between(first_month, last_month) if first_month else pl.lit(True))
    )
    return sorted(own["load_id"].unique())
