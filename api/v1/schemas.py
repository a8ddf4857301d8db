"""JSON Schemas of what the API answers."""

from __future__ import annotations

from typing import Any

import polars as pl

from data.answer import Status
from data.live import LIVE_STAGES
from insight.experiments import Reading, Verdict
from reports.monthly_export import COLUMNS
from state.alerts import Do, State

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
YES_NO = {"type": "boolean"}
WHOLE = {"type": "integer", "minimum": 0}
MAYBE_TEXT = {"type": ["string", "null"]}
MAYBE_DAY = {"type": ["string", "null"], "format": "date"}
MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
NUMBER = {"type": "number"}
MONTH = {"type": "string", "pattern": "^\\d{4}-(0[1-9]|1[0-2])$"}
MAYBE_NUMBER = {"type": ["number", "null"]}
OF_COLUMN: dict[type[pl.DataType], dict[str, Any]] = {
    pl.String: MAYBE_TEXT, pl.Int64: WHOLE, pl.Boolean: YES_NO, pl.Float64: MAYBE_NUMBER,
}  # fmt: skip


def _record(**properties: Any) -> dict[str, Any]:
    """An object of these properties, and no others."""
    closed = {"required": list(properties), "additionalProperties": False}
    return {"type": "object", "properties": properties, **closed}


