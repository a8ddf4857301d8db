"""Values of a database as the texts that a CSV of the same table would hold."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal


def text_of(value: object) -> str:
    """A value as text: null is empty, an instant and a date are ISO 8601, a number is written out.

    `true` and `false`; bytes as `\\x` and hexadecimal digits; lists and objects as JSON.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes | bytearray | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
