"""The settings in force, topic by topic: value and where it comes from; secrets only as set."""

from __future__ import annotations

from dash.development.base_component import Component
from pydantic import SecretStr

from config.origins import DEFAULT
from config.settings import Settings, variable
from config.topics import TOPICS, fields_of
from pages.admin_ids import Ids
from pages.data_pieces import heads
from ui import controls, html
from ui.faces import no_data
from ui.panels import panel, waiting
from ui.tables import table

CHANGED = "Changed here"
CAPTION = "As this server was started with them; docs/settings.md describes each. Secrets are not shown."
AS_IT_COMES = "Every setting is as Reachboard comes with it. Choose a topic to read them."
MOST = 24
"""So many changed settings are shown at a time; all of them stand among the topics."""


def section() -> Component:
    """The place of the panel, and the choice of a topic."""
    choice = html.Div(
        [
            html.Label("Settings about", htmlFor=Ids.TOPIC, className="form-label"),
            controls.Select(id=Ids.TOPIC, options=[CHANGED, *TOPICS], value=CHANGED),
        ],
        className="choice no-print",
    )
    return html.Section([waiting(Ids.SETTINGS), choice], className="panel card settings-panel")


def in_force(settings: Settings, topic: object) -> list[Component]:
    """The panel of a topic's settings; of an unknown one, those that were changed."""
    known = topic if isinstance(topic, str) and topic in TOPICS else CHANGED
    changed = [name for name in Settings.model_fields if settings.origin(name) != DEFAULT]
    shown = changed if known == CHANGED else fields_of(known)
    title = f"{len(changed)} setting{'' if len(changed) == 1 else 's'} changed here"
    if not shown:
        return panel(title, CAPTION, no_data(AS_IT_COMES))
    rows = [_row(settings, name) for name in shown[:MOST]]
    names = heads("Setting", "Value", "From", "What it is")
    listed = table(names, rows, f"Settings in force: {known}", "words settings")
    foot = [html.P(f"{len(shown) - MOST} more stand among the topics.")] if len(shown) > MOST else []
    return panel(title, CAPTION, listed, foot)


def _row(settings: Settings, name: str) -> list[str | Component]:
    return [
        html.Code(variable(name)),
        _written(getattr(settings, name)),
        settings.origin(name),
        _brief(Settings.model_fields[name].description or ""),
    ]


def _brief(meaning: str) -> str:
    """What a setting means, up to its first stop."""
    return f"{meaning.replace('`', '').rstrip('.').split('. ')[0].split('; ')[0].split(': ')[0]}"


def _written(value: object) -> str:
    if value in (None, (), {}, ""):
        return "not set"
    if isinstance(value, SecretStr):
        return "set, not shown"
    if isinstance(value, dict):
        return ", ".join(sorted(value))
    if isinstance(value, tuple):
        return ", ".join(":".join(one) if isinstance(one, tuple) else str(one) for one in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
