"""The month's released figures as one tidy table: campaign x channel x month, and every cut that is told."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from weakref import WeakKeyDictionary

import polars as pl

from config.suggest import nearest
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import DEFINED, DEFINITIONS_VERSION, METRICS
from data.periods import Period, day_date, month_of, month_span
from data.release import FIXED
from data.viewer import Viewer
from exports.answers import frames
from exports.sheet import Sheet, neutralised
from exports.tables import MEANINGS as OF_TABLES

SCHEMA = "1"
COLUMNS: dict[str, type[pl.DataType]] = {
    "schema": pl.String,
    "snapshot": pl.Int64,
    "definitions": pl.String,
    "month": pl.String,
    "campaign": pl.String,
    "campaign_name": pl.String,
    "program": pl.String,
    "line_of_business": pl.String,
    "channel": pl.String,
    "cut": pl.String,
    "group": pl.String,
    "metric": pl.String,
    "unit": pl.String,
    "additive": pl.Boolean,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "approximate": pl.Boolean,
    "status": pl.String,
    "suppressed": pl.Boolean,
    "reason": pl.String,
    "complete": pl.Boolean,
}
"""The columns and their order; `SCHEMA` rises with each change of them."""
KEY = ("month", "campaign", "channel", "cut", "group", "metric")
"""What tells two rows apart."""
MEANINGS: dict[str, str] = {
    **{name: OF_TABLES[name] for name in OF_TABLES if name in COLUMNS},
    "definitions": "version of the metrics' definitions",
    "month": "calendar month in the plan's zone, as 2026-11",
    "campaign": "campaign id",
    "campaign_name": "name of the campaign's record",
    "program": "program that the record names",
    "line_of_business": "line of business that the record names",
    "channel": "channel; empty where members have none yet, and for distinct members over all channels",
    "cut": "what is told apart beside campaign and channel; empty for the figures of all their members",
    "group": "the value of the cut in words; several values may be told together",
    "additive": "true where values of the same metric and cut add up over rows; a rate or a union never does",
}
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
BASE = "operations"
WITHOUT_CHANNEL = frozenset(("arm", "outcome", "outcome_time"))
"""Cuts of members as assigned, who have no channel."""


class MonthRefused(ValueError):
    """No month, or none that can be told of; the message says what to ask for instead."""

    def __init__(self, words: str, malformed: bool = False) -> None:
        super().__init__(words)
        self.malformed = malformed


class CutRefused(ValueError):
    """A cut that does not exist; the message has the near miss."""


@dataclass(frozen=True, eq=False)
class Monthly:
    """One month's table: `frame` has `COLUMNS`; `content` is a mark of its rows without the number of the
    snapshot, so that two snapshots which tell the same have the same."""

    month: int
    cuts: tuple[str, ...]
    snapshot: int
    frame: pl.DataFrame = field(repr=False)
    content: str = ""

    @property
    def name(self) -> str:
        """Of its files, without what says the format."""
        return f"reachboard-monthly-{written(self.month)}-snapshot-{self.snapshot}-{self.content[:8]}"

    @property
    def sheet(self) -> Sheet:
        words = f"{written(self.month)} · all campaigns in scope"
        told = dict.fromkeys(self.frame["metric"].unique(maintain_order=True))
        return Sheet(
            "reports", "monthly", "Monthly export", self.snapshot, words, f"monthly {SCHEMA}", dict(COLUMNS),
            lambda: iter([self.frame]), lambda: self.frame.height, (written(self.month),), tuple(told),
            MEANINGS,
        )  # fmt: skip


def written(month: int) -> str:
    """202611 as `2026-11`."""
    return f"{month // 100}-{month % 100:02d}"


def parsed(text: str) -> int:
    """`2026-11` as 202611; MonthRefused where it is none."""
    found = MONTH.fullmatch(text)
    if found is None:
        raise MonthRefused(f"month is a month written like 2026-11, not {text[:40]!r}.", malformed=True)
    return int(found[1]) * 100 + int(found[2])


def months(viewer: Viewer, cubes: Cubes) -> tuple[int, int] | None:
    """The first and the last month with figures in the viewer's scope; None where there are none."""
    if not cubes.has_view(BASE):
        return None
    kept = Filters().campaigns(cubes, viewer)
    told = cubes.told(BASE).filter(pl.col("campaign").is_in(kept), pl.col("month") != 0)["month"]
    first = told.min()
    return (first, max(first, month_of(cubes.today))) if isinstance(first, int) else None


def known(month: int, viewer: Viewer, cubes: Cubes) -> int:
    """The month, where it can be told of; else MonthRefused with what to ask for."""
    span = months(viewer, cubes)
    if span is None:
        raise MonthRefused("There are no figures yet. Load messages or assignments first, then ask again.")
    first, last = span
    if month > last:
        through = day_date(cubes.today).isoformat()
        told = f"{written(month)} lies after the data, which go to {through}."
        raise MonthRefused(f"{told} Ask for {written(last)} or earlier.")
    if month < first:
        raise MonthRefused(
            f"{written(month)} lies before the data. Ask for {written(first)} to {written(last)}."
        )
    return month


