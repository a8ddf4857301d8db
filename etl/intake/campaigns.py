"""Kind campaigns: records of campaigns from a TOML or a CSV file, checked key by key."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from config.suggest import near
from data.records import KEYS, columns, dumped
from etl.intake.batch import shaped
from etl.intake.instants import local_to_us
from etl.intake.keys import Kept
from etl.sources.problems import IntakeError
from etl.sources.rules import PERCENT


def toml_records(raw: bytes, name: str) -> list[dict[str, Any]]:
    """The [[campaign]] tables of a TOML file; IntakeError where it is not one."""
    try:
        document = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IntakeError(f"{name}: not valid TOML: {error}") from None
    records = document.get("campaign")
    if (
        not isinstance(records, list)
        or not all(isinstance(one, dict) for one in records)
        or len(document) != 1
    ):
        others = [one for one in document if one != "campaign"]
        said = f'; it has "{others[0]}"{near(others[0], ["campaign"])}' if others else ""
        raise IntakeError(f"{name}: holds campaign records only, each under a line [[campaign]]{said}")
    return records


def campaign_rows(records: list[tuple[int, dict[str, Any]]], zone: str) -> dict[str, pl.DataFrame]:
    """The table of sound records: (row number, canonical record)."""
    rows = [
        {
            "row": number,
            "campaign": record["id"],
            "recorded_us": _us(record.get("recorded_at"), zone),
            "partial": False,
            **columns(record),
            "record": dumped(record),
        }
        for number, record in records
    ]
    return {
        "campaigns": shaped(
            "campaigns", pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame()
        )
    }


def _us(text: str | None, zone: str) -> int | None:
    if not text:
        return None
    when = datetime.fromisoformat(text)
    if when.tzinfo is not None:
        return round(when.timestamp() * 1_000_000)
    local = (when - datetime(1970, 1, 1)).total_seconds() * 1_000_000
    return int(local_to_us(pl.Series([round(local)]), zone)[0])


def csv_record(values: dict[str, Any]) -> dict[str, Any]:
    """A record from a CSV row: lists split at | or ;, tables written as sms=0.01; email=0.002, or JSON."""
    result = {}
    for key, kind in KEYS.items():
        value = values.get(key)
        if kind in ("date", "datetime"):
            value = _iso(values, key, kind)
        if value is None:
            continue
        if kind in ("list", "table", "tables"):
            value = _structured(str(value), kind)
        elif KEYS[key] == "number" and isinstance(value, float) and value.is_integer():
            value = int(value)
        result[key] = value
    return result


def _iso(values: dict[str, Any], key: str, kind: str) -> str | None:
    day, us = values.get(f"{key}_day"), values.get(f"{key}_us")
    if day is None or us is None:
        return None
    if kind == "date":
        return date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat()
    return datetime.fromtimestamp(us / 1_000_000, UTC).isoformat()


def _structured(text: str, kind: str) -> Any:
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except ValueError:
            return text
    parts = [one.strip() for one in re.split(r"[|;]", text) if one.strip()]
    if kind == "list":
        return parts
    if kind == "tables":
        return [{"name": one} for one in parts]
    pairs = [one.partition("=") for one in parts]
    return {name.strip(): _float(value) for name, _, value in pairs}


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def records_of(kept: Kept) -> list[tuple[int, dict[str, Any]]]:
    """(row number, record as written) of a CSV file's sound rows; money is brought back to units."""
    money = [name for name, rule in kept.mapping.fields.items() if rule.type == "money"]
    shares = [name for name, rule in kept.mapping.fields.items() if rule.type in PERCENT]
    scales = dict.fromkeys(money, 1_000_000) | dict.fromkeys(shares, 100)
    rows = kept.values.iter_rows(named=True)
    return [(values["row"], csv_record(_scaled(values, scales))) for values in rows]


def _scaled(values: dict[str, Any], scales: dict[str, int]) -> dict[str, Any]:
    """Money in units and percentages as shares."""
    return {
        name: value / scales[name] if name in scales and value is not None else value
        for name, value in values.items()
    }
