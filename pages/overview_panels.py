"""The Overview's panels: a question's answer in, what is shown of it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Released, Status
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.periods import Period
from data.viewer import Viewer
from pages import findings, questions
from pages.answers import ask
from pages.buckets import NOTHING, buckets_of, key_of, rates_of
from pages.campaign_days import marks_of
from pages.coarser import BY_MONTHS, whole_months
from pages.day_notes import listed
from pages.overview_ids import Ids
from pages.table import chart_link
from pages.table import csv_link as csv_of
from state.store import Note
from ui import bars, figures, html, tables
from ui.aria import Children, aria
from ui.faces import no_data, not_available, withheld
from ui.icon import icon
from ui.marks import with_marks
from ui.numbers import written
from ui.panels import panel
from ui.theme import GRAPH_CONFIG, scheme_of

FUNNEL_NOTE = (
    "Opened is a range: by humans – by anyone, mail proxies included. "
    "Shares are of the members delivered to where the stage is reported."
)

PART_NOTE = "Counts in part leave out different groups; each share is over the same ones."


def csv_link(table: str, filters: Filters, viewer: Viewer, **more: str) -> list[Component]:
    """The link to one of the page's tables as CSV."""
    return csv_of("overview", table, filters, viewer, **more)


def scope(filters: Filters, problems: Sequence[str], viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The filters in words, what the address asked for in vain, and what the figures leave out."""
    answer = questions.campaigns(filters, viewer, cubes)
    kept = filters.campaigns(cubes, viewer)
    against = html.Span(_against(filters, cubes), className="scope-against")
    told: list[Children] = ["Showing ", filters.sentence(cubes), against]
    words: list[Component] = [html.P(told, className="scope-sentence")]
    hidden: list[Component] = tables.hidden_words(
        [answer, questions.cards(filters, viewer, cubes), questions.channels(filters, viewer, cubes)]
    )
    words += [html.P(hidden, className="scope-hidden")] if hidden else []
    notes: list[Component] = [
        html.Li([icon("exclamation-triangle"), html.Span(text)], className="problem") for text in problems
    ]
    for text in answer.notes:
        link: list[Any] = (
            [" ", html.A("Show all time", href=all_time(filters))] if "only in All time" in text else []
        )
        notes.append(html.Li([icon("info-circle"), html.Span([text, *link])]))
    if wider := whole_months(filters, hidden, viewer, cubes):
        shown = html.A(f"Show {wider.sentence(cubes).split(' · ')[0]}", href=f"/{wider.url()}")
        notes.append(html.Li([icon("info-circle"), html.Span([f"{BY_MONTHS} ", shown])]))
    if not kept:
        notes.append(html.Li([icon("info-circle"), html.Span("No campaign fits these filters together.")]))
    return [html.Div(words, className="scope-words"), *([html.Ul(notes, className="notes")] if notes else [])]


def _against(filters: Filters, cubes: Cubes) -> str:
    """The days that changes are counted against."""
    earlier = filters.compared(cubes)
    if earlier is None:
        every = filters.days(cubes) is None and filters.compare != "none"
        return " · all time has no earlier period to compare with" if every else ""
    span = earlier.sentence(cubes).split(" · ")[0]
    return f" · compared with {span}"


def all_time(filters: Filters) -> str:
    """Address of the same filters over all time."""
    return "/" + replace(filters, period=Period("all_time")).url()


def trend(
    filters: Filters, viewer: Viewer, cubes: Cubes, theme: object, notes: Sequence[Note] = ()
) -> list[Component]:
    """Deliveries as bars over the rate of clicks; a bucket in which nothing happened keeps its place."""
    answer = questions.trend(filters, viewer, cubes)
    by, caption = answer.by[0], filters.sentence(cubes)
    if not any(value.value for value in answer.column("delivered")):
        return panel("Messages delivered", caption, empty("delivered", filters, viewer, cubes))
    told = {int(str(row.key[0])): row.values for row in answer.rows}
    starts = questions.buckets_between(min(told), max(told), by)
    counts = [told[start]["delivered"] if start in told else NOTHING for start in starts]
    clicked = [told[start]["message_click_rate"] if start in told else NOTHING for start in starts]
    rates = rates_of(counts, clicked)
    buckets = buckets_of(starts, by, filters, cubes)
    title = findings.of_trend(by, buckets, counts)
    upper, lower = (METRICS["delivered"], counts), (METRICS["message_click_rate"], rates)
    drawn_over = figures.trend(buckets, upper, lower, scheme_of(theme))
    figure: Any = with_marks(drawn_over, marks_of(notes, starts, by), scheme_of(theme))
    config: Any = GRAPH_CONFIG
    graph = dcc.Graph(figure=figure, config=config, className="chart", responsive=True)
    words = f"{title}. {caption}. The table below has every value."
    drawn = html.Div(graph, role="img", className="chart-frame", **aria(label=words))
    fold = tables.behind_chart(Ids.TREND_OPENER, Ids.TREND_TABLE)
    return panel(
        title,
        caption,
        [drawn, fold],
        [*key_of(by, buckets, rates, "click rates"), *listed(notes, filters, viewer, cubes)],
        chart_link("overview", "trend", filters, viewer),
    )


def trend_table(filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """The table behind the trend."""
    answer = questions.trend(filters, viewer, cubes)
    by = answer.by[0]
    labels = [questions.bucket_label(int(str(row.key[0])), by) for row in answer.rows]
    return tables.answer_table(answer, by.capitalize(), labels, f"Delivered and clicked by {by}")


def funnel(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Members at each stage, as bars of one scale."""
    answer = questions.funnel(filters, viewer, cubes)
    values = answer.rows[0].values
    caption = "Members, once per campaign and channel, by day of first message"
    if not any(values[name].value for name in ("members_sent", "members_delivered")):
        return panel("From sent to converted", caption, empty("members_delivered", filters, viewer, cubes))
    steps = [
        _step("Sent to", "members_sent", "", values),
        _step("Delivered", "members_delivered", "members_delivered_rate", values),
        _step("Opened", "members_opened_human", "open_rate", values, more="members_opened"),
        _step("Clicked", "members_clicked", "click_rate", values),
        _step("Responded", "members_responded", "response_rate", values),
        _step("Converted", "conversions", "conversion_rate", values),
    ]
    part = any(value.status is Status.PARTIAL for value in answer.rows[0].values.values())
    foot = [html.Span(FUNNEL_NOTE), *([html.Span(PART_NOTE)] if part else []), *tables.hidden_words([answer])]
    return panel(
        findings.of_funnel(answer, so_far(filters, viewer, cubes)),
        caption,
        bars.steps(steps, "Members at each stage"),
        foot,
        csv_link("funnel", filters, viewer),
    )


def so_far(filters: Filters, viewer: Viewer, cubes: Cubes) -> bool:
    """Whether outcomes of the period are still to come."""
    through, span = questions.outcomes_through(filters, viewer, cubes), filters.days(cubes)
    return through is not None and (span[1] if span else cubes.today) > through


def _step(words: str, name: str, rate: str, values: dict[str, Released], more: str = "") -> Component:
    """A row of the funnel. Its bar is a share over the very same groups, not a count of the groups told."""
    if more and values[name].status is Status.NOT_AVAILABLE:
        name, more = more, ""
    far, part = values[more] if more else None, _delivered_part(values)
    share = 1.0 if not rate else part if name == "members_delivered" else part * (values[rate].value or 0)
    told = written(values[rate], METRICS[rate]) if rate and values[rate].value is not None else ""
    if far is None:
        return bars.step(words, values[name], METRICS[name], share, told)
    human = values["open_rate_human"]
    low = "" if human.value is None else f"{written(human, METRICS['open_rate_human'])} – "
    return bars.step(
        words, values[name], METRICS[name], part * (human.value or 0), f"{low}{told}", far, share
    )


def _delivered_part(values: dict[str, Released]) -> float:
    """The share of members sent to who were delivered to; all of them where sending is not reported."""
    found = values["members_delivered_rate"].value
    return 1.0 if found is None else found


def channels(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """One row per channel, deliveries as bars in the channel's own colour."""
    answer = questions.channels(filters, viewer, cubes)
    if not answer.rows:
        return panel("By channel", filters.sentence(cubes), empty("delivered", filters, viewer, cubes))
    top = max((row.values["delivered"].value or 0 for row in answer.rows), default=0)
    late = so_far(filters, viewer, cubes)
    rows = []
    for row in sorted(answer.rows, key=lambda one: -(one.values["delivered"].value or 0)):
        name = str(row.key[0])
        rest = [
            tables.cell(row.values[metric], METRICS[metric], late and metric == "conversion_rate")
            for metric in answer.metrics[1:]
        ]
        rows.append(
            [
                CHANNEL_LABELS.get(name, name),
                bars.bar_cell(row.values["delivered"], METRICS["delivered"], top, f"channel-{name}"),
                *rest,
            ]
        )
    heads = [
        "Channel",
        html.Th("Delivered", scope="col"),
        *(METRICS[name].label for name in answer.metrics[1:]),
    ]
    table = tables.table(heads, rows, "By channel", "by-channel")
    return panel(
        findings.of_channels(answer),
        filters.sentence(cubes),
        table,
        tables.hidden_words([answer]),
        csv_link("channels", filters, viewer),
    )


def empty(metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """The right face of nothing: not reported, withheld, or nothing there, with a way on."""
    value = ask((metric,), (), filters, viewer, cubes).one(metric)
    way_on = html.A("Show all time", href=all_time(filters), className="btn btn-quiet")
    step = None if filters.period.all_time else way_on
    if value.status in (Status.WITHHELD, Status.PARTIAL):
        return withheld(value.reason, step)
    if value.status is Status.NOT_AVAILABLE:
        return not_available(value.reason)
    return no_data("Nothing happened in this selection.", step)
