"""Volumes against the usual: what each source brought on its last days, and what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dash import dcc
from dash.development.base_component import Component

from data import volumes
from data.answer import Answer, Status
from data.cubes import Cubes
from data.filters import Filters
from data.kept import kept
from data.periods import Period, day_date, month_of
from data.viewer import Viewer
from data.volumes import Day
from pages import data_questions as questions
from pages.answers import ask
from pages.data_ids import Ids
from pages.data_pieces import file_link, heads, state, zone_of
from pages.table import Listing, ListTable
from ui import controls, html, tables
from ui.aria import Children, aria
from ui.clocks import day as written_day
from ui.faces import no_data
from ui.numbers import count
from ui.panels import panel
from ui.tables import table
from ui.theme import GRAPH_CONFIG, counted, palette, scheme_of, template

SENDING, BY = ("sent",), ("campaign", "channel", "day")
SHOWN = 12  # the oddest; the file has them all
SENT, ROWS = "messages sent", "new rows received"
DAY_US = 86_400_000_000
CAPTION = (
    f"A day against the same weekday of the {volumes.WEEKS} weeks before: their median, give or take "
    f"{volumes.SPREADS:.0f} spreads, at least a quarter, or what was seen twice. Messages count on the day "
    "of sending, where the release rule tells it; rows on the day a file came."
)
LEFT_OUT = "Campaigns of which the number sent is withheld in some month are not in it there."
KINDS = {"low": "late", "high": "late", "silent": "bad"}


@dataclass(frozen=True)
class Volume:
    """A source by one measure: its judged days, oldest first."""

    source: str
    measure: str
    days: list[Day]

    @property
    def key(self) -> str:
        return f"{self.source}|{self.measure}"

    @property
    def odd(self) -> list[Day]:
        return [one for one in self.days if one.flag]


def all_of(viewer: Viewer, cubes: Cubes) -> list[Volume]:
    """Every source, the oddest first."""
    known = questions.whole(viewer, cubes)
    today = questions.now_us() // DAY_US
    received = volumes.received(known, zone_of(cubes))
    found = [Volume(source, ROWS, volumes.judged(days, today - 1)) for source, days in received.items()]
    found += _sending(volumes.sending(known), viewer, cubes)
    return sorted(
        (one for one in found if one.days), key=lambda one: (not _last(one).flag, -len(one.odd), one.key)
    )


def _first_day(cubes: Cubes) -> int:
    return cubes.through - volumes.JUDGED_DAYS - 7 * volumes.WEEKS


def _asked(viewer: Viewer, cubes: Cubes) -> Answer:
    period = Period("custom", day_date(_first_day(cubes)), day_date(cubes.through))
    return ask(SENDING, BY, Filters(period, "none"), viewer, cubes)


@kept
def _sending(sources: frozenset[str], viewer: Viewer, cubes: Cubes) -> tuple[Volume, ...]:
    """Messages sent by day as they are released, by the source that tells of them."""
    return tuple(_sent_by(volumes.senders(cubes, sources), viewer, cubes))


def _sent_by(of: Mapping[tuple[str, str], str], viewer: Viewer, cubes: Cubes) -> Iterator[Volume]:
    first = _first_day(cubes)
    answer = _asked(viewer, cubes)
    found: dict[str, dict[int, int | None]] = {}
    for row in answer.rows:
        campaign, channel, day = row.key
        source = of.get((str(campaign), str(channel)))
        if source is None or not isinstance(day, int):
            continue
        days, value = found.setdefault(source, {first: 0}), row.values["sent"]
        known = days.get(day, 0)
        told = value.status is Status.RELEASED and value.value is not None and known is not None
        days[day] = int(known or 0) + int(value.value or 0) if told else None
    hidden = _hidden_months(of, cubes)
    for source, days in found.items():
        whole = _without_false_zeros(days, hidden.get(source, set()), cubes)
        # The last day of the clock may not be over yet.
        yield Volume(source, SENT, volumes.judged(whole, cubes.through - 1))


def _hidden_months(of: Mapping[tuple[str, str], str], cubes: Cubes) -> dict[str, set[int]]:
    """The months in which the number sent of some campaign of a source is withheld."""
    found: dict[str, set[int]] = {}
    blocks = cubes.withheld("operations", SENDING).select("campaign", "channel", "month")
    for campaign, channel, month in blocks.iter_rows():
        if (campaign, channel) in of:
            found.setdefault(of[campaign, channel], set()).add(month)
    return found


def _without_false_zeros(
    days: Mapping[int, int | None], hidden: set[int], cubes: Cubes
) -> dict[int, int | None]:
    """The days without those that something withheld may lie on: a zero there would be a claim.

    In the strict profile most of a month may be withheld, so that its other days are no measure either.
    """
    strict = cubes.snapshot.terms.get("profile") == "strict"
    told = {day: days.get(day, 0) for day in range(min(days), cubes.through + 1)}
    return {
        day: None if month_of(day) in hidden and (strict or not number) else number
        for day, number in told.items()
    }


def _last(one: Volume) -> Day:
    return one.days[-1]


def panel_of(chosen: object, viewer: Viewer, cubes: Cubes, theme: object) -> list[Component]:
    """The panel: every source with its last day, and the days of the chosen one as a chart and a table."""
    found = all_of(viewer, cubes)
    tools = file_link("volumes", viewer)
    if not found:
        return panel(
            "No volumes yet", CAPTION, no_data("Nothing was loaded on a day that is over."), tools=tools
        )
    rows = [_row(one) for one in found[:SHOWN]]
    body = table(
        heads("Source", "Last whole day", "That day", "Usual on it", "Odd days of the last 28",
              right=("That day", "Odd days of the last 28")),
        rows, "Volumes of sources", "words volumes",
    )  # fmt: skip
    shown = next((one for one in found if one.key == chosen), found[0])
    foot = [html.Span(LEFT_OUT)] if _asked(viewer, cubes).hidden else []
    return panel(title(found), CAPTION, [body, *_chosen(shown, theme)], foot, tools)


def title(found: Sequence[Volume]) -> str:
    odd = [one for one in found if _last(one).flag]
    known = sum(_last(one).usual is not None for one in found)
    if odd:
        first = _last(odd[0])
        more = f", and {len(odd) - 1} more" if len(odd) > 1 else ""
        return f"{odd[0].source} is {first.flag} on {written_day(first.day)}: {words_of(first)}{more}"
    if not known:
        return "Volumes: no source has a usual day yet"
    return f"Volumes: {known} of {len(found)} have a usual day, and none is odd on its last one"


def words_of(one: Day) -> str:
    """`1,204, usually 4,000 to 5,600`."""
    number = "not told alone" if one.number is None else count(one.number)
    return f"{number}, usually {range_of(one)}" if one.usual else number


def range_of(one: Day) -> str:
    if one.usual is None:
        return "not known yet"
    return f"{count(round(one.usual.low))} to {count(round(one.usual.high))}"


def _row(one: Volume) -> list[Children]:
    last = _last(one)
    weekday = f"{day_date(last.day):%A}s"
    flagged: Children = state(last.flag, KINDS[last.flag]) if last.flag else None
    usual = [range_of(last), html.Small(f"on {weekday}")] if last.usual else state("not known yet", "none")
    return [
        [one.source, html.Small(one.measure)],
        written_day(last.day),
        html.Td([_number(last), *([" ", flagged] if flagged else [])], className="number"),
        usual,
        html.Td(count(len(one.odd)), className="number" if one.odd else "number is-zero"),
    ]


def _number(one: Day) -> str:
    return "with other days" if one.number is None else count(one.number)


def form(query: Mapping[str, str], viewer: Viewer, cubes: Cubes) -> Component:
    """The choice of the source whose days are drawn."""
    found = all_of(viewer, cubes)
    options = controls.offered([(each.key, f"{each.source}: {each.measure}") for each in found])
    known = {each.key for each in found}
    asked = query.get("volume", "")
    value = asked if asked in known else found[0].key if found else None
    label = html.Label("Days of", htmlFor=Ids.OF_VOLUME, className="form-label")
    select = controls.Select(id=Ids.OF_VOLUME, options=options, value=value)
    return html.Div([label, select], className="choice no-print", hidden=not found)


def _chosen(one: Volume, theme: object) -> list[Component]:
    config: Any = GRAPH_CONFIG
    chart: Any = figure(one, theme)
    what = f"{one.measure.capitalize()} of {one.source} by day, with what is usual."
    words = f"{what} The table below has every value."
    graph = dcc.Graph(figure=chart, config=config, className="chart", responsive=True)
    drawn = html.Div(graph, role="img", className="chart-frame volumes-chart", **aria(label=words))
    odd = [html.Li(f"{day.flag.capitalize()} on {written_day(day.day)}: {words_of(day)}.") for day in one.odd]
    listed = [html.Ul(odd, className="odd-days")] if odd else []
    fold = tables.behind_chart(Ids.VOLUMES_OPENER, Ids.VOLUMES_TABLE)
    head = html.H3(f"{one.source}, {one.measure}: {len(one.days)} days")
    return [head, drawn, *listed, fold]


def days_of(chosen: object, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The table behind the chart: every day of the chosen source, newest first."""
    found = all_of(viewer, cubes)
    if not found:
        return []
    one = next((one for one in found if one.key == chosen), found[0])
    rows = [
        [f"{day_date(day.day):%a} {written_day(day.day)}", html.Td(_number(day), className="number"),
         html.Td(range_of(day), className="number"), state(day.flag, KINDS[day.flag]) if day.flag else "–"]
        for day in reversed(one.days)
    ]  # fmt: skip
    return [
        table(heads("Day", "Number", "Usual", "Odd", right=("Number", "Usual")), rows, "Days", "words days")
    ]


