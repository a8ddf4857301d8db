"""The ways by name: what sends, and whether it needs a secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alerts.message import Message, NotTold
from alerts.ways import mail, opsgenie, pagerduty, slack, webhook
from config import secrets
from config.settings import Settings

Send = Callable[[Message, Settings, str], None]
WAYS: Mapping[str, Send] = {
    "mail": mail.send,
    "webhook": webhook.send,
    "slack": slack.send,
    "pagerduty": pagerduty.send,
    "opsgenie": opsgenie.send,
}
LABELS = {
    "mail": "e-mail",
    "webhook": "webhook",
    "slack": "Slack",
    "pagerduty": "PagerDuty",
    "opsgenie": "Opsgenie",
}


def send(way: str, message: Message, settings: Settings) -> None:
    """Send a message on a way; `NotTold` where it did not arrive, for whatever reason."""
    WAYS[way](message, settings, secret_of(way, settings))


def secret_of(way: str, settings: Settings) -> str:
    """The secret of a way, read anew each time, so that it can be changed while this runs."""
    if way == "mail" and not settings.smtp_user:
        return ""
    try:
        return secrets.read(settings.alert_secrets / f"{way}.secret")
    except secrets.SecretError as problem:
        raise NotTold(str(problem)) from None
    except OSError as failure:
        raise NotTold(f"{way}.secret cannot be read ({type(failure).__name__})") from None
