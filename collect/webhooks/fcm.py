"""Push receipts in the style of Firebase Cloud Messaging, as the plan's push sender hands them on.

FCM calls no webhook: these are its delivery receipts and the rows of its export, one object or an array.
https://firebase.google.com/docs/cloud-messaging/understand-delivery
"""

from __future__ import annotations

from collect.webhooks.notice import DEVICE, Code, Notice, Reading
from collect.webhooks.payload import Part, Request, as_texts, collected, derived_id, elements, known
from collect.webhooks.times import iso_or_seconds, milliseconds

VENDOR = "fcm"
_GONE, _OURS = Code("failed", reason="invalid"), Code("failed", reason="other")
CODES: dict[str, Code] = {
    "message_accepted": Code("sent"),
    "message_delivered": Code("delivered"),
    "message_sent_to_device": Code("delivered"),
    "message_received": Code("delivered"),
    "message_displayed": Code("delivered"),
    "message_opened": Code("opened"),
    "message_expired": Code("failed", reason="timed_out"),
    "ttl_expired": Code("failed", reason="timed_out"),
    "device_message_rate_exceeded": Code("deferred"),
    "missing_registrations": _GONE,
    "invalid_registration": _GONE,
    "unauthorized_registration": _GONE,
    "not_registered": _GONE,
    "unregistered": _GONE,
    "mismatch_sender_id": _GONE,
    "sender_id_mismatch": _GONE,
    "invalid_argument": _OURS,
    "invalid_parameters": _OURS,
    "invalid_package_name": _OURS,
    "invalid_apns_credential": _OURS,
    "third_party_auth_error": _OURS,
    "payload_too_large": _OURS,
    "quota_exceeded": _OURS,
    "message_received_internal_error": _OURS,
    "internal": _OURS,
    "unavailable": Code("deferred"),
}


def read(request: Request) -> Reading:
    """Every receipt of the request."""
    return collected(elements(VENDOR, request), _notice)


def _notice(whole: Part) -> Notice:
    receipt = whole.part("data") if "message_type" in whole and "data" in whole else Part({})
    word = (receipt.text("message_status") or whole.text("event", "error_code")).lower()
    code = known(CODES, word, "event")
    message_id = receipt.text("original_message_id") or whole.must("message_id")
    device = receipt.text("device_registration_id") or whole.text("token", "instance_id")
    at_us = milliseconds(receipt.text("message_sent_timestamp"), "message_sent_timestamp")
    at_us = at_us or iso_or_seconds(whole.text("event_timestamp"), "event_timestamp")
    return Notice(
        VENDOR,
        code.status,
        whole.text("event_id") or derived_id(whole, VENDOR, word, message_id, device, at_us, ""),
        at_us,
        message_id,
        device,
        DEVICE,
        "push",
        reason=code.reason,
        detail=word if code.status == "failed" else "",
        tags=whole.texts("analytics_label"),
        metadata={**whole.pairs("metadata"), **as_texts({"bulk_id": whole.values.get("bulk_id")})},
        means=code.means,
    )
