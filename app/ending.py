"""What has to be told that its process ends: kept beside the server, called once."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

_EXTENSION = "reachboard.ending"


def at_end(server: Flask, tell: Callable[[], None]) -> None:
    """Have it called when the process is to end, before what is being answered has been answered."""
    server.extensions.setdefault(_EXTENSION, []).append(tell)


def end(server: Flask) -> None:
    """The process is to end: start nothing anew."""
    for tell in server.extensions.pop(_EXTENSION, []):
        tell()
