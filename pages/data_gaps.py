"""What cannot be told: messages to nobody known, and facts that no source reports."""

from __future__ import annotations

from dash.development.base_component import Component

from config.vocabulary import CHANNEL_LABELS
from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.metrics import METRICS
from data.viewer import Viewer
from pages import data_coverage as coverage
from pages import data_questions as ask
from pages.answers import ask as measured
from pages.data_pieces import file_link
from pages.data_questions import View
from ui import html
from ui.aria import Children
from ui.faces import no_data
from ui.links import campaign_link
from ui.numbers import count, written
from ui.panels import panel
from ui.tables import cell, hidden_words, table

MOST = 8
WHY = (
    "A message counts here when neither its row nor the crosswalk names a member. Next step: bring the "
    "addresses with the members file ([addresses] in its mapping); the next refresh joins what it finds. "
    "An address that two members share stays unlinked, since nobody can say who read it."
)


def unlinked(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of messages whose member is not known, as released."""
    filters = ask.ever(Filters())
    by_channel = measured(ask.UNLINKED, ("channel",), filters, viewer, cubes)
    by_campaign = measured(ask.UNLINKED, ("campaign",), filters, viewer, cubes)
    caption = "All time. They count as messages, never as members."
    tools = file_link("unlinked", viewer)
    if not by_channel.rows:
        return panel("Messages to nobody known", caption, no_data("No messages yet."), tools=tools)
    channels = [
        [CHANNEL_LABELS.get(str(row.key[0]), str(row.key[0])), *_cells(by_channel, place)]
        for place, row in enumerate(by_channel.rows)
    ]
    worst = sorted(
        (place for place, row in enumerate(by_campaign.rows) if row.values["unlinked"].value),
        key=lambda place: -(by_campaign.rows[place].values["unlinked"].value or 0),
    )[:MOST]
    campaigns = [
        [_campaign(str(by_campaign.rows[place].key[0]), cubes), *_cells(by_campaign, place)]
        for place in worst
    ]
    heads = [METRICS[name].label for name in ask.UNLINKED]
    two = [
        html.Div(table(["Channel", *heads], channels, "Unlinked messages by channel")),
        html.Div(
            table(["Campaign", *heads], campaigns, "Campaigns with most unlinked messages")
            if campaigns
            else no_data("No campaign has any that may be told.")
        ),
    ]
    body = [html.Div(two, className="two-tables"), html.P(WHY, className="why")]
    return panel(_title(viewer, cubes), caption, body, hidden_words([by_channel, by_campaign]), tools)


def _title(viewer: Viewer, cubes: Cubes) -> str:
    total = measured(ask.UNLINKED, (), ask.ever(Filters()), viewer, cubes)
    share = total.one("unlinked_rate")
    if share.value is None:
        return "Messages to nobody known"
    if not share.value:
        return "Every message belongs to a known member"
    return (
        f"{written(share, METRICS['unlinked_rate'])} of messages went to somebody whom the plan does not know"
    )


def _cells(answer: Answer, place: int) -> list[Component]:
    values = answer.rows[place].values
    return [cell(values[name], METRICS[name]) for name in answer.metrics]


def _campaign(campaign: str, cubes: Cubes) -> Component:
    return html.A(cubes.campaigns[campaign].name, href=campaign_link(campaign))


def reported(view: View, viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of what each channel can report, over all campaigns or of one."""
    named = [view.campaign] if view.campaign else ask.visible(viewer, cubes)
    found = coverage.counted(cubes, named)
    caption = (
        "In how many campaigns of a channel some source reports it. "
        "What none reports is “not available” on every page: missing is not zero."
    )
    tools = file_link("coverage", viewer, campaign=view.campaign)
    channels = sorted(channel for channel in found if channel)
    if not found:
        return panel("What can be told", caption, no_data("Nothing is published of it yet."), tools=tools)
    labels = [CHANNEL_LABELS.get(one, one) for one in channels]
    heads = ["Fact", *(html.Th(one, scope="col") for one in labels)]
    rows = [
        [words, *(_cell_of(found[channel].get(fact, {})) for channel in channels)]
        for fact, words in coverage.FACTS.items()
    ]
    body: list[Children] = [table(heads, rows, "What each channel reports", "coverage")] if channels else []
    if "" in found:
        told = [
            f"{words.lower()} {_state(found[''].get(fact, {}))[0]}"
            for fact, words in coverage.WITHOUT_CHANNEL.items()
        ]
        body.append(html.P(f"Of members, before any message: {'; '.join(told)}.", className="why"))
    title = f"What can be told of {cubes.campaigns[view.campaign].name}" if view.campaign else _widest(found)
    return panel(title, caption, body, _notes(named, cubes), tools)


def _widest(found: dict[str, dict[str, dict[str, int]]]) -> str:
    """The channel that reports most facts, and the one that reports fewest."""
    told = {
        channel: sum(coverage.ABSENT not in states for states in facts.values())
        for channel, facts in sorted(found.items())
        if channel
    }
    if len(set(told.values())) < 2:
        return "What each channel can report"
    most, least = max(told, key=lambda one: told[one]), min(told, key=lambda one: told[one])
    named = [CHANNEL_LABELS.get(one, one) for one in (most, least)]
    return (
        f"{named[0]} reports most: {told[most]} of {len(coverage.FACTS)} facts in every campaign; "
        f"{named[1]} fewest: {told[least]}"
    )


def _state(states: dict[str, int]) -> tuple[str, str]:
    """The state of a fact over some campaigns in words, and its class."""
    total = sum(states.values())
    told, totals = states.get(coverage.REPORTED, 0), states.get(coverage.TOTALS, 0)
    if not told and not totals:
        return "not available", ""
    if told == total:
        return ("reported" if total == 1 else f"all {total}"), "yes"
    if totals == total:
        return "totals only", "some"
    words = f"{told or totals} of {total}" + ("" if told else ", as totals")
    return words + (f", {totals} as totals" if told and totals else ""), "some"


def _cell_of(states: dict[str, int]) -> Children:
    words, css = _state(states)
    return html.Td(words, className=css) if css else words


def _notes(named: list[str], cubes: Cubes) -> list[Component]:
    undated = [one for one in cubes.undated if one in named]
    totals = coverage.totals_only(cubes, named)
    notes = [
        ("Without dates, so only in All time", undated),
        ("With totals that a source added up, no members behind them", totals),
    ]
    return [html.Span(f"{words}: {_listed(found, cubes)}.") for words, found in notes if found]


def _listed(campaigns: list[str], cubes: Cubes) -> str:
    names = [cubes.campaigns[one].name for one in campaigns]
    return ", ".join(names[:3]) + (f" and {count(len(names) - 3)} more" if len(names) > 3 else "")
