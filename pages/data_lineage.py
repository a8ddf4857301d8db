"""From a figure back to the files it is made of; and from a file on to the campaigns that it told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data import lineage
from data.catalogue import catalogue
from data.cubes import Cubes
from data.filters import Filters, choices
from data.lineage import Asked, Part, Touched
from data.metrics import METRICS
from data.periods import Period, day_date, month_span
from data.viewer import Viewer
from data.words import GROUPS, group_of
from pages import data_questions as questions
from pages.answers import ask
from pages.data_ids import Ids
from pages.data_pieces import file_link, heads, page_of, short, turns, zone_of
from pages.data_questions import View
from pages.table import Listing, ListTable
from ui import controls, html
from ui.aria import Children
from ui.clocks import moment
from ui.faces import no_data
from ui.hints import about, hint
from ui.numbers import count, written
from ui.panels import panel
from ui.tables import table

EVERY, FIRST = "*", "delivered"
SIZE, TOUCHED_SIZE = 4, 12
KINDS = {
    lineage.MESSAGES: "messages",
    lineage.TOTALS: "totals that it had added up",
    lineage.ASSIGNMENTS: "assignments",
    lineage.OUTCOMES: "outcomes",
    lineage.RECORDS: "campaign records",
    lineage.MEMBERS: "members and addresses",
}
CAPTION = "Back from a figure: snapshot, models, and every file that brought rows of it."
FEW = "A file that told of fewer than {} of them is not named, and how many each told of is not said."


def asked(given: Mapping[str, object], viewer: Viewer, cubes: Cubes) -> Asked | None:
    """What is to be traced; None where it names no metric or no campaign of the viewer's."""
    metric, campaign = str(given.get("of") or ""), str(given.get("of_campaign") or "")
    channel, month = str(given.get("of_channel") or ""), str(given.get("of_month") or "")
    if metric not in METRICS or campaign not in questions.visible(viewer, cubes):
        return None
    known = choices("channel", cubes, viewer)
    dated = int(month) if month.isdecimal() and month.isascii() and len(month) == 6 else 0
    valid = dated if 1 <= dated % 100 <= 12 and dated >= 197001 else 0
    kept = "" if METRICS[metric].without_channel or channel not in known else channel
    return Asked(METRICS[metric], campaign, kept, valid)


