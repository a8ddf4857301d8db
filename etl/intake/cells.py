"""A column of texts read by its rule: the values, and which cells are wrong and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from config.vocabulary import CHANNEL_SPELLINGS, EVENT_NAMES, folded
from etl.intake import instants, numbers
from etl.sources.rules import NUMERIC, Rule

ADDRESSES = {
    "email": (r"^[^@\s]+@[^@\s]+$", "not an e-mail address"),
    "phone": (r"^[^0-9]*(?:[0-9][^0-9]*){7,15}$", "not a phone number of 7 to 15 digits"),
}
SKIP = "\0skip"
MOST_HINTS = 100


@dataclass
class Cells:
    """Read cells of one column. `reason` (String) is null where a cell is sound; `absent` has no value."""

    value: pl.Series
    reason: pl.Series
    absent: pl.Series
    day: pl.Series | None = None
    skip: pl.Series | None = None


@dataclass(frozen=True)
class Setting:
    """What rules fall back to: the file's decimal mark and the two zones."""

    decimal: str
    zone: str
    plan_zone: str


def read_cells(text: pl.Series, rule: Rule, setting: Setting, words: str = "") -> Cells:
    """Read texts (null = missing). `words`: "event" or "channel" where the vocabulary knows the values."""
    absent = text.is_null()
    if words or rule.type == "text":
        return _words(text, rule, absent, words)
    if rule.type == "bool":
        return _bools(text, rule, absent)
    if rule.type in instants_types():
        return _instants(text, rule, setting, absent)
    if rule.type in NUMERIC or rule.type == "bands":
        return _numbers(text, rule, rule.decimal or setting.decimal, absent)
    if rule.type == "version":
        return _version(text, rule, setting, absent)
    return _addresses(text, rule, absent)


def _addresses(text: pl.Series, rule: Rule, absent: pl.Series) -> Cells:
    pattern, said = ADDRESSES.get(rule.type, ("", ""))
    bad = (~text.str.contains(pattern)).fill_null(False) if pattern else absent & False
    if rule.unknown == "missing":
        return Cells(_keep(~bad, text), _because(absent & False, ""), absent | bad)
    if rule.unknown == "skip":
        return Cells(_keep(~bad, text), _because(absent & False, ""), absent, skip=bad)
    return Cells(text, _because(bad, said), absent)


def instants_types() -> tuple[str, ...]:
    return ("datetime", "date")


def _because(bad: pl.Series, reason: str) -> pl.Series:
    return pl.select(
        pl.when(bad.fill_null(False)).then(pl.lit(reason)).otherwise(pl.lit(None, pl.String))
    ).to_series()


def _keep(mask: pl.Series, value: pl.Series) -> pl.Series:
    return pl.select(pl.when(mask).then(value)).to_series()


def _words(text: pl.Series, rule: Rule, absent: pl.Series, words: str) -> Cells:
    if not rule.map and not words and rule.unknown is None:
        return Cells(text, _because(absent & False, ""), absent)
    target = _decide(rule, words)
    distinct = text.drop_nulls().unique()
    pairs = [(one, *target(one)) for one in distinct.to_list()]
    schema = {"text": pl.String, "value": pl.String, "reason": pl.String}
    table = pl.DataFrame(pairs, schema=schema, orient="row")
    found = text.to_frame("text").join(table, on="text", how="left", maintain_order="left")
    value = found["value"]
    skip = value.eq_missing(SKIP)
    value = _keep(~skip, value)
    return Cells(value, found["reason"], value.is_null() & ~skip, skip=skip if skip.any() else None)


def _decide(rule: Rule, words: str) -> Callable[[str], tuple[str | None, str | None]]:
    known = {"event": {folded(one): one for one in EVENT_NAMES}, "channel": CHANNEL_SPELLINGS}.get(words, {})
    unknown = rule.unknown or ("refuse" if words == "event" or (rule.map and words != "channel") else "new")
    hint = Hints([*rule.map, *(EVENT_NAMES if words == "event" else known)])

    def target(text: str) -> tuple[str | None, str | None]:
        mapped = _mapped(text, rule)
        if mapped == "skip" and words == "event":
            return SKIP, None
        if mapped is not None:
            again = known.get(folded(str(mapped)), str(mapped)) if words == "channel" else str(mapped)
            return again, None
        if folded(text) in known:
            return known[folded(text)], None
        if unknown == "refuse":
            return None, f"a value that the mapping does not know{hint(text)}"
        if unknown == "new":
            return (_new_channel(text) if words == "channel" else text), None
        return {"other": "other", "missing": None, "skip": SKIP}[str(unknown)], None

    return target


def _new_channel(text: str) -> str:
    return re.sub(r"[\W_]+", "_", text.lower()).strip("_") or "other"


