"""Kind campaigns: records of campaigns from a TOML or a CSV file, checked key by key."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from config.vocabulary import CHANNEL_LABELS, CHANNEL_SPELLINGS
from etl.intake.batch import shaped
from etl.intake.cells import folded
from etl.intake.instants import local_to_us
from etl.intake.keys import Kept
from etl.sources.fields import RECORD_KEYS
from etl.sources.problems import IntakeError, near
from etl.sources.rules import PERCENT

DIRECTIONS = {
    "higher": "higher",
    "up": "higher",
    "increase": "higher",
    "lower": "lower",
    "down": "lower",
    "decrease": "lower",
}
VARIANT_KEYS = ("name", "channel", "text", "wave", "subject", "language")
Problem = tuple[str, str]


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


def checked(record: dict[str, Any]) -> tuple[dict[str, Any], Problem | None]:
    """A record in canonical form (ISO 8601 dates, channels of the vocabulary), or its first problem."""
    result: dict[str, Any] = {}
    for key, value in record.items():
        if key not in RECORD_KEYS:
            return {}, (key, f"a campaign record has no such key{near(key, RECORD_KEYS)}")
        kind = RECORD_KEYS[key]
        read = READERS[kind](value)
        if read is None:
            return {}, (key, f"not {EXPECTED[kind]}")
        result[key] = read
    return _sensible(result)


def _sensible(record: dict[str, Any]) -> tuple[dict[str, Any], Problem | None]:
    if not record.get("id"):
        return {}, ("id", "no value")
    if "direction" in record:
        word = DIRECTIONS.get(record["direction"].lower())
        if word is None:
            return {}, ("direction", f"not higher or lower{near(record['direction'], DIRECTIONS)}")
        record["direction"] = word
    if record.get("start", "") > record.get("end", "9999"):
        return {}, ("end", "before the start")
    for key in ("window_days", "lag_days", "audience_size"):
        if record.get(key, 0) < 0:
            return {}, (key, "negative")
    if "channels" in record:
        record["channels"] = [_channel(str(one)) for one in record["channels"]]
    for name in record.get("unit_costs", {}):
        if _channel(name) not in CHANNEL_LABELS:
            return {}, ("unit_costs", f"an unknown channel{near(name, CHANNEL_LABELS)}")
    for variant in record.get("variants", []):
        for key in variant:
            if key not in VARIANT_KEYS:
                return {}, ("variants", f'a variant has no key "{key}"{near(key, VARIANT_KEYS)}')
        if not variant.get("name"):
            return {}, ("variants", "a variant without a name")
    return record, None


def _channel(text: str) -> str:
    return CHANNEL_SPELLINGS.get(folded(text), re.sub(r"[\W_]+", "_", text.lower()).strip("_"))


def _text(value: Any) -> str | None:
    return (
        str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else None
    )


def _date(value: Any) -> str | None:
    if isinstance(value, datetime):
        value = value.date()
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return day.isoformat() if 1900 <= day.year <= 2100 else None


def _datetime(value: Any) -> str | None:
    try:
        when = value if isinstance(value, date) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return when.isoformat() if 1900 <= when.year <= 2100 else None


def _int(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < 2**31 else None


def _number(value: Any) -> float | None:
    return value if type(value) in (int, float) and abs(value) < 1e15 else None


def _share(value: Any) -> float | None:
    return value if type(value) in (int, float) and 0 <= value <= 1 else None


def _list(value: Any) -> list[Any] | None:
    return (
        value if isinstance(value, list) and all(isinstance(one, (str, int, dict)) for one in value) else None
    )


def _table(value: Any) -> dict[str, Any] | None:
    return (
        value if isinstance(value, dict) and all(_number(one) is not None for one in value.values()) else None
    )


def _tables(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else None


READERS: dict[str, Any] = {
    "text": _text, "date": _date, "datetime": _datetime, "int": _int, "number": _number,
    "share": _share, "list": _list, "table": _table, "tables": _tables,
}  # fmt: skip
EXPECTED = {
    "text": "a text", "date": "a date such as 2026-03-01", "datetime": "an instant in ISO 8601",
    "int": "a whole number", "number": "a number", "share": "a share from 0 to 1", "list": "a list",
    "table": "a table of channel = cost", "tables": "a list of tables with name, channel, text",
}  # fmt: skip


def campaign_rows(records: list[tuple[int, dict[str, Any]]], zone: str) -> dict[str, pl.DataFrame]:
    """The table of sound records: (row number, canonical record)."""
    rows = [
        {
            "row": number,
            "campaign": record["id"],
            "recorded_us": _us(record.get("recorded_at"), zone),
            **{
                key: record.get(key)
                for key in ("name", "program", "line_of_business", "outcome", "window_days", "lag_days")
            },
            "start_day": _day(record.get("start")),
            "end_day": _day(record.get("end")),
            "record": json.dumps(record, ensure_ascii=False, sort_keys=True, default=str),
        }
        for number, record in records
    ]
    return {
        "campaigns": shaped(
            "campaigns", pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame()
        )
    }


def _day(text: str | None) -> int | None:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days if text else None


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
    for key, kind in RECORD_KEYS.items():
        value = values.get(key)
        if kind in ("date", "datetime"):
            value = _iso(values, key, kind)
        if value is None:
            continue
        if kind in ("list", "table", "tables"):
            value = _structured(str(value), kind)
        elif RECORD_KEYS[key] == "number" and isinstance(value, float) and value.is_integer():
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
