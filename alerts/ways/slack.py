"""Slack, by an incoming webhook. Slack knows no repetition: a message whose answer is lost may come twice.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
Secret: the webhook's whole URL, which is one.
"""

from __future__ import annotations

import json
import re
from typing import Any

from alerts.message import Message, NotTold
from alerts.ways.post import post
from config.settings import POSTED, Settings


def payload(message: Message) -> dict[str, Any]:
    """The body as an object: `text` for notifications, a block for the channel."""
    title, *rest = message.lines()
    sign = ":white_check_mark:" if message.over else ":rotating_light:" if message.urgent else ":warning:"
    words = "\n".join([f"{sign} *{_escaped(title)}*", *(_escaped(line) for line in rest)])
    block = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
    return {"text": _escaped(message.subject), "blocks": [block]}


def send(message: Message, settings: Settings, secret: str) -> None:
    """Post the message; `NotTold` where it did not arrive."""
    del settings
    if not re.fullmatch(POSTED, secret):
        raise NotTold("its secret is not the URL of an incoming webhook")
    post(secret, json.dumps(payload(message)).encode(), {})


def _escaped(words: str) -> str:
    """The three characters that mean something to Slack; a title can then call nobody."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
