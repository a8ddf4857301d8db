"""Who came in, who was refused and who left: one call per event, for whoever keeps a ledger of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flask import Flask, current_app

_EXTENSION = "reachboard.entries"


@dataclass(frozen=True)
class Entry:
    """One event at the door. `who` is the name shown in the app; empty where nobody is known yet.

    `why` says how it came to it: of a sign-in `demo` or `provider`, of a refusal the kind of trouble, of a
    sign-out `signed_out`, `revoked`, `provider` (told by it) or `replaced` (by a new sign-in). `by` is who
    ended a session of somebody else; `reference` is what the page of a refusal shows.
    """

    what: Literal["signed_in", "denied", "signed_out"]
    who: str = ""
    role: str = ""
    why: str = ""
    by: str = ""
    reference: str = ""


Listener = Callable[[Entry], None]


def install(server: Flask) -> None:
    server.extensions[_EXTENSION] = []


def listen(server: Flask, listener: Listener) -> None:
    """Tell a function of every entry, before the browser is answered; what it raises fails the request."""
    server.extensions[_EXTENSION].append(listener)


def tell(entry: Entry, server: Flask | None = None) -> None:
    """Tell of an event at a server, or at the one that answers."""
    for listener in (server or current_app).extensions[_EXTENSION]:
        listener(entry)
