"""Tables and bars of the monthly report: by campaign, region and segment, responses, year, experiments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from data.answer import Released, Row, Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.dimensions import value_label
from data.filters import Filters
from data.metrics import DEFINED, METRICS
from data.question import ONE_AT_A_TIME
from data.release import NO_PROFILE, UNKNOWN
from data.viewer import Viewer
from documents import model
from documents.model import Bars, Column, Table, Value
from pages import evidence_words
from pages import monthly_questions as questions
from pages.monthly_month import MONTH, named, written, year_before
from pages.monthly_year import change
from ui.deltas import Delta
from ui.document import value_of
from ui.links import campaign_link, experiment_link
from ui.numbers import MINUS, NOTHING, percent
from ui.numbers import written as number

PATH = "/reports/monthly"
PAIRS = (("delivered", "delivered_rate"), ("members_responded", "response_rate"))
LAST = (SEVERAL, NO_PROFILE, UNKNOWN)
OPENED = "Opened"
TONES = {"neutral": "even"}
RESULTS = (
    "verdict", "observed_outcomes", "expected_outcomes", "incremental_outcomes",
    "cost_per_incremental_outcome", "roi",
)  # fmt: skip
NO_ATTRIBUTE = "No source states the {} of members."
NOTHING_SENT = "Nothing was sent in this month, in what is selected."


def address(month: int, filters: Filters, **more: str) -> str:
    """Address of the page for a month and what it is narrowed to."""
    return f"{PATH}?{urlencode({**query(month, filters), **more})}"


def query(month: int, filters: Filters) -> dict[str, str]:
    """The parameters of the page's address."""
    kept = {k: v for k, v in filters.query().items() if k not in ("from", "to", "period", "compare")}
    return {MONTH: written(month), **kept}


