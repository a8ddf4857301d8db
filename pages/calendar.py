"""The campaign calendar: who runs when, by program, where campaigns overlap, and the notes of those days."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import Permission
from data.cubes import Cubes
from data.filters import choices
from data.viewer import Viewer
from pages.calendar_bars import bars, turning
from pages.calendar_ids import Ids
from pages.calendar_span import CALENDAR, LENGTHS, Span, span_of, undated, within
from ui import controls, html, tables
from ui.aria import aria, marks
from ui.faces import no_data
from ui.head import page_actions, page_head
from ui.icon import icon
from ui.links import campaign_link
from ui.page import Page
from ui.panels import panel, waiting

LEAD = "Which campaigns run when, and where they overlap. How many members they share is not told."
CAPTION = "By program; dates and status of their records. Below a bar: the days of its messages."
UNDATED_SHOWN = 12


def layout(viewer: Viewer, cubes: Cubes, /, **query: str) -> Component:
    """The page for a viewer; `month` and `months` say what is shown."""
    if not choices("campaign", cubes, viewer):
        step = html.A("Go to the Overview", href="/", className="btn btn-quiet")
        return html.Div([_head([]), no_data("There are no campaigns yet.", step)])
    span = span_of(query, cubes)
    return html.Div(
        [
            _head(page_actions()),
            _ways(span),
            html.Section(waiting(Ids.CHART), className="panel card"),
            html.Section(waiting(Ids.NOTES), className="panel card cal-notes"),
            controls.Store(id=Ids.SPAN, data=[span.first, span.months, span.skip]),
            controls.Store(id=Ids.ASK),
        ],
        className="overview calendar",
    )


def _head(actions: list[Component]) -> Component:
    return page_head("Calendar", html.P(LEAD, className="lead"), actions)


def _ways(span: Span) -> Component:
    """Earlier and later, back to today, and how many months are shown."""
    lengths = [
        html.A(
            words,
            href=span.address(months=length),
            className="btn btn-quiet",
            **(aria(current="true") if length == span.months else {}),
        )
        for length, words in LENGTHS.items()
    ]
    return html.Div(
        [
            html.Nav(
                [
                    html.A(
                        icon("chevron-left"),
                        href=span.address(-1),
                        className="btn btn-quiet",
                        **marks("previous"),
                        **aria(label="A month earlier"),
                    ),
                    html.Strong(span.words, className="cal-words"),
                    html.A(
                        icon("chevron-right"),
                        href=span.address(1),
                        className="btn btn-quiet",
                        **marks("next"),
                        **aria(label="A month later"),
                    ),
                    html.A("Today", href=CALENDAR, className="btn btn-quiet"),
                ],
                className="cal-moves",
                **aria(label="Months"),
            ),
            html.Nav(lengths, className="cal-lengths", **aria(label="How many months")),
        ],
        className="cal-ways no-print",
    )


def chart(span: Span, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The children of the chart's panel."""
    found = within(span, viewer, cubes)
    if not found:
        step = html.A("Today", href=CALENDAR, className="btn btn-quiet")
        return panel(f"No campaign in {span.words}", "", no_data("No campaign has a day here.", step))
    words = f"{len(found)} campaign{'' if len(found) == 1 else 's'} in {span.words}"
    query = span.address().partition("?")[2]
    tools = tables.download(f"{CALENDAR}/campaigns.csv?{query}", viewer.may(Permission.EXPORT))
    content = [
        bars(span, found, viewer, cubes),
        *turning(found, span),
        tables.behind_chart(Ids.TABLE_OPENER, Ids.TABLE),
    ]
    return panel(words, CAPTION, content, _undated(viewer, cubes), tools)


def _undated(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The campaigns that no day is known of."""
    found = undated(viewer, cubes)
    if not found:
        return []
    links = [html.A(one.name, href=campaign_link(one.id)) for one in found[:UNDATED_SHOWN]]
    parts = [part for link in links for part in (", ", link)][1:]
    more = f" and {len(found) - UNDATED_SHOWN} more" if len(found) > UNDATED_SHOWN else ""
    return [html.Span(["Without dates: ", *parts, more])]


PAGE = Page(
    "calendar",
    CALENDAR,
    "Calendar",
    needs=Permission.VIEW_CAMPAIGNS,
    layout=layout,
    icon="calendar3",
    key="k",
    bones="list",
)
