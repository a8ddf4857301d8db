"""PagerDuty, Events API v2. It knows an incident by `dedup_key`, so a repetition changes nothing.

https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
Secret: the integration key of a service.
"""

from __future__ import annotations

import json
from typing import Any

from alerts.message import PRODUCT, Message, iso
from alerts.ways.post import post
from config.settings import Settings

LONGEST = 1024


def payload(message: Message, key: str) -> dict[str, Any]:
    """The body as an object: trigger, or resolve."""
    known = {"routing_key": key, "dedup_key": f"reachboard-{message.incident}"}
    if message.over:
        return {**known, "event_action": "resolve"}
    said: dict[str, Any] = {
        "summary": message.subject[:LONGEST],
        "source": message.plan,
        "severity": "critical" if message.urgent else "warning",
        "timestamp": iso(message.since_us),
        "component": "loading",
        "class": message.kind,
        "custom_details": {"words": message.words},
    }
    links = [{"href": message.link, "text": "What is wrong"}] if message.link else []
    return {**known, "event_action": "trigger", "client": PRODUCT, "payload": said, "links": links}


def send(message: Message, settings: Settings, secret: str) -> None:
    """Post the message; `NotTold` where it did not arrive."""
    post(settings.pagerduty_url, json.dumps(payload(message, secret)).encode(), {})
