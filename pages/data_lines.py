"""The lines of a reconciliation: for each figure that a platform told, the bridge from theirs to ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from data.answer import Answer, Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.lineage import DEFAULT_THRESHOLD, loads_of
from data.metrics import METRICS, Metric
from data.periods import Period, day_date, month_of
from data.viewer import Viewer
from insight.bridge import Bound, Bridge, Verdict, bridge, needed
from pages import data_questions as questions
from pages.answers import ask
from state.totals import Brought

DAY_US = 86_400_000_000
UNKNOWN = Released(None, Status.NOT_AVAILABLE, reason="We know of no message of it in these days.")
ORDER = (
    Verdict.UNEXPLAINED,
    Verdict.POSSIBLE,
    Verdict.EXPLAINED,
    Verdict.AGREES,
    Verdict.WITHHELD,
    Verdict.NOT_AVAILABLE,
)
Span = tuple[int | None, int | None]


@dataclass(frozen=True)
class Line:
    """One figure of one row of theirs. `channel` is empty for all, `span` (None, None) for all time."""

    campaign: str
    channel: str
    span: Span
    metric: Metric
    bridge: Bridge


def lines(brought: Brought, viewer: Viewer, cubes: Cubes) -> list[Line]:
    """Every line of what was brought, what is unexplained first; campaigns out of sight are left out."""
    seen = set(questions.visible(viewer, cubes))
    rows = [row for row in brought.rows if row["campaign"] in seen]
    asked = _Asked(rows, brought.at_us, viewer, cubes)
    found = [
        Line(
            row["campaign"], row["channel"], _span(row), METRICS[name], asked.bridge(row, name, float(theirs))
        )
        for row in rows
        for name, theirs in row["values"].items()
        if name in METRICS
    ]
    names = {one: cubes.campaigns[one].name for one in seen}
    return sorted(
        found,
        key=lambda one: (
            ORDER.index(one.bridge.verdict),
            names[one.campaign],
            one.channel,
            one.span[0] or 0,
            one.metric.name,
        ),
    )


def _span(row: Any) -> Span:
    return row["first_day"], row["last_day"]


class _Asked:
    """Ours, asked once for each span of days and by campaign, or by campaign and channel."""

    def __init__(self, rows: Sequence[Any], at_us: int, viewer: Viewer, cubes: Cubes) -> None:
        self.viewer, self.cubes, self.at_us = viewer, cubes, at_us
        self.known = questions.whole(viewer, cubes)
        wanted = dict.fromkeys(name for row in rows for name in row["values"] if name in METRICS)
        self.metrics = tuple(dict.fromkeys([*needed(wanted), "unlinked"]))
        self.answers: dict[tuple[Span, bool], dict[tuple[object, ...], dict[str, Released]]] = {}

    def bridge(self, row: Any, name: str, theirs: float) -> Bridge:
        told = self.told(row, _span(row))
        if not told:
            return Bridge(Verdict.NOT_AVAILABLE, reason=UNKNOWN.reason)
        guard = protected(METRICS[name], self.cubes)
        first = bridge(name, theirs, told, protected=guard)
        if first.verdict is not Verdict.UNEXPLAINED:
            return first
        return bridge(name, theirs, told, protected=guard, bounds=list(self.bounds(row, name, told)))

    def told(self, row: Any, span: Span) -> dict[str, Released]:
        by_channel = bool(row["channel"])
        key = (span, by_channel)
        if key not in self.answers:
            self.answers[key] = _by_key(self.ask(span, by_channel))
        return self.answers[key].get(
            (row["campaign"], row["channel"]) if by_channel else (row["campaign"],), {}
        )

    def ask(self, span: Span, by_channel: bool) -> Answer:
        by = ("campaign", "channel") if by_channel else ("campaign",)
        return ask(self.metrics, by, Filters(_period(span), "none"), self.viewer, self.cubes)

    def bounds(self, row: Any, name: str, told: dict[str, Released]) -> Iterable[Bound]:
        """What may explain a rest: rows of its files that did not count, what is to come, the days' ends."""
        yield from _of_files(self.files(row))
        yield from self.waiting(row)
        yield from self.late(row)
        yield from self.borders(row, name)
        unlinked = told.get("unlinked")
        if METRICS[name].unit == "mbr" and unlinked and unlinked.status is Status.RELEASED:
            words = "Messages to addresses that belong to no known member count as messages only."
            yield Bound(words, unlinked.value or 0.0)

    def files(self, row: Any) -> pl.DataFrame:
        first, last = _span(row)
        months = (0, 0) if first is None or last is None else (month_of(first), month_of(last))
        return self.known.loads.filter(
            pl.col("load_id").is_in(loads_of(row["campaign"], row["channel"], *months, self.cubes))
        )

    def waiting(self, row: Any) -> Iterable[Bound]:
        sources = set(self.files(row)["source"])
        rest = self.known.loads.filter(
            (pl.col("seq") > self.cubes.snapshot.load_seq) & pl.col("source").is_in(list(sources))
        )
        if rest.height:
            words = "Rows of the same sources were loaded and wait for the next refresh."
            yield Bound(words, float(rest["loaded"].sum()))

    def late(self, row: Any) -> Iterable[Bound]:
        """Whether theirs may reach further than ours do; nobody knows by how much."""
        through, last = self.cubes.through, row["last_day"]
        end = self.cubes.campaigns[row["campaign"]].end_day
        reached = self.at_us // DAY_US if last is None else last
        if reached > through and (end is None or end >= through):
            words = f"Ours reach {day_date(through).isoformat()}; what came later is in theirs alone."
            yield Bound(words, None)

    def borders(self, row: Any, name: str) -> Iterable[Bound]:
        """What lies on the days on either side of the border, which another time zone would move over it."""
        first, last = _span(row)
        if first is None or last is None:
            return
        for more, days in ((True, (first - 1, last + 1)), (False, (first, last))):
            near = [self.told(row, (day, day)).get(name) for day in dict.fromkeys(days)]
            if all(one is None or one.status is Status.RELEASED for one in near):
                most = sum(one.value or 0.0 for one in near if one is not None)
                side = "just outside" if more else "on the first and last day"
                words = f"Messages {side}, which a report in another time zone counts otherwise."
                yield Bound(words, most, more)


