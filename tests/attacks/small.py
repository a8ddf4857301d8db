"""Small tables made by hand, by the thousand, and what the rule of release tells of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import polars as pl

from data.release import Case, Clock, Terms, Told, release
from data.tables import COUNTS
from tests.attacks.holdings import Block, blocks_of

FIRST = 20_454  # 2026-01-01
MONTH = 202601
KEYS = ("kind", "campaign", "wave", "channel", "variant", "arm", "outcome", "slot")
NESTED = ("members_sent", "members_delivered", "members_engaged")
Line = Mapping[str, Any]
"""A cell: values by name of a key, an attribute or a count; a day counted from the first of the month."""


def case(
    lines: Iterable[Line],
    threshold: int,
    counts: tuple[str, ...] = NESTED,
    profile: str = "strict",
    pairs: tuple[tuple[str, str], ...] = (),
    inside: Mapping[str, str] | None = None,
    now_us: int = 1,
    through: int = FIRST + 400,
    outcomes: bool = False,
) -> Case:
    """Cells as a source of these counts alone would make them."""
    cells = pl.DataFrame([dict(line) for line in lines])
    attributes = [name for name in cells.columns if name.startswith("attribute ")]
    day = pl.col("day") if "day" in cells.columns else pl.lit(0)
    texts = [
        (
            pl.col(k) if k in cells.columns else pl.lit({"kind": "message", "channel": "email"}.get(k, ""))
        ).alias(k)
        for k in KEYS
    ]
    numbers = [
        (pl.col(c).fill_null(0) if c in cells.columns else pl.lit(0)).cast(pl.Int64).alias(c) for c in COUNTS
    ]
    made = cells.select(
        *texts,
        (day + FIRST).cast(pl.Int32).alias("day"),
        pl.lit(MONTH, pl.Int32).alias("month"),
        *numbers,
        *attributes,
    )
    where = made.select("campaign", "channel").unique()
    facts = pl.DataFrame({"fact": list(counts)})
    coverage = where.join(facts, how="cross").with_columns(origin=pl.lit("rows"))
    done = made.select("campaign", result=pl.lit(""), complete_day=pl.lit(through, pl.Int32)).unique()
    complete = done if outcomes else done.clear()
    return Case(
        made,
        [name.removeprefix("attribute ") for name in attributes],
        coverage,
        Terms(threshold, profile, pairs),
        Clock(through, complete),
        now_us,
        dict(inside or {}),
    )


def told(of: Case) -> list[Block]:
    """The blocks that the rule tells, one of all that read alike."""
    rows = release(of, Told.nothing()).released
    return alike(blocks_of(rows, of.cells, of.inside))


def alike(blocks: Iterable[Block]) -> list[Block]:
    found: dict[Any, Block] = {}
    for block in blocks:
        rows = [
            tuple(value for name, value in row.items() if name != "campaign")
            for row in sorted((r for own in block.rows.values() for r in own), key=str)
        ]
        met = tuple((view, tuple(sorted(pairs))) for view, pairs in sorted(block.met.items()))
        found.setdefault((str(rows), met), block)
    return list(found.values())


def tables(
    rows: int, columns: int, most: int, counts: int = 2, step: int = 1, start: int = 0
) -> Iterable[Line]:
    """Every table of two attributes with up to `most` members in each cell, and nested counts in them.

    Of all tables each `step`-th, from `start` on.
    """
    inner = [state for state in product(range(most + 1), repeat=counts) if list(state) == sorted(state)[::-1]]
    places = [(f"r{r}", f"c{c}") for r in range(rows) for c in range(columns)]
    every = product(inner, repeat=len(places))
    for number, states in enumerate(every):
        if number % step != start:
            continue
        for (row, column), state in zip(places, states, strict=True):
            yield {
                "campaign": f"t{number}",
                "attribute a": row,
                "attribute b": column,
                **dict(zip(NESTED, state, strict=False)),
            }


OF_ARMS = ("assigned", "with_outcome")


def arms(most: int, attributes: int = 2, step: int = 1, start: int = 0) -> Iterable[Line]:
    """Members of two arms with attributes of two values each, and with an outcome: every `step`-th of all
    tables with up to `most` members in each cell."""
    inner = [(whole, part) for whole in range(most + 1) for part in range(whole + 1)]
    places = list(product(("Text", "Held out"), *([("x", "y")] * attributes)))
    for number in range(start, len(inner) ** len(places), step):
        left = number
        for arm, *values in places:
            left, state = divmod(left, len(inner))
            yield {
                "campaign": f"a{number}", "kind": "assignment", "channel": "", "arm": arm,
                **{f"attribute {chr(97 + n)}": value for n, value in enumerate(values)},
                **dict(zip(OF_ARMS, inner[state], strict=True)),
            }  # fmt: skip


def scheduled(most: int, step: int = 1, start: int = 0) -> Iterable[Line]:
    """Two or three waves on some of four days, two of them in one week: every table of counts."""
    days, waves = (0, 4, 9, 16), ("w1", "w2", "w3")
    inner = [state for state in product(range(most + 1), repeat=2) if state[1] <= state[0]]
    calendars = [
        ((0, 0), (0, 1), (1, 2)), ((0, 0), (1, 0), (1, 1)), ((0, 0), (0, 1), (1, 1), (1, 2)),
        ((0, 0), (1, 1), (1, 2), (2, 2)), ((0, 0), (0, 1), (1, 0), (1, 1)), ((0, 0), (1, 2), (2, 3)),
        ((0, 0), (0, 2), (1, 1), (1, 3)), ((0, 0), (1, 0), (1, 2), (2, 3)),
    ]  # fmt: skip
    for calendar, met in enumerate(calendars):
        for number, states in enumerate(product(inner, repeat=len(met))):
            if number % step != start:
                continue
            for (wave, day), state in zip(met, states, strict=True):
                yield {
                    "campaign": f"s{calendar}-{number}", "wave": waves[wave], "day": days[day],
                    # The calendar is read off the messages sent; these tables are of members alone.
                    "sent": 1, **dict(zip(NESTED, state, strict=False)),
                }  # fmt: skip


def nested_values(most: int, step: int = 1, start: int = 0) -> Iterable[Line]:
    """Four counties in two regions, with two nested counts."""
    inner = [state for state in product(range(most + 1), repeat=2) if state[1] <= state[0]]
    places = (("c1", "r1"), ("c2", "r1"), ("c3", "r2"), ("c4", "r2"))
    for number, states in enumerate(product(inner, repeat=len(places))):
        if number % step != start:
            continue
        for (county, region), state in zip(places, states, strict=True):
            yield {
                "campaign": f"n{number}", "attribute county": county, "attribute region": region,
                **dict(zip(NESTED, state, strict=False)),
            }  # fmt: skip
