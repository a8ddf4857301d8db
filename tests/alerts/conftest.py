"""Somebody to tell: receivers on loopback, and settings that know them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from state.incidents import IncidentStore
from state.store import Store
from tests.receivers import PASSWORD, USER, Mailbox, Receiver, mailing, receiving

SECRETS = {
    "webhook": "whsec_" + base64.b64encode(b"a key that only these tests know").decode(),
    "pagerduty": "0123456789abcdef0123456789abcdef",
    "opsgenie": "11111111-2222-3333-4444-555555555555",
    "mail": PASSWORD,
}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server whose certificate is trusted here."""
    with mailing(tmp_path) as one:
        monkeypatch.setenv("SSL_CERT_FILE", str(one.certificate))
        yield one


@pytest.fixture
def telling(tmp_path: Path) -> Callable[..., Settings]:
    """telling(*ways, receiver=None, mailbox=None, **settings) -> settings with the ways' secrets in place."""

    def made(
        *ways: str, receiver: Receiver | None = None, mailbox: Mailbox | None = None, **more: Any
    ) -> Settings:
        url = "http://127.0.0.1:9" if receiver is None else receiver.url
        settings = Settings(
            var=tmp_path / "var", alerts=ways, alert_url=f"{url}/told", pagerduty_url=f"{url}/v2/enqueue",
            opsgenie_url=f"{url}/v2/alerts", alert_from="board@plan.example",
            alert_to="on-call@plan.example, data@plan.example", smtp_host="127.0.0.1",
            smtp_port=mailbox.port if mailbox else 9, smtp_user=USER, **more,
        )  # fmt: skip
        settings.alert_secrets.mkdir(parents=True, exist_ok=True)
        for way, secret in {**SECRETS, "slack": f"{url}/services/T0/B0/secret"}.items():
            file = settings.alert_secrets / f"{way}.secret"
            file.write_text(secret + "\n")
            file.chmod(0o600)
        return settings

    return made


@pytest.fixture
def incidents(tmp_path: Path) -> Iterator[IncidentStore]:
    store = Store(f"sqlite:///{tmp_path / 'var' / 'state.db'}")
    yield store.incidents
    store.close()
