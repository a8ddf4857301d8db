"""The quick elements are Dash's own in all but their making."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dash import html as dash_html
from plotly.io.json import to_json_plotly

from ui import html

EVERY = sorted(name for name, one in vars(html).items() if isinstance(one, type) and name[0].isupper())
PROPS: dict[str, Any] = {
    "id": {"type": "a", "by": "b"},
    "className": "one two",
    "aria-label": "Words",
    "data-n": "",
}


def written(element: object) -> Any:
    return json.loads(to_json_plotly(element))


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
