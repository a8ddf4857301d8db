"""The strip over real lakes: what is planted is said with its figures, and what just is not is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from plotly.utils import PlotlyJSONEncoder

from config.permissions import PERMISSIONS, Role
from data.catalogue import catalogue
from data.cubes import Cubes, Shelf
from data.maturity import complete_through
from data.snapshot import Lake
from data.viewer import Scope, Viewer
from etl.refresh import refresh
from insight.attention import DAY_US, LIST_DAYS, Finding, Kind, Severity
from pages import overview_attention
from pages.overview_attention import attention, findings
from tests.drawn import words
from tests.feeds import Piece, load, settings_of

BEGIN = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)  # a Monday
WHOLE_DAYS = 7 * 17
Row = tuple[tuple[str, str], ...]


def messages(day: int, sent: int, lost: int, opted_out: int) -> Iterator[Row]:
    at = BEGIN + timedelta(days=day)
    for number in range(sent):
        name = f"m{day}-{number}"
        events = ["sent", "bounced" if number < lost else "delivered"]
        events += ["opt_out"] if lost <= number < lost + opted_out else []
        for step, event in enumerate(events):
            told = {
                "id": f"{name}-{step}", "event": event, "at": (at + timedelta(minutes=step)).isoformat(),
                "msg": name, "to": f"p{number}@example.org", "campaign": "spring", "wave": "", "variant": "",
                "machine": "", "detail": "",
            }  # fmt: skip
            yield tuple(told.items())


def plan(folder: Path, *, week: int, lost_last: int, opted_out: int, record: bool, renewed: int) -> Cubes:
    """Daily e-mails to members of one campaign; `week` are the messages of each of the last seven days."""
    rows: list[Row] = []
    for day in range(WHOLE_DAYS):
        late, last = day >= WHOLE_DAYS - 7, day == WHOLE_DAYS - 1
        sent, lost = week if late else 220, lost_last if last else 11
        rows += messages(day, sent, lost, opted_out if day >= WHOLE_DAYS - 28 else 11)
    rows += messages(WHOLE_DAYS, 20, 0, 0)  # the day that is not over
    people = [f"p{number}" for number in range(220)]
    members = [
        (("member", one), ("as_of", "2026-01-01"), ("email", f"{one}@example.org"), ("phone", ""),
         ("region", "north"), ("segment", "new"))
        for one in people
    ]  # fmt: skip
    joined = [
        (("member", one), ("campaign", "spring"), ("updated", "0"), ("arm", "a"), ("assigned", "yes"),
         ("date", (BEGIN + timedelta(days=renewed if number > 150 else 0)).date().isoformat()),
         ("eligible", "yes"), ("contactable", "yes"), ("consented", "yes"), ("segment", "new"))
        for number, one in enumerate(people)
    ]  # fmt: skip
    known = [
        (("id", "spring"), ("name", "Spring visit"), ("program", "Visits"), ("line", "Medicaid"),
         ("outcome", "visit"), ("window", "30"), ("lag", "10"), ("costs", "")),
    ]  # fmt: skip
    pieces = [Piece("members", 0, tuple(members)), Piece("assignments", 0, tuple(joined))]
    pieces += [Piece("records", 0, tuple(known))] if record else []
    settings = settings_of(folder / "var")
    load(settings, [*pieces, Piece("mailer", 0, tuple(rows))])
    refresh(settings)
    return Shelf(Lake(settings.lake)).current()


@pytest.fixture(scope="module")
def troubled(tmp_path_factory: pytest.TempPathFactory) -> Cubes:
    return plan(
        tmp_path_factory.mktemp("troubled"), week=150, lost_last=26, opted_out=20, record=False, renewed=20
    )


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Cubes:
    return plan(
        tmp_path_factory.mktemp("calm"), week=160, lost_last=14, opted_out=13, record=True, renewed=60
    )


def loaded(cubes: Cubes) -> int:
    return int(max(catalogue(cubes).published["received_us"]))


def test_what_is_planted_is_said_with_its_figures(troubled: Cubes, manager: Viewer) -> None:
    at = loaded(troubled) + (LIST_DAYS + 1) * DAY_US
    found = {(one.kind, one.of_campaign): one for one in findings(manager, troubled, at)}
    assert {kind for kind, _ in found} == {
        Kind.VOLUME, Kind.DELIVERY, Kind.OPT_OUTS, Kind.LIST, Kind.AUDIENCE, Kind.RECORD,
    }  # fmt: skip
    assert (found[Kind.VOLUME, False].now, found[Kind.VOLUME, False].usual) == (1050, 1540)
    assert found[Kind.DELIVERY, False].now == 124 / 150
    rise = found[Kind.OPT_OUTS, False]
    assert found[Kind.OPT_OUTS, True].now == rise.now
    # Told by months: all of April, and May so far.
    assert rise.now == (5 * 11 + 28 * 20) / (26 * 209 + 6 * 139 + 124 + 20)
    assert rise.usual == 11 / 209
    said = words(attention(manager, troubled, at))
    assert "E-mail: 1,050 messages sent in the last 7 whole days, 31.8% fewer" in said
    assert "only 82.7% of messages were delivered on 3 May 2026, against 95" in said
    assert "opt-outs per 1,000 messages since 1 Apr 2026, 1.82 times the 52.6 of the 3 months before" in said
    assert "spring has no campaign record" in said
    assert "The members file was last renewed 46 days ago" in said
    assert said.index("Urgent") < said.index("Watch")
    assert "1 more" in said
    assert "/?period=last_30_days&channel=email" in said
    assert "/campaign?campaign=spring" in said


def test_what_just_is_not_is_not_said(calm: Cubes, manager: Viewer) -> None:
    assert findings(manager, calm, loaded(calm) + (LIST_DAYS - 1) * DAY_US) == []
    said = words(attention(manager, calm, loaded(calm)))
    assert "Nothing needs you today. Checked:" in said
    assert "What is checked" in said


def test_a_viewer_is_told_nothing_of_what_they_may_not_see(troubled: Cubes, manager: Viewer) -> None:
    narrow = replace(manager, scope=Scope(programs=frozenset({"Another"})))
    at = loaded(troubled) + 400 * DAY_US
    assert findings(narrow, troubled, at) == []
    assert "spring" not in words(attention(narrow, troubled, at))


def test_sources_are_named_to_those_who_may_see_their_page(troubled: Cubes, manager: Viewer) -> None:
    at = loaded(troubled) + 400 * DAY_US
    analyst = Viewer("an analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))
    assert '"/data"' in words(attention(analyst, troubled, at))
    assert '"/data"' not in words(attention(manager, troubled, at))


def test_a_finished_campaign_is_news_for_two_weeks(calm: Cubes, manager: Viewer) -> None:
    complete = {"outcomes_through": {"visit": 20_500}}
    for end, fires in ((20_501, False), (20_500, True), (20_487, True), (20_486, False)):
        cubes = Shelf(calm.lake).current()  # fresh, since what follows from some cubes is kept
        cubes.snapshot = replace(cubes.snapshot, clocks={**cubes.snapshot.clocks, **complete})
        assert complete_through("spring", cubes) == 20_500
        cubes.campaigns["spring"] = replace(cubes.campaigns["spring"], end_day=end)
        kinds = [one.kind for one in findings(manager, cubes, loaded(cubes))]
        assert (Kind.MATURED in kinds) == fires, end


def test_the_samples_campaign_without_a_record_is_said(cubes: Cubes, manager: Viewer) -> None:
    found = findings(manager, cubes, loaded(cubes))
    assert [one.subject for one in found if one.kind is Kind.RECORD] == ["refill-pilot-22"]
    assert not [one for one in found if one.kind is Kind.DELIVERY]  # its outage is weeks ago


def test_very_many_are_counted_by_what_they_are_about(
    calm: Cubes, manager: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [Finding(Kind.LIST, Severity.WATCH, f"one {n}", now=50.0) for n in range(200)]
    monkeypatch.setattr(overview_attention, "findings", lambda *_of: many)
    answer = json.dumps(attention(manager, calm, loaded(calm)), cls=PlotlyJSONEncoder)
    assert "194 more" in answer
    assert "And 186 like these: 186 of lists." in answer
    assert len(answer) < 15_000
