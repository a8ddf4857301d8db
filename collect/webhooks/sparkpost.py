"""SparkPost's event webhooks: a JSON array of `{"msys": {class of event: event}}`.

https://developers.sparkpost.com/api/webhooks/
"""

from __future__ import annotations

from dataclasses import replace

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading
from collect.webhooks.payload import (
    Part,
    Request,
    Wrong,
    collected,
    derived_id,
    elements,
    known,
    without_query,
)
from collect.webhooks.times import iso_or_seconds

VENDOR = "sparkpost"
# Injection is the vendor's word for handing over: what it refuses is never injected.
CODES: dict[str, Code] = {
    "injection": Code("queued", means=("sent",)),
    "delivery": Code("delivered"),
    "delay": Code("deferred"),
    "bounce": Code("bounced", bounce="soft", reason="bounced"),
    "out_of_band": Code("bounced", bounce="hard", reason="bounced"),
    "policy_rejection": Code("rejected", reason="blocked"),
    "generation_rejection": Code("rejected", reason="blocked"),
    "generation_failure": Code("failed", reason="other"),
    "spam_complaint": Code("complained", reason="spam"),
    "open": Code("opened"),
    "initial_open": Code("opened"),
    "amp_open": Code("opened"),
    "amp_initial_open": Code("opened"),
    "click": Code("clicked"),
    "amp_click": Code("clicked"),
    "list_unsubscribe": Code("unsubscribed", reason="unsubscribed"),
    "link_unsubscribe": Code("unsubscribed", reason="unsubscribed"),
    "relay_injection": Code("unrelated"),
    "relay_rejection": Code("unrelated"),
    "relay_delivery": Code("unrelated"),
    "relay_tempfail": Code("unrelated"),
    "relay_permfail": Code("unrelated"),
    "relay_message": Code("unrelated"),
    "ab_test_completed": Code("unrelated"),
    "ab_test_cancelled": Code("unrelated"),
    "ingest_success": Code("unrelated"),
    "ingest_error": Code("unrelated"),
    "sms_status": Code("unrelated"),
}
# Bounce classification codes: https://support.sparkpost.com/docs/deliverability/bounce-classification-codes
BOUNCES: dict[str, Code] = {
    "1": Code("bounced", bounce="soft", reason="other"),
    "10": Code("bounced", bounce="hard", reason="invalid"),
    "20": Code("bounced", bounce="soft", reason="bounced"),
    "21": Code("bounced", bounce="soft", reason="bounced"),
    "22": Code("bounced", bounce="soft", reason="bounced"),
    "23": Code("bounced", bounce="soft", reason="bounced"),
    "24": Code("bounced", bounce="soft", reason="timed_out"),
    "25": Code("bounced", bounce="block", reason="blocked"),
    "26": Code("bounced", bounce="soft", reason="bounced"),
    "30": Code("bounced", bounce="hard", reason="bounced"),
    "40": Code("bounced", bounce="soft", reason="bounced"),
    "50": Code("bounced", bounce="block", reason="blocked"),
    "51": Code("bounced", bounce="block", reason="spam"),
    "52": Code("bounced", bounce="block", reason="spam"),
    "53": Code("bounced", bounce="block", reason="other"),
    "54": Code("bounced", bounce="block", reason="blocked"),
    "60": Code("autoresponded", reason="other"),
    "70": Code("bounced", bounce="soft", reason="bounced"),
    "80": Code("subscribed"),
    "90": Code("unsubscribed", reason="unsubscribed"),
    "100": Code("autoresponded", reason="other"),
}


def read(request: Request) -> Reading:
    """Every event of the array."""
    return collected(elements(VENDOR, request), _notice)


def _notice(whole: Part) -> Notice:
    classes = whole.part("msys")
    if not classes.values:
        return _ping(whole)
    event = classes.part(next(iter(classes.values)))
    word = event.must("type").lower()
    code = _code(event, word)
    at_us = iso_or_seconds(event.text("timestamp"), "timestamp")
    message_id = event.text("transmission_id") or event.text("message_id")
    recipient, link = event.text("raw_rcpt_to", "rcpt_to"), without_query(event.text("target_link_url"))
    looked = code.status in ("opened", "clicked")
    machine = event.flag("is_prefetched") or by_machine(event.text("user_agent"))
    return Notice(
        VENDOR,
        code.status,
        event.text("event_id") or derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=code.bounce,
        reason=code.reason,
        machine=machine if looked else None,
        tags=event.texts("campaign_id"),
        metadata=event.pairs("rcpt_meta"),
        link=link,
        means=code.means,
    )


def _code(event: Part, word: str) -> Code:
    code = known(CODES, word, "type")
    if word in ("bounce", "out_of_band"):
        return BOUNCES.get(event.text("bounce_class"), code)
    if word == "delay":
        found = BOUNCES.get(event.text("bounce_class"), code)
        return replace(code, reason=found.reason)
    return code


def _ping(whole: Part) -> Notice:
    """The vendor's trial of the address: an event class without an event."""
    if "msys" not in whole:
        raise Wrong("msys", "is missing")
    return Notice(VENDOR, "unrelated", derived_id(whole, VENDOR, "ping"))
