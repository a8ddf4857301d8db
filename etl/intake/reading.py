"""From a file and its mapping to a batch: read, look up, leave out, parse, refuse, name, shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from data.identify import Pseudonyms
from data.records import checked
from etl.intake import aggregates, campaigns, messages, people
from etl.intake.batch import REFUSED, SKIPPED, Batch
from etl.intake.keys import Kept, check_key, kept_rows
from etl.intake.lookups import apply_lookups
from etl.intake.numbers import shown, units
from etl.intake.people import ATTRIBUTE, OUTCOME
from etl.intake.reader import Rows, file_bytes, read_rows
from etl.intake.sheet import Sheet
from etl.sources.checks import provided
from etl.sources.fields import FIELDS
from etl.sources.mapping import Mapping, Outcome
from etl.sources.problems import MappingError
from etl.sources.rules import PERCENT, Rule
from etl.sources.tables import Skip

WORDS = {"event": "event", "status": "event", "channel": "channel"}
BUILDERS: dict[str, Callable[[Kept], dict[str, pl.DataFrame]]] = {
    "event": messages.event_rows,
    "message": messages.message_rows,
    "member": people.member_rows,
    "outcome": people.outcome_rows,
    "members": people.members_rows,
    "aggregate": aggregates.aggregate_rows,
}


def read(path: Path, mapping: Mapping, pseudonyms: Pseudonyms, zone: str) -> Batch:
    """Read a file by its mapping; `zone` is the plan's reporting zone.

    Wrong rows are refused inside the batch. Raises IntakeError where the file cannot be read at all,
    and MappingError where the mapping names columns that the file does not have.
    """
    if mapping.kind == "campaigns" and path.suffix.lower() == ".toml":
        return _toml_campaigns(path, mapping, zone)
    return interpret(read_rows(path, mapping.file), mapping, pseudonyms, zone)


def interpret(rows: Rows, mapping: Mapping, pseudonyms: Pseudonyms, zone: str) -> Batch:
    """The batch of rows that were read before (also those of a replay)."""
    sheet = Sheet(rows, mapping, zone)
    apply_lookups(sheet)
    _check_columns(sheet)
    for rule in mapping.skips:
        _leave_out(sheet, rule)
    check_key(sheet)
    _read_fields(sheet)
    if mapping.kind in ("event", "message"):
        messages.check_who(sheet)
    if mapping.kind == "message":
        messages.check_stages(sheet)
    kept = kept_rows(sheet, pseudonyms)
    if mapping.kind == "campaigns":
        return _csv_campaigns(sheet, kept, zone)
    tables = BUILDERS[mapping.kind](kept)
    return _batch(sheet, tables, sheet.refused())


def _check_columns(sheet: Sheet) -> None:
    mapping = sheet.mapping
    groups = (mapping.fields, mapping.attributes, mapping.counts, mapping.addresses)
    rules = [rule for group in groups for rule in group.values()]
    rules += [rule for one in mapping.outcomes.values() for rule in (one.rule, one.at, one.value) if rule]
    if mapping.newer_by is not None:
        rules.append(mapping.newer_by)
    keys = mapping.key.columns if mapping.key else ()
    named = [("[key] columns", one) for one in keys]
    named += [(f"{rule.where} column", rule.column) for rule in mapping.skips]
    sheet.check_columns(rules, named)


def _leave_out(sheet: Sheet, rule: Skip) -> None:
    text = sheet.frame[rule.column.strip()].str.strip_chars().str.to_lowercase()
    words = list(rule.words)
    if rule.test == "missing":
        mask = text.is_in(["", *(one.lower() for one in sheet.mapping.file.missing)])
        mask = mask if rule.wanted else ~mask
    elif rule.test == "contains":
        mask = text.str.contains_any(words)
    else:
        mask = text.is_in(words) if rule.test == "equals" else ~text.is_in(words)
    sheet.skip(mask, rule.reason)


def _read_fields(sheet: Sheet) -> None:
    mapping = sheet.mapping
    required = {field.name: field.required for field in FIELDS[mapping.kind]} or {"id": True}
    for name, rule in mapping.fields.items():
        sheet.read(rule, name, required.get(name, False), WORDS.get(name, ""))
    for name, rule in mapping.attributes.items():
        _attribute(sheet, rule, f"{ATTRIBUTE}{name}")
    for name, outcome in mapping.outcomes.items():
        _outcome(sheet, outcome, f"{OUTCOME}{name}")
    for name, rule in mapping.addresses.items():
        sheet.read(rule, f"address:{name}")
    if mapping.newer_by is not None:
        sheet.read(mapping.newer_by, "version", required=True)
    if mapping.counts:
        aggregates.read_counts(sheet)


def _attribute(sheet: Sheet, rule: Rule, name: str) -> None:
    """Attributes are texts, each value in one spelling: 12.50 is 12.5, a date is ISO, true is yes."""
    cells = sheet.read(rule, name)
    value = cells.value
    if cells.day is not None:
        text = cells.day.cast(pl.Date).dt.strftime("%Y-%m-%d")
    elif value.dtype == pl.Boolean:
        text = pl.select(pl.when(value).then(pl.lit("yes")).when(~value).then(pl.lit("no"))).to_series()
    elif rule.type == "money":
        text = units(value)
    elif value.dtype == pl.String:
        text = value
    else:
        text = shown(value.cast(pl.String)) + ("%" if rule.type in PERCENT else "")
    sheet.values[name] = text


def _outcome(sheet: Sheet, outcome: Outcome, name: str) -> None:
    """Whether a named outcome happened: true; or a date is there; or a number is there and not 0."""
    cells = sheet.read(outcome.rule, f"{name}:at" if outcome.rule.type in ("date", "datetime") else name)
    value = cells.value
    if cells.day is not None:
        happened = value.is_not_null()
    elif value.dtype == pl.Boolean:
        happened = value.fill_null(False)
    else:
        happened = (value != 0).fill_null(False)
        if outcome.rule.type == "money":
            sheet.values[f"{name}:value"] = value
    sheet.values[name] = happened
    if outcome.at is not None:
        sheet.read(outcome.at, f"{name}:at")
    if outcome.value is not None:
        sheet.read(outcome.value, f"{name}:value")


def _batch(sheet: Sheet, tables: dict[str, pl.DataFrame], refused: pl.DataFrame) -> Batch:
    mapping, rows = sheet.mapping, sheet.rows
    return Batch(
        source=mapping.name,
        kind=mapping.kind,
        file_name=rows.file_name,
        sha256=rows.sha256,
        mapping_sha256=mapping.sha256,
        rows_in=rows.rows_in,
        provides=provides(mapping, tables),
        synthetic=mapping.synthetic,
        tables=tables,
        refused=refused.cast(REFUSED),
        skipped=sheet.skips().cast(SKIPPED),
        header=rows.header,
        folder=rows.folder,
        once=mapping.once,
        notes=tuple(sheet.notes),
    )


def provides(mapping: Mapping, tables: dict[str, pl.DataFrame]) -> frozenset[str]:
    """What the mapping says the source can report, and the events and outcomes that its rows name."""
    facts = set(provided(mapping))
    if mapping.provides is not None:
        return frozenset(facts)
    if "events" in tables:
        facts |= set(tables["events"]["event"].drop_nulls().unique())
    if mapping.kind == "outcome":
        facts |= {f"outcome:{one}" for one in tables["outcomes"]["outcome"].unique()}
    return frozenset(facts)


def _csv_campaigns(sheet: Sheet, kept: Kept, zone: str) -> Batch:
    sound, refused = [], []
    raws = dict(zip(sheet.rows.numbers, range(sheet.n), strict=True))
    for number, record in campaigns.records_of(kept):
        canonical, problem = checked(record)
        if problem is None:
            sound.append((number, canonical))
        else:
            key, reason = problem
            column = sheet.shown(sheet.mapping.fields[key]) if key in sheet.mapping.fields else key
            refused.append((raws[number], column, reason))
    for place, column, reason in refused:
        sheet.refuse_where(pl.select(pl.int_range(sheet.n) == place).to_series(), column, reason)
    return _batch(sheet, campaigns.campaign_rows(sound, zone), sheet.refused())


def _toml_campaigns(path: Path, mapping: Mapping, zone: str) -> Batch:
    if mapping.fields:
        raise MappingError(
            [f"{mapping.path.name}: [fields]: a TOML file of campaigns has fixed keys; leave [fields] out"]
        )
    raw = file_bytes(path)
    records = list(enumerate(campaigns.toml_records(raw, path.name), 1))
    folder = str(path.resolve().parent)
    return records_batch(records, mapping, zone, path.name, sha256(raw).hexdigest(), folder)


def records_batch(
    records: list[tuple[int, dict[str, Any]]],
    mapping: Mapping,
    zone: str,
    file_name: str,
    digest: str,
    folder: str,
) -> Batch:
    """The batch of numbered campaign records of a TOML file (also those of a replay)."""
    sound, refused = [], []
    for number, record in records:
        canonical, problem = checked(record)
        if problem is None:
            sound.append((number, canonical))
        else:
            text = json.dumps(record, ensure_ascii=False, default=str)
            refused.append((number, problem[0], problem[1], text))
    return Batch(
        mapping.name, mapping.kind, file_name, digest, mapping.sha256, len(records), provides(mapping, {}),
        mapping.synthetic, campaigns.campaign_rows(sound, zone),
        pl.DataFrame(refused, schema=REFUSED, orient="row"), pl.DataFrame(schema=SKIPPED), "", folder,
        once=mapping.once,
    )  # fmt: skip
