"""Every vendor that may post here: how a request is read, and how it is verified first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from collect.webhooks import (
    braze,
    brevo,
    fcm,
    mailersend,
    mailgun,
    mailjet,
    mandrill,
    postmark,
    resend,
    sendgrid,
    ses,
    signatures,
    sns,
    sparkpost,
    standard,
    twilio,
)
from collect.webhooks.notice import Reading
from collect.webhooks.payload import Request


@dataclass(frozen=True)
class Vendor:
    """One vendor. `secret`: what an administrator has to give, in words.

    `verify(request, secrets, now)` raises `Unverified`; `secrets` may be several while one is changed,
    `now` is in seconds since the epoch. `read(request)` gives notices and refusals, or raises `Unreadable`.
    """

    name: str
    label: str
    read: Callable[[Request], Reading]
    verify: sns.Verify
    secret: str


KEY, TOKEN, PASSWORD, EITHER = (
    "signing key",
    "bearer token",
    "name:password in the URL",
    "name:password in the URL, or bearer token",
)


def vendors(fetch: sns.Fetch) -> dict[str, Vendor]:
    """All vendors by name; `fetch(url)` gives a certificate of Amazon SNS (PEM bytes)."""
    listed = (
        Vendor("brevo", "Brevo", brevo.read, signatures.credential, EITHER),
        Vendor("braze", "Braze Currents", braze.read, signatures.credential, TOKEN),
        Vendor("fcm", "Push receipts (FCM style)", fcm.read, signatures.credential, TOKEN),
        Vendor("mailersend", "MailerSend", mailersend.read, signatures.mailersend, KEY),
        Vendor("mailgun", "Mailgun", mailgun.read, signatures.mailgun, KEY),
        Vendor("mailjet", "Mailjet", mailjet.read, signatures.credential, PASSWORD),
        Vendor("mandrill", "Mandrill", mandrill.read, signatures.mandrill, "webhook key"),
        Vendor("postmark", "Postmark", postmark.read, signatures.credential, PASSWORD),
        Vendor("resend", "Resend", resend.read, signatures.standard, "whsec_ secret"),
        Vendor("sendgrid", "SendGrid", sendgrid.read, signatures.sendgrid, "public key"),
        Vendor("ses", "Amazon SES by SNS", ses.read, sns.verifier(fetch), "ARN of the topic"),
        Vendor("sparkpost", "SparkPost", sparkpost.read, signatures.credential, EITHER),
        Vendor("standard", "Standard Webhooks", standard.read, signatures.standard, "whsec_ secret"),
        Vendor("twilio", "Twilio", twilio.read, signatures.twilio, "auth token"),
    )
    return {vendor.name: vendor for vendor in listed}
