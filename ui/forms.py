"""Parts of forms: a control with its label, and what is said when somebody has asked for something."""

from __future__ import annotations

from dash.development.base_component import Component

from ui import controls, html


def field(label: str, name: str, control: Component, help_words: str = "") -> Component:
    """The control `name` below its label; words that help stand under it."""
    told = [html.P(help_words, id=f"{name}-help", className="field-help")] if help_words else []
    return html.Div([controls.Label(label, html_for=name), control, *told], className="field")


def said(words: str) -> list[Component]:
    """What was done."""
    return [html.P(words, className="form-said")]


def refused(words: str) -> list[Component]:
    """What was not done, and why; read out at once."""
    return [html.P(words, className="form-alert", role="alert")]