def _mapped(text: str, rule: Rule) -> str | bool | None:
    low = text.lower()
    if rule.match == "exact":
        return rule.map.get(low)
    fits = low.startswith if rule.match == "starts" else low.__contains__
    return next((value for spelling, value in rule.map.items() if fits(spelling)), None)


class Hints:
    """Near misses for refusals. Only the first of many unknown values get one, since looking is slow."""

    def __init__(self, known: list[str]) -> None:
        self.known, self.left = [one.lower() for one in known], MOST_HINTS

    def __call__(self, text: str) -> str:
        self.left -= 1
        close = get_close_matches(text.lower(), self.known, 1, 0.6) if self.left >= 0 else []
        return f'; near "{close[0]}"' if close else ""


def _bools(text: pl.Series, rule: Rule, absent: pl.Series) -> Cells:
    table: dict[str, bool | None] = {}
    skips: set[str] = set()
    wrong: dict[str, str] = {}
    known = [*rule.map, *rule.true, *rule.false]
    hint, listed = Hints(known), f"; known: {', '.join(known[:12])}"
    for one in text.drop_nulls().unique().to_list():
        value = _truth(one, rule)
        if isinstance(value, bool):
            table[one] = value is not rule.invert
        elif value == "skip":
            skips.add(one)
        elif value != "missing":
            wrong[one] = f"neither true nor false{hint(one) or listed}"
    schema = {"text": pl.String, "value": pl.Boolean, "reason": pl.String, "skip": pl.Boolean}
    rows = [(one, table.get(one), wrong.get(one), one in skips) for one in {*table, *skips, *wrong}]
    pairs = pl.DataFrame(rows, schema=schema, orient="row")
    found = text.to_frame("text").join(pairs, on="text", how="left", maintain_order="left")
    skip = found["skip"].fill_null(False)
    absent = found["value"].is_null() & ~skip
    return Cells(found["value"], found["reason"], absent, skip=skip if skips else None)


def _truth(text: str, rule: Rule) -> bool | str:
    low = text.lower()
    mapped = _mapped(text, rule)
    if mapped is not None:
        return bool(mapped)
    for words, value in ((rule.true, True), (rule.false, False)):
        if low in words:
            return value
    if isinstance(rule.unknown, bool):
        return rule.unknown is not rule.invert
    return rule.unknown or "refuse"


def _instants(text: pl.Series, rule: Rule, setting: Setting, absent: pl.Series) -> Cells:
    zone = rule.zone or setting.zone
    found = instants.parse(text, rule.formats, zone, setting.plan_zone, rule.type == "date")
    said = " or ".join(rule.formats) or "ISO 8601"
    reason = pl.select(
        pl.when(found["far"])
        .then(pl.lit(instants.RANGE))
        .when(found["bad"])
        .then(pl.lit(f"not a {'date' if rule.type == 'date' else 'date and time'} in the format {said}"))
        .otherwise(pl.lit(None, pl.String))
    ).to_series()
    return Cells(found["us"], reason, absent, day=found["day"])


def _version(text: pl.Series, rule: Rule, setting: Setting, absent: pl.Series) -> Cells:
    whole = text.str.contains(r"^-?[0-9]{1,18}$").fill_null(False)
    number = _keep(whole, text).cast(pl.Int64, strict=False)
    zone = rule.zone or setting.zone
    found = instants.parse(_keep(~whole, text), rule.formats, zone, setting.plan_zone, False)
    reason = _because(found["bad"] | found["far"], "neither a whole number nor a date and time in ISO 8601")
    return Cells(pl.select(pl.coalesce(number, found["us"])).to_series(), reason, absent)


def _numbers(text: pl.Series, rule: Rule, mark: str, absent: pl.Series) -> Cells:
    money = rule.type in ("money", "bands")
    number = numbers.plain(text, mark, money=money, percent=rule.type in ("percent", "bands"))
    if rule.type == "bands" and number.null_count() > absent.sum():
        share = numbers.plain(text, mark, money=False, percent=True)
        number = pl.select(pl.coalesce(number, share)).to_series()
    value = {"int": numbers.integers, "money": numbers.micros}.get(rule.type, numbers.floats)(number)
    reason = _because(~absent & value.is_null(), _not_a_number(rule, mark))
    if rule.type == "share":
        value = (value * 100).round(10)
    if rule.sign == "negate":
        value = -value
    elif rule.sign == "absolute":
        value = value.abs()
    elif rule.sign == "refuse":
        low = _because(value < 0, "a negative value, which the mapping refuses")
        reason = pl.select(pl.coalesce(reason, low)).to_series()
    if rule.type == "bands":
        value = numbers.banded(value, rule.edges, rule.labels)
    return Cells(value, reason, absent)


def _not_a_number(rule: Rule, mark: str) -> str:
    said = {"int": "a whole number", "money": "an amount of money", "percent": "a percentage"}
    return f'not {said.get(rule.type, "a number")} written with the decimal mark "{mark}"'
