"""The live strip: what has happened today so far, renewed while somebody looks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dash import dcc
from dash.development.base_component import Component

from data.cubes import Cubes
from data.live import NOT_DELIVERED, Now
from ui import controls, html
from ui.aria import aria, marks
from ui.links import campaign_link
from ui.numbers import count

LABELS = {
    "sent": "Sent",
    "delivered": "Delivered",
    NOT_DELIVERED: "Not delivered",
    "opened": "Opened",
    "clicked": "Clicked",
    "replied": "Replied",
    "acted": "Acted",
    "opt_out": "Opted out",
    "complaint": "Complained",
}
ALWAYS = ("sent", "delivered")
SHOWN = 6
LIVE_MILLISECONDS, IDLE_MILLISECONDS = 700, 15_000
STOPPED_US = 60_000_000
FEW = "–"
ABOUT = (
    "Messages of today, each counted once per stage. A number moves when enough people have moved it: "
    f"it may lag by a few. {FEW} stands for none, or too few to tell. Figures below follow the next run."
)


@dataclass(frozen=True)
class Ids:
    """Ids of the strip of a page."""

    page: str

    @property
    def strip(self) -> str:
        return f"{self.page}-live"

    @property
    def head(self) -> str:
        return f"{self.page}-live-head"

    @property
    def told(self) -> str:
        return f"{self.page}-live-told"

    @property
    def tick(self) -> str:
        return f"{self.page}-live-tick"

    @property
    def as_of(self) -> str:
        return f"{self.page}-live-as-of"


def place(ids: Ids) -> list[Component]:
    """Where the strip stands, hidden until there is something to tell."""
    return [
        html.Section(
            [html.Div(id=ids.head), html.Div(id=ids.told)],
            id=ids.strip,
            className="live card no-print",
            hidden=True,
            **aria(label="Live"),
        ),
        dcc.Interval(id=ids.tick, interval=IDLE_MILLISECONDS),
        controls.Store(id=ids.as_of, data=0),
    ]


def head() -> Component:
    """The title, drawn once: what is opened in it stays open."""
    title = html.H2([html.Span(className="live-dot", **aria(hidden="true")), "Live"], className="panel-title")
    about = html.Details([html.Summary("what is this"), html.P(ABOUT)], className="why")
    return html.Div([title, about], className="live-head")


def told(now: Now, cubes: Cubes, campaigns: bool) -> Component:
    """Up to when the counts go, totals, and a line per campaign where `campaigns`."""
    stages = [name for name in LABELS if name in ALWAYS or now.told(name)]
    names = now.campaigns
    table = [_table(now, names, stages, cubes)] if campaigns and any(names) else []
    return html.Div([_until(now, cubes), _totals(now, stages), *table], className="live-told")


def _until(now: Now, cubes: Cubes) -> Component:
    zone = ZoneInfo(cubes.snapshot.zone)
    at = f"Today until {datetime.fromtimestamp(now.as_of_us / 1e6, UTC).astimezone(zone):%H:%M:%S}"
    if is_stopped(now):
        return html.P(f"{at}; live counts stand still", className="panel-caption live-stopped")
    return html.P(at, className="panel-caption")


def is_stopped(now: Now) -> bool:
    """Whether the counts are older than they may be."""
    return time.time_ns() // 1000 - now.as_of_us > STOPPED_US


def mark() -> Component:
    """What stands beside the name of a live campaign."""
    return html.Span([html.Span(className="live-dot", **aria(hidden="true")), "Live"], className="live-mark")


def _totals(now: Now, stages: list[str]) -> Component:
    return html.Dl([_total(now, name) for name in stages], className="live-totals")


def _total(now: Now, stage: str) -> Component:
    lately = now.lately(stage)
    moved = [html.Dd(f"+{count(lately)} in 5 min", className="live-lately")] if lately else []
    words = _written(now.told(stage))
    return html.Div([html.Dt(LABELS[stage]), html.Dd(words, className="live-count"), *moved])


def _table(now: Now, names: list[str], stages: list[str], cubes: Cubes) -> Component:
    heads = [html.Th(words, scope="col") for words in ("Campaign", *(LABELS[name] for name in stages))]
    rows = [_row(name, now, stages, cubes) for name in names[:SHOWN]]
    rest = len(names) - SHOWN
    words = f"{rest} more {'is' if rest == 1 else 'are'} counted above."
    more = [html.P(words, className="panel-caption")] if rest > 0 else []
    caption = html.Caption("Live counts by campaign", className="visually-hidden")
    table = html.Table([caption, html.Thead(html.Tr(heads)), html.Tbody(rows)], className="table live-table")
    return html.Div([table, *more])


def _written(messages: int) -> str:
    return count(messages) if messages else FEW


def _row(name: str, now: Now, stages: list[str], cubes: Cubes) -> Component:
    own, known = now.of(name), cubes.campaigns.get(name)
    cells = [html.Td(_written(own.told(stage)), **marks(label=LABELS[stage])) for stage in stages]
    words: Any = known.name if known else name or "No campaign named"
    title = html.A(words, href=campaign_link(name)) if known else words
    return html.Tr([html.Th([title, *([mark()] if name in now.moving else [])], scope="row"), *cells])
