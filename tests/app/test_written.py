"""Answers of callbacks are written as Dash would write them, by an encoder of our own."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from dash import Patch, _callback, dcc
from plotly.io.json import to_json_plotly

from app.written import written
from ui import html


def test_elements_numbers_and_text_are_written_as_dash_writes_them() -> None:
    graph: Any = {"data": [{"y": [1, None, 2.5], "type": "bar"}], "layout": {}}
    answer = {
        "multi": True,
        "response": {
            "a": {"children": [html.Div(["<b>", html.A("1 / 2", href="/?a=1&b=2"), None, 3]), "é – “x”"]},
            "b": {"figure": graph, "rows": np.arange(3), "one": np.float64(0.5), "many": np.int64(7)},
            "c": {"children": dcc.Graph(figure=graph, id={"type": "a", "index": 1})},
        },
    }
    assert json.loads(written(answer)) == json.loads(to_json_plotly(answer))


def test_a_number_that_is_none_is_null_and_a_patch_is_written() -> None:
    assert json.loads(written({"y": [float("nan"), float("inf")]})) == {"y": [None, None]}
    patch = Patch()
    patch["data"] = 1
    assert json.loads(written(patch)) == json.loads(to_json_plotly(patch))


def test_what_is_no_json_is_refused_by_its_type_and_not_by_its_content() -> None:
    with pytest.raises(TypeError, match=r"holds a object, which is no JSON"):
        written({"children": object()})


def test_dash_writes_its_answers_this_way(sample: Any) -> None:
    from app.factory import create_app

    create_app(sample)
    assert _callback.to_json is written  # type: ignore[attr-defined]
