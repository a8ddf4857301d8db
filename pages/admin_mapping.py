"""How people sign in, and which claim makes whom what: the mapping in force."""

from __future__ import annotations

from dash.development.base_component import Component

from config.permissions import role_label
from config.settings import Settings, variable
from identity.rules import Rules
from pages.data_pieces import heads
from ui import html
from ui.panels import panel
from ui.tables import table

TITLE = "How people sign in"
CAPTION = "Of several values that somebody has, the first of this list counts; without one nobody comes in."
DEMO = "As demo users, on this machine alone and without a password."
NOBODY = (
    f"Nobody can: {variable('demo')} is off, and {variable('oidc_issuer')} is not set. docs/oidc.md says how."
)


def in_force(settings: Settings) -> list[Component]:
    """The panel of the mapping."""
    rules = Rules.of(settings)
    if not rules.issuer:
        return panel(TITLE, DEMO if settings.demo else NOBODY, [])
    names = heads(f"Value of the claim {rules.role_claim}", "Role")
    rows = [[html.Code(said), role_label(role)] for said, role in rules.roles]
    listed = table(names, rows, "Roles by claim", "words mapping")
    told = html.Dl(
        [html.Div([html.Dt(name), html.Dd(words)]) for name, words in _facts(rules)], className="terms"
    )
    return panel(TITLE, CAPTION, [told, listed])


def _facts(rules: Rules) -> list[tuple[str, str]]:
    second = [
        *([f"acr {' or '.join(rules.admin_acr)}"] if rules.admin_acr else []),
        *([f"amr {' or '.join(rules.admin_amr)}"] if rules.admin_amr else []),
    ]
    rows = [
        *([f"programs by {rules.programs_claim}"] if rules.programs_claim else []),
        *([f"lines of business by {rules.lines_claim}"] if rules.lines_claim else []),
    ]
    return [
        ("Identity provider", rules.issuer),
        ("This app there", rules.client_id),
        ("Rows that somebody sees", " and ".join(rows) or "all"),
        ("Administrators need", " and ".join(second) or "no second factor that is checked here"),
        ("Access tokens at the API", f"for {rules.audience}" if rules.audience else "none are taken"),
    ]
