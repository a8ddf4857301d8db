"""Raising the terms through the app: who may, what a forged body is told, and that the run follows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import shelf
from app.demo import DemoUser
from app.factory import create_app
from config.permissions import PEOPLE, PERMISSIONS, Permission, Role
from config.settings import Settings
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from etl.commands import recorded
from state.policy import Policy, Terms
from state.store import Store
from tests.asking import fire, show, signed_in
from tests.feeds import Piece, load, settings_of

ACT = "..privacy-said.children...privacy-dialog.children...privacy-raised.data.."
PREVIEW, TERMS, HISTORY = "privacy-preview.children", "privacy-terms.children", "privacy-history.children"
RAISERS = [role for role in PEOPLE if Permission.SET_RELEASE in PERMISSIONS[role]]
Ask = Callable[..., Any]


class Officer(DemoUser):
    """A privacy officer who may take files away, of the whole plan or of a part."""

    def __init__(self, name: str, scope: Scope) -> None:
        super().__init__(Role.PRIVACY_OFFICER)
        self.id, self.scope = name, scope

    @property
    def viewer(self) -> Viewer:
        held = PERMISSIONS[self.role] | {Permission.EXPORT}
        return Viewer(f"={self.id}", self.role.value, frozenset(p.value for p in held), self.scope)


OFFICERS = (Officer("taker", Scope()), Officer("limited", Scope(lines=frozenset({"Medicaid"}))))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A published lake of 20 letters."""
    settings = settings_of(tmp_path_factory.mktemp("published"))
    base = {"state": "printed", "campaign": "c", "variant": ""}
    rows = [{"letter": f"L{n}", "member": f"M{n}", **base} for n in range(20)]
    load(settings, [Piece("letters", 0, tuple(tuple(row.items()) for row in rows))])
    recorded(settings, "scheduled")
    return settings


@pytest.fixture
def plan(published: Settings, tmp_path: Path) -> Settings:
    """A copy of it, to be published anew."""
    made = settings_of(tmp_path)
    shutil.copytree(published.var, made.var, dirs_exist_ok=True)
    return made


@pytest.fixture
def server(plan: Settings) -> Iterator[Flask]:
    made = create_app(plan)
    made.config["REACHBOARD_DEMO_USERS"] |= {user.id: user for user in OFFICERS}
    shelf.keeper(made).renew()
    yield made
    made.extensions["reachboard.store"].close()


@pytest.fixture
def ask(server: Flask) -> Ask:
    """Ask to review or raise, as somebody."""

    def asked(who: str = Role.PRIVACY_OFFICER.value, do: str = "raise", **values: object) -> Any:
        given = {"do": do, "threshold": 30, "profile": "default", "reason": "why not", **values}
        return fire(server, signed_in(server, who), ACT, {"privacy-ask.data": given})

    return asked


def policies(plan: Settings) -> list[Policy]:
    return Store(plan.state).policies()


def words(server: Flask, output: str, who: str = Role.PRIVACY_OFFICER.value) -> str:
    return str(fire(server, signed_in(server, who), output).get_data(as_text=True))


def test_a_raise_waits_until_the_next_run_and_is_then_in_force(
    server: Flask, plan: Settings, ask: Ask
) -> None:
    assert "at least 11" in words(server, TERMS)
    assert "No data" in words(server, HISTORY)
    assert "Raised to threshold 30, strict profile." in ask(profile="strict").text
    (policy,) = policies(plan)
    assert (policy.by, policy.reason) == ("Demo privacy officer", "why not")
    before = words(server, TERMS)
    assert "at least 11" in before
    assert "Threshold 30, strict profile: from the next publish on" in before
    assert re.search(r"The next run starts at about \d+ \w+ \d{4}, \d\d:\d\d", before)
    assert "waits for the next publish" in words(server, HISTORY)
    assert recorded(plan, "scheduled").changed
    shelf.keeper(server).renew()
    after = words(server, TERMS)
    assert "at least 30" in after
    assert "In force since snapshot 2" in after
    assert "from the next publish on" not in after
    assert "since snapshot 2" in words(server, HISTORY)
    assert Lake(plan.lake).latest().terms["threshold"] == 30


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"threshold": 24, "profile": "strict"}, "protects less than the 25 that stands"),
        ({"threshold": 30, "profile": "default"}, "strict profile stands already"),
        ({"threshold": 25, "profile": "strict"}, "stands already"),
        ({"threshold": "30", "profile": "strict"}, "whole number"),
        ({"threshold": None, "profile": "strict"}, "whole number"),
        ({"threshold": 10**9, "profile": "strict"}, "whole number"),
        ({"threshold": 30, "profile": ["strict"]}, "no such profile"),
        ({"threshold": 30, "profile": "strict", "reason": " "}, "no words yet"),
        ({"threshold": 30, "profile": "strict", "reason": 7}, "no words yet"),
        ({"threshold": 30, "profile": "strict", "reason": "x" * 201}, "at most 200"),
    ],
)
@pytest.mark.parametrize("do", ["review", "raise"])
def test_a_forged_body_lowers_nothing(
    plan: Settings, ask: Ask, do: str, values: dict[str, object], said: str
) -> None:
    Store(plan.state).set_policy(25, "strict", "Ann", "why")
    answer = ask(do=do, **values)
    assert answer.status_code == 200
    assert said in answer.text
    assert '"role":"alert"' in answer.text
    assert [policy.by for policy in policies(plan)] == ["Ann"]


