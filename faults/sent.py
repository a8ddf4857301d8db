"""What is sent, and the figures that must come of it: counted in plain Python, by no model of the lake."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from data.snapshot import Lake

STAGES = ("sent", "delivered", "clicked")
CAMPAIGNS, CHANNELS, DAYS = 4, ("email", "sms", "push"), 20
# The middle of a day, wherever the plan's zone is.
BEGIN = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
Event = dict[str, Any]
Figures = dict[tuple[str, str, int], tuple[int, ...]]


def events(rng: random.Random, first: int, messages: int) -> list[Event]:
    """The events of some messages, numbered from `first`: each sent, most delivered, some clicked."""
    made = []
    for number in range(first, first + messages):
        at = BEGIN + timedelta(days=rng.randrange(DAYS), minutes=rng.randrange(60))
        campaign, channel = f"campaign-{rng.randrange(CAMPAIGNS)}", rng.choice(CHANNELS)
        for place, stage in enumerate(STAGES[: 1 + (rng.random() < 0.9) + (rng.random() < 0.3)]):
            made.append(
                {
                    "id": f"{number}-{stage}",
                    "event": stage,
                    "at": (at + timedelta(seconds=10 * place)).isoformat().replace("+00:00", "Z"),
                    "member": f"M{number % 5000}",
                    "message_id": f"m{number}",
                    "campaign": campaign,
                    "channel": channel,
                }
            )
    return made


@dataclass
class Truth:
    """Every event that was acknowledged, once; figures of them by campaign, channel and day of sending."""

    known: dict[str, Event] = field(default_factory=dict)

    def add(self, several: Iterable[Event]) -> None:
        self.known.update((one["id"], one) for one in several)

    def figures(self) -> Figures:
        """(campaign, channel, day number) -> messages sent, delivered, clicked."""
        messages: dict[str, dict[str, Event]] = {}
        for one in self.known.values():
            messages.setdefault(one["message_id"], {})[one["event"]] = one
        found: dict[tuple[str, str, int], list[int]] = {}
        for stages in messages.values():
            first = stages["sent"]
            day = (datetime.fromisoformat(first["at"]).date() - datetime(1970, 1, 1).date()).days
            counts = found.setdefault((first["campaign"], first["channel"], day), [0] * len(STAGES))
            for place, stage in enumerate(STAGES):
                counts[place] += stage in stages
        return {key: tuple(counts) for key, counts in found.items()}


def published(lake: Lake) -> Figures:
    """The same figures as the last snapshot has them."""
    last = lake.latest()
    if not last.number:
        return {}
    cells = lake.frame("cells", last.versions["cells"]).filter(pl.col("kind") == "message")
    sums = cells.group_by("campaign", "channel", "day").agg(pl.col(*STAGES).sum())
    return {
        (campaign, channel, day): tuple(counts)
        for campaign, channel, day, *counts in sums.select("campaign", "channel", "day", *STAGES).iter_rows()
        if any(counts)
    }


def stored(lake: Lake) -> tuple[int, int]:
    """Events that the lake holds, and how many of them stand more than once."""
    ids = lake.frame("events")["event_id"]
    return ids.n_unique(), ids.len() - ids.n_unique()


def differing(ours: Figures, theirs: Figures) -> int:
    """How many places have other figures."""
    return sum(ours.get(key) != theirs.get(key) for key in ours.keys() | theirs.keys())


def shuffled(rng: random.Random, several: Sequence[Event], again: float) -> list[Event]:
    """The events in another order, a share of them twice."""
    twice = rng.sample(several, round(again * len(several)))
    mixed = [*several, *twice]
    rng.shuffle(mixed)
    return mixed
