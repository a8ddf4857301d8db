"""Mandrill (Mailchimp Transactional): a form whose field `mandrill_events` is a JSON array.

https://mailchimp.com/developer/transactional/docs/webhooks/
"""

from __future__ import annotations

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading
from collect.webhooks.payload import (
    Part,
    Request,
    Unreadable,
    collected,
    derived_id,
    form,
    known,
    parsed,
    without_query,
)
from collect.webhooks.times import seconds

VENDOR = "mandrill"
CODES: dict[str, Code] = {
    "send": Code("sent"),
    "deferral": Code("deferred"),
    "delivered": Code("delivered"),
    "hard_bounce": Code("bounced", bounce="hard", reason="bounced"),
    "soft_bounce": Code("bounced", bounce="soft", reason="bounced"),
    "reject": Code("rejected", reason="blocked"),
    "open": Code("opened"),
    "click": Code("clicked"),
    "spam": Code("complained", reason="spam"),
    "unsub": Code("unsubscribed", reason="unsubscribed"),
    "inbound": Code("unrelated"),
}
SYNC = Code("unrelated")
# `msg.bounce_description` of bounces that the receiver's policy made.
BLOCKS = ("policy_related", "spam", "content_rejected", "blacklisted")


def read(request: Request) -> Reading:
    """Every event of the field."""
    events = parsed(VENDOR, _field(request))
    if not isinstance(events, list):
        raise Unreadable(f"{VENDOR}: mandrill_events is no list")
    return collected(events, _notice)


def _field(request: Request) -> str:
    value = form(VENDOR, request).values.get("mandrill_events")
    if not isinstance(value, str):
        raise Unreadable(f"{VENDOR}: the form has no field mandrill_events")
    return value


def _notice(event: Part) -> Notice:
    if "event" not in event and event.text("type") in ("blacklist", "whitelist"):
        return _sync(event)
    word, message = event.must("event").lower(), event.part("msg")
    code = known(CODES, word, "event")
    at_us = seconds(event.text("ts"), "ts")
    message_id, recipient = event.text("_id") or message.text("_id"), message.text("email")
    link = without_query(event.text("url"))
    blocked = code.bounce == "soft" and message.text("bounce_description") in BLOCKS
    return Notice(
        VENDOR,
        code.status,
        derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce="block" if blocked else code.bounce,
        reason="blocked" if blocked else code.reason,
        machine=by_machine(event.text("user_agent")) if word in ("open", "click") else None,
        tags=message.texts("tags"),
        metadata=message.pairs("metadata"),
        link=link,
        means=code.means,
    )


def _sync(event: Part) -> Notice:
    """A change of the vendor's own lists of addresses."""
    at_us, recipient = seconds(event.text("ts"), "ts"), event.part("reject").text("email")
    word = f"{event.text('type')}/{event.text('action')}"
    event_id = derived_id(event, VENDOR, word, "", recipient, at_us, "")
    return Notice(VENDOR, SYNC.status, event_id, at_us, "", recipient)
