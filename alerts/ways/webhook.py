"""Any receiver: JSON signed by Standard Webhooks. The receiver knows a repetition by `webhook-id`.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
Secret: `whsec_` and the key in base64.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import time
from typing import Any

from alerts.message import PRODUCT, Message, NotTold, iso
from alerts.ways.post import post
from config.settings import Settings

MARK = "whsec_"


def payload(message: Message) -> dict[str, Any]:
    """The body as an object."""
    return {
        "type": "incident.recovered" if message.over else "incident.opened",
        "timestamp": iso(message.since_us if message.over_us is None else message.over_us),
        "data": {
            "incident": message.incident,
            "kind": message.kind,
            "title": message.title,
            "words": message.words,
            "urgent": message.urgent,
            "since": iso(message.since_us),
            "over": None if message.over_us is None else iso(message.over_us),
            "plan": message.plan,
            "product": PRODUCT,
            "link": message.link or None,
        },
    }


def send(message: Message, settings: Settings, secret: str) -> None:
    """Post the message, signed now; `NotTold` where it did not arrive."""
    body = json.dumps(payload(message), ensure_ascii=False).encode()
    name, stamp = f"msg_{message.uid}", str(int(time.time()))
    signed = hmac.digest(_key(secret), f"{name}.{stamp}.".encode() + body, "sha256")
    signature = f"v1,{base64.b64encode(signed).decode()}"
    headers = {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signature}
    post(settings.alert_url, body, headers)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(MARK), validate=True)
    except binascii.Error:
        raise NotTold(f"its secret is not {MARK} and a key in base64") from None
