"""How a browser asks: signed in through the door, with the bodies that Dash's own script sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dash import Input, Output, State, html
from flask import Flask
from flask.testing import FlaskClient

from app.bodies import WILDCARDS, Spec
from app.guard import CALLBACK, Guard
from config.permissions import Permission
from ui.page import Page
from ui.wires import Wires

SECRET_WORDS = "kept-from-most"
SECRET_OUTPUT = f"{SECRET_WORDS}-answer.children"
SHOW = "..frame-page.children...frame-place.data.."


def signed_in(server: Flask, user: str | None) -> FlaskClient:
    """A browser of a demo user (the id of one, such as `manager`), or a stranger's."""
    client = server.test_client()
    if user is not None:
        assert client.post("/sign-in", data={"role": user}).status_code == 303
    return client


def guard_of(server: Flask) -> Guard:
    guard: Guard = server.extensions["reachboard.guard"]
    return guard


def request_of(wire: Spec, values: Mapping[str, object] | None = None, **changes: Any) -> dict[str, Any]:
    """A well-formed body for a callback; `values` by `id.property`, None for what it does not name."""
    given = values or {}
    inputs = [_end(end, given) for end in wire["inputs"]]
    outputs = [_end(end, None) for end in wire["outputs"]]
    body = {
        "output": wire["output"],
        "outputs": outputs if wire["several"] else outputs[0],
        "inputs": inputs,
        "state": [_end(end, given) for end in wire["state"]],
        "changedPropIds": [],
        "parsedChangedPropsIds": [],
    }
    return body | changes


def _end(end: Spec, given: Mapping[str, object] | None) -> Any:
    name, prop = end["id"], end["property"]
    value = {} if given is None else {"value": given.get(f"{name}.{prop}")}
    if not name.startswith("{"):
        return {"id": name, "property": prop, **value}
    pattern = json.loads(name)
    one = {key: "x" if part in WILDCARDS else part for key, part in pattern.items()}
    filled = {"id": one, "property": prop, **value}
    return filled if ["MATCH"] in pattern.values() else [filled]


def call(client: FlaskClient, body: object) -> Any:
    return client.post(CALLBACK, json=body)


def fire(server: Flask, client: FlaskClient, output: str, values: Mapping[str, object] | None = None) -> Any:
    """Call a callback with a well-formed body."""
    return call(client, request_of(guard_of(server).wires[output], values))


def show(server: Flask, client: FlaskClient, path: object, search: object = "") -> Any:
    """Ask for the content of an address, as the frame does."""
    values = {"frame-address.pathname": path, "frame-address.search": search}
    return fire(server, client, SHOW, values)


def secret_wires() -> Wires:
    """A page for those with VIEW_PRIVACY, with one wire."""

    def layout(viewer: Any, _cubes: Any, /, **_query: str) -> Any:
        return html.Div([html.H1("Vault"), html.P(f"{SECRET_WORDS} {viewer.role}")])

    wires = Wires(Page("vault", "/vault", "Vault of secrets", Permission.VIEW_PRIVACY, layout, icon="lock"))

    @wires.callback(
        Output(f"{SECRET_WORDS}-answer", "children"), Input("asked", "value"), State("more", "value")
    )
    def answer(viewer: Any, _cubes: Any, asked: object, more: object) -> str:
        if asked == "break":
            raise ValueError("member 12345 broke it")
        return f"{viewer.role} {asked} {more}"

    return wires