def figure(one: Volume, theme: object) -> dict[str, Any]:
    """Bars by day over the usual range; odd days stand out by colour and pattern."""
    scheme = scheme_of(theme)
    colours = palette(scheme)
    labels = [f"{day_date(day.day).day} {day_date(day.day):%b}" for day in one.days]
    odd = [bool(day.flag) for day in one.days]
    usual = {
        "type": "bar",
        "x": labels,
        "base": [day.usual.low if day.usual else None for day in one.days],
        "y": [day.usual.high - day.usual.low if day.usual else None for day in one.days],
        "width": 0.98,
        "marker": {"color": _faint(colours.hatch)},
        "hoverinfo": "skip",
    }
    return {
        "data": [
            usual,
            {
                "type": "bar",
                "x": labels,
                "y": [day.number for day in one.days],
                "customdata": [words_of(day) for day in one.days],
                "hovertemplate": "%{x}: %{customdata}<extra></extra>",
                "marker": {
                    "color": [colours.accent if flag else colours.steps[2] for flag in odd],
                    "pattern": {
                        "shape": ["/" if flag else "" for flag in odd],
                        "fgcolor": colours.accent,
                        "bgcolor": colours.card,
                        "fillmode": "replace",
                        "size": 6,
                    },
                },
            },
        ],
        "layout": {
            "template": template(scheme),
            "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
            "showlegend": False,
            "barmode": "overlay",
            "xaxis": {"type": "category", "tickvals": labels[::7], "tickangle": 0},
            "yaxis": counted(max((_top(day) for day in one.days), default=0)),
        },
    }


def _top(day: Day) -> float:
    return max(day.number or 0, day.usual.high if day.usual else 0)


def _faint(colour: str) -> str:
    """The colour as a wash behind bars."""
    plain = colour.lstrip("#")
    red, green, blue = (int(plain[at : at + 2], 16) for at in (0, 2, 4))
    return f"rgba({red},{green},{blue},0.25)"


def _listing(viewer: Viewer, cubes: Cubes) -> Listing:
    columns = ("source", "measure", "day", "number", "usual_low", "usual_middle", "usual_high", "odd")
    rows = [
        (one.source, one.measure, day_date(day.day).isoformat(), "" if day.number is None else day.number,
         *_plain(day),
         day.flag)
        for one in all_of(viewer, cubes) for day in one.days
    ]  # fmt: skip
    return Listing(columns, rows)


def _plain(day: Day) -> list[object]:
    if day.usual is None:
        return ["", "", ""]
    return [round(day.usual.low), round(day.usual.middle), round(day.usual.high)]


TABLES = (ListTable("volumes", "Volumes against the usual", _listing),)
