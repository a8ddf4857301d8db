"""The released facts as rows: one per group and count with the values it pools, and the unions beside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import polars as pl

from data.answer import Released, Status
from data.cubes import Cubes
from data.dimensions import value_label
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.periods import month_span
from data.placed import touching
from data.question import Question
from data.release import DAY, FEW, FIXED, MONTH, SUMS, TOGETHER, WEEK, parts
from data.untold import Untold, with_reason
from data.viewer import Viewer

SCHEMA: dict[str, type[pl.DataType]] = {
    "additive": pl.Boolean,
    "view": pl.String,
    "campaign": pl.String,
    "campaign_name": pl.String,
    "program": pl.String,
    "line_of_business": pl.String,
    "channel": pl.String,
    "origin": pl.String,
    "month": pl.String,
    "outcome": pl.String,
    "grain": pl.String,
    "group": pl.String,
    "parts": pl.String,
    "first_day": pl.Date,
    "last_day": pl.Date,
    "measure": pl.String,
    "value": pl.Int64,
    "approximate": pl.Boolean,
    "status": pl.String,
    "suppressed": pl.Boolean,
    "reason": pl.String,
}
MEANINGS: dict[str, str] = {
    "additive": "true for a released group, which may be added up; false for a union, which never may",
    "view": "what is told apart beside campaign, channel and time; add up rows of one view alone",
    "campaign": "campaign id; empty in a union over several",
    "campaign_name": "name of the campaign's record",
    "program": "program that the record names",
    "line_of_business": "line of business that the record names",
    "channel": "channel; empty for facts without one, and in a union over several",
    "origin": "rows: known members; counts: totals that a source had added up; empty in a union",
    "month": "month of the group in the plan's zone; empty where undated",
    "outcome": "outcome that is counted, where it is not the campaign's declared one",
    "grain": "day, week (inside the month), two weeks, four weeks or month; what a union is by",
    "group": "values of the view in words; several are told together",
    "parts": "the same values as a JSON list; a list of lists where two things are told apart",
    "first_day": "first day of the group in the plan's zone",
    "last_day": "last day of the group in the plan's zone",
    "measure": "the count; money is in millionths (_micros)",
    "value": "the count in just this group; empty where it is not told, never 0 instead",
    "approximate": "true for a union that is rounded to 10",
    "status": "released, partial, withheld, not available, or cut: the group lies only partly inside",
    "suppressed": "true where the value is withheld to protect members",
    "reason": "why a value is missing or in part",
}
GRAINS = {DAY: "day", WEEK: "week", 2: "two weeks", 3: "four weeks", MONTH: "month"}
CUT = "Only partly inside the period or the values asked for; left out there, as on the screen."
UNIONS = tuple(name for name, metric in METRICS.items() if metric.shape == "union")
UNION_CUTS: tuple[tuple[str, ...], ...] = (
    (),
    ("campaign",),
    ("channel",),
    ("program",),
    ("line_of_business",),
    ("month",),
    ("campaign", "channel"),
    ("campaign", "month"),
    ("channel", "month"),
    ("campaign", "wave"),
    ("campaign", "variant"),
)
BLOCKS = ("campaign", "channel", "origin", "month", "result")


def facts(filters: Filters, viewer: Viewer, cubes: Cubes) -> Iterator[pl.DataFrame]:
    """Every released group in the viewer's scope that touches the filters, then the unions; see `SCHEMA`.

    Frames of some hundred or thousand rows, in an order that depends on the snapshot alone. The rows of one
    view and measure with `additive` add up to what `measure` answers; one whose status is `cut` has no value.
    """
    for view in views_of(filters, cubes):
        question = Question(cubes, filters, viewer, (), view, filters.days(cubes))
        told, hidden = _told(question), _withheld(question)
        for count in (name for name in SUMS if _of(name) in told.columns):
            frame = pl.concat([_groups(told, count), hidden.filter(pl.col("measure") == count)])
            if not frame.is_empty():
                yield frame
    for by in UNION_CUTS:
        frame = _unions(by, filters, viewer, cubes)
        if not frame.is_empty():
            yield frame


def views_of(filters: Filters, cubes: Cubes) -> list[str]:
    """The views that can tell of the values that the filters select: those told apart by all of them."""
    order = [view.name for view in FIXED]
    asked = set(filters.cuts)
    known = [name for name in cubes.views if asked <= set(name.split("|"))]
    return sorted(known, key=lambda name: (order.index(name) if name in order else len(order), name))


def _told(question: Question) -> pl.DataFrame:
    """The rows of the view that touch the question, with the columns of the file and one per count."""
    told = question.cubes.told(str(question.view))
    found = touching(question.cubes.bounds(told), question)
    rows = told[found.rows].with_columns(inside=pl.Series(~found.cut))
    inside = pl.col("inside")
    rows = rows.sort(*BLOCKS, "first_day", "level", "value").rename(_of)
    named = _named(rows, question)
    return named.with_columns(
        whole=inside,
        status=pl.when(inside).then(pl.lit(Status.RELEASED.value)).otherwise(pl.lit("cut")),
        suppressed=pl.lit(False),
        reason=pl.when(~inside).then(pl.lit(CUT)),
    )


def _of(name: str) -> str:
    """The column of a count: `suppressed` is one, and says something else in the file."""
    return f"count {name}" if name in SUMS else name


def _groups(told: pl.DataFrame, count: str) -> pl.DataFrame:
    """The groups of one count."""
    rows = told.filter(pl.col(_of(count)).is_not_null())
    value = pl.when(pl.col("whole")).then(pl.col(_of(count)))
    own = {"measure": pl.lit(count), "value": value}
    return rows.select(own[name].alias(name) if name in own else pl.col(name) for name in SCHEMA)


def _withheld(question: Question) -> pl.DataFrame:
    """The blocks of the question in which a count is told nowhere, with the reason in words."""
    blocks = _kept(question.cubes.told_nowhere(str(question.view)), question)
    if question.span is not None:
        first, last = question.span
        spans = {m: month_span(m) for m in blocks["month"].unique() if m}
        kept = [m for m, days in spans.items() if days[1] >= first and days[0] <= last]
        blocks = blocks.filter(pl.col("month").is_in(kept))
    told = with_reason(blocks, question.cubes)
    words = [Untold(why == FEW, until).whole() for why, until in told.select("why", "until").iter_rows()]
    days = [pl.lit(None, pl.Int32).alias(name) for name in ("level", "first_day", "last_day")]
    reasoned = told.with_columns(
        *days, value=pl.lit(None, pl.String), reason=pl.Series(words, dtype=pl.String)
    )
    return _named(reasoned.sort(*BLOCKS), question).select(
        *(
            pl.lit(None, pl.Int64).alias(name)
            if name == "value"
            else pl.lit(Status.WITHHELD.value).alias(name)
            if name == "status"
            else pl.lit(True).alias(name)
            if name == "suppressed"
            else pl.col(name)
            for name in SCHEMA
        )
    )


def _kept(blocks: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The blocks of the question's campaigns and channels."""
    book = question.cubes.book
    kept = question.keeps(*(book.numbers(name, blocks[name]) for name in ("campaign", "channel")))
    return blocks if kept is None else blocks.filter(pl.Series(kept))


