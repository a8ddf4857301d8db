"""MailerSend's webhooks: one activity per request.

https://developers.mailersend.com/api/v1/webhooks.html
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
from collect.webhooks.times import iso

VENDOR = "mailersend"
CODES: dict[str, Code] = {
    "activity.queued": Code("queued"),
    "activity.sent": Code("sent"),
    "activity.delivered": Code("delivered"),
    "activity.deferred": Code("deferred"),
    "activity.soft_bounced": Code("bounced", bounce="soft", reason="bounced"),
    "activity.hard_bounced": Code("bounced", bounce="hard", reason="bounced"),
    "activity.suppressed": Code("rejected", reason="blocked"),
    "activity.opened": Code("opened"),
    "activity.opened_unique": Code("opened"),
    "activity.clicked": Code("clicked"),
    "activity.clicked_unique": Code("clicked"),
    "activity.unsubscribed": Code("unsubscribed", reason="unsubscribed"),
    "activity.spam_complaint": Code("complained", reason="spam"),
    "activity.survey_opened": Code("unrelated"),
    "activity.survey_submitted": Code("unrelated"),
    "sender_identity.verified": Code("unrelated"),
    "maintenance.start": Code("unrelated"),
    "maintenance.end": Code("unrelated"),
    "inbound_forward.failed": Code("unrelated"),
    "email_single.verified": Code("unrelated"),
    "email_list.verified": Code("unrelated"),
    "bulk_email.completed": Code("unrelated"),
    "webhook.test": Code("unrelated"),
}


def read(request: Request) -> Reading:
    """The activity of the request."""
    return collected(elements(VENDOR, request), _notice)


def _notice(whole: Part) -> Notice:
    word = whole.must("type").lower()
    code = known(CODES, word, "type")
    event = whole.part("data")
    email, morph = event.part("email"), event.part("morph")
    at_us = iso(event.text("created_at") or whole.text("created_at"), "created_at")
    message_id = email.part("message").text("id")
    recipient = email.part("recipient").text("email")
    link = without_query(morph.text("url"))
    looked = code.status in ("opened", "clicked")
    return Notice(
        VENDOR,
        code.status,
        event.text("id") or derived_id(event, VENDOR, word, message_id, recipient, at_us, link),
        at_us,
        message_id,
        recipient,
        bounce=code.bounce,
        reason=code.reason,
        machine=by_machine(morph.text("user_agent")) if looked else None,
        tags=email.texts("tags"),
        link=link,
        means=code.means,
    )
