"""Each way says what it should, in the receiver's own form, to a real receiver; secrets stay secret."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alerts import delivery
from alerts.message import Message, NotTold
from alerts.ways import registry
from collect.webhooks.payload import Request
from collect.webhooks.signatures import Unverified, standard
from config.settings import Settings
from tests.alerts.conftest import SECRETS
from tests.receivers import PASSWORD, Mailbox, Posted, Receiver

WRONG = Message(
    incident="i" * 32, uid="u" * 32, kind="publish-blocked", title="publishing is <blocked> & waits",
    words="A cell must stand once. (cells_unique)", urgent=True, since_us=1_795_000_000_000_000, over_us=None,
    plan="A Plan", zone="America/New_York", link="https://board.plan.example/data#data-wrong-panel",
)  # fmt: skip
OVER = replace(WRONG, uid="v" * 32, over_us=WRONG.since_us + 3_600_000_000)
Telling = Callable[..., Settings]


def _only(receiver: Receiver) -> tuple[Posted, dict[str, object]]:
    (one,) = receiver.posted
    return one, json.loads(one.body)


def _request(posted: Posted, body: bytes | None = None) -> Request:
    return Request(posted.body if body is None else body, posted.headers)


def test_the_webhook_is_signed_as_the_standard_says(telling: Telling, receiver: Receiver) -> None:
    registry.send("webhook", WRONG, telling("webhook", receiver=receiver))
    posted, body = _only(receiver)
    assert posted.headers["webhook-id"] == f"msg_{WRONG.uid}"
    stamp = float(posted.headers["webhook-timestamp"])
    standard(_request(posted), [SECRETS["webhook"]], stamp)
    with pytest.raises(Unverified):
        standard(_request(posted, posted.body + b" "), [SECRETS["webhook"]], stamp)
    assert (body["type"], body["data"]["incident"]) == ("incident.opened", WRONG.incident)
    assert body["data"]["since"] == "2026-11-18T11:06:40Z"
    assert body["data"]["over"] is None


def test_what_is_over_says_so(telling: Telling, receiver: Receiver) -> None:
    registry.send("webhook", OVER, telling("webhook", receiver=receiver))
    _, body = _only(receiver)
    assert (body["type"], body["data"]["over"]) == ("incident.recovered", "2026-11-18T12:06:40Z")


def test_slack_is_called_by_nobody_in_a_title(telling: Telling, receiver: Receiver) -> None:
    registry.send("slack", WRONG, telling("slack", receiver=receiver))
    posted, body = _only(receiver)
    assert posted.path == "/services/T0/B0/secret"
    words = body["blocks"][0]["text"]["text"]
    assert "publishing is &lt;blocked&gt; &amp; waits" in words
    assert body["text"].startswith("A Plan: publishing")


def test_pagerduty_triggers_and_resolves_the_same_incident(telling: Telling, receiver: Receiver) -> None:
    settings = telling("pagerduty", receiver=receiver)
    for message in (WRONG, OVER):
        registry.send("pagerduty", message, settings)
    wrong, over = (json.loads(one.body) for one in receiver.posted)
    assert (wrong["event_action"], over["event_action"]) == ("trigger", "resolve")
    assert wrong["dedup_key"] == over["dedup_key"]
    assert wrong["routing_key"] == SECRETS["pagerduty"]
    assert set(wrong["payload"]) >= {"summary", "source", "severity"}
    assert wrong["payload"]["severity"] == "critical"


def test_opsgenie_opens_and_closes_the_same_alert(telling: Telling, receiver: Receiver) -> None:
    settings = telling("opsgenie", receiver=receiver)
    for message in (WRONG, OVER):
        registry.send("opsgenie", message, settings)
    wrong, over = receiver.posted
    body = json.loads(wrong.body)
    assert wrong.path == "/v2/alerts"
    assert over.path == f"/v2/alerts/{body['alias']}/close?identifierType=alias"
    assert wrong.headers["authorization"] == f"GenieKey {SECRETS['opsgenie']}"
    assert (len(body["message"]) <= 130, body["priority"]) == (True, "P2")


def test_mail_goes_encrypted_and_signed_in_to_everybody(telling: Telling, mailbox: Mailbox) -> None:
    settings = telling("mail", mailbox=mailbox)
    for message in (WRONG, OVER):
        registry.send("mail", message, settings)
    (to, wrong, encrypted, signed_in), (_, over, *_) = mailbox.taken
    assert to == ["on-call@plan.example", "data@plan.example"]
    assert (encrypted, signed_in) == (True, True)
    assert wrong["Subject"] == "A Plan: publishing is <blocked> & waits"
    assert over["Subject"].startswith("A Plan: over: ")
    assert wrong["Message-ID"] == f"<{WRONG.uid}@plan.example>"
    assert wrong["References"] == over["References"], "one incident is one thread"
    assert wrong["Auto-Submitted"] == "auto-generated"
    assert "18 Nov 2026, 06:06 EST" in wrong.get_payload(decode=True).decode()


def test_a_recipient_that_is_refused_keeps_nobody_else_from_it(telling: Telling, mailbox: Mailbox) -> None:
    mailbox.refuses.append("data@plan.example")
    registry.send("mail", WRONG, telling("mail", mailbox=mailbox))
    assert mailbox.taken[0][0] == ["on-call@plan.example"]
    mailbox.refuses.append("on-call@plan.example")
    with pytest.raises(NotTold, match="refused every recipient"):
        registry.send("mail", WRONG, telling("mail", mailbox=mailbox))


def test_a_mail_server_that_nobody_knows_gets_no_password(
    telling: Telling, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NotTold, match=r"no mail server \(SSLCertVerificationError\)"):
        registry.send("mail", WRONG, telling("mail", mailbox=mailbox))
    assert not mailbox.taken


def test_a_wrong_password_is_no_delivery(telling: Telling, mailbox: Mailbox) -> None:
    settings = telling("mail", mailbox=mailbox)
    (settings.alert_secrets / "mail.secret").write_text("another")
    with pytest.raises(NotTold, match="the mail server lets nobody sign in"):
        registry.send("mail", WRONG, settings)


@pytest.mark.parametrize("way", ["webhook", "slack", "pagerduty", "opsgenie"])
def test_an_answer_that_is_no_yes_is_no_delivery(way: str, telling: Telling, receiver: Receiver) -> None:
    settings = telling(way, receiver=receiver)
    receiver.answers += [(429, {"Retry-After": "120"}), (302, {"Location": f"{receiver.url}/elsewhere"})]
    with pytest.raises(NotTold, match="it answered 429") as failure:
        registry.send(way, WRONG, settings)
    assert failure.value.after == 120
    with pytest.raises(NotTold, match="it answered 302"):
        registry.send(way, WRONG, settings)
    assert all("elsewhere" not in one.path for one in receiver.posted), "nothing follows a redirect"


@pytest.mark.parametrize("way", registry.WAYS)
def test_who_does_not_answer_is_told_of_without_address_or_secret(
    way: str, telling: Telling, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotTold) as failure, caplog.at_level(logging.DEBUG):
        registry.send(way, WRONG, telling(way))
    said = failure.value.words + caplog.text
    assert not any(secret in said for secret in (*SECRETS.values(), "services", "127.0.0.1"))


@pytest.mark.parametrize("way", registry.WAYS)
def test_a_secret_that_is_missing_or_open_stops_the_way(
    way: str, telling: Telling, receiver: Receiver
) -> None:
    settings = telling(way, receiver=receiver)
    file: Path = settings.alert_secrets / f"{way}.secret"
    file.chmod(0o644)
    with pytest.raises(NotTold, match="can be read by others"):
        registry.send(way, WRONG, settings)
    file.unlink()
    with pytest.raises(NotTold, match=rf"{way}.secret is missing in the folder alerts"):
        registry.send(way, WRONG, settings)
    assert not receiver.posted


def test_each_way_can_be_tried(telling: Telling, receiver: Receiver, mailbox: Mailbox) -> None:
    settings = telling("mail", "webhook", "slack", receiver=receiver, mailbox=mailbox)
    receiver.answers.append((500, {}))
    assert list(delivery.tried(settings)) == [("mail", ""), ("webhook", "it answered 500"), ("slack", "")]
    assert "this is a test" in mailbox.taken[0][1]["Subject"]
    assert PASSWORD not in mailbox.taken[0][1].as_string()