def lately(many: int, viewer: Viewer, cubes: Cubes) -> list[int]:
    """The last so many months with figures, the earliest first."""
    span = months(viewer, cubes)
    if span is None:
        return []
    found: list[int] = []
    month = span[1]
    while month >= span[0] and len(found) < many:
        found.append(month)
        month = month - 1 if month % 100 > 1 else month - 89
    return found[::-1]


def cuts(cubes: Cubes) -> list[str]:
    """The cuts in which something is told, by name."""
    return sorted(name for name in cubes.views if name != BASE)


def chosen(names: Sequence[str] | None, cubes: Cubes) -> tuple[str, ...]:
    """The cuts of these names, in order; None means all. CutRefused for one that does not exist."""
    there = cuts(cubes)
    if names is None:
        return tuple(there)
    for name in names:
        if name not in there:
            raise CutRefused(f"There is no cut {name!r}. {nearest(name, there)}".strip())
    return tuple(one for one in there if one in names)


_last: WeakKeyDictionary[Cubes, tuple[object, Monthly]] = WeakKeyDictionary()
_lock = threading.Lock()


def monthly(month: int, cuts: tuple[str, ...], viewer: Viewer, cubes: Cubes) -> Monthly:
    """A month's table in the viewer's row scope. The last one is kept: pages of it are asked for in turn."""
    key = (month, cuts, viewer.scope)
    with _lock:
        held = _last.get(cubes)
    if held is not None and held[0] == key:
        return held[1]
    made = _made(month, cuts, viewer, cubes)
    with _lock:
        _last[cubes] = (key, made)
    return made


def _made(month: int, cuts: tuple[str, ...], viewer: Viewer, cubes: Cubes) -> Monthly:
    first, last = (day_date(one) for one in month_span(month))
    filters = Filters(period=Period("custom", first, last), compare="none")
    empty = pl.DataFrame(schema=COLUMNS)
    parts = [empty, *(_rows(*one, month, filters, viewer, cubes) for one in _questions(cuts))]
    frame = neutralised(pl.concat(parts))
    return Monthly(month, cuts, cubes.snapshot.number, frame, mark(frame))


def mark(frame: pl.DataFrame) -> str:
    """SHA-256 of everything that rows tell but the number of their snapshot."""
    return sha256(frame.drop("snapshot").write_csv().encode()).hexdigest()


def _questions(cuts: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Cut, what to group by, and the metrics that have a sense so."""
    assigned = tuple(name for name, one in METRICS.items() if one.without_channel)
    sent = tuple(name for name, one in METRICS.items() if not one.without_channel)
    unions = tuple(name for name, one in METRICS.items() if one.is_union)
    yield "", ("campaign", "channel"), sent
    yield "", ("campaign",), (*assigned, *unions)
    for cut in cuts:
        names = tuple(cut.split("|"))
        if WITHOUT_CHANNEL.isdisjoint(names):
            yield cut, ("campaign", "channel", *names), sent
        yield cut, ("campaign", *names), assigned


def _rows(
    cut: str, by: tuple[str, ...], metrics: tuple[str, ...], month: int, filters: Filters, viewer: Viewer,
    cubes: Cubes,
) -> pl.DataFrame:  # fmt: skip
    """The rows of one question; of a metric that a cut cannot tell at all there is none."""
    answer = measure(metrics, by, filters, viewer, cubes)
    if not len(answer.rows):
        return pl.DataFrame(schema=COLUMNS)
    frame = pl.concat(list(frames(answer, filters, viewer, cubes)))
    if cut:
        frame = frame.filter(pl.col("status") != "not available")
    return frame.with_columns(
        schema=pl.lit(SCHEMA),
        snapshot=pl.lit(cubes.snapshot.number),
        definitions=pl.lit(DEFINITIONS_VERSION),
        month=pl.lit(written(month)),
        program=_recorded("program", cubes),
        line_of_business=_recorded("line_of_business", cubes),
        channel=pl.col("channel") if "channel" in by else pl.lit(None, pl.String),
        cut=pl.lit(cut),
        group=pl.concat_str(cut.split("|"), separator=" · ") if cut else pl.lit(None, pl.String),
        additive=_adds_up(cut),
    ).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


def _recorded(of: str, cubes: Cubes) -> pl.Expr:
    told = {name: str(getattr(one, of)) for name, one in cubes.campaigns.items()}
    return pl.col("campaign").replace_strict(told, default=None, return_dtype=pl.String)


def _adds_up(cut: str) -> pl.Expr:
    """Whether a metric adds up over the rows of its cut: a member may stand in several waves and variants."""
    overlapping = any(view.overlapping for view in FIXED if view.name == cut)
    names = [
        name for name, one in DEFINED.items() if one.additive and not (overlapping and one.unit == "mbr")
    ]
    return pl.col("metric").is_in(names)
