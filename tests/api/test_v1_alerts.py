"""Alerts by the API: filtered, paged, in scope, and told anew when somebody acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from data.cubes import Cubes
from state.alerts import DAY_US, Alert, Raised
from state.keys import Keys
from state.store import Store
from tests.api.conftest import Asker

PATH = "/api/v1/alerts"
THEN, LATER = 20_000 * DAY_US, 20_400 * DAY_US  # 2024-10-04 and 2025-11-08
ONE = Raised(
    key="delivery::email", kind="delivery", metric="delivered_rate", subject="email", campaign=None,
    urgent=True, first_day=20_390, last_day=20_391, value=0.38, usual=0.95, low=0.94, high=0.97, chance=1e-9,
    complete_through=20_399,
)  # fmt: skip


@pytest.fixture(scope="module")
def store(served: Flask, cubes: Cubes) -> Iterator[Store]:
    """The server's store: one alert of the plan that stands, two of a campaign of which one is over."""
    made = served.extensions["reachboard.store"]
    assert isinstance(made, Store)
    name = next(one.id for one in cubes.campaigns.values() if one.recorded)
    ours = replace(ONE, key="volume:ours:sms", kind="volume", metric="sent", subject="sms", campaign=name)
    made.alerts.settle([replace(ours, key="old", stands=False)], (1, 1), 1, THEN)
    made.alerts.settle([ONE, ours], (2, 2), 1, LATER)
    yield made
    made.alerts.settle([], (3, 3), 1, LATER + 1)


def kept(store: Store, kind: str) -> Alert:
    return next(one for one in store.alerts.all() if one.kind == kind)


def test_alerts_come_newest_first_with_baseline_and_history(analyst: Asker, store: Store) -> None:
    body = analyst.json(PATH)
    assert [one["fired_at"][:10] for one in body["alerts"]] == ["2025-11-08", "2025-11-08", "2024-10-04"]
    one = next(one for one in body["alerts"] if one["kind"] == "delivery")
    assert (one["value"], one["usual"], one["low"], one["high"]) == (0.38, 0.95, 0.94, 0.97)
    assert (one["status"], one["complete_through"], one["of_snapshot"]) == ("open", "2025-11-07", 2)
    assert one["title"] == "E-mail: delivered rate 38.0%, usually 95.0%"
    assert [act["do"] for act in one["history"]] == ["fire"]
    assert body["precision"] == {"real": 0, "judged": 0}


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 3), ("?status=open", 2), ("?status=resolved", 1), ("?status=open,resolved", 3),
     ("?since=2025-01-01", 2), ("?since=2026-01-01", 0), ("?status=snoozed", 0)],
)  # fmt: skip
def test_alerts_are_kept_by_status_and_day(analyst: Asker, store: Store, query: str, count: int) -> None:
    assert analyst.json(PATH + query)["count"] == count


def test_pages_follow_each_other(analyst: Asker, store: Store) -> None:
    first = analyst.json(f"{PATH}?limit=2")
    second = analyst.json(first["next"])
    assert (len(first["alerts"]), len(second["alerts"]), second["next"]) == (2, 1, None)
    ids = [one["alert_id"] for one in (*first["alerts"], *second["alerts"])]
    assert len(set(ids)) == 3


def test_an_act_makes_another_answer(analyst: Asker, store: Store) -> None:
    tag = analyst(PATH).headers["ETag"]
    assert analyst(PATH, If_None_Match=tag).status_code == 304
    store.alerts.judge(kept(store, "delivery").uid, "analyst", real=True)
    again = analyst(PATH, If_None_Match=tag)
    assert (again.status_code, again.get_json()["precision"]) == (200, {"real": 1, "judged": 1})


def test_a_limited_key_sees_alerts_of_its_campaigns_alone(
    served: Flask, keys: Keys, store: Store, cubes: Cubes
) -> None:
    name = kept(store, "volume").campaign or ""
    for line, count in ((cubes.campaigns[name].line_of_business, 2), ("none such", 0)):
        ask = Asker(served, keys.add(f"alerts of {count}", "analyst", "a test", lines=(line,))[1])
        body = ask.json(PATH)
        assert (body["count"], {one["campaign_id"] for one in body["alerts"]} - {name}) == (count, set())


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [("?status=opn", 400, "Did you mean 'open'?"), ("?since=yesterday", 400, "2026-11-30"),
     ("?sinse=2026-01-01", 400, "Did you mean 'since'?"), ("?limit=0", 400, "from 1 to")],
)  # fmt: skip
def test_a_wrong_question_is_told(analyst: Asker, query: str, status: int, words: str) -> None:
    refused = analyst(PATH + query)
    assert refused.status_code == status
    assert words in refused.get_json()["detail"]
