"""Amazon SES: its events, inside the envelope of SNS or bare.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from __future__ import annotations

from dataclasses import replace

from collect.webhooks.machines import by_machine
from collect.webhooks.notice import Code, Notice, Reading, Refusal
from collect.webhooks.payload import (
    Part,
    Request,
    Unreadable,
    Wrong,
    as_texts,
    collected,
    compact,
    derived_id,
    parsed,
    without_query,
)
from collect.webhooks.sns import CONFIRMATIONS, confirmation
from collect.webhooks.times import iso

VENDOR = "ses"
# Where each event keeps what it says: code, name of its part, name of its recipients there.
CODES: dict[str, tuple[Code, str, str]] = {
    "send": (Code("sent"), "send", ""),
    "delivery": (Code("delivered"), "delivery", "recipients"),
    "deliverydelay": (Code("deferred"), "deliveryDelay", "delayedRecipients"),
    "bounce": (Code("bounced", bounce="soft", reason="bounced"), "bounce", "bouncedRecipients"),
    "complaint": (Code("complained", reason="spam"), "complaint", "complainedRecipients"),
    "reject": (Code("rejected", reason="blocked"), "reject", ""),
    "rendering failure": (Code("failed"), "failure", ""),
    "open": (Code("opened"), "open", ""),
    "click": (Code("clicked"), "click", ""),
    "subscription": (Code("unsubscribed", reason="unsubscribed"), "subscription", ""),
}
BOUNCES: dict[str, str] = {"permanent": "hard", "transient": "soft", "undetermined": "soft"}
BLOCKS = ("contentrejected", "attachmentrejected")
# The vendor did not send: the address stands on a list of its own or of the account.
SUPPRESSED = ("suppressed", "onaccountsuppressionlist", "unsubscribedrecipient")


def read(request: Request) -> Reading:
    """The event of a request. A subscription's confirmation is handed on, not visited."""
    whole = parsed(VENDOR, request.body)
    if not isinstance(whole, dict):
        raise Unreadable(f"{VENDOR}: the body is no object")
    envelope = Part(whole)
    try:
        said = _said(envelope)
    except Wrong as wrong:
        said = Reading(refused=(Refusal(0, wrong.column, wrong.reason, compact(whole)),))
    return replace(said, delivery_id=envelope.maybe("MessageId"))


def _said(envelope: Part) -> Reading:
    kind, message = envelope.text("Type"), envelope.values.get("Message")
    if kind in CONFIRMATIONS:
        return Reading(confirm=confirmation(envelope)) if kind == CONFIRMATIONS[0] else Reading()
    if message is None:
        return collected([envelope.values], lambda event: _notices(event, Part({})))
    if not isinstance(message, str):
        raise Wrong("Message", "is no text")
    if not message.lstrip().startswith("{"):
        return Reading((_plain_words(envelope),))
    return collected([parsed(VENDOR, message)], lambda event: _notices(event, envelope))


def _plain_words(envelope: Part) -> Notice:
    """A sentence to the reader, as when a topic has been set up."""
    event_id = envelope.text("MessageId") or derived_id(envelope, VENDOR, "words")
    return Notice(VENDOR, "unrelated", event_id, iso(envelope.text("Timestamp"), "Timestamp"))


def _notices(event: Part, envelope: Part) -> list[Notice]:
    """One notice per recipient: all share the vendor's ids, so that a place is added from the second on."""
    word = (event.text("eventType") or event.must("notificationType")).lower()
    if word not in CODES:
        raise Wrong("eventType", "a word that the table does not know")
    code, inside, named = CODES[word]
    mail, part = event.part("mail"), event.part(inside)
    first = _notice(word, _code(code, part, event), event, envelope)
    own = envelope.text("MessageId") or derived_id(
        event, VENDOR, word, first.message_id, "", first.at_us, first.link
    )
    recipients = _recipients(part, named) or mail.texts("destination") or ("",)
    return [
        replace(first, recipient=recipient, event_id=f"{own}/{place}" if place else own)
        for place, recipient in enumerate(recipients)
    ]


def _notice(word: str, code: Code, event: Part, envelope: Part) -> Notice:
    mail, part = event.part("mail"), event.part(CODES[word][1])
    looked = code.status in ("opened", "clicked")
    return Notice(
        VENDOR,
        code.status,
        "",
        _at(part, mail, envelope),
        mail.text("messageId"),
        bounce=code.bounce,
        reason=code.reason,
        machine=by_machine(part.text("userAgent")) if looked else None,
        tags=tuple(_headers(mail, "x-tag")),
        metadata={**_own_tags(mail), **_own_header(mail)},
        header_id=mail.part("commonHeaders").text("messageId"),
        link=without_query(part.text("link")),
        means=code.means,
    )


def _code(code: Code, part: Part, event: Part) -> Code:
    kind, subtype = part.text("bounceType").lower(), part.text("bounceSubType", "complaintSubType").lower()
    if subtype in SUPPRESSED:
        return replace(code, means=("suppressed",), bounce="block" if code.bounce else "")
    if code.status == "bounced":
        code = replace(code, bounce="block" if subtype in BLOCKS else BOUNCES.get(kind, code.bounce))
    if code.status == "unsubscribed" and not _left(part.part("newTopicPreferences")):
        return Code("subscribed")
    # The older notifications of an identity tell of no sending.
    bare = "notificationType" in event and code.status in ("delivered", "bounced")
    return replace(code, means=("sent", code.status)) if bare else code


def _left(preferences: Part) -> bool:
    """Whether somebody left the list or a topic of it; so it is where nothing is told."""
    topics = [one.text("subscriptionStatus").lower() for one in preferences.parts("topicSubscriptionStatus")]
    return not preferences.values or bool(preferences.flag("unsubscribeAll")) or "optout" in topics


def _at(part: Part, mail: Part, envelope: Part) -> int | None:
    """When SNS was told; in a bare event, when it says it happened."""
    stamp = envelope.text("Timestamp") or part.text("timestamp") or mail.text("timestamp")
    return iso(stamp, "timestamp")


def _recipients(part: Part, named: str) -> tuple[str, ...]:
    if not named:
        return ()
    if named == "recipients":
        return part.texts(named)
    return tuple(one.must("emailAddress") for one in part.parts(named))


def _headers(mail: Part, name: str) -> list[str]:
    return [one.text("value") for one in mail.parts("headers") if one.text("name").lower() == name]


def _own_tags(mail: Part) -> dict[str, str]:
    """The sender's message tags, without those of the vendor."""
    tags = mail.part("tags")
    return as_texts({name: ",".join(tags.texts(name)) for name in tags.values if not name.startswith("ses:")})


def _own_header(mail: Part) -> dict[str, str]:
    found = _headers(mail, "x-metadata")
    return Part({"X-Metadata": found[0]}).pairs("X-Metadata") if found else {}