def by_campaign(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Bars:
    """A row per campaign of the month, which leads to the campaign's own page over the same days."""
    rows = [row for row in questions.campaigns(filters, viewer, cubes).rows if questions.active(row)]
    opens = _opens("campaign", filters, viewer, cubes)
    return _bars(
        "campaigns", "By campaign", "campaign", rows, opens,
        lambda name: cubes.campaigns[name].name,
        lambda name: campaign_link(name, filters),
    )  # fmt: skip


def by_attribute(name: str, month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Bars:
    """A row per region or segment, which leads to the same page narrowed to it."""
    table = f"{name}s"
    title = f"By {name}"
    if name not in cubes.attributes:
        return Bars(table, title, _columns(name), (), empty=NO_ATTRIBUTE.format(name))
    answer = questions.by_attribute(name, filters, viewer, cubes)
    reason = ONE_AT_A_TIME if ONE_AT_A_TIME in answer.notes else answer.unavailable.get("sent", "")
    rows = [row for row in answer.rows if questions.active(row)]

    def link(value: str) -> str:
        if value in LAST:
            return ""
        kept = {**dict(filters.attributes), name: (value,)}
        return address(month, replace(filters, attributes=tuple(sorted(kept.items()))))

    made = _bars(
        table, title, name, rows, _opens(name, filters, viewer, cubes),
        lambda value: value_label(name, value), link,
    )  # fmt: skip
    return made if made.rows else Bars(table, title, made.columns, (), empty=reason or NOTHING_SENT)


def _opens(by: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, Mapping[str, Released]]:
    return {str(row.key[0]): row.values for row in questions.opens((by,), filters, viewer, cubes).rows}


def _columns(first: str) -> tuple[Column, ...]:
    return (
        Column(first, first.capitalize(), False),
        Column("sent", METRICS["sent"].label),
        Column("delivered_rate", METRICS["delivered"].label),
        Column("open_rate", f"{OPENED}, e-mail"),
        Column("response_rate", "Responded"),
    )


def _bars(
    name: str,
    title: str,
    first: str,
    rows: Sequence[Row],
    opens: Mapping[str, Mapping[str, Released]],
    label: Callable[[str], str],
    link: Callable[[str], str],
) -> Bars:
    ordered = sorted(rows, key=lambda row: (row.key[0] in LAST, -(row.values["sent"].value or 0)))
    made = tuple(
        model.Row(
            label(str(row.key[0])),
            (
                value_of(row.values["sent"], METRICS["sent"]),
                with_share(row.values, *PAIRS[0]),
                open_range(opens.get(str(row.key[0]), {})),
                with_share(row.values, *PAIRS[1]),
            ),
            str(row.key[0]),
            link(str(row.key[0])),
        )
        for row in ordered
    )
    caption = "Bars: messages sent. Opened is a range: by humans – by anybody or anything."
    return Bars(name, title, _columns(first), made, caption, empty=NOTHING_SENT)


def with_share(values: Mapping[str, Released], name: str, rate: str) -> Value:
    """A count with its share behind it: `13,991 (92.5%)`; the value itself is the share, where it is told."""
    count, share = values[name], values[rate]
    told = value_of(share, METRICS[rate])
    if share.value is None:
        return told if count.value is None else value_of(count, METRICS[name])
    return with_text(told, f"{number(count, METRICS[name])} ({told.text})")


def open_range(values: Mapping[str, Released]) -> Value:
    """Opens as a range, human to all; at most the upper end where the lower one is not told."""
    every = values.get("open_rate", Released(None, Status.NOT_AVAILABLE, reason=""))
    human = values.get("open_rate_human")
    told = value_of(every, METRICS["open_rate"])
    if every.value is None:
        return told
    if human is None or human.value is None or human.value > every.value:
        return with_text(told, f"up to {told.text}")
    return with_text(told, f"{percent(human.value)} – {told.text}")


def with_text(value: Value, text: str) -> Value:
    """The same value, written in another way."""
    return Value(
        text, value.metric, value.value, value.status, value.reason, value.numerator, value.denominator,
        value.approximate,
    )  # fmt: skip


def responses(filters: Filters, viewer: Viewer, cubes: Cubes) -> Table:
    """Responses by kind, and each declared outcome, as members and as a share of those delivered to."""
    columns = (
        Column("kind", "Response", False),
        Column("members", "Members"),
        Column("of", "Of delivered to"),
        Column("share", "Share"),
        Column("state", "State", False),
    )
    whole = questions.figures(filters, viewer, cubes)
    rows = [
        _response(METRICS[count].label, whole.one(count), whole.one(rate), (count, rate), "")
        for count, rate in questions.RESPONSES
    ]
    for outcome, answer in questions.declared(filters, viewer, cubes).items():
        names = ("conversions", "conversion_rate")
        state = questions.state(outcome, filters, viewer, cubes)
        told = answer.one(names[0]), answer.one(names[1])
        rows.append(_response(outcome_words(outcome), *told, names, state))
    note = "Share: over the same groups as the members it divides. An outcome is observed, not caused."
    return Table("responses", "Responses and declared outcomes", columns, tuple(rows), note=note)


def _response(label: str, count: Released, rate: Released, names: tuple[str, str], state: str) -> model.Row:
    base = Released(rate.denominator, rate.status, reason=rate.reason)
    told = (
        value_of(count, METRICS[names[0]]),
        value_of(base, METRICS["members_delivered"]),
        value_of(rate, METRICS[names[1]]),
        Value(state or "complete"),
    )
    return model.Row(label, told, names[0])


def outcome_words(outcome: str) -> str:
    """`Well child visit` of `well_child_visit`: an outcome as its source names it, readable."""
    words = outcome.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def year(month: int, filters: Filters, viewer: Viewer, cubes: Cubes) -> Table:
    """Each figure beside the same month of the year before."""
    now, before = (row.values for row in questions.year(filters, viewer, cubes).rows)
    columns = (
        Column("metric", "Figure", False),
        Column("now", named(month)),
        Column("before", named(year_before(month))),
        Column("change", "Change", False),
    )
    rows = []
    for name in questions.year_metrics(filters):
        found = change(name, now[name], before[name], month, filters, viewer, cubes)
        pair = (value_of(one[name], METRICS[name]) for one in (now, before))
        rows.append(model.Row(METRICS[name].label, (*pair, Value(change_words(found))), name))
    opened = (open_range(one) for one in (now, before))
    same = change("open_rate", now["open_rate"], before["open_rate"], month, filters, viewer, cubes)
    told = "weak evidence: not compared" if same.tone != "none" else change_words(same)
    rows.append(model.Row(f"{OPENED}, e-mail", (*opened, Value(told)), "open_rate"))
    return Table("year", f"{named(month)} and {named(year_before(month))}", columns, tuple(rows))


def change_words(found: Delta) -> str:
    """`+12.3% better`, or why the two are not compared."""
    return f"{found.text} {found.word}".strip()


def is_change(words: str) -> bool:
    """Whether the words of a change say how two figures stand to each other, not why they do not."""
    return words.startswith(("+", MINUS, "no change"))


def tone(found: Delta) -> str:
    """The tone of a change as documents name it."""
    return TONES.get(found.tone, found.tone)


def experiments(filters: Filters, viewer: Viewer, cubes: Cubes) -> Table:
    """What the outreach of each campaign of the month caused, over its whole schedule, and its return."""
    answer = questions.experiments(filters, viewer, cubes)
    labels = {"roi": "ROI", "observed_outcomes": "Observed", "expected_outcomes": "Expected"}
    columns = (
        Column("campaign", "Campaign", False),
        *(Column(name, labels.get(name, DEFINED[name].label), name != "verdict") for name in RESULTS),
    )
    rows = tuple(
        model.Row(
            cubes.campaigns[str(row.key[0])].name,
            tuple(_result(name, row.values) for name in RESULTS),
            str(row.key[0]),
            experiment_link(str(row.key[0])),
        )
        for row in answer.rows
    )
    note = (
        "Over all members assigned to a campaign, whenever that was: picking a month would pick a result. "
        "In brackets the 95 % range. ROI: value of the incremental outcomes less cost, over cost."
    )
    return Table("experiments", "What outreach caused", columns, rows, note=note, empty=NOTHING_SENT)


def _result(name: str, values: Mapping[str, Released]) -> Value:
    told = value_of(values[name], DEFINED[name])
    if name == "incremental_outcomes" and (ends := evidence_words.range_words(values)):
        return with_text(told, f"{told.text} ({ends})")
    if name == "roi" and told.value is not None:
        ends = " to ".join(number(values[one], DEFINED[one]) for one in ("roi_low", "roi_high"))
        return with_text(told, f"{told.text} ({ends})")
    said = name in ("verdict", "observed_outcomes") or values["incremental_outcomes"].value is not None
    if said or told.value is not None:
        return told
    # One cell of the row says why; the others would only repeat it.
    return with_text(told, NOTHING) if name == "incremental_outcomes" else Value(NOTHING, name)
