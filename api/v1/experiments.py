"""One campaign's experiment: arms, effects in every reading, verdicts and checks, as the page shows them."""

from __future__ import annotations

from typing import Any

from flask import request

from api.v1 import bodies, taken
from api.v1.campaigns import described, known
from api.v1.parameters import Parameters
from data.cubes import Cubes
from data.viewer import Viewer
from insight.experiments import Arm, Comparison, Difference
from insight.experiments.intervals import LEVEL, wilson
from pages.answers import ask
from pages.experiments_checks import checks_of
from pages.experiments_groups import ByAttribute, groups
from pages.experiments_questions import Experiment, experiment
from pages.experiments_worth import Worth, worth
from pages.questions import ARMS, all_of

NOBODY = "No source says who was assigned to which arm."
NONE = "none"


def one_experiment(viewer: Viewer, cubes: Cubes, campaign_id: str) -> dict[str, Any]:
    """`GET /api/v1/experiments/{campaign_id}`: arms, effects, verdict and checks of one campaign."""
    Parameters(request.args, (), attributed=False)
    campaign = known(campaign_id, viewer, cubes)
    filters = all_of(campaign_id)
    taken.keep(ask(ARMS, ("arm",), filters, viewer, cubes), filters)
    found = experiment(campaign_id, viewer, cubes)
    return {
        **bodies.stamp(cubes.snapshot),
        "campaign": described(campaign, cubes),
        "level": LEVEL,
        **(_told(found, viewer, cubes) if found else _untold()),
    }


def _untold() -> dict[str, Any]:
    return {
        "verdict": NONE, "reason": NOBODY, "reading": None, "winner": None, "assigned_through": None,
        "arms": [], "effects": [], "checks": [], "values": [],
        "by_attribute": [], "by_attribute_reason": NOBODY,
    }  # fmt: skip


def _told(one: Experiment, viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    judged = one.judged
    by = groups(one.campaign.id, viewer, cubes)
    return {
        "verdict": one.word.value,
        "reason": one.why,
        "reading": one.reading.value if one.reading else None,
        "winner": judged.winner if judged else None,
        "assigned_through": bodies.day(one.cohorts.last),
        "arms": [_arm(arm) for arm in one.arms],
        "effects": [_effect(each) for each in judged.comparisons] if judged else [],
        "values": [_worth(each) for each in worth(one, viewer, cubes)],
        "checks": [
            {"name": each.name, "state": each.state, "p": each.p, "detail": each.words}
            for each in checks_of(one, cubes)
        ],
        "by_attribute": [_by_attribute(each) for each in by.found],
        "by_attribute_reason": by.why,
    }


def _by_attribute(one: ByAttribute) -> dict[str, Any]:
    return {
        "attribute": one.attribute,
        "p_interaction": one.p,
        "p_interaction_holm": one.adjusted,
        "values_left_out": one.left_out,
        "groups": [
            {
                "value": each.group, "verdict": each.verdict.value, **_difference(each.found),
                "p_holm": each.holm, "p_benjamini_hochberg": each.hochberg,
                "arms": [_arm(each.treated), _arm(each.control)],
            }
            for each in one.groups
        ],
    }  # fmt: skip


def _arm(arm: Arm) -> dict[str, Any]:
    low, high = wilson(arm.hits, arm.n)
    return {
        "arm": arm.name, "held_out": arm.control, "assigned": arm.n, "with_outcome": arm.hits,
        "outcome_rate": arm.rate, "low": float(low), "high": float(high),
    }  # fmt: skip


def _worth(one: Worth) -> dict[str, Any]:
    """Money per assigned member, by the recorded value of one outcome."""
    return {
        "arm": one.arm.name, "control": one.control.name, "value_per_member": one.treated.estimate,
        "control_value_per_member": one.held.estimate, "difference": one.gain.estimate, "low": one.gain.low,
        "high": one.gain.high, "cost_per_member": one.cost, "net": one.net.estimate if one.net else None,
        "net_low": one.net.low if one.net else None, "net_high": one.net.high if one.net else None,
        "reason": one.why,
    }  # fmt: skip


def _effect(one: Comparison) -> dict[str, Any]:
    lift, bayes = one.lift, one.bayes
    return {
        "arm": one.arm.name,
        "control": one.control.name,
        "verdict": one.verdict.value,
        **_difference(one.found),
        "p_holm": one.holm,
        "p_benjamini_hochberg": one.hochberg,
        "lift": lift.estimate if lift else None,
        "lift_low": lift.low if lift else None,
        "lift_high": lift.high if lift else None,
        "lift_method": lift.method if lift else None,
        "detectable": one.shows,
        "worthwhile": one.worth,
        "readings": [_difference(one.fixed), _difference(one.sequential)],
        "probability_above_zero": bayes.above,
        "credible_low": bayes.low,
        "credible_high": bayes.high,
        "prior": list(bayes.prior),
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "reading": found.reading.value, "difference": found.estimate, "low": found.low, "high": found.high,
        "p": found.p, "method": found.method,
    }  # fmt: skip
