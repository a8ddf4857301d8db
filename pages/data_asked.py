"""What is asked of a load, looked at and approved: one press of a button after the other."""

from __future__ import annotations

from collections.abc import Callable

from dash.development.base_component import Component

from data.viewer import Viewer
from state.replays import NotNow
from ui import forms

PART = "Files concern the whole plan, and you see a part of it; nothing was changed."


def acted(ask: object, viewer: Viewer, done: Callable[[str, int], str]) -> list[Component]:
    """Ask for a look, approve or withdraw; what cannot be is answered in words and changes nothing.

    `done` does it with the load or the asking of that number, and says what it did.
    """
    given = ask if isinstance(ask, dict) else {}
    do, number = given.get("do"), given.get("id")
    if do not in ("ask", "approve", "withdraw") or not isinstance(number, str) or not _whole(number):
        return []
    if not viewer.scope.whole:
        return forms.refused(PART)
    try:
        return forms.said(done(str(do), int(number)))
    except NotNow as refused:
        return forms.refused(str(refused))


def _whole(text: str) -> bool:
    return len(text) < 21 and text.lstrip("-").isdecimal() and text.isascii() and abs(int(text)) < 2**63
