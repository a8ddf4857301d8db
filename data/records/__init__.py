"""A campaign's record: its fields, its checks, its versions folded field by field, and its status."""

from __future__ import annotations

from data.records.checks import Record, checked, value_of
from data.records.edits import Edit, Entry, Shown, difference, history, shown
from data.records.fold import (
    BROWSER,
    Change,
    Changes,
    Version,
    changed,
    columns,
    current,
    dumped,
    fold,
    versions,
)
from data.records.form import FieldRefused, Known, Remark, form_text, parse_field, remarks
from data.records.schema import FIELDS, KEYS, Field
from data.records.standing import Status, standing, status

__all__ = [
    "BROWSER",
    "FIELDS",
    "KEYS",
    "Change",
    "Changes",
    "Edit",
    "Entry",
    "Field",
    "FieldRefused",
    "Known",
    "Record",
    "Remark",
    "Shown",
    "Status",
    "Version",
    "changed",
    "checked",
    "columns",
    "current",
    "difference",
    "dumped",
    "fold",
    "form_text",
    "history",
    "parse_field",
    "remarks",
    "shown",
    "standing",
    "status",
    "value_of",
    "versions",
]
