"""The API tells of an experiment what its page tells, and of nothing else."""

from __future__ import annotations

import pytest

from data.cubes import Cubes
from data.filters import Filters
from data.periods import Period
from data.viewer import EVERYTHING
from insight.experiments import Verdict
from pages.experiments_groups import groups
from pages.experiments_questions import experiments
from pages.experiments_worth import worth
from state.keys import Keys
from tests.api.conftest import Asker

ALL = Filters(period=Period("all_time"))


def address(campaign: str) -> str:
    return f"/api/v1/experiments/{campaign}"


def test_every_number_is_that_of_the_page(analyst: Asker, cubes: Cubes) -> None:
    judged = 0
    for one in experiments(ALL, EVERYTHING, cubes):
        body = analyst.json(address(one.campaign.id))
        assert body["verdict"] == one.word.value
        assert [
            (arm["arm"], arm["assigned"], arm["with_outcome"], arm["held_out"]) for arm in body["arms"]
        ] == [(arm.name, arm.n, arm.hits, arm.control) for arm in one.arms]
        assert len(body["effects"]) == (len(one.judged.comparisons) if one.judged else 0)
        for told, each in zip(body["effects"], one.judged.comparisons if one.judged else (), strict=True):
            found = each.found
            assert (told["difference"], told["low"], told["high"], told["p"], told["method"]) == (
                found.estimate, found.low, found.high, found.p, found.method,
            )  # fmt: skip
            assert (told["verdict"], told["p_holm"]) == (each.verdict.value, each.holm)
            judged += 1
        assert [(told["arm"], told["difference"], told["net"]) for told in body["values"]] == [
            (each.arm.name, each.gain.estimate, each.net.estimate if each.net else None)
            for each in worth(one, EVERYTHING, cubes)
        ]
        assert {check["name"] for check in body["checks"]} >= {"Planned shares", "Outcomes complete"}
        by = groups(one.campaign.id, EVERYTHING, cubes)
        assert body["by_attribute_reason"] == by.why
        assert [
            (
                each["attribute"],
                group["value"],
                group["difference"],
                group["p_holm"],
                group["arms"][1]["assigned"],
            )
            for each in body["by_attribute"]
            for group in each["groups"]
        ] == [
            (each.attribute, group.group, group.found.estimate, group.holm, group.control.n)
            for each in by.found
            for group in each.groups
        ]
    assert judged >= 4


def test_no_control_has_no_effect(analyst: Asker) -> None:
    body = analyst.json(address("colorectal-2026-md"))
    assert body["verdict"] == Verdict.NOT_CAUSAL.value
    assert body["effects"] == []


def test_a_campaign_to_come_says_that_nobody_was_assigned(analyst: Asker) -> None:
    body = analyst.json(address("mammogram-2027-co"))
    assert (body["verdict"], body["arms"]) == ("none", [])
    assert body["reason"]


@pytest.mark.parametrize(("campaign", "status"), [("flu-2O25", 404), ("nothing", 404)])
def test_an_unknown_campaign_is_a_problem_with_the_near_miss(
    analyst: Asker, campaign: str, status: int
) -> None:
    response = analyst(address(campaign))
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert "There is no campaign" in response.json["detail"]


def test_an_unknown_parameter_is_refused(analyst: Asker) -> None:
    assert analyst(f"{address('flu-2025')}?arm=Outreach").status_code == 400


def test_a_limited_key_sees_its_own_campaigns_alone(analyst: Asker, keys: Keys) -> None:
    secret = keys.add("limited", "analyst", "a test", lines=("All lines",))[1]
    limited = Asker(analyst.server, secret)
    assert limited(address("flu-2025")).status_code == 200
    hidden, missing = limited(address("flu-2026-ma")), limited(address("nothing"))
    assert hidden.status_code == missing.status_code == 404
