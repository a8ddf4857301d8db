"""Resend's webhooks: one event per request; its id stands in the header that is signed.

https://resend.com/docs/dashboard/webhooks/event-types
"""

from __future__ import annotations

from dataclasses import replace

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading
from collect.webhooks.payload import (
    Part,
    Request,
    Wrong,
    address,
    collected,
    derived_id,
    elements,
    without_query,
)
from collect.webhooks.times import iso

VENDOR = "resend"
CODES: dict[str, Code] = {
    "email.scheduled": Code("queued"),
    "email.sent": Code("sent"),
    "email.delivered": Code("delivered"),
    "email.delivery_delayed": Code("deferred"),
    "email.bounced": Code("bounced", bounce="hard", reason="bounced"),
    "email.suppressed": Code("rejected", reason="blocked"),
    "email.failed": Code("failed", reason="other"),
    "email.complained": Code("complained", reason="spam"),
    "email.opened": Code("opened"),
    "email.clicked": Code("clicked"),
    "email.received": Code("unrelated"),
    "contact.created": Code("unrelated"),
    "contact.updated": Code("unrelated"),
    "contact.deleted": Code("unrelated"),
    "domain.created": Code("unrelated"),
    "domain.updated": Code("unrelated"),
    "domain.deleted": Code("unrelated"),
}
# `data.bounce.type` where it is told; without it the vendor's own sentence tells a suppression.
TYPES: dict[str, str] = {"permanent": "hard", "transient": "soft", "undetermined": "soft"}
SUPPRESSED = Code("bounced", means=("suppressed",), bounce="block", reason="blocked")
HEADERS = {"tags": "X-Tags", "metadata": "X-Metadata"}


def read(request: Request) -> Reading:
    """The event of the request."""
    delivery = request.header("svix-id") or request.header("webhook-id")
    read = collected(elements(VENDOR, request), _notice)
    if not delivery or len(read.notices) != 1:
        return replace(read, delivery_id=delivery)
    return replace(read, notices=(replace(read.notices[0], event_id=delivery),), delivery_id=delivery)


def _notice(whole: Part) -> Notice:
    word, event = whole.must("type").lower(), whole.part("data")
    if word not in CODES:
        raise Wrong("type", "a word that the table does not know")
    code = _bounced(event) if word == "email.bounced" else CODES[word]
    at_us = iso(whole.text("created_at"), "created_at")
    click = event.part("click") if word == "email.clicked" else event.part("open")
    message_id, to = event.text("email_id"), event.texts("to")
    recipient = address(to[0], "to") if to else ""
    link = without_query(click.text("link"))
    return Notice(
        VENDOR,
        code.status,
        derived_id(whole, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=code.bounce,
        reason=code.reason,
        machine=by_machine(click.text("userAgent")),
        tags=_header(event, "tags").listed("tags"),
        metadata={**_own(event), **_header(event, "metadata").pairs("metadata")},
        link=link,
        means=code.means,
    )


def _bounced(event: Part) -> Code:
    bounce = event.part("bounce")
    suppressed = "suppress" in f"{bounce.text('subType')} {bounce.text('message')[:200]}".lower()
    if suppressed and "hard bounce" not in bounce.text("message").lower():
        return SUPPRESSED
    return replace(CODES["email.bounced"], bounce=TYPES.get(bounce.text("type").lower(), "hard"))


def _own(event: Part) -> dict[str, str]:
    """The sender's tags: an object of names and values, or a list of such."""
    if isinstance(event.values.get("tags"), list):
        return {tag.must("name"): tag.text("value") for tag in event.parts("tags")}
    return event.pairs("tags")


def _header(event: Part, which: str) -> Part:
    """A header that the sender set, under our name for it."""
    wanted = HEADERS[which].lower()
    found = [one.text("value") for one in event.parts("headers") if one.text("name").lower() == wanted]
    return Part({which: found[0]} if found else {})
