"""Who is answered, how often, and what a wrong request is told."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import make_url

from app import machine, shelf
from app.factory import create_app
from config.permissions import PERMISSIONS, Permission, Role
from config.settings import Settings
from data.cubes import Cubes
from state.keys import Keys
from tests.api.conftest import Asker
from tests.asking import signed_in

SENT = "/api/v1/figures?metrics=sent"


@pytest.mark.parametrize("role", list(Role))
def test_a_key_may_do_what_its_role_may(served: Flask, keys: Keys, role: Role) -> None:
    ask = Asker(served, keys.add(f"of-{role.value}", role.value, "a test")[1])
    exports = Permission.EXPORT in PERMISSIONS[role]
    told = ask(SENT)
    assert told.status_code == (200 if exports else 403)
    assert exports or told.content_type == "application/problem+json"
    sees = Permission.VIEW_CAMPAIGNS in PERMISSIONS[role]
    assert ask("/api/v1/campaigns").status_code == (200 if sees else 403)
    # A key opens the API and nothing else.
    assert ask("/overview/channels.csv").status_code == 401
    assert ask("/").status_code == 303


def test_a_session_may_ask_too_and_a_stranger_may_not(served: Flask) -> None:
    assert signed_in(served, "analyst").get(SENT).status_code == 200
    refused = signed_in(served, None).get(SENT)
    assert (refused.status_code, refused.content_type) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert "keys add" in refused.json["detail"]


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer reachboard_" + "x" * 43,
        "Basic YTpi",
        "bearer\treachboard_",
    ],
)
def test_credentials_that_are_none_are_refused_also_beside_a_session(served: Flask, header: str) -> None:
    browser = signed_in(served, "analyst")
    assert browser.get(SENT, headers={"Authorization": header}).status_code == 401


def test_a_revoked_key_is_refused_at_once(served: Flask, keys: Keys) -> None:
    ask = Asker(served, keys.add("to-be-revoked", "analyst", "a test")[1])
    assert ask(SENT).status_code == 200
    keys.revoke("to-be-revoked", "a test")
    assert ask(SENT).status_code == 401


def test_an_expired_key_is_refused(served: Flask, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Asker(served, keys.add("for-a-day", "analyst", "a test", days=1)[1])
    assert ask(SENT).status_code == 200
    later = time.time_ns() + 86_400_000_000_000
    monkeypatch.setattr("state.keys.time.time_ns", lambda: later)
    assert ask(SENT).status_code == 401


def test_the_last_use_is_seen_and_the_secret_nowhere(own: Settings, served: Flask, keys: Keys) -> None:
    _, secret = keys.add("seen", "analyst", "a test")
    assert keys.all()[0].used_us is None
    Asker(served, secret)(SENT)
    key = next(key for key in keys.all() if key.name == "seen")
    assert key.used_us is not None
    assert abs(key.used_us / 1e6 - time.time()) < 60
    stored = b"".join(
        path.read_bytes() for path in Path(make_url(own.state).database or "").parent.glob("*.db*")
    )
    assert key.start.encode() in stored
    assert secret.encode() not in stored


def test_a_limited_key_knows_nothing_of_other_lines(served: Flask, keys: Keys, cubes: Cubes) -> None:
    lines = sorted({one.line_of_business for one in cubes.campaigns.values() if one.recorded})
    ask = Asker(served, keys.add("limited", "analyst", "a test", lines=(lines[0],))[1])
    theirs = {one.id for one in cubes.campaigns.values() if one.line_of_business == lines[0]}
    assert {one["campaign_id"] for one in ask.json("/api/campaigns")["campaigns"]} == theirs
    rows = ask.json("/api/v1/figures?metrics=sent&by=campaign")["rows"]
    assert {row["key"]["campaign"] for row in rows} <= theirs
    other = next(one.id for one in cubes.campaigns.values() if one.id not in theirs)
    for path in (f"/api/campaigns/{other}/metrics", f"{SENT}&campaign={other}"):
        refused = ask(path)
        assert refused.status_code == 404
        assert refused.json["detail"].count(other) == 1, "the near miss tells of another line"
    description = ask("/api/v1/openapi.json")
    assert other not in description.text
    asked = description.json["paths"]["/api/v1/campaigns"]["get"]["parameters"]
    (line,) = (one for one in asked if one["name"] == "line_of_business")
    assert line["schema"]["items"]["enum"] == [lines[0]]


WRONG: list[tuple[str, int, str, str]] = [
    ("/api/v1/figures", 400, "metrics", "metrics-catalogue"),
    ("/api/v1/figures?metrics=", 400, "metrics", "empty"),
    ("/api/v1/figures?metrics=snt", 400, "metrics", "Did you mean 'sent'?"),
    ("/api/v1/figures?metrics=sent,sent", 400, "metrics", "twice"),
    (f"{SENT}&by=chanel", 404, "by", "Did you mean 'channel'?"),
    (f"{SENT}&by=day,week", 409, "by", "day, week and month"),
    (f"{SENT}&chanel=email", 400, "chanel", "Did you mean 'channel'?"),
    (f"{SENT}&from=2026-01-01", 400, "from", "start_date"),
    (f"{SENT}&channel=emial", 404, "channel", "Did you mean 'email'?"),
    (f"{SENT}&attr.regoin=North", 404, "attr.regoin", "Did you mean 'region'?"),
    (f"{SENT}&attr.region=Nort", 404, "attr.region", "Did you mean 'North'?"),
    (f"{SENT}&region=North", 400, "region", ""),
    (f"{SENT}&start_date=2026-13-01", 400, "start_date", "2026-11-30"),
    (f"{SENT}&start_date=20260101", 400, "start_date", "2026-11-30"),
    (f"{SENT}&start_date=2026-02-01&end_date=2026-01-01", 409, "start_date", "after end_date"),
    (f"{SENT}&start_date=2026-02-01&period=last_month", 409, "period", "not for both"),
    (f"{SENT}&period=last_mont", 400, "period", "Did you mean 'last_month'?"),
    (f"{SENT}&limit=0", 400, "limit", "from 1 to"),
    (f"{SENT}&limit=many", 400, "limit", "from 1 to"),
    (f"{SENT}&limit=1&limit=2", 400, "limit", "twice"),
    (f"{SENT}&cursor=abc", 404, "cursor", "next"),
    ("/api/campaigns/nothing/metrics", 404, "campaign_id", ""),
    ("/api/campaigns?status=open", 400, "status", ""),
    ("/api/campaigns/summary?metrics=reech", 400, "metrics", "Did you mean 'reach'?"),
    ("/api/v1/dimensions?x=1", 400, "x", "no parameter"),
]


@pytest.mark.parametrize(("address", "status", "parameter", "words"), WRONG)
def test_what_is_wrong_is_told_with_its_place_and_the_near_miss(
    analyst: Asker, address: str, status: int, parameter: str, words: str
) -> None:
    refused = analyst(address)
    assert (refused.status_code, refused.content_type) == (status, "application/problem+json")
    body: dict[str, Any] = refused.get_json()
    assert body["status"] == status
    assert [one["parameter"] for one in body["errors"]] == [parameter]
    assert words in body["detail"]


def test_several_mistakes_are_told_at_once(analyst: Asker) -> None:
    body = analyst(f"{SENT}&chanel=email&perod=x").get_json()
    assert {one["parameter"] for one in body["errors"]} == {"chanel", "perod"}


def test_addresses_and_methods_that_are_none_answer_with_problems(analyst: Asker) -> None:
    lost, posted = analyst("/api/v1/nothing"), analyst(SENT, method="POST")
    assert (lost.status_code, posted.status_code) == (404, 405)
    assert "GET" in posted.headers["Allow"]
    assert {lost.content_type, posted.content_type} == {"application/problem+json"}
    other = analyst(SENT, Accept="application/pdf")
    assert (other.status_code, other.content_type) == (406, "application/problem+json")


def test_an_answer_that_still_stands_is_not_sent_again(analyst: Asker, served: Flask, keys: Keys) -> None:
    first = analyst(SENT)
    tag = first.headers["ETag"]
    again = analyst(SENT, If_None_Match=tag)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert first.headers["Cache-Control"] == "private, no-cache"
    limited = Asker(served, keys.add("one-program", "analyst", "a test", programs=("A1C test",))[1])
    for other in (
        analyst(f"{SENT}&by=channel", If_None_Match=tag),
        analyst(SENT, If_None_Match=tag, Accept="text/csv"),
        limited(SENT, If_None_Match=tag),
    ):
        assert other.status_code == 200
        assert other.headers["ETag"] != tag


def test_a_new_snapshot_ends_old_tags_and_cursors(
    analyst: Asker, cubes: Cubes, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged = analyst(f"{SENT}&by=campaign&limit=2")
    later = replace(cubes.snapshot, number=cubes.snapshot.number + 1)
    monkeypatch.setattr(cubes, "snapshot", later)
    assert analyst(f"{SENT}&by=campaign&limit=2", If_None_Match=paged.headers["ETag"]).status_code == 200
    refused = analyst(paged.json["next"])
    assert refused.status_code == 409
    assert "Start again" in refused.json["detail"]


@pytest.fixture
def few(own: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Flask]:
    """Two servers of one machine that answer five requests a minute, in the middle of one."""
    monkeypatch.setattr(machine.time, "time", lambda: 1_790_000_010.0)
    servers = [create_app(own.model_copy(update={"api_limit": 5})) for _ in range(2)]
    for server in servers:
        shelf.keeper(server).renew()
    return servers


def test_too_many_requests_wait_and_all_processes_count_together(few: list[Flask], keys: Keys) -> None:
    secret, other = (keys.add(name, "analyst", "a test")[1] for name in ("eager", "patient"))
    statuses = [Asker(few[at % 2], secret)(SENT).status_code for at in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    refused = Asker(few[0], secret)(SENT)
    assert refused.content_type == "application/problem+json"
    assert refused.headers["Retry-After"] == "30"
    assert refused.headers["RateLimit"] == '"minute";r=0;t=30'
    left = Asker(few[1], other)(SENT)
    assert (left.status_code, left.headers["RateLimit"]) == (200, '"minute";r=4;t=30')
    assert left.headers["RateLimit-Policy"] == '"minute";q=5;w=60'


def test_a_lost_count_lets_everybody_through(few: list[Flask], keys: Keys, own: Settings) -> None:
    (own.var / "limits.db").unlink(missing_ok=True)
    (own.var / "limits.db").write_bytes(b"no database " * 500)
    fresh = create_app(own.model_copy(update={"api_limit": 5}))
    shelf.keeper(fresh).renew()
    assert Asker(fresh, keys.add("unlucky", "analyst", "a test")[1])(SENT).status_code == 200
    (own.var / "limits.db").unlink()
