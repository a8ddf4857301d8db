"""Who is signed in: since when, last seen when, and ending one session or all of a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dash.development.base_component import Component

from config.permissions import Role, role_label
from data.cubes import Cubes
from data.viewer import Viewer
from pages.admin_ids import Ids
from pages.data_pieces import acts_head, heads, zone_of
from state.sessions import REVOKED, Session
from state.store import Store
from ui import forms, html
from ui.aria import Children, aria
from ui.clocks import moment
from ui.faces import no_data
from ui.panels import panel
from ui.tables import table

CAPTION = (
    "A session ends 15 minutes after its last activity, and after 8 hours at most. Last seen is told to "
    "the minute; an ended session is refused within 3 seconds."
)
NONE = "Nobody of that name is signed in."
PART = "Sessions are those of the whole plan, and you see a part of it; nothing was ended."
GONE = "That session has ended already."
MOST = 12
"""So many are shown at a time, those that were seen last."""
ONE, ALL = "one", "all"


def listed(cubes: Cubes, store: Store, find: object) -> list[Component]:
    """The panel of sessions, of people whose name holds what is looked for."""
    wanted = find.strip().lower() if isinstance(find, str) else ""
    everybody = store.sessions.active()
    found = [one for one in everybody if wanted in one.name.lower()]
    people = len({one.person for one in everybody})
    title = f"{people} {'person' if people == 1 else 'people'} signed in"
    if not found:
        return panel(title, CAPTION, no_data(NONE))
    several = Counter(one.person for one in everybody)
    rows = [_row(one, several[one.person], zone_of(cubes)) for one in found[:MOST]]
    names = [*heads("Who", "Role", "Rows", "Since", "Last seen"), acts_head()]
    left = len(found) - MOST
    more = [html.P(f"{left} more: find a person by name.")] if left > 0 else []
    return panel(title, CAPTION, table(names, rows, "Sessions", "words sessions"), more)


def _row(one: Session, of_person: int, zone: str) -> Sequence[Children]:
    rows = ", ".join([*(one.programs or ()), *(one.lines or ())]) or "all"
    acts = [_button(one, ONE, "End", f"End the session of {one.name}")]
    if of_person > 1:
        acts.append(_button(one, ALL, f"End all {of_person}", f"End all {of_person} sessions of {one.name}"))
    role = role_label(Role(one.role))
    return [one.name, role, rows, moment(one.began_us, zone), moment(one.seen_us, zone), html.Div(acts)]


def _button(one: Session, which: str, words: str, label: str) -> Component:
    return html.Button(
        words,
        id={"do": Ids.SESSION_END, "of": which, "session": one.handle},
        type="button",
        className="btn btn-quiet no-print",
        **aria(label=label),
    )


def ask(store: Store, which: object, handle: object) -> list[Component]:
    """The second look before sessions are ended."""
    one = _known(store, handle)
    if one is None:
        return forms.refused(GONE)
    what = f"all sessions of {one.name}" if which == ALL else f"the session of {one.name}"
    words = html.P([html.Strong(f"End {what}? "), "Whoever uses it has to sign in again."])
    buttons = [
        html.Button(
            words,
            id={"do": do, "of": which, "session": one.handle},
            type="button",
            className=f"btn {kind}",
        )
        for do, words, kind in (
            (Ids.SESSION_SURE, "End it" if which != ALL else "End them", "btn-primary"),
            (Ids.SESSION_KEEP, "Keep it" if which != ALL else "Keep them", "btn-quiet"),
        )
    ]
    acts = html.Div(buttons, className="record-buttons")
    return [html.Div([words, acts], className="key-asked", role="alert")]


def end(viewer: Viewer, store: Store, which: object, handle: object) -> tuple[list[Component], bool]:
    """End one session or all of its person; what is said of it, and whether any ended."""
    if not viewer.scope.whole:
        return forms.refused(PART), False
    chosen = _known(store, handle)
    if chosen is None:
        return forms.refused(GONE), False

    def is_meant(one: Session) -> bool:
        return one.person == chosen.person if which == ALL else one.handle == chosen.handle

    ended = store.sessions.end(is_meant, REVOKED, viewer.name)
    count = f"{len(ended)} session{'' if len(ended) == 1 else 's'}"
    return forms.said(f"{count} of {chosen.name} ended."), bool(ended)


def _known(store: Store, handle: object) -> Session | None:
    return next((one for one in store.sessions.active() if one.handle == handle), None)