def test_what_settings_or_the_last_snapshot_hold_is_no_raise_either(
    server: Flask, plan: Settings, ask: Ask
) -> None:
    recorded(plan.model_copy(update={"threshold": 40, "profile": "strict"}), "by hand")
    shelf.keeper(server).renew()
    assert "less than the 40 that stands" in ask(profile="strict").text
    assert policies(plan) == []
    ask(threshold=45, profile="strict")
    assert policies(plan)[0].before == Terms(40, "strict")


def test_to_look_at_a_change_changes_nothing(server: Flask, plan: Settings, ask: Ask) -> None:
    shown = ask(do="review").text
    assert "goes from 11 to 30: groups of 11 to 29 members" in shown
    assert "cannot be undone" in shown
    values = {"privacy-threshold.value": 30, "privacy-profile.value": "strict"}
    previewed = fire(server, signed_in(server, RAISERS[0].value), PREVIEW, values).text
    assert "from default to strict" in previewed
    for other in ({}, None, "raise", {"do": "lower"}, {"do": ["raise"]}):
        fire(server, signed_in(server, RAISERS[0].value), ACT, {"privacy-ask.data": other})
    assert policies(plan) == []


@pytest.mark.parametrize("role", [role for role in PEOPLE if role not in RAISERS])
def test_nobody_else_raises_and_whoever_may_not_see_the_page_finds_none(
    server: Flask, plan: Settings, ask: Ask, role: Role
) -> None:
    client = signed_in(server, role.value)
    assert ask(role.value).status_code == 403
    assert fire(server, client, PREVIEW).status_code == 403
    assert fire(server, client, "privacy-form.children").status_code == 403
    assert policies(plan) == []
    may = Permission.VIEW_PRIVACY in PERMISSIONS[role]
    assert client.get("/privacy").status_code == (200 if may else 404)
    assert ("What the signs mean" in show(server, client, "/privacy").text) is may
    assert fire(server, client, TERMS).status_code == (200 if may else 403)
    assert "privacy-form" not in show(server, client, "/privacy").text


def test_the_privacy_officer_alone_raises() -> None:
    assert RAISERS == [Role.PRIVACY_OFFICER]


def test_who_sees_a_part_of_the_plan_neither_raises_nor_reads_who_did(
    server: Flask, plan: Settings, ask: Ask
) -> None:
    Store(plan.state).set_policy(25, "default", "Ann", "because of the county of Nowhere")
    assert "you see a part of it" in ask("limited").text
    assert len(policies(plan)) == 1
    assert "Nowhere" not in words(server, HISTORY, "limited")
    assert signed_in(server, "limited").get("/privacy/history.csv").status_code == 404
    assert "privacy-form" not in show(server, signed_in(server, "limited"), "/privacy").text


def test_the_file_of_the_history_says_what_was_kept(server: Flask, plan: Settings, ask: Ask) -> None:
    assert ask("taker", threshold=25, reason="=1+1").status_code == 200
    recorded(plan, "by hand")
    assert ask("taker", profile="strict").status_code == 200
    shelf.keeper(server).renew()
    lines = signed_in(server, "taker").get("/privacy/history.csv").text.splitlines()
    assert lines[0].split(",")[2:] == [
        "raised", "by", "threshold_before", "threshold", "profile_before", "profile", "reason",
        "since_snapshot",
    ]  # fmt: skip
    assert [line.split(",")[3:] for line in lines[1:]] == [
        ["'=taker", "25", "30", "default", "strict", "why not", ""],
        ["'=taker", "11", "25", "default", "default", "'=1+1", "2"],
    ]
    for role in PEOPLE:
        assert signed_in(server, role.value).get("/privacy/history.csv").status_code == 404


def test_markup_in_a_reason_is_a_text(server: Flask, plan: Settings, ask: Ask) -> None:
    text = "<img src=x onerror=alert(1)>"
    assert (
        text
        in ask(do="review", reason=text).json["response"]["privacy-dialog"]["children"][3]["props"][
            "children"
        ]
    )
    ask(reason=text)
    assert asdict(policies(plan)[0])["reason"] == text


def test_a_schedule_that_does_not_run_is_told_with_the_way_to_run_by_hand(
    server: Flask, plan: Settings, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    assert "etl run" not in words(server, TERMS)
    import time

    now = time.time_ns()
    monkeypatch.setattr("pages.privacy_terms.time.time_ns", lambda: now + 3_600 * 10**9)
    told = words(server, TERMS)
    assert "The schedule has started no run since" in told
    assert "etl run" in told