def _map(values: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


STAMP: dict[str, Any] = {
    "schema": TEXT,
    "snapshot": WHOLE,
    "published_at": MAYBE_MOMENT,
    "definitions": TEXT,
    "clocks": _ref("Clocks"),
    "synthetic": YES_NO,
}
QUESTION: dict[str, Any] = {
    "filters": TEXT,
    "start_date": MAYBE_DAY,
    "end_date": MAYBE_DAY,
    "kept": _map(TEXT),
    "metrics": _list(_ref("Column")),
    "notes": TEXTS,
    "not_available": _map(TEXT),
}
READING: dict[str, Any] = {
    "reading": {"enum": [Reading.FIXED.value, Reading.SEQUENTIAL.value]}, "difference": NUMBER, "low": NUMBER,
    "high": NUMBER, "p": NUMBER, "method": TEXT,
}  # fmt: skip
PAGED: dict[str, Any] = {"count": WHOLE, "next": MAYBE_TEXT}
ROWS: dict[str, Any] = {"by": TEXTS, **PAGED, "rows": _list(_ref("Row"))}

SCHEMAS: dict[str, Any] = {
    "Clocks": _record(
        outreach_through=MAYBE_MOMENT,
        outcomes_complete_through=MAYBE_DAY,
        outcomes=_map(MAYBE_DAY),
        last_load=MAYBE_MOMENT,
        zone=TEXT,
    ),
    "Column": _record(name=TEXT, label=TEXT, unit=TEXT, shape=TEXT, additive=YES_NO),
    "Value": {
        **_record(
            value=MAYBE_NUMBER,
            numerator=MAYBE_NUMBER,
            denominator=MAYBE_NUMBER,
            status={"enum": [status.value for status in Status]},
            approximate=YES_NO,
            complete=YES_NO,
            reason=TEXT,
        ),
        "description": "A count, a fraction of 1 or money; null where nothing may or can be said.",
    },
    "Row": _record(key=_map(MAYBE_TEXT), values=_map(_ref("Value"))),
    "Campaign": _record(
        campaign_id=TEXT,
        name=TEXT,
        program=TEXT,
        line_of_business=TEXT,
        channels=TEXTS,
        status=TEXT,
        start_date=MAYBE_DAY,
        end_date=MAYBE_DAY,
        outcome=MAYBE_TEXT,
        outcomes_complete_through=MAYBE_DAY,
        recorded=YES_NO,
    ),
    "Metric": _record(
        name=TEXT, label=TEXT, meaning=TEXT, formula=TEXT, group=TEXT, unit=TEXT, unit_label=TEXT, shape=TEXT,
        numerator=TEXT, denominator=MAYBE_TEXT, additive=YES_NO, adds_up=TEXT, better=TEXT, better_label=TEXT,
        weak=YES_NO, sensitivity=TEXT, version=WHOLE,
    ),
    "Dimension": _record(
        name=TEXT, label=TEXT, kind=TEXT, meaning=TEXT, filter=MAYBE_TEXT,
        values={"type": ["array", "null"], "items": TEXT},
    ),
    "Arm": _record(
        arm=TEXT, held_out=YES_NO, assigned=WHOLE, with_outcome=WHOLE, outcome_rate=NUMBER, low=NUMBER,
        high=NUMBER,
    ),
    "Reading": _record(**READING),
    "Effect": {
        **_record(
            arm=TEXT, control=TEXT, verdict={"enum": [word.value for word in Verdict]}, **READING,
            p_holm=NUMBER, p_benjamini_hochberg=NUMBER, lift=MAYBE_NUMBER, lift_low=MAYBE_NUMBER,
            lift_high=MAYBE_NUMBER, lift_method=MAYBE_TEXT, detectable=NUMBER, worthwhile=NUMBER,
            readings=_list(_ref("Reading")), probability_above_zero=NUMBER, credible_low=NUMBER,
            credible_high=NUMBER, prior=_list(NUMBER),
        ),
        "description": "An arm against the members held out, as the reading that applies has it; rates as "
        "fractions.",
    },
    "Check": _record(
        name=TEXT, state={"enum": ["good", "watch", "bad", "unknown"]}, p=MAYBE_NUMBER, detail=TEXT
    ),
    "ArmWorth": {
        **_record(
            arm=TEXT, control=TEXT, value_per_member=NUMBER, control_value_per_member=NUMBER,
            difference=NUMBER, low=NUMBER, high=NUMBER, cost_per_member=MAYBE_NUMBER, net=MAYBE_NUMBER,
            net_low=MAYBE_NUMBER, net_high=MAYBE_NUMBER, reason=TEXT,
        ),
        "description": "Money per assigned member, by the recorded value of one outcome; none without one.",
    },
    "InGroup": _record(
        value=TEXT, verdict={"enum": [word.value for word in Verdict]}, reading=TEXT, difference=NUMBER,
        low=NUMBER, high=NUMBER, p=NUMBER, method=TEXT, p_holm=NUMBER, p_benjamini_hochberg=NUMBER,
        arms=_list(_ref("Arm")),
    ),
    "ByAttribute": {
        **_record(
            attribute=TEXT, p_interaction=NUMBER, p_interaction_holm=NUMBER, values_left_out=WHOLE,
            groups=_list(_ref("InGroup")),
        ),
        "description": "All arms of outreach together against those held out, in each group of an attribute; "
        "p by Holm over all groups, and over attributes for whether the effect differs.",
    },
    "Experiment": {
        **_record(
            **STAMP, campaign=_ref("Campaign"), level=NUMBER,
            verdict={"enum": [*(word.value for word in Verdict), "none"]}, reason=TEXT, reading=MAYBE_TEXT,
            winner=MAYBE_TEXT, assigned_through=MAYBE_DAY, arms=_list(_ref("Arm")),
            effects=_list(_ref("Effect")), checks=_list(_ref("Check")),
            values=_list(_ref("ArmWorth")),
            by_attribute=_list(_ref("ByAttribute")), by_attribute_reason=TEXT,
        ),
        "description": "What is withheld has no arms and no effects, and the verdict says so.",
    },
    "Figures": _record(**STAMP, **QUESTION, **ROWS),
    "CampaignMetrics": _record(**STAMP, campaign=_ref("Campaign"), interval=TEXT, **QUESTION, **ROWS),
    "Summary": _record(
        **STAMP, **QUESTION, campaigns=WHOLE, values=_map(_ref("Value")), evidence=_ref("Evidence")
    ),
    "Evidence": _record(
        incremental_outcomes=MAYBE_NUMBER,
        low=MAYBE_NUMBER,
        high=MAYBE_NUMBER,
        campaigns_measured=WHOLE,
        campaigns=_list(_ref("CampaignEvidence")),
    ),
    "CampaignEvidence": {
        **_record(campaign_id=TEXT, verdict=TEXT, reason=TEXT, values=_map(_ref("Value"))),
        "description": "Verdict: works, no evidence, harmful, too small to tell, too early or not causally "
        "measured; empty where nothing can be said. Values by name, with the 95 % range.",
    },
    "Campaigns": _record(**STAMP, **PAGED, campaigns=_list(_ref("Campaign"))),
    "Metrics": _record(**STAMP, metrics=_list(_ref("Metric"))),
    "Dimensions": _record(**STAMP, dimensions=_list(_ref("Dimension"))),
    "LiveCount": _record(
        campaign=MAYBE_TEXT, channel=MAYBE_TEXT, stage={"enum": list(LIVE_STAGES)}, messages=WHOLE,
        last_5_minutes=WHOLE, moved_at=MAYBE_MOMENT,
    ),
    "Live": _record(**STAMP, day=MAYBE_DAY, as_of=MAYBE_MOMENT, counts=_list(_ref("LiveCount"))),
    "Act": _record(at=MAYBE_MOMENT, by=MAYBE_TEXT, do={"enum": [do.value for do in Do]}, text=TEXT),
    "Alert": _record(
        alert_id=TEXT, title=TEXT, kind=TEXT, metric=MAYBE_TEXT, subject=TEXT, campaign_id=MAYBE_TEXT,
        urgent=YES_NO, status={"enum": [state.value for state in State]}, first_day=MAYBE_DAY,
        last_day=MAYBE_DAY, value=MAYBE_NUMBER, usual=MAYBE_NUMBER, low=MAYBE_NUMBER, high=MAYBE_NUMBER,
        chance=MAYBE_NUMBER, complete_through=MAYBE_DAY, of_snapshot=WHOLE, fired_at=MAYBE_MOMENT,
        snoozed_until=MAYBE_MOMENT, resolved_at=MAYBE_MOMENT, real={"type": ["boolean", "null"]},
        history=_list(_ref("Act")),
    ),
    "Alerts": _record(
        **STAMP, precision=_record(real=WHOLE, judged=WHOLE), **PAGED, alerts=_list(_ref("Alert"))
    ),
    "MonthlyRow": _record(**{name: OF_COLUMN[kind] for name, kind in COLUMNS.items()}),
    "Monthly": _record(
        **STAMP, month=MONTH, cuts=TEXTS, content=TEXT, **PAGED, rows=_list(_ref("MonthlyRow"))
    ),
    "Manifest": {
        **_record(
            manifest=TEXT, report=TEXT, month=MONTH, schema=TEXT, snapshot=WHOLE, definitions=TEXT,
            published=MAYBE_MOMENT, clocks={"type": "object"}, release={"type": "object"},
            scope={"type": "object"}, cuts=TEXTS, columns=_list(_record(name=TEXT, type=TEXT, meaning=TEXT)),
            synthetic=YES_NO, rows=WHOLE, content=TEXT,
            files=_list(_record(name=TEXT, format=TEXT, rows=WHOLE, bytes=WHOLE, sha256=TEXT)),
            previous=MAYBE_TEXT, sha256=TEXT,
        ),
        "description": "Rows, bytes and SHA-256 of the files of a month; `content` is the same as long as "
        "the figures are.",
    },
    "Health": _record(
        status={"enum": ["ok", "degraded", "not ready"]},
        live=YES_NO,
        ready=YES_NO,
        degraded=YES_NO,
        reasons=TEXTS,
    ),
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT, "reference": TEXT,
            "errors": _list(_record(parameter=TEXT, detail=TEXT)),
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    },
}  # fmt: skip
