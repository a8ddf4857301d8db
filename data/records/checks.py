"""Whether a record makes sense: each value brought to one form, or the first thing that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from config.suggest import near
from config.vocabulary import CHANNEL_LABELS, channel_of
from data.records.schema import DIRECTIONS, FIELDS, ID, KEYS, LONGEST_WINDOW, VARIANT_COLUMNS

Record = dict[str, Any]
Problem = tuple[str, str]


def checked(record: Record) -> tuple[Record, Problem | None]:
    """A record in canonical form (ISO 8601 dates, channels of the vocabulary), or its first problem.

    The problem is (key, what is wrong); the record is empty then.
    """
    result: Record = {}
    for key, value in record.items():
        if key not in KEYS:
            return {}, (key, f"a campaign record has no such key{near(key, KEYS)}")
        read, wrong = value_of(key, value)
        if wrong:
            return {}, (key, wrong)
        result[key] = read
    if not result.get(ID):
        return {}, (ID, "no value")
    if late := out_of_order(result):
        return {}, late
    return result, None


def value_of(key: str, value: Any) -> tuple[Any, str]:
    """A key's value in canonical form, and what is wrong with it (nothing where it is sound)."""
    kind = KEYS[key]
    read = _READERS[kind](value)
    if read is None:
        return None, f"not {_EXPECTED[kind]}"
    return _SENSE.get(key, _as_it_is)(read)


def out_of_order(record: Record) -> Problem | None:
    """The problem of an end before the start."""
    if record.get("start") and record.get("end") and record["start"] > record["end"]:
        return "end", "before the start"
    return None


def _as_it_is(value: Any) -> tuple[Any, str]:
    return value, ""


def _direction(value: str) -> tuple[Any, str]:
    word = DIRECTIONS.get(value.lower())
    return (word, "") if word else (None, f"not higher or lower{near(value, DIRECTIONS)}")


def _not_negative(value: float) -> tuple[Any, str]:
    return (None, "negative") if value < 0 else (value, "")


def _days(least: int) -> Callable[[int], tuple[Any, str]]:
    def sense(value: int) -> tuple[Any, str]:
        if least <= value <= LONGEST_WINDOW:
            return value, ""
        return None, "negative" if value < 0 else f"not a number of days from {least} to {LONGEST_WINDOW}"

    return sense


def _channels(value: list[Any]) -> tuple[Any, str]:
    return [channel_of(str(one)) for one in value], ""


def _unit_costs(value: dict[str, Any]) -> tuple[Any, str]:
    for name in value:
        if channel_of(name) not in CHANNEL_LABELS:
            return None, f"an unknown channel{near(name, CHANNEL_LABELS)}"
    return {channel_of(name): cost for name, cost in value.items()}, ""


def _variants(value: list[Record]) -> tuple[Any, str]:
    for variant in value:
        for key in variant:
            if key not in VARIANT_COLUMNS:
                return None, f'a variant has no key "{key}"{near(key, VARIANT_COLUMNS)}'
        if not variant.get("name"):
            return None, "a variant without a name"
    return value, ""


_SENSE: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "direction": _direction, "window_days": _days(1), "lag_days": _days(0), "audience_size": _not_negative,
    "channels": _channels, "unit_costs": _unit_costs, "variants": _variants,
}  # fmt: skip


def _text(value: Any) -> str | None:
    plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return str(value).strip() if plain else None


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
    fits = isinstance(value, list) and all(isinstance(one, (str, int, dict)) for one in value)
    return value if fits else None


def _table(value: Any) -> Record | None:
    fits = isinstance(value, dict) and all(_number(one) is not None for one in value.values())
    return value if fits else None


def _tables(value: Any) -> list[Any] | None:
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else None


_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _text, "date": _date, "datetime": _datetime, "int": _int, "number": _number,
    "share": _share, "list": _list, "table": _table, "tables": _tables,
}  # fmt: skip
_EXPECTED = {
    "text": "a text", "date": "a date such as 2026-03-01", "datetime": "an instant in ISO 8601",
    "int": "a whole number", "number": "a number", "share": "a share from 0 to 1", "list": "a list",
    "table": "a table of channel = cost", "tables": "a list of tables with name, channel, text",
}  # fmt: skip
assert set(FIELDS) < set(KEYS)
