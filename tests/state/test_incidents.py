"""Incidents and their outbox, in each kind of database that the settings allow."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from state.incidents import KEPT_US, LEASE_US, Found, IncidentStore, Notice, Says
from state.store import Store

NOW = 1_795_000_000_000_000
ONE = Found("quiet:crm", "source-quiet", "the source crm is quiet", "Why.")
OTHER = Found("publish", "publish-blocked", "publishing is blocked", "Why.", urgent=True)


@pytest.fixture
def incidents(state_url: str) -> Iterator[IncidentStore]:
    made = Store(state_url)
    made.open()
    yield made.incidents
    made.close()


def claimed(incidents: IncidentStore, *ways: str, now_us: int = NOW) -> Notice:
    found = incidents.claim(ways, now_us)
    assert found is not None
    return found[0]


def test_the_end_is_due_only_after_the_beginning_was_told(incidents: IncidentStore) -> None:
    incidents.settle("loading", [ONE, OTHER], ("mail", "slack"), NOW)
    incidents.settle("loading", [OTHER], ("mail", "slack"), NOW + 1)
    first = claimed(incidents, "mail")
    assert first.says == Says.OPENED
    incidents.told(first, NOW + 2)
    second = claimed(incidents, "mail", now_us=NOW + 3)
    incidents.told(second, NOW + 3)
    last = claimed(incidents, "mail", now_us=NOW + 4)
    assert (last.says, last.incident) == (Says.RECOVERED, first.incident)
    incidents.told(last, NOW + 4)
    assert incidents.claim(("mail",), NOW + 5) is None
    assert claimed(incidents, "slack", now_us=NOW + 5).says == Says.OPENED


def test_a_claim_is_of_one_alone_until_it_is_given_up(incidents: IncidentStore) -> None:
    incidents.settle("loading", [ONE], ("mail",), NOW)
    notice = claimed(incidents, "mail")
    assert incidents.claim(("mail",), NOW + LEASE_US) is None
    assert claimed(incidents, "mail", now_us=NOW + LEASE_US + 1).uid == notice.uid


def test_many_who_settle_at_once_open_one_incident(incidents: IncidentStore) -> None:
    several = [
        threading.Thread(target=incidents.settle, args=("loading", [ONE, OTHER], ("mail",), NOW))
        for _ in range(6)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join()
    found = incidents.since(NOW)
    assert sorted(one.key for one in found) == [OTHER.key, ONE.key]
    assert [len(one.notices) for one in found] == [1, 1]


def test_what_was_over_long_ago_is_forgotten_with_its_notices(incidents: IncidentStore) -> None:
    incidents.settle("loading", [ONE], ("mail",), NOW)
    incidents.settle("loading", [], ("mail",), NOW + 1)
    incidents.settle("loading", [OTHER], (), NOW + KEPT_US + 10)
    assert [one.key for one in incidents.since(0)] == [OTHER.key]
    assert incidents.claim(("mail",), NOW + KEPT_US + 10) is None
