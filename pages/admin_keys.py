"""Keys of other systems: who has one, what it may see and when it was used; making and revoking them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from dash.development.base_component import Component

from config.permissions import PERMISSIONS, Permission, Role, role_label
from config.settings import PYTHON
from data.cubes import Cubes
from data.filters import choices
from data.viewer import Viewer
from pages.admin_ids import Ids
from pages.data_pieces import heads, state, zone_of
from state.keys import MOST_DAYS, ApiKey, KeyRefused
from state.store import Store
from ui import controls, forms, html
from ui.aria import Children, aria, marks
from ui.clocks import moment
from ui.faces import no_data
from ui.panels import panel
from ui.tables import table

TITLE, CAPTION = "Keys", "Other systems ask with one. Only a digest of it is kept."
NONE = f"Nobody has a key yet. Make one below, or by {PYTHON} -m app keys add NAME --role analyst."
PART = "Keys are those of the whole plan, and you see a part of it; nothing was changed."
SIGNS = {"active": "good", "expired": "late", "revoked": "none"}
OFFERED = (
    Role.ANALYST, Role.SOURCE, Role.MONITOR, Role.MANAGER, Role.EXECUTIVE, Role.PRIVACY_OFFICER,
    Role.ADMINISTRATOR,
)  # fmt: skip


def listed(cubes: Cubes, store: Store) -> list[Component]:
    """The panel of all keys, newest first."""
    keys = store.keys.all()
    if not keys:
        return panel(TITLE, CAPTION, no_data(NONE))
    now = time.time_ns() // 1000
    active = sum(key.standing(now) == "active" for key in keys)
    title = f"{active} key{'' if active == 1 else 's'} in use" if active else "No key in use"
    rows = [_row(key, now, zone_of(cubes)) for key in keys]
    names = heads("Name", "Role", "Rows", "Begins with", "Made", "Last use", "Standing", "")
    return panel(title, CAPTION, table(names, rows, "Keys of other systems", "words keys"))


def _row(key: ApiKey, now: int, zone: str) -> Sequence[Children]:
    standing = key.standing(now)
    words = standing
    if standing == "active" and key.expires_us is not None:
        words = f"active until {moment(key.expires_us, zone)}"
    if key.revoked_us is not None:
        words = f"revoked {moment(key.revoked_us, zone)} by {key.revoked_by}"
    return [
        key.name,
        role_label(Role(key.role)),
        key.rows,
        html.Code(f"{key.start}…"),
        f"{moment(key.made_us, zone)} by {key.made_by}",
        "never" if key.used_us is None else moment(key.used_us, zone),
        state(words, SIGNS[standing]),
        _revoke(key) if standing == "active" else "",
    ]


def _revoke(key: ApiKey) -> Component:
    return html.Button(
        "Revoke",
        id={"do": Ids.REVOKE, "key": key.name},
        type="button",
        className="btn btn-quiet no-print",
        **aria(label=f"Revoke the key {key.name}"),
    )


def form(viewer: Viewer, cubes: Cubes) -> list[Component]:
    """The panel that makes a key."""
    fields = [
        forms.field(
            "Name",
            Ids.NAME,
            controls.Input(id=Ids.NAME, type="text", maxLength=60, autoComplete="off", value=""),
            "Who asks with it, such as warehouse-sync.",
        ),
        forms.field(
            "Role",
            Ids.ROLE,
            controls.Select(
                id=Ids.ROLE,
                options=[{"label": _offer(role), "value": role.value} for role in OFFERED],
                value=Role.ANALYST.value,
            ),
            "It may do what this role may, and no more.",
        ),
        forms.field(
            "Days",
            Ids.DAYS,
            controls.Input(id=Ids.DAYS, type="number", min=1, max=MOST_DAYS, step=1, value=365),
            "How long it lasts; empty: until it is revoked.",
        ),
        _chosen(Ids.LINES, "Lines of business", choices("line_of_business", cubes, viewer)),
        _chosen(Ids.PROGRAMS, "Programs", choices("program", cubes, viewer)),
        html.Button("Make the key", id=Ids.MAKE, type="button", className="btn btn-primary"),
    ]
    return panel("Make a key", "It is shown once, and never again.", html.Div(fields, className="key-form"))


def _offer(role: Role) -> str:
    figures = Permission.EXPORT in PERMISSIONS[role]
    return role_label(role) if figures else f"{role_label(role)} (no figures)"


def _chosen(name: Ids, label: str, values: list[str]) -> Component:
    control = controls.Checklist(options=values, value=[], id=name, inline=True)
    told = html.P("Rows that it sees; none chosen: all.", className="field-help")
    return html.Fieldset([html.Legend(label, className="form-label"), control, told], className="field")


def make(
    viewer: Viewer,
    cubes: Cubes,
    store: Store,
    name: object,
    role: object,
    days: object,
    lines: object,
    programs: object,
) -> tuple[list[Component], bool]:
    """Make a key; what is said of it, and whether there is one more."""
    if not viewer.scope.whole:
        return forms.refused(PART), False
    try:
        key, secret = store.keys.add(
            name if isinstance(name, str) else "",
            _role(role),
            viewer.name,
            programs=_kept(programs, choices("program", cubes, viewer)),
            lines=_kept(lines, choices("line_of_business", cubes, viewer)),
            days=_days(days),
        )
    except KeyRefused as refused:
        return forms.refused(str(refused)), False
    return _shown(key, secret), True


def _role(given: object) -> str:
    if given not in [role.value for role in Role]:
        raise KeyRefused("There is no such role.")
    return str(given)


def _kept(chosen: object, known: list[str]) -> tuple[str, ...] | None:
    if not isinstance(chosen, list) or not chosen:
        return None
    if not all(one in known for one in chosen):
        raise KeyRefused("There is no such program or line of business.")
    return tuple(chosen)


def _days(days: object) -> int | None:
    if days in (None, ""):
        return None
    if not isinstance(days, int) or isinstance(days, bool):
        raise KeyRefused(f"Days are a whole number from 1 to {MOST_DAYS:,}, or nothing.")
    return days


def _shown(key: ApiKey, secret: str) -> list[Component]:
    copy = html.Button("Copy", type="button", className="copy", **aria(label="Copy the key"), **marks("copy"))
    return [
        html.P(
            [html.Strong(f"The key {key.name} is made. "), "Copy it now: it is not shown again."],
            className="form-said",
        ),
        html.Div([html.Code(secret), copy], className="command"),
        html.P(["Send it with every request: ", html.Code("Authorization: Bearer KEY")], className="quiet"),
    ]


def ask(name: str) -> list[Component]:
    """The second look before a key is revoked."""
    words = html.P(
        [html.Strong(f"Revoke the key {name}? "), "Whoever asks with it is refused at once, and for good."]
    )
    buttons = [
        html.Button(
            f"Revoke {name}", id={"do": Ids.SURE, "key": name}, type="button", className="btn btn-primary"
        ),
        html.Button("Keep it", id={"do": Ids.KEEP, "key": name}, type="button", className="btn btn-quiet"),
    ]
    inside = html.Div(
        [words, html.Div(buttons, className="record-buttons")], className="key-asked", role="alert"
    )
    return [inside]


def revoke(viewer: Viewer, store: Store, name: str) -> tuple[list[Component], bool]:
    """Revoke a key; what is said of it, and whether it ended."""
    if not viewer.scope.whole:
        return forms.refused(PART), False
    try:
        key = store.keys.revoke(name, viewer.name)
    except KeyRefused as refused:
        return forms.refused(str(refused)), False
    return forms.said(f"The key {key.name} is revoked."), True
