"""What the API tells is what measure tells, as JSON and as CSV, page by page."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from data.answer import Answer
from data.cubes import Cubes
from data.filters import Filters, parse
from data.measure import measure
from data.periods import Period
from data.viewer import EVERYTHING
from pages import evidence
from tests.api.conftest import Asker

FIGURES = "/api/v1/figures"
QUESTIONS: list[tuple[str, str, dict[str, str]]] = [
    ("sent,delivered,delivered_rate", "", {}),
    ("sent,members_responded,response_rate", "channel,month", {}),
    ("members_delivered,conversions", "segment", {"start_date": "2026-04-01", "end_date": "2026-09-30"}),
    ("sent,opt_outs", "campaign", {"period": "last_6_months", "channel": "email,sms"}),
    ("reach,engagement_rate", "channel", {"attr.region": "North"}),
    ("assigned,with_outcome,outcome_rate", "arm", {}),
    ("sent,clicked", "day", {"start_date": "2026-10-01"}),
    ("sent", "region,segment", {}),
]


def asked(metrics: str, by: str, more: dict[str, str]) -> str:
    parts = [f"metrics={metrics}", *([f"by={by}"] if by else []), *(f"{n}={v}" for n, v in more.items())]
    return f"{FIGURES}?{'&'.join(parts)}"


def measured(metrics: str, by: str, more: dict[str, str], cubes: Cubes) -> tuple[Answer, Filters]:
    query = {name: value for name, value in more.items() if not name.endswith("_date")}
    if "start_date" in more:
        last = (
            more.get("end_date") or date.fromordinal(date(1970, 1, 1).toordinal() + cubes.today).isoformat()
        )
        query |= {"from": more["start_date"], "to": last}
    elif "period" not in more:
        query["period"] = "all_time"
    filters, problems = parse(query, cubes, EVERYTHING)
    assert not problems
    return measure(metrics.split(","), by.split(",") if by else [], filters, EVERYTHING, cubes), filters


def rows_of(analyst: Asker, address: str | None) -> list[dict[str, Any]]:
    """All rows, page by page."""
    rows: list[dict[str, Any]] = []
    while address is not None:
        body = analyst.json(address)
        rows += body["rows"]
        assert len(rows) <= body["count"]
        address = body["next"]
    return rows


@pytest.mark.parametrize(("metrics", "by", "more"), QUESTIONS)
def test_json_is_the_answer_of_measure_value_for_value(
    analyst: Asker, cubes: Cubes, metrics: str, by: str, more: dict[str, str]
) -> None:
    answer, _ = measured(metrics, by, more, cubes)
    body = analyst.json(asked(metrics, by, more))
    assert body["filters"] == answer.sentence
    assert body["snapshot"] == cubes.snapshot.number
    assert body["by"] == list(answer.by)
    assert [one["name"] for one in body["metrics"]] == list(answer.metrics)
    assert body["count"] == len(answer.rows)
    rows = rows_of(analyst, asked(metrics, by, more))
    assert len(rows) == len(answer.rows)
    for told, row in zip(rows, answer.rows, strict=True):
        for name in answer.metrics:
            value, ours = told["values"][name], row.values[name]
            assert value["value"] == ours.value
            assert value["numerator"] == ours.numerator
            assert value["denominator"] == ours.denominator
            assert value["status"] == ours.status.value
            assert value["approximate"] == ours.approximate
        if "campaign" in answer.by:
            assert told["key"]["campaign"] == row.key[answer.by.index("campaign")]


@pytest.mark.parametrize(("metrics", "by", "more"), QUESTIONS)
def test_csv_holds_the_same_values_and_all_rows(
    analyst: Asker, metrics: str, by: str, more: dict[str, str]
) -> None:
    response = analyst(asked(metrics, by, more) + "&limit=1", Accept="text/csv")
    assert response.content_type == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(response.text)))
    rows = rows_of(analyst, asked(metrics, by, more))
    values = [(name, one) for row in rows for name, one in row["values"].items()]
    assert [line["metric"] for line in lines] == [name for name, _ in values]
    for line, (_, value) in zip(lines, values, strict=True):
        told = None if line["value"] == "" else float(line["value"])
        assert told == value["value"]
        assert line["status"] == value["status"]


def test_a_small_page_leads_to_the_next_until_all_rows_were_told(analyst: Asker) -> None:
    whole = rows_of(analyst, f"{FIGURES}?metrics=sent&by=campaign,channel")
    parts = rows_of(analyst, f"{FIGURES}?metrics=sent&by=campaign,channel&limit=7")
    assert len(whole) > 14
    assert parts == whole
    first = analyst(f"{FIGURES}?metrics=sent&by=campaign,channel&limit=7")
    assert first.headers["Link"] == f'<{first.json["next"]}>; rel="next"'


def test_one_campaign_over_time_adds_up_to_its_summary(analyst: Asker, cubes: Cubes) -> None:
    campaign = next(iter(cubes.campaigns))
    for interval in ("daily", "weekly", "monthly"):
        address = f"/api/campaigns/{campaign}/metrics?interval={interval}&metrics=sent,delivered"
        body = analyst.json(address)
        assert (body["campaign"]["campaign_id"], body["interval"]) == (campaign, interval)
        rows = rows_of(analyst, address)
        total = analyst.json(f"/api/campaigns/summary?campaign={campaign}&metrics=sent,delivered")["values"]
        for name in ("sent", "delivered"):
            assert sum(row["values"][name]["value"] for row in rows) == total[name]["value"] > 0


def test_the_summary_takes_dates_and_channels_and_every_filter(analyst: Asker, cubes: Cubes) -> None:
    more = {"start_date": "2026-01-01", "end_date": "2026-06-30", "channel": "email", "attr.sex": "F"}
    body = analyst.json("/api/campaigns/summary?" + "&".join(f"{n}={v}" for n, v in more.items()))
    metrics = ",".join(body["values"])
    answer, _ = measured(metrics, "", more, cubes)
    for name, value in body["values"].items():
        assert value["value"] == answer.one(name).value
        assert value["status"] == answer.one(name).status.value
    assert {"reach", "opened", "clicked", "conversions", "opt_outs", "engagement_rate"} <= set(body["values"])
    assert (body["start_date"], body["end_date"]) == ("2026-01-01", "2026-06-30")


def test_what_is_withheld_has_no_value_and_says_why(analyst: Asker) -> None:
    rows = rows_of(analyst, f"{FIGURES}?metrics=members_opted_out&by=campaign,language")
    hidden = [row["values"]["members_opted_out"] for row in rows]
    hidden = [value for value in hidden if value["status"] == "withheld"]
    assert hidden
    assert all(one["value"] is None and one["numerator"] is None and one["reason"] for one in hidden)
    assert all(
        row["values"]["members_opted_out"]["value"] in (None, 0)
        or row["values"]["members_opted_out"]["value"] >= 11
        for row in rows
    )


def test_campaigns_are_listed_with_their_status(analyst: Asker, cubes: Cubes) -> None:
    every = analyst.json("/api/campaigns")["campaigns"]
    assert [one["campaign_id"] for one in every] == list(cubes.campaigns)
    closed = analyst.json("/api/v1/campaigns?status=closed")["campaigns"]
    assert closed == [one for one in every if one["status"] == "closed"]
    assert 0 < len(closed) < len(every)
    by_mail = analyst.json("/api/campaigns?channel=mail")["campaigns"]
    assert by_mail == [one for one in every if "mail" in one["channels"]]


def test_the_catalogues_name_what_can_be_asked(analyst: Asker, cubes: Cubes) -> None:
    names = [one["name"] for one in analyst.json("/api/v1/metrics-catalogue")["metrics"]]
    assert analyst.json(f"{FIGURES}?metrics={','.join(names)}")["count"] == 1
    for dimension in analyst.json("/api/v1/dimensions")["dimensions"]:
        metric = "with_outcome" if dimension["name"] in ("outcome", "outcome_time") else "sent"
        assert analyst.json(f"{FIGURES}?metrics={metric}&by={dimension['name']}")["by"] == [dimension["name"]]
        if dimension["filter"] and dimension["values"]:
            value = dimension["values"][0].replace(",", "%252C")
            analyst.json(f"{FIGURES}?metrics=sent&{dimension['filter']}={value}")


def test_the_summary_tells_the_same_evidence_as_the_table(analyst: Asker, cubes: Cubes) -> None:
    filters = Filters(period=Period("all_time"))
    told = analyst.json("/api/v1/campaigns/summary")["evidence"]
    found = evidence.of(filters, EVERYTHING, cubes)
    assert {one["campaign_id"]: one["verdict"] for one in told["campaigns"]} == {
        name: one.word for name, one in found.items()
    }
    for one in told["campaigns"]:
        values = found[one["campaign_id"]].values()
        for name, value in one["values"].items():
            assert value["value"] == pytest.approx(values[name].value)
            assert (value["status"], value["reason"]) == (values[name].status.value, values[name].reason)
    together = evidence.portfolio(filters, EVERYTHING, cubes)
    assert told["incremental_outcomes"] == pytest.approx(together.value)
    assert told["campaigns_measured"] == together.summed
