"""Scheduled reports: due in the plan's zone, in their own scope, mailed once, tried again, told once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import SecretStr
from pypdf import PdfReader

from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.cubes import Cubes
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from reports import schedules
from reports.schedules import Refused, add, preview, work
from state.schedules import Schedule, Sent, following
from state.store import Store, store_of
from tests.places import LINE
from tests.receivers import PASSWORD, USER, Mailbox, mailing

ANALYST = Viewer("Demo analyst", "analyst", frozenset(PERMISSIONS[Role.ANALYST]))
ASKED: dict[str, Any] = {
    "page": "overview", "query": {"table": "channels", "period": "last_3_months"}, "every": "weekly",
    "day": 0, "hour": 7, "addresses": "ada@plan.example", "roles": ["executive"],
}  # fmt: skip
WEEK_US = 7 * 86_400_000_000


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with mailing(tmp_path) as one:
        monkeypatch.setenv("SSL_CERT_FILE", str(one.certificate))
        yield one


@pytest.fixture
def settings(sample: Settings, tmp_path: Path, mailbox: Mailbox) -> Settings:
    own: dict[str, Any] = {
        "state_url": SecretStr(f"sqlite:///{tmp_path / 'state.db'}"), "alert_from": "board@plan.example",
        "smtp_host": "127.0.0.1", "smtp_port": mailbox.port, "smtp_user": USER,
        "report_to": (("executive", "chief@plan.example"), ("manager", "nobody@plan.example")),
        "public_url": "https://reach.plan.example",
    }  # fmt: skip
    made = sample.model_copy(update=own)
    made.alert_secrets.mkdir(parents=True, exist_ok=True)
    secret = made.alert_secrets / "mail.secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    return made


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    lake = Lake(sample.lake)
    return Cubes(lake, lake.latest())


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    made = store_of(settings)
    yield made
    made.close()


def scheduled(cubes: Cubes, store: Store, settings: Settings, who: Viewer = ANALYST, **more: Any) -> Schedule:
    return add({**ASKED, **more}, who, cubes, store, settings)


def test_it_comes_once_with_text_pdf_and_csv_of_one_report(
    cubes: Cubes, store: Store, settings: Settings, mailbox: Mailbox
) -> None:
    one = scheduled(cubes, store, settings)
    assert work(settings, store, cubes, one.next_us - 1) == 0
    assert work(settings, store, cubes, one.next_us) == 1
    assert work(settings, store, cubes, one.next_us + 1) == 0
    ((to, mail, encrypted, known),) = mailbox.taken
    assert (to, encrypted, known) == (["ada@plan.example", "chief@plan.example"], True, True)
    text, paper, sheet = (part.get_payload(decode=True) for part in mail.get_payload())  # type: ignore[union-attr]
    (report,) = store.reports.latest()
    assert (report.kind, report.by, report.snapshot) == ("table", "Demo analyst", cubes.snapshot.number)
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    rows = pl.read_csv(sheet)
    assert report.id in text.decode()
    assert report.id in words
    assert set(rows["report"]) == {report.id}
    told = next(row for row in rows.iter_rows(named=True) if row["metric"] == "delivered")
    assert told["text"] in text.decode()
    assert told["text"] in words
    assert f"https://reach.plan.example/reports?report={report.id}" in text.decode()
    assert not any(sign.isdigit() for sign in str(mail["Subject"]).split(",")[0])


def test_the_next_one_says_what_changed_since_and_links_where_policy_says_so(
    cubes: Cubes, store: Store, settings: Settings, mailbox: Mailbox
) -> None:
    linked = settings.model_copy(update={"report_files": "linked"})
    one = scheduled(cubes, store, settings)
    work(linked, store, cubes, one.next_us)
    assert "since" not in preview(replace(one, id=0), cubes, store, settings).text
    assert "Nothing has changed since" in preview(one, cubes, store, settings).text
    elsewhere = replace(one, query={**one.query, "channel": "sms"})
    assert "Nothing has changed since" in preview(elsewhere, cubes, store, settings).text
    earlier = replace(one, query={**one.query, "period": "last_6_months"})
    assert "Changed most since" in preview(earlier, cubes, store, settings).text
    ((_, mail, *_),) = mailbox.taken
    assert not mail.is_multipart()
    shown = preview(one, cubes, store, settings)
    assert (shown.subject, shown.to, shown.attached) == (
        str(make_header(decode_header(mail["Subject"]))),
        2,
        True,
    )
    assert not preview(one, cubes, store, linked).attached


def test_each_goes_in_the_row_scope_of_its_maker_and_never_more(
    cubes: Cubes, store: Store, settings: Settings, mailbox: Mailbox
) -> None:
    narrow = replace(ANALYST, scope=Scope(lines=frozenset((LINE,))))
    program = next(c.program for c in cubes.campaigns.values() if c.line_of_business == LINE)
    ours = {c.program for c in cubes.campaigns.values() if c.line_of_business == LINE}
    foreign = next(c.program for c in cubes.campaigns.values() if c.program not in ours)
    query = {"table": "channels", "period": "last_3_months"}
    one = scheduled(cubes, store, settings, narrow, query={**query, "program": program})
    assert Scope.of(one.scope) == Scope(frozenset((program,)), frozenset((LINE,)))
    line = scheduled(cubes, store, settings, query={**query, "line_of_business": LINE})
    assert Scope.of(line.scope) == Scope(None, frozenset((LINE,)))
    store.schedules.remove(line.uid, "Ann")
    for page in ("overview", "executive", "monthly"):
        with pytest.raises(Refused, match="There is no program"):
            scheduled(cubes, store, settings, narrow, page=page, query={**query, "program": foreign})
    whole = scheduled(cubes, store, settings)
    assert schedules.may_see(one, narrow)
    assert not schedules.may_see(whole, narrow)
    work(settings, store, cubes, one.next_us)
    reports = {report.scope: report for report in store.reports.latest()}
    assert set(reports) == {one.scope, whole.scope}
    assert store.reports.content(reports[one.scope].id) != store.reports.content(reports[whole.scope].id)


def test_a_server_that_is_away_is_tried_again_with_the_same_report(
    cubes: Cubes, store: Store, settings: Settings, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    one = scheduled(cubes, store, settings)
    away = settings.model_copy(update={"smtp_port": 9})
    with caplog.at_level(logging.INFO):
        assert work(away, store, cubes, one.next_us) == 0
        assert work(settings, store, cubes, one.next_us + 59_000_000) == 0, "not before a minute is over"
        assert work(away, store, cubes, one.next_us + 61_000_000) == 0
        assert work(settings, store, cubes, one.next_us + 182_000_000) == 1
    (sending,) = store.schedules.sendings([one.id])
    assert (sending.state, sending.tries, sending.sent_to) == (Sent.SENT, 2, 2)
    assert len(store.reports.latest()) == 1
    said = " ".join(one.getMessage() for one in caplog.records if one.name.startswith("reachboard"))
    assert "plan.example" not in said
    assert "was not sent: no mail server" in said


def test_after_three_days_it_is_given_up_and_told(cubes: Cubes, store: Store, settings: Settings) -> None:
    one = scheduled(cubes, store, settings)
    away = settings.model_copy(update={"smtp_port": 9})
    work(away, store, cubes, one.next_us)
    work(away, store, cubes, one.next_us + schedules.GIVEN_UP_US)
    (sending,) = store.schedules.sendings([one.id])
    assert (sending.state, sending.said) == (Sent.FAILED, "no mail server (ConnectionRefusedError)")


def test_paused_it_waits_and_what_was_missed_is_sent_once(
    cubes: Cubes, store: Store, settings: Settings, mailbox: Mailbox
) -> None:
    one = scheduled(cubes, store, settings)
    store.schedules.pause(one.uid, "Ann")
    assert work(settings, store, cubes, one.next_us) == 0
    store.schedules.resume(one.uid, "Ann", "UTC")
    assert work(settings, store, cubes, one.next_us + 5 * WEEK_US) == 1
    store.schedules.ask(one.uid, "Ann")
    assert work(settings, store, cubes, one.next_us + 5 * WEEK_US) == 1
    store.schedules.remove(one.uid, "Ann")
    assert work(settings, store, cubes, one.next_us + 9 * WEEK_US) == 0
    assert len(mailbox.taken) == 2
    assert store.schedules.all() == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"addresses": "ada@elsewhere.example"}, "addresses of plan.example alone"),
        ({"addresses": "ada"}, "no e-mail address"),
        ({"addresses": "a@plan.example\nBcc: b@elsewhere.example"}, "no e-mail address"),
        ({"addresses": "", "roles": ["stranger"]}, "to whom"),
        ({"every": "hourly"}, "how often"),
        ({"day": 9}, "which day"),
        ({"hour": 24}, "which hour"),
        ({"page": "ledger", "query": {}}, "no such report"),
        ({"query": {"table": "channels", "period": "no"}}, "There is no period 'no'"),
        ({"query": {"table": "none"}}, "no such report"),
        ({"query": {"table": "channels", "channel": "pigeon"}}, "There is no channel 'pigeon'"),
        ({"query": {"table": "channels", "attr.mood": "good"}}, "There is no attribute 'mood'"),
        ({"page": "executive", "query": {"attr.region": "Nowhere"}}, "There is no region 'Nowhere'"),
        ({"page": "executive", "query": {"campaign": "none"}}, "There is no campaign 'none'"),
        ({"page": "monthly", "query": {"channel": "sms"}}, "all channels"),
        ({"page": "monthly", "query": {"attr.region": "North", "attr.language": "Spanish"}}, "not released"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(
    cubes: Cubes, store: Store, settings: Settings, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        scheduled(cubes, store, settings, **more)
    assert store.schedules.all() == []


@pytest.mark.parametrize(
    ("every", "day", "hour", "after", "due"),
    [
        ("daily", 0, 7, "2026-11-22T12:00", "2026-11-23T12:00"),
        ("daily", 0, 7, "2026-11-22T11:59", "2026-11-22T12:00"),
        ("weekly", 0, 7, "2026-11-22T12:00", "2026-11-23T12:00"),
        ("weekly", 6, 7, "2026-11-22T13:00", "2026-11-29T12:00"),
        ("monthly", 1, 6, "2026-11-01T11:00", "2026-12-01T11:00"),
        ("monthly", 28, 0, "2026-02-28T05:00", "2026-03-28T04:00"),
        ("daily", 0, 2, "2026-03-08T06:00", "2026-03-08T07:00"),
    ],
)
def test_it_is_due_at_its_hour_in_the_zone_of_the_plan(
    every: str, day: int, hour: int, after: str, due: str
) -> None:
    """The zone is America/New_York; of a night that has no such hour, it is the hour after."""
    at = int(datetime.fromisoformat(after).replace(tzinfo=UTC).timestamp() * 1e6)
    found = following(every, day, hour, "America/New_York", at)
    assert datetime.fromtimestamp(found / 1e6, UTC).isoformat()[:16] == due
