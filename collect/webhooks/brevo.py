"""Brevo's transactional webhooks: one event per request, or an array where they are batched.

https://developers.brevo.com/docs/transactional-webhooks
"""

from __future__ import annotations

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading
from collect.webhooks.payload import (
    Part,
    Request,
    collected,
    derived_id,
    elements,
    known,
    without_query,
)
from collect.webhooks.times import milliseconds, seconds

VENDOR = "brevo"
_DELIVERED, _BOUNCED = ("sent", "delivered"), ("sent", "bounced")
# A request also comes before a block, so it proves no sending: a delivery or a bounce does.
CODES: dict[str, Code] = {
    "request": Code("queued"),
    "sent": Code("queued"),
    "deferred": Code("deferred"),
    "delivered": Code("delivered", _DELIVERED),
    "hard_bounce": Code("bounced", _BOUNCED, "hard", "bounced"),
    "soft_bounce": Code("bounced", _BOUNCED, "soft", "bounced"),
    "invalid_email": Code("bounced", ("suppressed",), "", "invalid"),
    "blocked": Code("rejected", reason="blocked"),
    "error": Code("failed"),
    "spam": Code("complained", reason="spam"),
    "complaint": Code("complained", reason="spam"),
    "opened": Code("opened"),
    "unique_opened": Code("opened"),
    "proxy_open": Code("opened", machine=True),
    "unique_proxy_open": Code("opened", machine=True),
    "click": Code("clicked"),
    "unsubscribe": Code("unsubscribed", reason="unsubscribed"),
    "unsubscribed": Code("unsubscribed", reason="unsubscribed"),
    "list_addition": Code("unrelated"),
    "contact_updated": Code("unrelated"),
    "contact_deleted": Code("unrelated"),
}


def read(request: Request) -> Reading:
    """Every event of the request."""
    return collected(elements(VENDOR, request), _notice)


def _notice(event: Part) -> Notice:
    word = event.must("event").lower()
    code = known(CODES, word, "event")
    at_us = _at(event)
    message_id, recipient = event.text("message-id"), event.text("email")
    link = without_query(event.text("link"))
    # `id` is the id of the webhook, not of the event.
    return Notice(
        VENDOR,
        code.status,
        derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=code.bounce,
        reason=code.reason,
        machine=code.machine or _machine(code, event),
        tags=event.texts("tags") or event.listed("tag"),
        metadata=event.pairs("X-Mailin-custom"),
        link=link,
        means=code.means,
    )


def _machine(code: Code, event: Part) -> bool | None:
    return by_machine(event.text("user_agent")) if code.status in ("opened", "clicked") else None


def _at(event: Part) -> int | None:
    """`ts_epoch` in milliseconds, or `ts_event`; `date` and `ts` are in the account's zone and of no use.

    The vendor's own examples hold seconds in `ts_epoch`, so its size says which it is.
    """
    text = event.text("ts_epoch")
    if len(text) > 11:
        return milliseconds(text, "ts_epoch")
    return seconds(text or event.text("ts_event"), "ts_event")
