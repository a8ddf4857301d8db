"""The quick elements are Dash's own in all but their making."""

from __future__ import annotations

import json
from typing import Any

import dash_bootstrap_components as dbc
import pytest
from dash import dcc
from dash import html as dash_html
from dash.development.base_component import Component
from plotly.io.json import to_json_plotly

from config.settings import ROOT
from ui import controls, html
from ui.html import SHORT

CONTROLS = [
    name for name, one in vars(controls).items() if isinstance(one, type) and issubclass(one, Component)
]
EVERY = sorted(name for name, one in vars(html).items() if isinstance(one, type) and name[0].isupper())
PROPS: dict[str, Any] = {
    "id": {"type": "a", "by": "b"},
    "className": "one two",
    "aria-label": "Words",
    "data-n": "",
}


def written(element: object) -> Any:
    """What an answer holds of it, with the whole names of libraries."""
    text = to_json_plotly(element)
    for library, short in SHORT.items():
        text = text.replace(f'"namespace":"{short}"', f'"namespace":"{library}"')
    return json.loads(text)


def test_the_browser_knows_the_short_names() -> None:
    script = (ROOT / "assets" / "frame.js").read_text(encoding="utf-8")
    assert "{ " + ", ".join(f'{short}: "{library}"' for library, short in SHORT.items()) + " }" in script


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_is_written_as_its_library_writes_it(name: str) -> None:
    plain = getattr(dcc if name == "Store" else dbc, name)
    given = {"id": "one", "data": {"a": 1}} if name == "Store" else {"id": "one", "class_name": "two"}
    expected = written(plain(**given))
    expected["props"].pop("children", None)  # Dash writes that there are none
    assert written(getattr(controls, name)(**given)) == expected


@pytest.mark.parametrize("name", [name for name in EVERY if hasattr(dash_html, name)])
def test_an_element_is_written_as_dash_writes_it(name: str) -> None:
    quick, plain = getattr(html, name), getattr(dash_html, name)
    inside = ["text", quick("more"), 3]
    assert written(quick(inside, **PROPS)) == written(plain(["text", plain("more"), 3], **PROPS))
    assert isinstance(quick(), plain)


def test_there_are_elements() -> None:
    assert {"Div", "Span", "Td"} <= set(EVERY)


def test_an_element_without_children_has_none_and_writes_none() -> None:
    assert html.Div().children is None
    assert written(html.Div(className="bone"))["props"] == {"className": "bone"}


def test_a_name_that_no_element_knows_is_refused() -> None:
    with pytest.raises(TypeError, match="Div has no property 'classname'"):
        html.Div(classname="typo")


def test_what_is_set_later_is_written_too() -> None:
    cell = html.Td("1")
    cell.className = "number"
    setattr(cell, "data-hint", "sent")
    assert written(cell)["props"] == {"children": "1", "className": "number", "data-hint": "sent"}
    delattr(cell, "data-hint")
    assert "data-hint" not in written(cell)["props"]


def test_choices_keep_their_order_and_are_brief() -> None:
    assert controls.offered([("b", "b"), ("a", "a")]) == ["b", "a"]
    assert list(controls.offered([("b", "Bee"), ("a", "Ant")])) == ["b", "a"]
    assert controls.offered([("x", "X"), ("7", "Seven")])[1] == {"value": "7", "label": "Seven"}