def _named(rows: pl.DataFrame, question: Question) -> pl.DataFrame:
    """The rows with everything of the file that is not a number of theirs."""
    view = str(question.view)
    values = rows["value"].drop_nulls().unique().to_list()
    month = pl.col("month")
    dated = (month // 100).cast(pl.String) + "-" + (month % 100).cast(pl.String).str.zfill(2)
    return _recorded(rows, question.cubes).with_columns(
        pl.lit(True).alias("additive"),
        pl.lit(view).alias("view"),
        pl.when(month != 0).then(dated).alias("month"),
        pl.col("result").alias("outcome"),
        pl.col("level").replace_strict(GRAINS, default=None, return_dtype=pl.String).alias("grain"),
        _mapped("value", {value: group_words(view, value) for value in values}).alias("group"),
        _mapped("value", {value: group_parts(view, value) for value in values}).alias("parts"),
        pl.col("first_day").cast(pl.Date),
        pl.col("last_day").cast(pl.Date),
        pl.lit(False).alias("approximate"),
    )


def _recorded(rows: pl.DataFrame, cubes: Cubes) -> pl.DataFrame:
    """The rows with what the record of their campaign says."""
    known = cubes.campaigns.values()
    named = {"campaign_name": "name", "program": "program", "line_of_business": "line_of_business"}
    return rows.with_columns(
        _mapped("campaign", {one.id: str(getattr(one, of)) for one in known}).alias(name)
        for name, of in named.items()
    )


def _mapped(column: str, words: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(words, default=None, return_dtype=pl.String)


def group_words(view: str, value: str) -> str:
    """A group's value in words, as tables show it."""
    return " + ".join(" · ".join(_coordinates(view, part)) for part in parts(value)) if value else ""


def group_parts(view: str, value: str) -> str:
    """The values that a group pools, as JSON; nothing where the view has none."""
    if not value:
        return ""
    listed = [_coordinates(view, part) for part in parts(value)]
    return json.dumps(listed if "|" in view else [one[0] for one in listed], ensure_ascii=False)


def _coordinates(view: str, part: str) -> list[str]:
    names = view.split("|")
    given = part.split(TOGETHER) if len(names) > 1 else [part]
    return [value_label(name, one) for name, one in zip(names, given, strict=True)]


def _unions(by: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes) -> pl.DataFrame:
    """The distinct members of each stage, for every key of `by`: rows that nobody may add up."""
    answer = measure(UNIONS, by, filters, viewer, cubes)
    rows = [_union(by, row.key, name, row.values[name], cubes) for name in UNIONS for row in answer.rows]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _union(
    by: tuple[str, ...], key: Sequence[object], name: str, value: Released, cubes: Cubes
) -> dict[str, object]:
    told = dict(zip(by, key, strict=True))
    campaign = cubes.campaigns.get(str(told.get("campaign")))
    cut = next((one for one in by if one in ("wave", "variant")), "")
    month = told.get("month")
    return {
        "additive": False,
        "view": "distinct",
        "campaign": told.get("campaign"),
        "campaign_name": campaign and campaign.name,
        "program": campaign.program if campaign else told.get("program"),
        "line_of_business": campaign.line_of_business if campaign else told.get("line_of_business"),
        "channel": told.get("channel"),
        "origin": None,
        "month": f"{int(str(month)) // 100}-{int(str(month)) % 100:02d}" if month else None,
        "outcome": None,
        "grain": " and ".join(by) or "everything",
        "group": group_words(cut, str(told[cut])) if cut else None,
        "parts": group_parts(cut, str(told[cut])) if cut else None,
        "first_day": None,
        "last_day": None,
        "measure": name,
        "value": None if value.value is None else round(value.value),
        "approximate": value.approximate,
        "status": value.status.value,
        "suppressed": value.status is Status.WITHHELD,
        "reason": value.reason,
    }
