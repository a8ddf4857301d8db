"""How answers of callbacks are written: by a compiled encoder, a page's hundreds of elements in one pass."""

from __future__ import annotations

from typing import Any

import msgspec
from dash import _callback


def install() -> None:
    """Let Dash write the answers of callbacks this way; its documents keep Dash's own writer, which also
    hides what would end a script."""
    _callback.to_json = written  # type: ignore[attr-defined]


def written(answer: object) -> str:
    """An answer as JSON; a number that is none is null. `TypeError` for what JSON cannot hold."""
    return _ENCODER.encode(answer).decode()


def _plain(one: Any) -> Any:
    """What stands for an element of Dash, or for a number or array of numpy."""
    for name in ("to_plotly_json", "tolist"):
        if hasattr(one, name):
            return getattr(one, name)()
    raise TypeError(f"A callback's answer holds a {type(one).__name__}, which is no JSON.")


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)
