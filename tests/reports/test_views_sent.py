"""A saved view by the clock: under its name, beside the period before, as it was when it was scheduled."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data.cubes import Cubes
from data.filters import parse
from data.kept import forget
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from documents.compared import values_of
from documents.model import Figures
from exports.owner import owner_of
from pages.answers import ask
from reports.anew import anew, asker_of
from reports.issue import as_told
from reports.schedules import MAY_NOT, Refused, add, of_view, preview, work
from state.schedules import Schedule, Sent
from state.store import Store, store_of
from state.views import View
from tests.places import CAMPAIGN, LINE, OTHER
from tests.receivers import Mailbox, mailing

ANALYST = Viewer("Ann", "analyst", frozenset(PERMISSIONS[Role.ANALYST]))
NARROW = replace(ANALYST, name="Bo", scope=Scope(lines=frozenset((LINE,))))
WHEN: dict[str, Any] = {"every": "daily", "hour": 7, "addresses": "ada@plan.example"}
QUERY = "metrics=delivered_rate,sent&by=channel&period=last_3_months"


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    with mailing(tmp_path, sign_in=False) as one:
        yield one


@pytest.fixture
def settings(sample: Settings, tmp_path: Path) -> Settings:
    own: dict[str, Any] = {
        "state_url": SecretStr(f"sqlite:///{tmp_path / 'state.db'}"), "alert_from": "board@plan.example",
        "smtp_host": "127.0.0.1", "smtp_port": 9, "smtp_security": "none",
    }  # fmt: skip
    return sample.model_copy(update=own)


@pytest.fixture(scope="module")
def cubes(sample: Settings) -> Cubes:
    lake = Lake(sample.lake)
    return Cubes(lake, lake.latest())


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    made = store_of(settings)
    yield made
    made.close()


def saved(store: Store, path: str, query: str, name: str = "Flu by channel", who: Viewer = ANALYST) -> View:
    return store.views.save(path, "Title", query, name, who.name, owner_of(who).scope)


def scheduled(view: View, cubes: Cubes, store: Store, settings: Settings, who: Viewer = ANALYST) -> Schedule:
    page, query = of_view(view.id, who, store)
    return add({**WHEN, "page": page, "query": query}, who, cubes, store, settings)


def test_it_comes_under_its_name_with_figures_beside_the_period_before(
    cubes: Cubes, store: Store, settings: Settings, mailbox: Mailbox
) -> None:
    one = scheduled(saved(store, "/explore", QUERY), cubes, store, settings)
    at = settings.model_copy(update={"smtp_port": mailbox.port})
    assert work(at, store, cubes, one.next_us) == 1
    ((_, mail, *_),) = mailbox.taken
    text, paper, sheet = (part.get_payload(decode=True) for part in mail.get_payload())  # type: ignore[union-attr]
    filters, _ = parse({"period": "last_3_months"}, cubes, ANALYST)
    earlier = filters.compared(cubes)
    assert earlier is not None
    now, then = (
        ask(("delivered_rate",), (), of, ANALYST, cubes).one("delivered_rate").value
        for of in (filters, earlier)
    )
    assert now is not None
    assert then is not None
    said = text.decode()
    sign = "+" if now > then else "−"
    assert f"({sign}{abs(100 * (now - then)):.1f} pt" in said
    assert "vs prior period)" in said
    assert mail["Subject"].startswith(f"{settings.plan}: Flu by channel, ")
    assert said.startswith("Flu by channel\r\n")
    assert paper.startswith(b"%PDF")
    assert f"figures,delivered_rate,Delivered rate,value,delivered_rate,{now}".encode() in sheet
    (report,) = store.reports.latest()
    told = as_told(report, store)
    again = anew(told, asker_of(report), cubes, store, settings)
    assert again is not None
    assert (report.kind, report.title) == ("view", "Flu by channel")
    assert values_of(again) == values_of(told)


@pytest.mark.parametrize(
    ("path", "query", "kind", "figures"),
    [
        ("/", "period=last_3_months&attr.region=North", "view", True),
        ("/campaign", f"campaign={CAMPAIGN}", "view", True),
        ("/compare", f"campaign={CAMPAIGN},{OTHER}", "view", False),
        ("/reports/executive", "period=last_6_months", "executive", True),
        ("/reports/monthly", "attr.region=North", "monthly", True),
    ],
)
def test_views_of_other_pages_are_sent_as_their_pages_say_them(
    cubes: Cubes, store: Store, settings: Settings, path: str, query: str, kind: str, figures: bool
) -> None:
    one = scheduled(saved(store, path, query), cubes, store, settings)
    work(settings, store, cubes, one.next_us)  # nobody takes the mail: it is issued all the same
    (report,) = store.reports.latest()
    told = as_told(report, store)
    assert (told.kind, told.title) == (kind, "Flu by channel")
    assert any(isinstance(block, Figures) for block in told.blocks) == figures
    assert any(value.value is not None for value in values_of(told).values())
    if path == "/campaign":
        assert told.words.startswith("all time"), "as the page takes it where its address names no period"
    if path == "/compare":
        assert "since launch" in told.words


def test_what_is_done_to_a_view_later_changes_nothing_of_what_others_are_sent(
    cubes: Cubes, store: Store, settings: Settings
) -> None:
    view = saved(store, "/explore", QUERY)
    one = scheduled(view, cubes, store, settings)
    before = preview(one, cubes, store, settings)
    saved(store, "/explore", "metrics=cost")
    store.views.rename(view.id, "Another", "Ann")
    store.views.remove(view.id, "Ann")
    (kept,) = store.schedules.all()
    assert preview(kept, cubes, store, settings) == before
    with pytest.raises(Refused, match="no such view"):
        of_view(view.id, ANALYST, store)


def test_who_sees_less_is_told_less_or_nothing(cubes: Cubes, store: Store, settings: Settings) -> None:
    wide, own = saved(store, "/explore", QUERY), saved(store, "/explore", QUERY, who=NARROW)
    store.views.share(wide.id, "analyst", "Ann")
    store.views.share(own.id, "analyst", "Bo")
    with pytest.raises(Refused, match="no such view"):
        of_view(wide.id, NARROW, store)
    less = preview(scheduled(own, cubes, store, settings, NARROW), cubes, store, settings)
    all_of_it = preview(scheduled(own, cubes, store, settings), cubes, store, settings)
    assert less.subject == all_of_it.subject
    assert less.text != all_of_it.text
    theirs = {c.program for c in cubes.campaigns.values() if c.line_of_business == LINE}
    foreign = next(c.program for c in cubes.campaigns.values() if c.program not in theirs)
    beyond = saved(store, "/explore", f"{QUERY}&program={foreign}", "Beyond", NARROW)
    with pytest.raises(Refused, match="There is no program"):
        scheduled(beyond, cubes, store, settings, NARROW)


def test_what_cannot_be_asked_any_more_is_said_once_and_never_becomes_more(
    cubes: Cubes, store: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A filter whose value is gone would be left out by the page: one campaign would turn into all."""
    one = scheduled(saved(store, "/explore", f"{QUERY}&campaign={CAMPAIGN}"), cubes, store, settings)
    fewer = copy(cubes)
    forget(fewer)
    fewer.__dict__["campaigns"] = {name: of for name, of in cubes.campaigns.items() if name != CAMPAIGN}
    with pytest.raises(Refused, match="There is no campaign"):
        preview(one, fewer, store, settings)
    assert work(settings, store, fewer, one.next_us) == 0
    (sending,) = store.schedules.sendings([one.id])
    assert (sending.state, sending.tries, sending.report) == (Sent.FAILED, 0, "")
    assert f"There is no campaign '{CAMPAIGN}'" in sending.said
    assert not any(CAMPAIGN in record.getMessage() for record in caplog.records)
    lost = replace(one, role="privacy_officer")
    with pytest.raises(Refused, match=MAY_NOT):
        preview(lost, cubes, store, settings)


@pytest.mark.parametrize(
    ("path", "query", "words"),
    [
        ("/explore", "", "no figures"),
        ("/explore", "metrics=bogus", "There is no metric"),
        ("/explore", "metrics=sent&by=region,language", "Region and language are not released together"),
        ("/", "attr.region=North&attr.language=Spanish", "not released together"),
        ("/campaign", "", "no such campaign"),
        ("/compare", f"campaign={CAMPAIGN}", "two to four"),
        ("/experiments", "", "cannot be scheduled"),
    ],
)
def test_views_that_would_tell_nothing_are_refused_in_words(
    cubes: Cubes, store: Store, settings: Settings, path: str, query: str, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        scheduled(saved(store, path, query), cubes, store, settings)
    assert store.schedules.all() == []
