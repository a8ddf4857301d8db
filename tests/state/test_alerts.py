"""Alerts fire once per thing, end by themselves, and keep what people did, in each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from config.text import NOTE
from ledger.entry import Entry, What
from state.alerts import DAY_US, AlertStore, Raised, State, precision
from state.store import Store

NOW = 1_795_000_000_000_000
ONE = Raised(
    key="delivery::email", kind="delivery", metric="delivered_rate", subject="email", campaign=None,
    urgent=True, first_day=20_000, last_day=20_001, value=0.38, usual=0.95, low=0.94, high=0.97,
    chance=1e-9, complete_through=20_002, points=((20_000, 0.38, 0.94, 0.97), (20_001, None, None, None)),
)  # fmt: skip
OTHER = replace(ONE, key="volume:a:sms", kind="volume", metric="sent", subject="sms", campaign="a")
QUIET = replace(ONE, key="source::crm", kind="source", subject="crm", first_day=None, last_day=None)
Told = list[Entry]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def alerts(state_url: str, told: Told) -> Iterator[AlertStore]:
    made = Store(state_url, tell=told.append)
    made.open()
    yield made.alerts
    made.close()


def settled(alerts: AlertStore, *raised: Raised, number: int = 1, now_us: int = NOW) -> list[str]:
    return [one.key for one in alerts.settle(raised, (number, number), 30, now_us)]


def test_a_thing_fires_once_however_often_it_is_found(alerts: AlertStore) -> None:
    assert not alerts.looked(1)
    assert settled(alerts, ONE, OTHER) == [ONE.key, OTHER.key]
    later = replace(ONE, last_day=20_005, value=0.2)
    assert settled(alerts, later, OTHER, number=2) == [ONE.key, OTHER.key]
    assert alerts.looked(1)
    assert alerts.looked(2)
    other, one = alerts.all()
    assert (one.first_day, one.last_day, one.value, one.snapshot) == (20_000, 20_005, 0.2, 2)
    assert one.points[0] == (20_000, 0.38, 0.94, 0.97)
    assert (other.campaign, other.state(NOW)) == ("a", State.OPEN)
    assert [act.do for act in alerts.acts([one.id])[one.id]] == ["fire"]


def test_what_is_over_is_resolved_by_itself_and_fires_anew_later(alerts: AlertStore) -> None:
    settled(alerts, ONE, QUIET)
    assert settled(alerts, QUIET, number=2, now_us=NOW + 5) == [QUIET.key]
    first = alerts.all()[1]
    assert (first.state(NOW), first.resolved_by, first.over_us) == (State.RESOLVED, "", NOW + 5)
    again = replace(ONE, first_day=20_030, last_day=20_030)
    assert settled(alerts, again, number=3, now_us=NOW + 9) == [ONE.key]
    assert len(alerts.all()) == 3
    # What silence was over is another one: it has no days to be known by.
    assert settled(alerts, QUIET, number=4, now_us=NOW + 10) == [QUIET.key]
    assert len(alerts.all()) == 4


def test_what_was_over_when_it_was_found_is_past_at_once_and_kept_once(alerts: AlertStore) -> None:
    past = replace(ONE, stands=False)
    assert settled(alerts, past) == []
    assert settled(alerts, replace(past, first_day=20_001), number=2) == []
    (one,) = alerts.all()
    assert (one.state(NOW), one.over_us) == (State.RESOLVED, NOW)
    assert [act.do for act in alerts.acts([one.id])[one.id]] == ["fire", "over"]


def test_what_somebody_resolved_while_it_lasts_stays_quiet_until_it_was_over(alerts: AlertStore) -> None:
    settled(alerts, ONE)
    alerts.resolve(alerts.all()[0].uid, "manager")
    assert settled(alerts, ONE, number=2) == []
    assert settled(alerts, number=3) == []
    assert alerts.all()[0].resolved_by == "manager"
    with pytest.raises(LookupError, match="resolved already"):
        alerts.snooze(alerts.all()[0].uid, "manager", 7)


def test_people_acknowledge_comment_snooze_wake_and_judge(alerts: AlertStore, told: Told) -> None:
    settled(alerts, OTHER)
    uid = alerts.all()[0].uid
    alerts.acknowledge(uid, "manager")
    assert _state(alerts) is State.ACKNOWLEDGED
    alerts.comment(uid, "manager", " We asked the carrier. ")
    alerts.snooze(uid, "manager", 7)
    assert _state(alerts) is State.SNOOZED
    assert alerts.all()[0].state(NOW + 1_000 * DAY_US * 365) is State.ACKNOWLEDGED
    alerts.wake(uid, "analyst")
    alerts.judge(uid, "analyst", real=False)
    alerts.judge(uid, "manager", real=True)
    one = alerts.all()[0]
    assert (one.real, one.judged_by) == (True, "manager")
    acts = alerts.acts([one.id])[one.id]
    assert [(act.do, act.by, act.text) for act in acts] == [
        ("fire", "", ""), ("acknowledge", "manager", ""), ("comment", "manager", "We asked the carrier."),
        ("snooze", "manager", "7 days"), ("wake", "analyst", ""), ("judge", "analyst", "not real"),
        ("judge", "manager", "real"),
    ]  # fmt: skip
    assert [entry.about["do"] for entry in told] == [act.do for act in acts[1:]]
    assert {(entry.what, entry.campaigns) for entry in told} == {(What.ALERT, ("a",))}
    assert "carrier" not in str([entry.body() for entry in told])


def _state(alerts: AlertStore) -> State:
    return alerts.all()[0].state(NOW)


def test_what_cannot_be_done_changes_nothing(alerts: AlertStore, told: Told) -> None:
    settled(alerts, ONE)
    uid, before = alerts.all()[0].uid, alerts.marked()
    with pytest.raises(LookupError, match="no such alert"):
        alerts.acknowledge("0" * 32, "manager")
    for words in ("", "  ", "x" * (NOTE + 1), "a\u202eb"):
        with pytest.raises(ValueError, match=r"no words|characters|nobody sees"):
            alerts.comment(uid, "manager", words)
    with pytest.raises(ValueError, match="can be chosen"):
        alerts.snooze(uid, "manager", 365)
    assert (alerts.marked(), told) == (before, [])


def test_precision_counts_the_twelve_judged_last(alerts: AlertStore) -> None:
    settled(alerts, *(replace(ONE, key=f"delivery::{n}") for n in range(15)))
    assert precision(alerts.all()) == precision([])
    for place, one in enumerate(alerts.all()):
        alerts.judge(one.uid, "manager", real=place >= 6)
    found = precision(alerts.all())
    assert (found.real, found.judged) == (9, 12)


def test_a_store_that_was_never_used_has_no_alerts(tmp_path: object) -> None:
    fresh = Store(f"sqlite:///{tmp_path}/none.db").alerts
    assert (fresh.all(), fresh.marked(), fresh.looked(1), fresh.one("x"), fresh.acts([1])) == (
        [],
        0,
        False,
        None,
        {},
    )
