"""The Overview's panels: a question's answer in, what is shown of it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from config.permissions import Permission
from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer, Released, Row, Status
from data.cubes import Campaign, Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import METRICS
from data.periods import Period, day_date
from data.release import label
from data.viewer import Viewer
from pages import findings, questions
from ui import bars, figures, tables
from ui.aria import aria
from ui.cards import Figure, card
from ui.clocks import day as day_words
from ui.deltas import Delta, delta
from ui.faces import no_data, not_available, withheld
from ui.figures import Bucket
from ui.icon import icon
from ui.numbers import written
from ui.panels import panel
from ui.theme import GRAPH_CONFIG, scheme_of

OF_OUTCOMES = ("conversion_rate", "outcome_rate")
ROWS_SHOWN = 10
NOT_CAUSED = "Observed, not causally measured"


def csv_link(table: str, filters: Filters, viewer: Viewer) -> list[Component]:
    """The link to a table's CSV under the page's own filters; none for who may not export."""
    return tables.download(f"/overview/{table}.csv{filters.url()}", viewer.may(Permission.EXPORT))


def scope(filters: Filters, problems: Sequence[str], viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The filters in words, what the address asked for in vain, and what the figures leave out."""
    answer = questions.campaigns(filters, viewer, cubes)
    kept = filters.campaigns(cubes, viewer)
    words: list[Component] = [html.P(f"Showing {filters.sentence(cubes)}", className="scope-sentence")]
    hidden = tables.hidden_words(
        [answer, questions.cards(filters, viewer, cubes), questions.channels(filters, viewer, cubes)]
    )
    words += [html.P(hidden, className="scope-hidden")] if hidden else []
    notes: list[Component] = [
        html.Li([icon("exclamation-triangle"), html.Span(text)], className="problem") for text in problems
    ]
    for text in answer.notes:
        link = [" ", html.A("Show all time", href=all_time(filters))] if "only in All time" in text else []
        notes.append(html.Li([icon("info-circle"), html.Span([text, *link])]))
    if not kept:
        notes.append(html.Li([icon("info-circle"), html.Span("No campaign fits these filters together.")]))
    return [html.Div(words, className="scope-words"), *([html.Ul(notes, className="notes")] if notes else [])]


def all_time(filters: Filters) -> str:
    """Address of the same filters over all time."""
    return "/" + replace(filters, period=Period("all_time")).url()


