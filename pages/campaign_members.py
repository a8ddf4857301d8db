"""The Campaign page's members by one attribute: small bars side by side, one measure a column."""

from __future__ import annotations

from collections.abc import Mapping

from dash.development.base_component import Component

from data.answer import Row
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.release import label
from data.viewer import Viewer
from pages import campaign_questions as questions
from pages.campaign_head import so_far
from pages.campaign_ids import Ids
from pages.campaign_scope import by_attribute, empty
from pages.table import csv_link
from ui import bars, controls, html, tables
from ui.coarser import in_foot, instead
from ui.panels import panel


def chooser(query: Mapping[str, str], cubes: Cubes) -> Component:
    """Which attribute members are told apart by; the choice is a parameter of the address."""
    options = [{"label": cubes.dimension(name).label, "value": name} for name in cubes.attributes]
    select = controls.Select(
        id=Ids.MEMBERS_BY,
        options=options,
        value=questions.attribute_of(query.get(questions.MEMBERS_BY), cubes),
        size="sm",
    )
    words = controls.Label("Members by", html_for=Ids.MEMBERS_BY)
    return html.Div([words, select], className="members-by no-print", hidden=not options)


def members(filters: Filters, viewer: Viewer, cubes: Cubes, by: object) -> list[Component]:
    """A row per value of the attribute with bars of its members and rates."""
    attribute = questions.attribute_of(by, cubes)
    caption = f"Members delivered to, once per channel, as at assignment. {filters.sentence(cubes)}"
    if not attribute:
        return panel("Members", caption, empty("members_delivered", filters, viewer, cubes))
    name = cubes.dimension(attribute).label
    answer = questions.members(filters, viewer, cubes, attribute)
    told = [row for row in answer.rows if any(value.shown for value in row.values.values())]
    if not told:
        nothing = _nothing(attribute, filters, viewer, cubes)
        return panel(f"Members by {name.lower()}", caption, nothing)
    names = [one for one in answer.metrics if any(row.values[one].shown for row in answer.rows)]
    tops = {one: max(row.values[one].value or 0 for row in answer.rows) for one in names}
    rows = [
        [
            label(str(row.key[0])),
            *(
                bars.slim(row.values[one], METRICS[one], tops[one], "" if not place else "second")
                for place, one in enumerate(names)
            ),
        ]
        for row in sorted(answer.rows, key=_order)
    ]
    heads = [name, *(html.Th(METRICS[one].label, scope="col") for one in names)]
    later = "conversion_rate" in names and so_far(cubes.campaigns[filters.campaign[0]], filters, cubes)
    foot = [*tables.hidden_words([answer]), *in_foot(by_attribute(attribute, filters, viewer, cubes))]
    if later:
        foot = [html.Span("Conversion rates are so far: outcomes are still to come."), *foot]
    table = tables.table(heads, rows, f"Members by {name.lower()}", "by-members")
    return panel(
        f"Who was reached and who acted, by {name.lower()}",
        caption,
        table,
        foot,
        csv_link("campaign", "members", filters, viewer, cut=attribute),
    )


def _nothing(attribute: str, filters: Filters, viewer: Viewer, cubes: Cubes) -> Component:
    way_on = by_attribute(attribute, filters, viewer, cubes)
    return instead(way_on) if way_on else empty("members_delivered", filters, viewer, cubes)


def _order(row: Row) -> tuple[bool, str]:
    return (row.key[0] == SEVERAL, str(row.key[0]))
