"""Counts the messages of a day by campaign, channel and stage: each once, whoever reports it."""

from __future__ import annotations

import numpy as np
import polars as pl

from config.vocabulary import EVENTS
from data.identify import mixed
from data.live import ENDED, LIVE_STAGES, NOT_DELIVERED, Cell
from data.release.held import Held
from etl.live.known import Ints, Known

HAPPENED: dict[str, type[pl.DataType]] = {
    "message": pl.Int64,
    "event": pl.String,
    "machine": pl.Boolean,
    "person": pl.Int64,
    "campaign": pl.String,
    "channel": pl.String,
}
"""What a tally takes: one row per event of a message; `person` is a pseudonym."""
BY_MACHINES = ("opened", "clicked")
_STAGES = pl.DataFrame(
    [
        (event.name, LIVE_STAGES.index(shown))
        for event in EVENTS
        for shown in dict.fromkeys(NOT_DELIVERED if stage in ENDED else stage for stage in event.stages)
        if shown in LIVE_STAGES
    ],
    schema={"event": pl.String, "stage": pl.Int64},
    orient="row",
)
GOLDEN = 0x9E3779B97F4A7C15
Place = tuple[str, str, int]


class Tally:
    """The counts of one day. A message's campaign and person are known from any event that named them."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.cells: dict[Place, Held] = {}
        self._counted = Known()
        self._messages = Known(width=3)
        self._places: dict[tuple[str, str], int] = {}
        self._touched: set[Place] = set()

    def add(self, happened: pl.DataFrame) -> None:
        """Count what `happened`; what was counted before changes nothing."""
        if happened.is_empty():
            return
        self._learn(happened)
        rows = (
            self._placed(happened)
            .join(_STAGES, on="event")
            .filter(~(pl.col("event").is_in(BY_MACHINES) & pl.col("machine").fill_null(False)))
        )
        key = _key(rows["message"].to_numpy(), rows["stage"].to_numpy())
        rows = rows.with_columns(pl.Series("key", key)).unique("key", keep="first", maintain_order=True)
        fresh = ~self._counted.find(rows["key"].to_numpy())[0]
        self._counted.add(rows["key"].to_numpy()[fresh])
        self._count(rows.filter(pl.Series(fresh)))

    def _count(self, rows: pl.DataFrame) -> None:
        moved = rows.group_by("campaign", "channel", "stage").agg(
            pl.len(), pl.col("person").unique().head(self.threshold)
        )
        for campaign, channel, stage, events, people in moved.iter_rows():
            place = (campaign, channel, stage)
            self.cells.setdefault(place, Held()).add(events, people, self.threshold)
            self._touched.add(place)

    def tell(self, now_us: int) -> bool:
        """Tell what may be told of what was counted since; returns whether anything told has moved."""
        moved = [self.cells[place].tell(self.threshold, now_us) for place in self._touched]
        self._touched.clear()
        return any(moved)

    def carry(self, told: tuple[Cell, ...]) -> None:
        """Go on from what an earlier process told of the same day; who moved it is not known any more."""
        for one in told:
            held = self.cells.setdefault((one.campaign, one.channel, LIVE_STAGES.index(one.stage)), Held())
            held.told, held.moved_us = one.told, one.moved_us
            held.waiting.clear()

    def _learn(self, happened: pl.DataFrame) -> None:
        named = happened.filter(pl.col("campaign").is_not_null()).unique("message", keep="first")
        keys = named["message"].to_numpy()
        fresh = ~self._messages.find(keys)[0]
        if not fresh.any():
            return
        named = named.filter(pl.Series(fresh))
        pairs = named.select("campaign", pl.col("channel").fill_null("")).rows()
        codes = [self._places.setdefault(pair, len(self._places)) for pair in pairs]
        person = named["person"]
        values = (codes, person.fill_null(0).to_numpy(), person.is_not_null().to_numpy())
        self._messages.add(keys[fresh], np.column_stack([np.asarray(one, np.int64) for one in values]))

    def _placed(self, happened: pl.DataFrame) -> pl.DataFrame:
        """The rows with a campaign and a person, where any event of their message named them."""
        unknown = happened["campaign"].is_null() | happened["person"].is_null()
        whole = happened.filter(~unknown)
        parts = happened.filter(unknown)
        if not parts.is_empty():
            found, values = self._messages.find(parts["message"].to_numpy())
            places = [*self._places, ("", "")]
            codes = np.where(found, values[:, 0], len(places) - 1)
            told = pl.DataFrame([places[code] for code in codes.tolist()], ["a", "b"], orient="row")
            person = pl.select(
                pl.when(pl.Series(values[:, 2] == 1)).then(pl.Series(values[:, 1]))
            ).to_series()
            campaign, channel = (told[name].replace("", None) for name in ("a", "b"))
            parts = parts.with_columns(
                pl.coalesce("campaign", campaign).alias("campaign"),
                pl.coalesce("channel", channel).alias("channel"),
                pl.coalesce("person", person).alias("person"),
            )
        every = pl.concat((whole, parts))
        return every.with_columns(pl.col("campaign", "channel").fill_null(""))


def _key(message: Ints, stage: Ints) -> Ints:
    """One number for a message and a stage."""
    apart = (stage.view(np.uint64) + np.uint64(1)) * np.uint64(GOLDEN)
    return mixed(message.view(np.uint64) + apart)
