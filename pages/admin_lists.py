"""The settings in force, without secrets, and the table of roles and permissions."""

from __future__ import annotations

from dash.development.base_component import Component
from pydantic import SecretStr

from config.permissions import DUTIES, MEANINGS, PERMISSIONS, Permission, Role, role_label
from config.settings import Settings, variable
from pages.data_pieces import heads
from ui import html
from ui.panels import panel
from ui.tables import table

SETTINGS, ROLES = "admin-settings", "admin-roles"
CAPTION = "As this server was started with them; docs/settings.md describes each. Secrets are not shown."


def in_force(settings: Settings) -> list[Component]:
    """The panel of settings."""
    rows = [
        [
            html.Code(variable(name)),
            _written(getattr(settings, name)),
            (field.description or "").replace("`", ""),
        ]
        for name, field in Settings.model_fields.items()
    ]
    names = heads("Setting", "Value", "What it is")
    return panel("Settings in force", CAPTION, table(names, rows, "Settings in force", "words settings"))


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


def roles() -> list[Component]:
    """The panel of who may do what."""
    rows = [
        [
            html.Code(permission.value),
            MEANINGS[permission],
            *("yes" if permission in PERMISSIONS[role] else "–" for role in Role),
        ]
        for permission in Permission
    ]
    names = heads("Permission", "Lets its holder", *(role_label(role) for role in Role))
    duties = html.Dl(
        [html.Div([html.Dt(role_label(role)), html.Dd(DUTIES[role])]) for role in Role], className="terms"
    )
    listed = table(names, rows, "Roles and permissions", "roles")
    return panel("Who may do what", "One table for pages, files and the API alike.", [duties, listed])
