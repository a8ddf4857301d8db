"""A lake that pulls from the REST service of tests, and the mapping by which it does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.settings import Settings
from data.snapshot import Lake
from etl.land import Landed
from etl.pull import pull
from tests.feeds import settings_of
from tests.web import TOKEN, Record, Service

MAPPING = """
[source]
name = "api_events"
kind = "event"
zone = "America/New_York"

[rest]
url = "{url}"
token = "api"
{records}
rate = 1000
wait = 0.01
batch = 100
{more}

[fields]
event_id = "id"
event = "what"
at = "at"
member = "who.member"
campaign = "campaign"
channel = {{ value = "email" }}
detail = {{ column = "note", optional = true }}
"""
PAGINGS = {
    "next": 'paging = { kind = "next", at = "links.next" }',
    "link": 'paging = { kind = "link" }',
    "token": 'paging = { kind = "token", at = "meta.next", param = "cursor", size_param = "n", size = 10 }',
    "page": 'paging = { kind = "page", param = "page" }',
    "offset": 'paging = { kind = "offset", param = "offset" }',
}
SINCE = 'since = { param = "since", field = "changed", start = 2026-01-01T00:00:00Z, overlap = 5 }\n'


@dataclass(frozen=True)
class Api:
    """The service, and a lake that pulls from it."""

    service: Service
    settings: Settings

    @property
    def mapping(self) -> Path:
        return self.settings.var / "api.toml"

    @property
    def lake(self) -> Lake:
        return Lake(self.settings.lake)

    def maps(self, kind: str = "next", more: str = "", records: str = "data.items") -> Path:
        self.service.form = kind
        self.mapping.parent.mkdir(parents=True, exist_ok=True)
        text = MAPPING.format(
            url=self.service.url,
            records=f'records = "{records}"' if records else "",
            more=PAGINGS.get(kind, "") + "\n" + more,
        )
        self.mapping.write_text(text, encoding="utf-8")
        return self.mapping

    def pull(self, **how: Any) -> list[Landed]:
        """Pull; every row must be accounted for."""
        landed = [one.landed for one in pull(self.settings, self.mapping, **how)]
        for one in landed:
            assert one.loaded + one.already_present + one.skipped + one.refused == one.rows_in
        return landed

    def events(self) -> int:
        """Distinct events in the lake; fails where one stands twice."""
        events = self.lake.frame("events")
        assert events["event_id"].n_unique() == events.height
        return events.height


def api(service: Service, folder: Path) -> Api:
    made = Api(service, settings_of(folder / "var", tokens={"api": TOKEN}))
    made.maps()
    return made


def record(number: int, minute: int | None = None, what: str = "sent") -> Record:
    """A record that was changed in a minute of March 1, 2026."""
    minute = number if minute is None else minute
    return {
        "id": number, "what": what, "at": f"2026-03-{number % 28 + 1:02d}T10:00:00Z",
        "who": {"member": f"M{number % 40}", "kind": "x"}, "campaign": "flu-2026",
        "changed": f"2026-03-{1 + minute // 1440:02d}T{minute // 60 % 24:02d}:{minute % 60:02d}:00Z",
    }  # fmt: skip
