"""Mappings and rows that tests of intake begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from etl.intake import Batch

Intake = Callable[..., Batch]
SOURCE = '[source]\nname = "s"\nkind = "{}"\n'
EVENT = (
    SOURCE.format("event")
    + """
[fields]
event = "event"
at = "at"
message_id = {{ column = "msg", optional = true }}
member = "member"
campaign = {{ column = "campaign", optional = true }}
channel = {{ value = "email" }}
cost = "cost"
[key]
{}
"""
)
ROWS = "id,event,at,msg,member,campaign,cost\n"


def events(intake: Intake, rows: str, key: str = 'columns = ["id"]', **kind: str) -> pl.DataFrame:
    return intake(EVENT.format(key), ROWS + rows, **kind).tables["events"]


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days