def form(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Component:
    """The choices: figure, campaign, channel and month."""
    named = sorted((cubes.campaigns[one].name, one) for one in questions.visible(viewer, cubes))
    months = sorted({one for _, campaign in named for one in lineage.months(campaign, cubes)}, reverse=True)
    wanted = query.get("of_campaign")
    shown = [pair for pair in named if pair[1] == wanted] or named[:1]
    of = query.get("of") or ""
    metrics = [(name, figures()[name]) for name in (of if of in METRICS else FIRST,)]
    channels = [(one, CHANNEL_LABELS.get(one, one)) for one in choices("channel", cubes, viewer)]
    picks = [
        _select(Ids.OF_METRIC, "Figure", metrics, ""),
        # The browser has all of them from the other list of campaigns.
        _select(Ids.OF_CAMPAIGN, "Campaign", [(one, name) for name, one in shown], ""),
        _select(Ids.OF_CHANNEL, "Channel", [(EVERY, "All"), *channels], query.get("of_channel") or EVERY),
        _select(
            Ids.OF_MONTH, "Month", [(EVERY, "All"), *((str(one), _month(one)) for one in months)],
            query.get("of_month") or EVERY,
        ),
    ]  # fmt: skip
    return html.Div(picks, className="choices no-print")


def figures() -> dict[str, str]:
    """Every figure to be traced, of which the layout holds the chosen one alone."""
    return {name: f"{metric.label} ({GROUPS[group_of(metric)]})" for name, metric in METRICS.items()}


def _select(name: Ids, words: str, options: list[tuple[str, str]], value: str) -> Component:
    known = {one for one, _ in options}
    chosen = value if value in known else options[0][0] if options else None
    return html.Div(
        [
            html.Label(words, htmlFor=name, className="form-label"),
            controls.Select(id=name, options=controls.offered(options), value=chosen),
        ],
        className="field",
    )


def _month(month: int) -> str:
    return f"{day_date(month_span(month)[0]):%B %Y}"


def trace(of: Asked | None, view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of a figure's lineage."""
    if of is None or not cubes.snapshot.number:
        return panel("Where a figure comes from", CAPTION, no_data("Nothing is published of it yet."))
    found = rows_of(of, viewer, cubes)
    query = {"of": of.metric.name, "of_campaign": of.campaign, "of_channel": of.channel}
    tools = file_link("lineage", viewer, **query, of_month=str(of.month) if of.month else "")
    name = cubes.campaigns[of.campaign].name
    files = "1 file" if len(found) == 1 else f"{count(len(found))} files"
    title = f"{of.metric.label} of {name}: from {files}" if found else f"{of.metric.label} of {name}: no file"
    body = [_chain(of, viewer, cubes)]
    shown, page = page_of(found, view.page("trace"), SIZE)
    if found:
        zone = zone_of(cubes)
        body.append(
            table(
                heads("Load", "File", "Told of", "Rows in", "Loaded", "Left out", "Refused", "Fingerprints",
                      right=("Rows in", "Loaded", "Left out", "Refused")),
                [_row(row, part, zone) for row, part in shown], "Files behind the figure", "words lineage",
            )
        )  # fmt: skip
    else:
        body.append(no_data("No load told of it, or none of enough to be named."))
    few = FEW.format(cubes.snapshot.terms.get("threshold", lineage.DEFAULT_THRESHOLD))
    foot = [html.Span(few), *turns("trace", len(found), page, SIZE)]
    return panel(title, CAPTION, body, foot, tools)


def _chain(of: Asked, viewer: Viewer, cubes: Cubes) -> Component:
    """The steps from the figure to the landed rows, in words."""
    value = ask((of.metric.name,), (), filters_of(of), viewer, cubes).one(of.metric.name)
    snapshot, terms = cubes.snapshot, cubes.snapshot.terms
    narrowed = [
        cubes.campaigns[of.campaign].name,
        CHANNEL_LABELS.get(of.channel, of.channel) if of.channel else "all channels",
        _month(of.month) if of.month else "all time",
    ]
    told = html.Strong(written(value, of.metric), **hint(value, of.metric))
    figure: list[Any] = [html.Span(of.metric.label, **about(of.metric)), " ", told]
    models = [part for name in lineage.made_by(of.metric) for part in (html.Code(name), " → ")]
    steps = [
        ("Figure", [*figure, html.Small(f"{', '.join(narrowed)}; {of.metric.meaning}")]),
        (
            "Snapshot",
            [
                f"{snapshot.number}, published {moment(snapshot.published_us, zone_of(cubes))}",
                html.Small(
                    f"definitions {snapshot.definitions}, threshold {terms.get('threshold')}, "
                    f"{terms.get('profile')} profile, loads up to {count(snapshot.load_seq)}"
                ),
            ],
        ),
        ("Models", [*models, html.Code("released"), html.Small("python -m etl models says what each makes")]),
    ]
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(told)]) for name, told in steps], className="terms chain"
    )


def filters_of(of: Asked) -> Filters:
    """The filters of a traced figure."""
    period = Period("all_time")
    if of.month:
        first, last = (day_date(day) for day in month_span(of.month))
        period = Period("custom", first, last)
    made = Filters(period=period, compare="none", campaign=(of.campaign,))
    return replace(made, channel=(of.channel,)) if of.channel else made


def rows_of(of: Asked, viewer: Viewer, cubes: Cubes) -> list[tuple[dict[str, Any], Part]]:
    """The loads behind a figure as the page of loads tells them, each with what it gave; newest first."""
    loads = {row["load_id"]: row for row in questions.loads(viewer, cubes)}
    return [(loads[part.load_id], part) for part in lineage.parts(of, cubes, catalogue(cubes))]


def _row(row: dict[str, Any], part: Part, zone: str) -> list[Children]:
    numbers = [
        html.Td(count(row[name]), className="number") for name in ("rows_in", "loaded", "skipped", "refused")
    ]
    marks = (("file", row["sha256"]), ("mapping", row["mapping_sha256"]), ("load", str(row["load_id"])))
    address = f"/data?load={row['seq']}#{Ids.TOUCHED}-panel"
    return [
        [html.A(count(row["seq"]), href=address), html.Small(moment(row["received_us"], zone))],
        [row["file_name"] or "–", html.Small(f"{row['source']} · {_by(row)}")],
        ", ".join(KINDS[kind] for kind in part.kinds),
        *numbers,
        html.Td([one for words, whole in marks for one in short(words, whole)], className="marks"),
    ]


