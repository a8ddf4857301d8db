"""The controls of forms and the stores behind them, made as quickly as other elements (ui/html.py)."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import dcc

from ui.html import quick

Checklist = quick(dbc.Checklist)
Input = quick(dbc.Input)
Label = quick(dbc.Label)
Select = quick(dbc.Select)
Store = quick(dcc.Store)
Textarea = quick(dbc.Textarea)
