"""Figures: the whole of `measure`, one campaign over time, and a summary, as JSON or CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, g, request

from api.v1 import bodies, paging, taken
from api.v1.campaigns import described, known
from api.v1.parameters import INTERVALS, PAGING, Parameters, filter_names, metric_names
from api.v1.problems import Fault, of
from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.metrics import UnknownName
from data.viewer import Viewer
from exports.formats import Written, pieces
from exports.tables import of_answer
from pages import evidence, questions

OVER_TIME = (
    "sent", "delivered", "members_delivered", "opened", "clicked", "conversions", "opt_outs", "engaged_rate",
    "conversion_rate", "opt_out_rate",
)  # fmt: skip
IN_ALL = ("reach", *OVER_TIME, "engagement_rate")
"""What is told where nobody says which metrics: reach, impressions (delivered), opens, clicks, conversions,
opt-outs and their rates. Reach and the engagement rate are distinct over a selection, so not over time.
"""


def figures(viewer: Viewer, cubes: Cubes) -> Response | dict[str, Any]:
    """`GET /api/v1/figures`: any metrics by any dimensions."""
    asked = Parameters(request.args, ("metrics", "by", *PAGING, *filter_names(viewer, cubes)))
    metrics, by = metric_names(asked), asked.listed("by")
    filters = asked.filters(cubes, viewer)
    return _table(_answer(metrics, by, filters, viewer, cubes), asked, filters, viewer, cubes, {})


def campaign_metrics(viewer: Viewer, cubes: Cubes, campaign_id: str) -> Response | dict[str, Any]:
    """`GET /api/v1/campaigns/{campaign_id}/metrics`: one campaign by day, week or month."""
    own = [name for name in filter_names(viewer, cubes) if name != "campaign"]
    asked = Parameters(request.args, ("metrics", "interval", *PAGING, *own))
    campaign = known(campaign_id, viewer, cubes)
    interval = asked.one_of("interval", INTERVALS, "daily")
    filters = _of_campaign(asked.filters(cubes, viewer), campaign_id)
    answer = _answer(metric_names(asked, OVER_TIME), (INTERVALS[interval],), filters, viewer, cubes)
    head = {"campaign": described(campaign, cubes), "interval": interval}
    return _table(answer, asked, filters, viewer, cubes, head)


def summary(viewer: Viewer, cubes: Cubes) -> Response | dict[str, Any]:
    """`GET /api/v1/campaigns/summary`: all campaigns, or those that filters keep, as one."""
    asked = Parameters(request.args, ("metrics", *filter_names(viewer, cubes)))
    metrics = metric_names(asked, IN_ALL)
    filters = asked.filters(cubes, viewer)
    answer = _answer(metrics, (), filters, viewer, cubes)
    taken.keep(answer, filters)
    if wants_csv():
        return _csv(answer, filters, viewer, cubes)
    return {
        **bodies.stamp(cubes.snapshot),
        **bodies.question(answer, filters),
        "campaigns": len(filters.campaigns(cubes, viewer)),
        "values": bodies.values(answer, answer.rows[0], filters, viewer, cubes),
        "evidence": _evidence(filters, viewer, cubes),
    }


def _evidence(filters: Filters, viewer: Viewer, cubes: Cubes) -> dict[str, Any]:
    """What outreach caused, all campaigns together and one by one: as the Overview has it."""
    together, found = evidence.portfolio(filters, viewer, cubes), evidence.of(filters, viewer, cubes)
    return {
        "incremental_outcomes": together.value,
        "low": together.low,
        "high": together.high,
        "campaigns_measured": together.summed,
        "campaigns": [
            {
                "campaign_id": name,
                "verdict": one.word,
                "reason": one.reason,
                "values": {
                    of: bodies.told(value, questions.complete(cubes.campaigns[name], filters, cubes))
                    for of, value in one.values().items()
                    if of != "verdict"
                },
            }
            for name, one in found.items()
        ],
    }


def wants_csv() -> bool:
    """Whether the request asks for CSV rather than JSON, as its route has read it."""
    return bool(g.wanted == "text/csv")


def _answer(
    metrics: tuple[str, ...], by: tuple[str, ...], filters: Filters, viewer: Viewer, cubes: Cubes
) -> Answer:
    try:
        return measure(metrics, by, filters, viewer, cubes)
    except UnknownName as problem:
        raise of("not-found", [Fault("by", str(problem))]) from None
    except ValueError as problem:
        raise of("excluded", [Fault("by", str(problem))]) from None


def _of_campaign(filters: Filters, campaign: str) -> Filters:
    return replace(filters, campaign=(campaign,))


def _table(
    answer: Answer,
    asked: Parameters,
    filters: Filters,
    viewer: Viewer,
    cubes: Cubes,
    head: Mapping[str, Any],
) -> Response | dict[str, Any]:
    taken.keep(answer, filters)
    if wants_csv():
        return _csv(answer, filters, viewer, cubes)
    part = paging.part(answer.rows, asked.page(), cubes.snapshot.number)
    return {
        **bodies.stamp(cubes.snapshot),
        **head,
        **bodies.question(answer, filters),
        **bodies.table(answer, part, filters, viewer, cubes),
    }


def _csv(answer: Answer, filters: Filters, viewer: Viewer, cubes: Cubes) -> Response:
    """The whole answer as the file of a table, piece by piece: every row, whatever `limit` says."""
    sheet = of_answer("api", "figures", "Figures", answer, filters, viewer, cubes)
    response = Response(pieces(sheet, "csv", Written()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{sheet.file_name}.csv"'
    return response
