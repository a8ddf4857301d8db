"""The controls of forms and the stores behind them, made as quickly as other elements (ui/html.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc

from ui.html import quick

Checklist = quick(dbc.Checklist)
Input = quick(dbc.Input)
Label = quick(dbc.Label)
Select = quick(dbc.Select)
Store = quick(dcc.Store)
Textarea = quick(dbc.Textarea)


def offered(options: Sequence[tuple[str, str]]) -> Any:
    """(value, label) of each choice, as briefly as a control takes them.

    A browser puts names that are numbers first, so that these stand in a list.
    """
    if all(value == label for value, label in options):
        return [value for value, _ in options]
    if any(value.isdecimal() for value, _ in options):
        return [{"value": value, "label": label} for value, label in options]
    return dict(options)
