"""Settings that exist once per name, such as `REACHBOARD_SQL_CRM`: the setting `sql` of the name `crm`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

BEGINS = {"sql": "sql_", "tokens": "token_"}
"""How the variable of a setting begins, in lower case and without the prefix of all settings."""
NAME = re.compile(r"[a-z0-9_]{1,40}")


def gathered(values: Mapping[str, str]) -> dict[str, Any]:
    """The values by setting: those that have names of their own become one table each."""
    plain: dict[str, Any] = {}
    for name, text in values.items():
        field = next((one for one, begins in BEGINS.items() if name.startswith(begins)), None)
        if field is None and name not in BEGINS:
            plain[name] = text
        elif field is not None:
            plain.setdefault(field, {})[name.removeprefix(BEGINS[field])] = text
    return plain


def asked_plainly(values: Mapping[str, str]) -> list[str]:
    """Names that would fill a whole table at once, which no variable does."""
    return [name for name in values if name in BEGINS]


def by_setting(found: Mapping[str, str]) -> dict[str, str]:
    """Where values come from, by setting: of a table, where the first of its names does."""
    told: dict[str, str] = {}
    for name, origin in found.items():
        field = next((one for one, begins in BEGINS.items() if name.startswith(begins)), name)
        told.setdefault(field, origin)
    return told
