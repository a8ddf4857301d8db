"""Shows the page of the address inside the frame, and tells an open page when newer data were published."""

from __future__ import annotations

from dash import ClientsideFunction, Input, Output, State, callback_context, no_update
from dash.development.base_component import Component

from app import errors
from app.guard import Guard
from config.permissions import Permission
from data.cubes import Cubes
from data.viewer import Viewer
from ui import html
from ui.faces import failed
from ui.frame import Frame, is_synthetic, state
from ui.page import Page, nothing, parse_query
from ui.wires import Wires

Shown = tuple[Component, dict[str, str]]
FRAME = Page("frame", "", "Reachboard", needs=Permission.ENTER, layout=nothing)


def frame_wires(guard: Guard) -> Wires:
    """The wires of the frame itself."""
    wires = Wires(FRAME)

    @wires.callback(
        Output(Frame.PAGE, "children"),
        Output(Frame.PLACE, "data"),
        Input(Frame.ADDRESS, "pathname"),
        Input(Frame.ADDRESS, "search"),
        Input(Frame.RETURN, "data"),
    )
    def show(viewer: Viewer, cubes: Cubes, path: object, search: object, back: object) -> Shown:
        returned = isinstance(back, dict) and callback_context.triggered_id == Frame.RETURN
        return page_of(guard, viewer, cubes, path, back.get("search") if returned else search)  # type: ignore[attr-defined]

    @wires.callback(
        Output(Frame.SNAPSHOT, "data"),
        Output(Frame.SYNTHETIC, "data"),
        Output(Frame.STATE, "children"),
        Input(Frame.TICK, "n_intervals"),
        State(Frame.SNAPSHOT, "data"),
        prevent_initial_call=True,
    )
    def look(_viewer: Viewer, cubes: Cubes, _ticks: object, known: object) -> tuple[object, object, object]:
        if known == cubes.snapshot.number:
            return no_update, no_update, no_update
        return cubes.snapshot.number, is_synthetic(cubes), state(cubes)

    wires.clientside(
        ClientsideFunction("reachboard", "arrive"),
        Output(Frame.PAGE, "data-path"),
        Input(Frame.PLACE, "data"),
    )
    wires.clientside(
        ClientsideFunction("reachboard", "synthetic"),
        Output(Frame.PAGE, "data-synthetic"),
        Input(Frame.SYNTHETIC, "data"),
    )
    return wires


def page_of(guard: Guard, viewer: Viewer, cubes: Cubes, path: object, search: object) -> Shown:
    """The content at an address and its {path, title}; a page out of the viewer's reach is a missing one."""
    page = guard.page(path, viewer)
    if page is None:
        title = errors.WORDS[404][0]
        return _missing(), {"path": "", "title": title}
    place = {"path": page.path, "title": page.title}
    try:
        return page.layout(viewer, cubes, **parse_query(search)), place
    except Exception as error:
        heading = html.H1(page.title, tabIndex=-1)
        return html.Div([heading, failed(errors.report(error))]), place


def _missing() -> Component:
    title, words = errors.WORDS[404]
    return html.Div(
        [
            html.H1(title, tabIndex=-1),
            html.P(words),
            html.A("Go to the start page", href="/", className="btn btn-primary"),
        ],
        className="empty-page",
    )