def _by(row: dict[str, Any]) -> str:
    """How a load came in: nobody's name is kept with a file."""
    if row["replays"]:
        return f"replay of load {row['replays']}"
    return (
        "people in the app"
        if row["kind"] == "campaigns" and not row["mapping_sha256"]
        else "command line or schedule"
    )


def loads_form(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Component:
    """The choice of a load."""
    found = questions.loads(viewer, cubes)
    options = [(str(row["seq"]), f"{row['seq']}: {row['file_name'] or row['source']}") for row in found]
    return html.Div(
        _select(Ids.OF_LOAD, "Load", options, query.get("load") or ""), className="choices no-print"
    )


def touched(load: object, view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of what a load told of."""
    row = next((one for one in questions.loads(viewer, cubes) if str(one["seq"]) == str(load)), None)
    caption = "On from a file: the campaigns and months that figures took from it."
    if row is None:
        return panel("What a load told of", caption, no_data("There is no such load."))
    found = lineage.touched(row["load_id"], cubes)
    named = f"Load {row['seq']}, {row['file_name'] or row['source']}"
    tools = file_link("touched", viewer, load=str(row["seq"]))
    few = FEW.format(cubes.snapshot.terms.get("threshold", lineage.DEFAULT_THRESHOLD))
    if not found:
        words = (
            "It waits for the next refresh."
            if row["waits"]
            else "It told of nothing that enough stand behind."
        )
        return panel(named, caption, no_data(words), [html.Span(few)], tools)
    campaigns = len({one.campaign for one in found if one.campaign})
    said = (
        f"{count(campaigns)} {'campaign' if campaigns == 1 else 'campaigns'}"
        if campaigns
        else "the whole plan"
    )
    shown, page = page_of(found, view.page("touched"), TOUCHED_SIZE)
    body = table(
        heads("Campaign", "Told of", "Channel", "Months"),
        [_touched(one, cubes) for one in shown], "What the load told of", "words touched",
    )  # fmt: skip
    foot = [html.Span(few), *turns("touched", len(found), page, TOUCHED_SIZE)]
    return panel(f"{named}, told of {said}", caption, body, foot, tools)


def _touched(one: Touched, cubes: Cubes) -> list[Children]:
    who = cubes.campaigns[one.campaign].name if one.campaign in cubes.campaigns else one.campaign
    what = KINDS[one.kind] + (f": {one.outcome.replace('_', ' ')}" if one.outcome else "")
    return [who or "Whole plan", what, CHANNEL_LABELS.get(one.channel, one.channel) or "–", _span(one)]


def _span(one: Touched) -> str:
    if not one.first:
        return "no dates"
    return _month(one.first) if one.first == one.last else f"{_month(one.first)} to {_month(one.last)}"


def _lineage(viewer: Viewer, cubes: Cubes, **query: str) -> Listing:
    questions.whole(viewer, cubes)
    of = asked(query, viewer, cubes)
    if of is None:
        raise LookupError("No such figure.")
    columns = ("metric", "campaign", "channel", "month", "models", "load", "load_id", "received", "source",
               "file_name", "told_of", "rows_in", "loaded", "left_out", "refused", "sha256",
               "mapping_sha256")  # fmt: skip
    rows = [
        (of.metric.name, of.campaign, of.channel, of.month or "", " ".join(lineage.made_by(of.metric)),
         row["seq"], row["load_id"], questions.iso(row["received_us"]), row["source"], row["file_name"],
         " ".join(part.kinds), row["rows_in"], row["loaded"], row["skipped"], row["refused"], row["sha256"],
         row["mapping_sha256"])
        for row, part in rows_of(of, viewer, cubes)
    ]  # fmt: skip
    return Listing(columns, rows)


def _touched_rows(viewer: Viewer, cubes: Cubes, load: str = "") -> Listing:
    rows = [one for one in questions.loads(viewer, cubes) if str(one["seq"]) == load]
    if not rows:
        raise LookupError("There is no such load.")
    columns = ("load", "kind", "campaign", "channel", "outcome", "first_month", "last_month")
    found = lineage.touched(rows[0]["load_id"], cubes)
    return Listing(
        columns, [(load, o.kind, o.campaign, o.channel, o.outcome, o.first, o.last) for o in found]
    )


TABLES = (
    ListTable("lineage", "Files behind a figure", _lineage, ("of", "of_campaign", "of_channel", "of_month")),
    ListTable("touched", "What a load told of", _touched_rows, ("load",)),
)
