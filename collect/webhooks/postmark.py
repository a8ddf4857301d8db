"""Postmark's webhooks: one record per request.

https://postmarkapp.com/developer/webhooks/webhooks-overview
"""

from __future__ import annotations

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading
from collect.webhooks.payload import Part, Request, Wrong, collected, derived_id, elements, without_query
from collect.webhooks.times import iso

VENDOR = "postmark"
# The vendor tells of no sending of its own: a delivery or a bounce proves it.
RECORDS: dict[str, Code] = {
    "delivery": Code("delivered", means=("sent", "delivered")),
    "open": Code("opened"),
    "click": Code("clicked"),
    "spamcomplaint": Code("complained", reason="spam"),
    "inbound": Code("unrelated"),
}
_SENT_AND_BOUNCED = ("sent", "bounced")
# `Type` of a bounce.
TYPES: dict[str, Code] = {
    "hardbounce": Code("bounced", _SENT_AND_BOUNCED, "hard", "bounced"),
    "transient": Code("deferred"),
    "unsubscribe": Code("unsubscribed", reason="unsubscribed"),
    "subscribe": Code("subscribed"),
    "autoresponder": Code("autoresponded"),
    "addresschange": Code("autoresponded"),
    "dnserror": Code("bounced", _SENT_AND_BOUNCED, "soft", "bounced"),
    "spamnotification": Code("bounced", _SENT_AND_BOUNCED, "block", "spam"),
    "openrelaytest": Code("bounced", _SENT_AND_BOUNCED, "soft", "other"),
    "unknown": Code("bounced", _SENT_AND_BOUNCED, "soft", "bounced"),
    "softbounce": Code("bounced", _SENT_AND_BOUNCED, "soft", "bounced"),
    "undeliverable": Code("bounced", _SENT_AND_BOUNCED, "soft", "bounced"),
    "virusnotification": Code("bounced", _SENT_AND_BOUNCED, "block", "other"),
    "challengeverification": Code("autoresponded"),
    "bademailaddress": Code("rejected", reason="invalid"),
    "spamcomplaint": Code("complained", reason="spam"),
    "manuallydeactivated": Code("rejected", reason="blocked"),
    "unconfirmed": Code("queued"),
    "blocked": Code("bounced", _SENT_AND_BOUNCED, "block", "blocked"),
    "smtpapierror": Code("failed", reason="other"),
    "inbounderror": Code("unrelated"),
    "dmarcpolicy": Code("rejected", reason="blocked"),
    "templaterenderingfailed": Code("failed", reason="other"),
}
# `SuppressionReason` of a change of subscription. The bounce itself has a record of its own.
CHANGES: dict[str, Code] = {
    "hardbounce": Code("bounced", bounce="hard", reason="bounced"),
    "spamcomplaint": Code("complained", reason="spam"),
    "manualsuppression": Code("unsubscribed", reason="unsubscribed"),
}
TIMES = ("BouncedAt", "DeliveredAt", "ReceivedAt", "ChangedAt")


def read(request: Request) -> Reading:
    """The record of the request."""
    return collected(elements(VENDOR, request), _notice)


def _notice(event: Part) -> Notice:
    record = event.must("RecordType")
    code = _code(event, record.lower())
    at_us = iso(event.text(*TIMES), "time")
    message_id, recipient = event.text("MessageID"), event.text("Recipient", "Email")
    link = without_query(event.text("OriginalLink"))
    word = f"{record}/{event.text('Type')}/{event.flag('SuppressSending')}"
    return Notice(
        VENDOR,
        code.status,
        event.text("ID") or derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=code.bounce,
        reason=code.reason,
        machine=by_machine(event.text("UserAgent")) if code.status in ("opened", "clicked") else None,
        tags=event.texts("Tag"),
        metadata=event.pairs("Metadata"),
        link=link,
        means=code.means,
    )


def _code(event: Part, record: str) -> Code:
    column, table, word = "RecordType", RECORDS, record
    if record == "bounce":
        column, table, word = "Type", TYPES, event.must("Type").lower()
    elif record == "subscriptionchange":
        if not event.flag("SuppressSending"):
            return Code("subscribed")
        column, table, word = "SuppressionReason", CHANGES, event.must("SuppressionReason").lower()
    if word not in table:
        raise Wrong(column, "a word that the table does not know")
    return table[word]
