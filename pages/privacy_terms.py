"""The terms of release: those of the snapshot, those that wait for the next publish, and when that comes."""

from __future__ import annotations

import json
import time

from dash.development.base_component import Component

from config.settings import Settings
from data import runs
from data.cubes import Cubes
from data.words import release_words
from pages.data_pieces import command, heads, zone_of
from pages.privacy_words import finding
from state.policy import Terms, in_force, of_settings, of_snapshot
from state.store import Store
from ui import html
from ui.aria import Children
from ui.clocks import moment
from ui.icon import icon
from ui.panels import panel
from ui.tables import table

LATE_US = 120_000_000  # a run that is late by more is not waited for
FOOT = "Of the settings, what was raised here and the last snapshot, the strictest counts."


def next_terms(cubes: Cubes, store: Store, settings: Settings) -> Terms:
    """The terms of the next publish, as a run will find them."""
    return in_force(settings, store.policies(), cubes.snapshot.terms)


def terms(cubes: Cubes, store: Store, settings: Settings) -> list[Component]:
    """The panel of the terms in force, and of those that wait."""
    now, then = of_snapshot(cubes.snapshot.terms), next_terms(cubes, store, settings)
    published = bool(cubes.snapshot.number)
    waits = not published or now != then
    top = [_waits(then, cubes, settings)] if waits else []
    if not published:
        return panel("Nothing has been published yet", "A first snapshot brings the terms into force.", top)
    rules = html.Ul([html.Li(text) for text in release_words(cubes.snapshot.terms)], className="rules")
    more = html.A("All about when a number is told", href="/definitions#part-release")
    asked = f"{FOOT} The settings ask for {of_settings(settings).words()}."
    body = [*top, html.Div([_table(now, then, waits), rules], className="two-tables")]
    return panel(finding(now), _since(cubes), body, [html.Span(asked), more])


def _table(now: Terms, then: Terms, waits: bool) -> Component:
    names = ["Term", "In force", *(["Next publish"] if waits else []), "What it is"]
    rows: list[list[Children]] = []
    for name, old, new, words in (
        (
            "Threshold",
            f"{now.threshold:,}",
            f"{then.threshold:,}",
            "Fewest members behind a count that is told",
        ),
        (
            "Profile",
            now.profile,
            then.profile,
            "Whether facts about messages are judged like figures of members",
        ),
    ):
        rows.append([name, old, *([new] if waits else []), words])
    return table(
        heads(*names), rows, "Terms of release", "words release-terms" + (" with-next" if waits else "")
    )


def _since(cubes: Cubes) -> str:
    """Since which snapshot without a break the terms are those of now."""
    own = of_snapshot(cubes.snapshot.terms)
    first = cubes.snapshot.number, cubes.snapshot.published_us
    for number, published_us, told in (
        cubes.lake.snapshots().sort("snapshot", descending=True)
        .select("snapshot", "published_us", "terms").iter_rows()
    ):  # fmt: skip
        if of_snapshot(json.loads(told)) != own:
            break
        first = number, published_us
    when = moment(first[1], zone_of(cubes))
    return f"In force since snapshot {first[0]} of {when}, for every page, file and printout alike."


def _waits(then: Terms, cubes: Cubes, settings: Settings) -> Component:
    due, by_hand = next_publish(cubes, settings)
    words = [html.Strong(f"{then.words().capitalize()}: from the next publish on"), html.P(due)]
    return html.Div(
        [icon("clock-history"), html.Div([*words, *([command("run")] if by_hand else [])])],
        className="notice notice-late",
        role="status",
    )


def next_publish(cubes: Cubes, settings: Settings) -> tuple[str, bool]:
    """When the next run starts, in words, and whether somebody has to start it."""
    every = f"every {settings.refresh_minutes} minutes" if settings.refresh_minutes > 1 else "every minute"
    last = next((run for run in runs.read(cubes.lake.root) if run.kind == "scheduled"), None)
    if last is None:
        return f"The schedule starts a run {every}; it has not started one yet. By hand:", True
    zone = zone_of(cubes)
    at = last.started_us + settings.refresh_minutes * 60_000_000
    if at + LATE_US < time.time_ns() // 1000:
        return f"The schedule has started no run since {moment(last.started_us, zone)}. By hand:", True
    return f"The next run starts at about {moment(at, zone)}; the schedule starts one {every}.", False
