"""E-mail, by SMTP. Its `Message-ID` stays the same at every try; what is over answers what began it.

Secret: the password of REACHBOARD_SMTP_USER; none where there is no user.
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from alerts.message import PRODUCT, Message, NotTold
from config.settings import Settings

SECONDS = 15


def payload(message: Message, settings: Settings) -> EmailMessage:
    """The message as an e-mail of plain text."""
    host = settings.alert_from.rpartition("@")[2]
    mail = EmailMessage()
    mail["Subject"] = message.subject
    mail["From"] = settings.alert_from
    mail["To"] = ", ".join(settings.alert_to)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{message.uid}@{host}>"
    mail["References"] = f"<{message.incident}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.urgent and not message.over:
        mail["Importance"] = "high"
    mail.set_content("\n\n".join([*message.lines(), f"{PRODUCT}, {message.plan}"]) + "\n")
    return mail


def send(message: Message, settings: Settings, secret: str) -> None:
    """Hand the message to the mail server; `NotTold` where it did not take it for anybody."""
    hand_over(payload(message, settings), settings, secret)


def hand_over(mail: EmailMessage, settings: Settings, secret: str) -> int:
    """Hand a mail to the mail server; for how many it was not taken. `NotTold` where for nobody."""
    try:
        with _connected(settings) as server:
            if settings.smtp_user:
                _sign_in(server, settings.smtp_user, secret)
            # Some of several recipients may be refused; trying again would tell the others twice.
            return len(server.send_message(mail))
    except smtplib.SMTPResponseException as answer:
        raise NotTold(f"the mail server answered {answer.smtp_code}") from None
    except smtplib.SMTPRecipientsRefused:
        raise NotTold("the mail server refused every recipient") from None
    except (smtplib.SMTPException, OSError) as failure:
        raise NotTold(f"no mail server ({type(failure).__name__})") from None


def _sign_in(server: smtplib.SMTP, user: str, password: str) -> None:
    try:
        server.login(user, password)
    except smtplib.SMTPException as failure:
        raise NotTold(f"the mail server lets nobody sign in ({type(failure).__name__})") from None


def _connected(settings: Settings) -> smtplib.SMTP:
    """A session that is encrypted as the settings say; never less."""
    place, trusted = (settings.smtp_host, settings.smtp_port), ssl.create_default_context()
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(*place, timeout=SECONDS, context=trusted)
    server = smtplib.SMTP(*place, timeout=SECONDS)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=trusted)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
    return server
