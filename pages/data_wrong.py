"""What is wrong with the loading, since when, and who was told of it and how."""

from __future__ import annotations

from dash.development.base_component import Component

from alerts.message import PLACES
from alerts.ways.registry import LABELS
from config.settings import Settings, variable
from data.clocks import DAY_US
from data.cubes import Cubes
from pages.data_pieces import heads, state, zone_of
from pages.data_questions import now_us
from state.incidents import Incident, Notice, Says
from state.store import Store
from ui import html
from ui.aria import Children
from ui.clocks import lasting, moment
from ui.icon import icon
from ui.numbers import count
from ui.panels import panel
from ui.tables import table

DAYS = 30
MOST = 20
ALONE = f"Nobody is told of it: {variable('alerts')} names no way, see docs/alerts.md."


def mark(cubes: Cubes, store: Store) -> str:
    """What the panel is drawn of: it changes when something begins, ends, or somebody is told."""
    of = [
        (one.id, one.recovered_us, *((note.told_us, note.tries, note.dropped_us) for note in one.notices))
        for one in _known(store)
    ]
    return f"{cubes.snapshot.number} {of}"


def panel_of(cubes: Cubes, store: Store, settings: Settings) -> list[Component]:
    """The panel: what is wrong now, then what was in the last days."""
    found, zone = _known(store), zone_of(cubes)
    wrong = [one for one in found if one.recovered_us is None]
    caption = f"Runs, publishes, refusals, sums and sources, and what was wrong in the last {DAYS} days. "
    if not found:
        calm = html.P([icon("check-circle"), f"Nothing was wrong in the last {DAYS} days."], className="calm")
        return panel(
            "Nothing is wrong", f"Runs, publishes, refusals, sums and sources. {_told_to(settings)}", calm
        )
    body = table(
        heads("What", "Since", "Over", "Told"),
        [_row(one, zone, settings) for one in found[:MOST]],
        "What is wrong, and what was",
        "words wrong",
    )
    left = len(found) - MOST
    foot = [html.P(f"and {count(left)} earlier ones")] if left > 0 else []
    return panel(_title(wrong, zone), caption + _told_to(settings), body, foot)


def _known(store: Store) -> list[Incident]:
    """What is wrong with loading and guarding; alerts on figures have a page of their own."""
    known = store.incidents.since(now_us() - DAYS * DAY_US)
    return [one for one in known if one.topic not in PLACES]


def _title(wrong: list[Incident], zone: str) -> str:
    if not wrong:
        return "Nothing is wrong now"
    since = moment(min(one.opened_us for one in wrong), zone)
    if len(wrong) == 1:
        return f"One thing is wrong since {since}: {wrong[0].title}"
    return f"{count(len(wrong))} things are wrong, the first since {since}"


def _told_to(settings: Settings) -> str:
    if not settings.alerts:
        return ALONE
    ways = ", ".join(LABELS[way] for way in settings.alerts)
    return f"Told once when it begins and once when it is over, by {ways}."


def _row(one: Incident, zone: str, settings: Settings) -> list[Children]:
    kind = "bad" if one.urgent else "late"
    over: Children = state("wrong", kind)
    if one.recovered_us is not None:
        lasted = html.Small(f"after {lasting(one.recovered_us - one.opened_us)}")
        over = [state(moment(one.recovered_us, zone), "good"), lasted]
    title = one.title[:1].upper() + one.title[1:]
    return [[title, html.Small(one.words)], moment(one.opened_us, zone), over, _told(one, zone, settings)]


def _told(one: Incident, zone: str, settings: Settings) -> Children:
    if not one.notices:
        return "nobody"
    alike: dict[tuple[str, str], list[str]] = {}
    for note in one.notices:
        told = alike.setdefault((note.says, _when(note, zone, settings)), [])
        told.append(LABELS.get(note.way, note.way))
    return [
        html.Div([f"{'its end: ' if says == Says.RECOVERED else ''}{when}", html.Small(", ".join(ways))])
        for (says, when), ways in alike.items()
    ]


def _when(note: Notice, zone: str, settings: Settings) -> str:
    if note.told_us is not None:
        return moment(note.told_us, zone)
    if note.dropped_us is not None:
        return f"given up: {note.failed}"
    if note.way not in settings.alerts:
        return "not told, switched off meanwhile"
    if note.failed is None:
        return "not yet"
    times = "once" if note.tries == 1 else f"{count(note.tries)} times"
    return f"not yet, tried {times}: {note.failed}"
