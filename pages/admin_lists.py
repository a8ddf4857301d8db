"""The table of roles and permissions."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import DUTIES, MEANINGS, PERMISSIONS, Permission, Role, role_label
from pages.data_pieces import heads
from ui import html
from ui.panels import panel
from ui.tables import table

ROLES = "admin-roles"


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
    listed = table(names, rows, "Roles and permissions", "roles")
    return panel("Who may do what", "One table for pages, files and the API alike.", listed)


def duties() -> Component:
    """What each role is there for."""
    told = [html.Div([html.Dt(role_label(role)), html.Dd(DUTIES[role])]) for role in Role]
    return html.Dl(told, className="terms")
