"""How fresh the figures are, in words: each clock, who sets it, and under which terms it was released."""

from __future__ import annotations

from dash.development.base_component import Component

from data.catalogue import catalogue
from data.clocks import ACTIVE_DAYS, OutcomeClock
from data.cubes import Cubes
from data.viewer import Viewer
from data.words import listed
from pages.data_pieces import file_link, heads, zone_of
from ui import html
from ui.clocks import day, moment
from ui.panels import panel
from ui.tables import table

PROFILES = {
    "default": "message counts are operational facts, member counts are always protected",
    "strict": "every figure is protected like a count of members",
}
Row = list[object]


def clocks(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel of the clocks."""
    rows = [_outreach(viewer, cubes), *_outcomes(viewer, cubes), *_snapshot(cubes)]
    caption = "A later file moves its clock at the next refresh; figures behind a clock may still grow."
    tools = file_link("clocks", viewer) if viewer.scope.whole else []
    return panel(
        _title(cubes),
        caption,
        table(heads("Clock", "Stands at", "Because"), rows, "Clocks", "words stands"),
        tools=tools,
    )


def _title(cubes: Cubes) -> str:
    through = moment(cubes.snapshot.clocks.get("outreach_through_us"), zone_of(cubes))
    return f"Outreach is complete through {through}" if cubes.snapshot.number else "Nothing is published yet"


def _outreach(viewer: Viewer, cubes: Cubes) -> Row:
    known = catalogue(cubes).outreach
    active = [one for one in known if one.active]
    told = moment(cubes.snapshot.clocks.get("outreach_through_us"), zone_of(cubes))
    if not active:
        return ["Outreach through", told, "No source of messages has been published yet."]
    setting = [one.source for one in active if one.sets]
    who = listed(setting) if viewer.scope.whole else "one source"
    why = (
        f"Set by {who}, the one that reaches least far of {len(active)} active sources of messages"
        if len(active) > 1
        else f"Set by {who}, the only active source of messages"
    )
    idle = [one for one in known if not one.active]
    for words, names in (
        (f"silent for more than {ACTIVE_DAYS} days", [one.source for one in idle if not one.once]),
        ("coming once", [one.source for one in idle if one.once]),
    ):
        if names:
            named = f" ({listed(names)})" if viewer.scope.whole else ""
            why += f"; {len(names)} {words} passed over{named}"
    return ["Outreach through", told, f"{why}."]


def _outcomes(viewer: Viewer, cubes: Cubes) -> list[Row]:
    wanted = {
        one.outcome
        for one in cubes.campaigns.values()
        if viewer.scope.allows(one.program, one.line_of_business)
    }
    known = catalogue(cubes).outcomes
    shown = known if viewer.scope.whole else [one for one in known if one.outcome in wanted]
    zone = zone_of(cubes)
    return [
        [f"Outcome {one.outcome.replace('_', ' ')}", day(one.day), _why(one, viewer.scope.whole, zone)]
        for one in shown
    ]


def _why(one: OutcomeClock, whole: bool, zone: str) -> str:
    who = listed(list(one.sources)) if whole else "its source"
    latest = (
        f"Complete for assignments until then: the latest row of {who}, {moment(one.last_us, zone)}, less"
    )
    if not one.window:
        return f"{latest} a lag of {one.lag} days; no campaign declares it."
    return f"{latest} a window of {one.window} days and a lag of {one.lag}."


def _snapshot(cubes: Cubes) -> list[Row]:
    snapshot, zone = cubes.snapshot, zone_of(cubes)
    if not snapshot.number:
        return []
    terms = snapshot.terms
    pairs = ", ".join(" × ".join(pair) for pair in terms.get("pairs", [])) or "none"
    profile = str(terms.get("profile", "default"))
    return [
        ["Last load", moment(snapshot.clocks.get("last_load_us"), zone), "The latest file of this snapshot."],
        [
            "Snapshot",
            str(snapshot.number),
            f"Published {moment(snapshot.published_us, zone)}; every page shows it.",
        ],
        [
            "Definitions",
            html.Code(snapshot.definitions),
            "The version of every metric's meaning and formula.",
        ],
        [
            "Released under",
            f"{terms.get('threshold')} members",
            f"Fewer are never told apart. Profile {profile}: {PROFILES.get(profile, profile)}. "
            f"Attributes asked together: {pairs}.",
        ],
        ["Days are those of", zone, "The plan's reporting zone."],
    ]
