"""Standard Webhooks: an envelope in the headers, a body in our own event schema.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import json

from collect.webhooks.notice import Reading, Refusal
from collect.webhooks.payload import Request, Unreadable, parsed

VENDOR = "standard"


def read(request: Request) -> Reading:
    """The objects of the body, for the caller to read: one object or an array of them."""
    parsed(VENDOR, request.body)
    value = json.loads(request.body.decode("utf-8-sig"))
    found = value if isinstance(value, list) else [value]
    if not isinstance(value, list | dict):
        raise Unreadable(f"{VENDOR}: the body is neither an object nor an array")
    refused = [
        Refusal(index, "", "the element is no object", json.dumps(one))
        for index, one in enumerate(found)
        if not isinstance(one, dict)
    ]
    objects = tuple(one for one in found if isinstance(one, dict))
    return Reading(refused=tuple(refused), objects=objects, delivery_id=request.header("webhook-id"))
