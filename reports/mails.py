"""An issued report as a mail: its figures and changes as text, PDF and CSV attached or linked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from alerts.message import PRODUCT
from config.settings import Settings
from documents.model import Document
from documents.pdf import pdf
from documents.plain import text
from reports.files import csv_of

ATTACHED = "attached"


def mail_of(told: Document, body: str, to: Sequence[str], uid: str, settings: Settings) -> EmailMessage:
    """The mail of an issued report; `uid` is the same at every try. Its subject has no figure."""
    host = settings.alert_from.rpartition("@")[2]
    mail = EmailMessage()
    mail["Subject"] = subject_of(told)
    mail["From"] = settings.alert_from
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{uid}@{host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{body}\n{PRODUCT}, {told.plan}\n")
    if settings.report_files == ATTACHED:
        name = f"reachboard-{told.id.lower()}"
        mail.add_attachment(pdf(told), maintype="application", subtype="pdf", filename=f"{name}.pdf")
        mail.add_attachment(csv_of(told), maintype="text", subtype="csv", filename=f"{name}.csv")
    return mail


def subject_of(told: Document) -> str:
    """The subject of the mail: the plan, what it is, and of when."""
    return f"{told.plan}: {told.title}, {told.period}"


def body_of(told: Document, before: Document | None, settings: Settings) -> str:
    """The text of the mail; the link asks for signing in and for the same rights as the report."""
    root = settings.public_url.rstrip("/")
    link = f"{root}/reports?report={told.id}" if root and told.id else ""
    since = "" if before is None else before.period if before.period != told.period else "the last report"
    return text(told, before, since, link)