def _of_files(loads: pl.DataFrame) -> Iterable[Bound]:
    for column, words in (
        ("refused", "Rows of its files that were refused."),
        ("skipped", "Rows of its files that a rule leaves out, such as test messages."),
        ("already_present", "Rows of its files that came twice, and count once."),
    ):
        yield Bound(words, float(loads[column].sum()) if loads.height else 0.0)


def protected(metric: Metric, cubes: Cubes) -> int:
    """The threshold for what members did, and for everything in the strict profile; 0 for other messages."""
    terms = cubes.snapshot.terms
    if metric.sensitivity == "operational" and terms.get("profile") != "strict":
        return 0
    return int(terms.get("threshold", DEFAULT_THRESHOLD))


def _by_key(answer: Answer) -> dict[tuple[object, ...], dict[str, Released]]:
    return {row.key: row.values for row in answer.rows}


def _period(span: Span) -> Period:
    if span[0] is None or span[1] is None:
        return Period("all_time")
    return Period("custom", day_date(span[0]), day_date(span[1]))


def span_words(span: Span) -> str:
    """The days of a line in words."""
    first, last = span
    if first is None or last is None:
        return "all time"
    start, end = day_date(first), day_date(last)
    if first == last:
        return start.isoformat()
    if start.day == 1 and day_date(last + 1).day == 1 and month_of(first) == month_of(last):
        return f"{start:%B %Y}"
    return f"{start.isoformat()} to {end.isoformat()}"


def counted(found: Sequence[Line]) -> dict[Verdict, int]:
    """How many lines end in each verdict."""
    return {verdict: n for verdict in ORDER if (n := sum(one.bridge.verdict is verdict for one in found))}
