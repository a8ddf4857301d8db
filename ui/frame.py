"""What stands around every page: stores that pages may listen to, the place of the page, footer and toast."""

from __future__ import annotations

from enum import StrEnum

import dash_bootstrap_components as dbc
from dash import dcc
from dash.development.base_component import Component

from data.cubes import Cubes
from ui import controls, html
from ui.clocks import clock_words
from ui.head import Saved

POLL_MILLISECONDS = 15_000


class Frame(StrEnum):
    """Ids of the frame. Pages may listen: `Input(Frame.SNAPSHOT, "data")` redraws when data are new."""

    ADDRESS = "frame-address"
    PAGE = "frame-page"
    RETURN = "frame-return"  # the search that Back or Forward leads to, inside a page
    PLACE = "frame-place"  # {path, title} of the page that is shown
    SNAPSHOT = "frame-snapshot"  # number of the snapshot that is served
    SYNTHETIC = "frame-synthetic"
    THEME = "frame-theme"  # "light" or "dark", resolved
    TICK = "frame-tick"
    STATE = "frame-state"
    TOAST = "frame-toast"


def frame(cubes: Cubes, plan: str, scheme: str) -> Component:
    """The frame around an empty place; the header is part of the document itself."""
    return html.Div(
        [
            dcc.Location(id=Frame.ADDRESS, refresh="callback-nav"),
            controls.Store(id=Frame.PLACE),
            controls.Store(id=Frame.RETURN),
            controls.Store(id=Frame.SNAPSHOT, data=cubes.snapshot.number),
            controls.Store(id=Frame.SYNTHETIC, data=is_synthetic(cubes)),
            controls.Store(id=Frame.THEME, data=scheme),
            controls.Store(id=Saved.ASK),
            controls.Store(id=Saved.DEFAULTS),
            dcc.Interval(id=Frame.TICK, interval=POLL_MILLISECONDS),
            html.Main(id=Frame.PAGE, className="page", tabIndex=-1),
            html.Footer(
                [
                    html.Span(plan, className="footer-plan"),
                    html.Div(state(cubes), id=Frame.STATE, className="footer-state"),
                ],
                className="footer",
            ),
            dbc.Toast(
                id=Frame.TOAST,
                header="Not everything could be shown",
                is_open=False,
                dismissable=True,
                className="toast-corner",
            ),
        ],
        className="frame",
    )


def state(cubes: Cubes) -> list[Component]:
    """The clocks, and the snapshot that every figure above comes from."""
    number = cubes.snapshot.number
    return [
        *(
            html.Span([html.Span(label, className="footer-label"), " ", value])
            for label, value in clock_words(cubes.snapshot)
        ),
        html.Span(f"Snapshot {number}" if number else "Nothing published yet"),
    ]


def is_synthetic(cubes: Cubes) -> bool:
    """Whether any of the data were made by the sample generator."""
    return bool(cubes.snapshot.clocks.get("synthetic"))