def cards(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Five figures with change, sparkline and what each is made of."""
    now = questions.cards(filters, viewer, cubes)
    names = [_fitting(name, now, filters, viewer, cubes) for name in now.metrics]
    if any(name not in now.metrics for name in names):
        now = measure(names, (), filters, viewer, cubes)
    earlier = filters.compared(cubes)
    before = measure(names, (), earlier, viewer, cubes) if earlier else None
    by = "month" if questions.bucket(filters, cubes) != "day" else "day"
    line = measure(names, (by,), filters, viewer, cubes)
    return [card(_figure(name, now, before, earlier, line, filters, viewer, cubes)) for name in names]


def _fitting(name: str, now: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """A card's metric, or the outcome rate where only assigned members have outcomes."""
    if name == "conversion_rate" and now.one(name).status is Status.NOT_AVAILABLE:
        assigned = measure(("outcome_rate",), (), filters, viewer, cubes).one("outcome_rate")
        return "outcome_rate" if assigned.status is not Status.NOT_AVAILABLE else name
    return name


def _figure(
    name: str,
    now: Answer,
    before: Answer | None,
    earlier: Filters | None,
    line: Answer,
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
) -> Figure:
    metric, value = METRICS[name], now.one(name)
    change = None
    if earlier is not None and before is not None and value.value is not None:
        reason = _incomparable(name, filters, earlier, viewer, cubes)
        change = Delta(reason) if reason else delta(value, before.one(name), metric)
    versus = {"previous": "vs previous period", "year": "vs last year"}.get(filters.compare, "")
    values = [_of_line(row.values[name]) for row in line.rows]
    words = f"{metric.label} by {line.by[0]}: " + ", ".join(
        written(row.values[name], metric) for row in line.rows
    )
    return Figure(metric, value, change, versus, _note(name, value, filters, viewer, cubes), values, words)


def _of_line(value: Released) -> float | None:
    return value.value


def _incomparable(name: str, filters: Filters, earlier: Filters, viewer: Viewer, cubes: Cubes) -> str:
    """Why two periods cannot be compared, or nothing: the outcomes are not complete, or the data begin too late."""
    span, past = filters.days(cubes), earlier.days(cubes)
    if name in OF_OUTCOMES:
        through = questions.outcomes_through(filters, viewer, cubes)
        if through is None or (span and span[1] > through):
            return "too early to compare"
    begin = questions.data_begin(filters, viewer, cubes)
    if begin is None or (past and past[1] < begin):
        return "no comparison data"
    if past and past[0] < begin:
        return f"not compared: data begin {day_words(begin)}"
    return ""


def _note(name: str, value: Released, filters: Filters, viewer: Viewer, cubes: Cubes) -> str:
    if name in OF_OUTCOMES and value.value is not None:
        through = questions.outcomes_through(filters, viewer, cubes)
        complete = f"; outcomes complete through {day_words(through)}" if through is not None else ""
        return NOT_CAUSED + complete
    if value.value is None and value.status is not Status.RELEASED:
        return value.reason
    if value.status is Status.PARTIAL and value.approximate:
        return value.reason
    return ""


def trend(filters: Filters, viewer: Viewer, cubes: Cubes, theme: object) -> list[Component]:
    """Deliveries as bars over the rate of clicks."""
    answer = questions.trend(filters, viewer, cubes)
    by = answer.by[0]
    counts, rates = answer.column("delivered"), answer.column("message_click_rate")
    caption = filters.sentence(cubes)
    if not any(value.value for value in counts):
        return panel("Messages delivered", caption, _empty(answer, "delivered", filters, viewer, cubes))
    span = filters.days(cubes)
    buckets = [_bucket(int(str(row.key[0])), by, span, cubes) for row in answer.rows]
    title = findings.of_trend(by, buckets, counts)
    figure = figures.trend(
        buckets, (METRICS["delivered"], counts), (METRICS["message_click_rate"], rates), scheme_of(theme)
    )
    graph = dcc.Graph(figure=figure, config=GRAPH_CONFIG, className="chart", responsive=True)
    drawn = html.Div(
        graph,
        role="img",
        className="chart-frame",
        **aria(label=f"{title}. {caption}. The table below has every value."),
    )
    behind_it = tables.behind_chart(
        tables.answer_table(
            answer, by.capitalize(), [one.label for one in buckets], f"Delivered and clicked by {by}"
        )
    )
    key = (
        [html.Span([html.Span(className="key-hatch"), "only part of the " + by], className="key")]
        if any(b.partial for b in buckets)
        else []
    )
    crosses = sum(value.status is Status.WITHHELD for value in rates)
    key += (
        [html.Span(f"× {crosses} click rates withheld", className="key")]
        if crosses and any(r.value for r in rates)
        else []
    )
    return panel(title, caption, [drawn, behind_it], key, csv_link("trend", filters, viewer))


def _bucket(start: int, by: str, span: tuple[int, int] | None, cubes: Cubes) -> Bucket:
    first, last = questions.bucket_span(start, by)
    inside = span is None or (span[0] <= first and last <= span[1])
    return Bucket(questions.bucket_label(start, by), not inside or last > cubes.today)


def funnel(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """Members at each stage, as bars of one scale."""
    answer = questions.funnel(filters, viewer, cubes)
    values = answer.rows[0].values
    top = max((values[name].value or 0 for name in ("members_sent", "members_delivered")), default=0)
    caption = "Members, each counted once per campaign and channel"
    if not top:
        return panel(
            "From sent to converted", caption, _empty(answer, "members_delivered", filters, viewer, cubes)
        )
    steps = [
        _step("Sent to", "members_sent", "", values, top),
        _step("Delivered", "members_delivered", "", values, top),
        _step("Opened", "members_opened_human", "open_rate", values, top, more="members_opened"),
        _step("Clicked", "members_clicked", "click_rate", values, top),
        _step("Responded", "members_responded", "response_rate", values, top),
        _step("Converted", "conversions", "conversion_rate", values, top),
    ]
    foot = [
        html.Span(
            "Opened is a range: by humans – by anyone, mail proxies included. Shares are of members delivered to where the stage is reported."
        )
    ]
    return panel(
        findings.of_funnel(answer),
        caption,
        html.Ol(steps, className="steps"),
        foot,
        csv_link("funnel", filters, viewer),
    )


def _step(
    words: str, name: str, rate: str, values: dict[str, Released], top: float, more: str = ""
) -> Component:
    far = values[more] if more else None
    share = ""
    if rate and values[rate].value is not None:
        low = (
            f"{written(values['open_rate_human'], METRICS['open_rate_human'])} – "
            if more and values["open_rate_human"].value is not None
            else ""
        )
        share = f"{low}{written(values[rate], METRICS[rate])}"
    return bars.step(words, values[name], METRICS[name], top, share, far)


def channels(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """One row per channel, deliveries as bars in the channel's own colour."""
    answer = questions.channels(filters, viewer, cubes)
    if not answer.rows:
        return panel(
            "By channel", filters.sentence(cubes), _empty(answer, "delivered", filters, viewer, cubes)
        )
    top = max((row.values["delivered"].value or 0 for row in answer.rows), default=0)
    rows = []
    for row in sorted(answer.rows, key=lambda one: -(one.values["delivered"].value or 0)):
        name = str(row.key[0])
        rest = [tables.cell(row.values[metric], METRICS[metric]) for metric in answer.metrics[1:]]
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


def arms(filters: Filters, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The arms of the one campaign that is chosen; nothing for several, whose arms are not alike."""
    kept = filters.campaigns(cubes, viewer)
    if len(kept) != 1:
        return []
    if filters.channel or filters.wave or filters.variant:
        return []
    answer = questions.arms(filters, viewer, cubes)
    told = [row for row in answer.rows if row.values["assigned"].status is not Status.NOT_AVAILABLE]
    if not told:
        return []
    top = max((row.values["outcome_rate"].value or 0 for row in told), default=0)
    rows = [
        [
            label(str(row.key[0])),
            bars.bar_cell(row.values["outcome_rate"], METRICS["outcome_rate"], top),
            tables.cell(row.values["with_outcome"], METRICS["with_outcome"]),
            tables.cell(row.values["assigned"], METRICS["assigned"]),
        ]
        for row in sorted(told, key=lambda one: -(one.values["outcome_rate"].value or 0))
    ]
    heads = [
        "Arm",
        html.Th("Outcome rate", scope="col"),
        METRICS["with_outcome"].label,
        METRICS["assigned"].label,
    ]
    campaign = cubes.campaigns[kept[0]]
    caption = f"{campaign.name}: outcome rate of assigned members by arm. Intervals and verdicts are not drawn here."
    return panel(
        findings.of_arms(told),
        caption,
        tables.table(heads, rows, "Arms", "by-arm"),
        tables.hidden_words([answer]),
        csv_link("arms", filters, viewer),
    )


def campaigns(filters: Filters, viewer: Viewer, cubes: Cubes, sort: Any) -> list[Component]:
    """The campaign table: sortable, ten rows at a time; a name narrows the page to its campaign."""
    answer = questions.campaigns(filters, viewer, cubes)
    if not answer.rows:
        return panel("Campaigns", filters.sentence(cubes), _empty(answer, "sent", filters, viewer, cubes))
    by, page = _sorting(sort)
    rows = sorted(answer.rows, key=lambda row: _rank(row, by.lstrip("-"), cubes), reverse=by.startswith("-"))
    rows.sort(
        key=lambda row: (
            _rank(row, by.lstrip("-"), cubes)[0] is None if False else _missing(row, by.lstrip("-"), cubes)
        )
    )
    pages = -(-len(rows) // ROWS_SHOWN)
    page = min(page, pages - 1)
    sent_by = _channels_of(filters, viewer, cubes)
    shown = [
        _campaign_row(row, sent_by, filters, cubes)
        for row in rows[page * ROWS_SHOWN : (page + 1) * ROWS_SHOWN]
    ]
    heads = [_sort_head(words, name, by, place) for place, (name, words) in enumerate(_COLUMNS)]
    table = tables.table(heads, shown, "Campaigns", "campaigns")
    foot = [*tables.hidden_words([answer]), *_turns(page, pages, len(rows))]
    caption = f"{filters.sentence(cubes)}. Choose a campaign to narrow the page to it."
    return panel(
        f"{len(rows)} campaign{'s' if len(rows) != 1 else ''}",
        caption,
        table,
        foot,
        csv_link("campaigns", filters, viewer),
    )


_COLUMNS = (
    ("name", "Campaign"),
    ("program", "Program"),
    ("status", "Dates and status"),
    ("sent", "Sent"),
    ("delivered_rate", "Delivered rate"),
    ("message_click_rate", "Click rate"),
    ("conversion_rate", "Conversion rate"),
    ("outcome_rate", "Outcome rate"),
    ("opt_outs_per_1000", "Opt-outs per 1,000"),
)


def _sorting(sort: Any) -> tuple[str, int]:
    given = sort if isinstance(sort, dict) else {}
    by = given.get("by")
    page = given.get("page")
    known = {name for name, _ in _COLUMNS}
    good = isinstance(by, str) and by.removeprefix("-") in known
    return (by if good else "-sent"), (page if isinstance(page, int) and 0 <= page < 1000 else 0)  # type: ignore[return-value]


def _missing(row: Row, name: str, cubes: Cubes) -> bool:
    return name in row.values and row.values[name].value is None


def _rank(row: Row, name: str, cubes: Cubes) -> tuple[Any, ...]:
    campaign = cubes.campaigns[str(row.key[0])]
    if name in row.values:
        return (row.values[name].value or 0, campaign.name)
    if name == "status":
        return (campaign.start_day or 0, campaign.name)
    return (campaign.program if name == "program" else campaign.name.lower(), campaign.name)


def _channels_of(filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in measure(("sent",), ("campaign", "channel"), filters, viewer, cubes).rows:
        if row.values["sent"].status is not Status.NOT_AVAILABLE and row.key[1]:
            found.setdefault(str(row.key[0]), []).append(str(row.key[1]))
    return found


def _campaign_row(row: Row, sent_by: dict[str, list[str]], filters: Filters, cubes: Cubes) -> list[Any]:
    campaign = cubes.campaigns[str(row.key[0])]
    chips = ", ".join(CHANNEL_LABELS.get(name, name) for name in sent_by.get(campaign.id, []))
    link = html.A(campaign.name, href="/" + replace(filters, campaign=(campaign.id,)).url())
    return [
        [link, html.Small(chips)] if chips else link,
        [campaign.program, html.Small(campaign.line_of_business)]
        if campaign.recorded
        else html.Span("no record", className="is-absent"),
        _when(campaign, cubes),
        *(tables.cell(row.values[name], METRICS[name]) for name in questions.CAMPAIGN),
    ]


def _when(campaign: Campaign, cubes: Cubes) -> list[Any]:
    words = questions.status(campaign, cubes)
    if campaign.start_day is None:
        return [html.Span("no dates", className="is-absent")]
    start = day_date(campaign.start_day)
    end = day_date(campaign.end_day) if campaign.end_day is not None else None
    dates = f"{start.day} {start:%b %Y} – {f'{end.day} {end:%b %Y}' if end else ''}"
    return [html.Span(words, className=f"status status-{words.lower()}"), html.Small(dates)]


def _sort_head(words: str, name: str, by: str, place: int) -> Component:
    now = by.removeprefix("-") == name
    direction = ("descending" if by.startswith("-") else "ascending") if now else "none"
    mark = {"descending": " ↓", "ascending": " ↑", "none": ""}[direction]
    button = html.Button(
        words + mark, id={"type": "overview-sort", "by": name}, type="button", className="sort"
    )
    return html.Th(button, scope="col", className="number" if place > 2 else "", **aria(sort=direction))


def _turns(page: int, pages: int, rows: int) -> list[Component]:
    if pages < 2:
        return []
    first, last = page * ROWS_SHOWN + 1, min(rows, (page + 1) * ROWS_SHOWN)
    back = html.Button(
        icon("chevron-left"),
        id={"type": "overview-turn", "to": page - 1},
        disabled=page == 0,
        className="turn",
        type="button",
        **aria(label="Earlier rows"),
    )
    on = html.Button(
        icon("chevron-right"),
        id={"type": "overview-turn", "to": page + 1},
        disabled=page == pages - 1,
        className="turn",
        type="button",
        **aria(label="Further rows"),
    )
    return [html.Div([html.Span(f"{first} to {last} of {rows}"), back, on], className="turns")]


def _empty(answer: Answer, metric: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    """The right face of nothing: not reported, withheld, or nothing there, with a way on."""
    values = answer.column(metric) if answer.rows else []
    statuses = {value.status for value in values}
    if statuses & {Status.WITHHELD, Status.PARTIAL}:
        return withheld()
    if statuses == {Status.NOT_AVAILABLE}:
        return not_available(values[0].reason)
    step = (
        None
        if filters.period.all_time
        else html.A("Show all time", href=all_time(filters), className="btn btn-quiet")
    )
    return no_data("Nothing happened in this selection.", step)
