"""Opsgenie, Alert API. It knows an open alert by `alias`, so a repetition only counts up.

https://docs.opsgenie.com/docs/alert-api
Secret: the API key of an integration.
"""

from __future__ import annotations

import json
from typing import Any

from alerts.message import PRODUCT, Message
from alerts.ways.post import post
from config.settings import Settings

LONGEST_MESSAGE, LONGEST_SOURCE = 130, 100


def payload(message: Message) -> dict[str, Any]:
    """The body as an object: of a new alert, or of closing one."""
    source = message.plan[:LONGEST_SOURCE]
    if message.over:
        return {"source": source, "note": " ".join(message.lines())}
    return {
        "message": message.title[:LONGEST_MESSAGE],
        "alias": alias(message),
        "description": "\n".join(message.lines()),
        "tags": [PRODUCT, message.kind],
        "entity": "loading",
        "source": source,
        "priority": "P2" if message.urgent else "P3",
    }


def send(message: Message, settings: Settings, secret: str) -> None:
    """Post the message; `NotTold` where it did not arrive."""
    close = f"/{alias(message)}/close?identifierType=alias" if message.over else ""
    body = json.dumps(payload(message)).encode()
    post(settings.opsgenie_url + close, body, {"Authorization": f"GenieKey {secret}"})


def alias(message: Message) -> str:
    return f"reachboard-{message.incident}"
