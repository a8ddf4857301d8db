"""docs/webhooks.md names every vendor and every status, with the events that the code means."""

from __future__ import annotations

import re
from pathlib import Path

from collect.webhooks.notice import MEANS, STATUSES
from collect.webhooks.registry import vendors

TEXT = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_every_vendor_has_a_line_that_says_how_it_proves_itself() -> None:
    named = re.findall(r"^\| `(\w+)` \|.*\| (?:own keys|the \w+'s vector) \|$", TEXT, re.MULTILINE)
    assert sorted(named) == sorted(vendors(lambda _url: b""))


def test_every_status_is_told_with_its_events() -> None:
    told = dict(re.findall(r"`(\w+)` \| ([^|]+?) (?=\|)", TEXT.partition("## What a notice says")[2]))
    assert set(told) == set(STATUSES)
    for status, events in told.items():
        assert events.startswith("none: ") if status not in MEANS else events == ", ".join(MEANS[status])
