"""What vendors report, by the true way: a signed request, the journal, a run, and the figures it makes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.factory import create_app
from collect.journal import Journal, finished
from config.settings import Settings
from data.snapshot import Lake
from etl.drain import drain
from tests.collect.webhooks import posts

SECRET = "whsec_" + base64.b64encode(b"a secret of this test alone").decode()
TOKEN = "12345"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, sample=False, public_url="https://plan.example")


@pytest.fixture
def server(settings: Settings) -> Flask:
    return create_app(settings)


def hook(settings: Settings, name: str, vendor: str, secret: str, more: str = "") -> None:
    settings.webhooks.mkdir(exist_ok=True)
    (settings.webhooks / f"{name}.toml").write_text(f'[webhook]\nvendor = "{vendor}"\n{more}')
    file = settings.webhooks / f"{name}.secret"
    file.write_text(secret)
    file.chmod(0o600)


def landed(server: Flask, settings: Settings) -> list[dict[str, Any]]:
    journal: Journal = server.extensions["reachboard.journal"]
    journal.release()
    drain(settings)
    return Lake(settings.lake).frame("events").sort("event_us", "event").to_dicts()


def standard(server: Flask, name: str, body: bytes, secret: str = SECRET, age: int = 0) -> TestResponse:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    stamp = str(int(time.time()) - age)
    signed = hmac.digest(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(signed).decode(),
        "Content-Type": "application/json",
    }
    return server.test_client().post(f"/api/v1/webhooks/{name}", data=body, headers=headers)


def twilio(server: Flask, path: str, fields: dict[str, str], token: str = TOKEN) -> TestResponse:
    told = f"https://plan.example{path}" + "".join(name + fields[name] for name in sorted(fields))
    signature = base64.b64encode(hmac.digest(token.encode(), told.encode(), hashlib.sha1)).decode()
    return server.test_client().post(path, data=fields, headers={"X-Twilio-Signature": signature})


EVENT = {"id": "1", "event": "sent", "at": "2026-03-02T15:00:00Z", "member": "M1", "campaign": "flu"}


def test_a_signed_body_of_our_own_schema_lands(server: Flask, settings: Settings) -> None:
    hook(settings, "care", "standard", SECRET)
    answer = standard(server, "care", json.dumps([EVENT, {"id": "2"}]).encode())
    assert (answer.status_code, answer.get_json()) == (202, {"accepted": 1, "passed_over": 0, "refused": 1})
    (row,) = landed(server, settings)
    assert (row["source"], row["event"], row["campaign"]) == ("care", "sent", "flu")


def test_texts_and_their_replies_land_as_events_of_the_address(server: Flask, settings: Settings) -> None:
    hook(settings, "texts", "twilio", TOKEN, 'source = "sms_gateway"\n')
    path = "/api/v1/webhooks/texts?campaign=flu-2026"
    for status in ("queued", "sent", "delivered"):
        fields = {"MessageSid": "SM1", "MessageStatus": status, "To": posts.PHONE, "From": "+15550100099"}
        assert twilio(server, path, fields).status_code == 202
    assert twilio(server, path, fields).status_code == 202, "a vendor tries again until it hears 2xx"
    rows = landed(server, settings)
    assert sorted(row["event"] for row in rows) == ["delivered", "sent"]
    assert {(row["source"], row["campaign"], row["channel"]) for row in rows} == {
        ("sms_gateway", "flu-2026", "sms")
    }
    skipped = Lake(settings.lake).frame("refusals").select("kind", "reason", "rows").rows()
    assert skipped == [("skipped", "waits at the vendor: nothing has happened yet", 1)]


def test_what_members_do_in_the_app_lands_where_the_hook_names_it(server: Flask, settings: Settings) -> None:
    fields = '[fields]\nmember = "external_user_id"\ncampaign = "campaign_id"\n'
    named = f'{fields}[app]\nform_started = "feature_usage"\n'
    hook(settings, "app", "braze", TOKEN, named)
    for number, name in enumerate(("form_started", "form_started", "something_else")):
        body = json.loads(posts.braze("users.behaviors.CustomEvent", name=name).body)
        body["events"][0]["id"] = f"e{number}"
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = server.test_client().post("/api/v1/webhooks/app", json=body, headers=headers)
        told = {"accepted": int(number < 2), "passed_over": int(number == 2), "refused": 0}
        assert (answer.status_code, answer.get_json()) == (202, told)
    assert landed(server, settings) == []
    rows = Lake(settings.lake).frame("behaviour").sort("event_id").to_dicts()
    assert {(row["event"], row["feature"], row["campaign"]) for row in rows} == {
        ("feature_usage", "form_started", "c1")
    }
    assert len(rows) == 2
    assert len({row["member"] for row in rows}) == 1
    assert "M1001" not in str(rows)


@pytest.mark.parametrize(
    ("secret", "age", "body"),
    [
        ("whsec_" + base64.b64encode(b"another secret").decode(), 0, b"[]"),
        (SECRET, 3_600, b"[]"),
    ],
)
def test_who_does_not_prove_itself_is_told_nothing(
    server: Flask, settings: Settings, secret: str, age: int, body: bytes
) -> None:
    hook(settings, "care", "standard", SECRET)
    answer = standard(server, "care", body, secret, age)
    assert answer.status_code == 401
    assert answer.get_json()["detail"] == "Not verified."
    assert finished(settings.journal) == []


def test_a_body_changed_on_its_way_is_refused(server: Flask, settings: Settings) -> None:
    hook(settings, "texts", "twilio", TOKEN)
    path = "/api/v1/webhooks/texts"
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": posts.PHONE}
    assert twilio(server, path, fields, token="another").status_code == 401
    assert twilio(server, path, fields).status_code == 202


@pytest.mark.parametrize("name", ["nothing", "..secret", "Care", "a" * 60])
def test_what_no_hook_is_named_does_not_exist(server: Flask, settings: Settings, name: str) -> None:
    hook(settings, "care", "standard", SECRET)
    assert standard(server, name, b"[]").status_code == 404


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"toml": '[webhook]\nvendor = "sendgird"\n'}, "Did you mean 'sendgrid'"),
        ({"toml": '[webhook]\nvendor = "standard"\nsecret = "x"\n'}, "there is no 'secret'"),
        ({"toml": "[webhook\n"}, "not valid TOML"),
        (
            {"toml": '[webhook]\nvendor = "braze"\n[app]\nopened_app = "page_veiw"\n'},
            "[app] opened_app: there is no event 'page_veiw'. Did you mean 'page_view'",
        ),
        ({"mode": 0o644}, "others may read it"),
        ({"secret": "\n"}, "is empty"),
    ],
)
def test_a_hook_that_cannot_work_says_so_in_the_log_and_is_tried_again(
    server: Flask,
    settings: Settings,
    spoil: dict[str, Any],
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    hook(settings, "care", "standard", SECRET)
    if "toml" in spoil:
        (settings.webhooks / "care.toml").write_text(spoil["toml"])
    if "secret" in spoil:
        (settings.webhooks / "care.secret").write_text(spoil["secret"])
    (settings.webhooks / "care.secret").chmod(spoil.get("mode", 0o600))
    answer = standard(server, "care", b"[]")
    assert answer.status_code == 503
    assert words not in answer.text
    assert words in caplog.text
    assert SECRET not in caplog.text


def test_an_unreadable_body_is_refused_without_its_words(
    server: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    hook(settings, "care", "standard", SECRET)
    answer = standard(server, "care", b'{"member": "M-CANARY"')
    assert answer.status_code == 400
    assert "canary" not in (answer.text + caplog.text).lower()
