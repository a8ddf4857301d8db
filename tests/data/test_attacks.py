"""The attacks on the rule itself: small tables, histories, and the rule with one part taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module

import polars as pl
import pytest

from data.release import Told, quantities, release, standing, times, values, views
from data.release.quantities import Quantity
from tests.attacks import joint, lp, plain
from tests.attacks.holdings import Block, blocks_of
from tests.attacks.small import NESTED, OF_ARMS, arms, case, nested_values, scheduled, tables, told
from tests.attacks.snapshots import histories, steps

TWO = NESTED[:2]
SMALL, USUAL = 3, 11
SECRET: frozenset[str] = frozenset()

CASES: dict[str, Callable[[int], tuple[list[Block], tuple[str, ...]]]] = {
    "two by two": lambda n: (told(case(tables(2, 2, 4, 2, 211 * n, 3), SMALL, TWO)), ("a", "b")),
    "two by three": lambda n: (told(case(tables(2, 3, 4, 2, 40_009 * n, 5), SMALL, TWO)), ("a", "b")),
    "three nested": lambda n: (told(case(tables(2, 2, 4, 3, 4_001 * n, 7), SMALL, NESTED)), ("a", "b")),
    "three by three": lambda n: (told(case(tables(3, 3, 5, 1, 40_009 * n, 9), SMALL, TWO[:1])), ("a", "b")),
    "a calendar": lambda n: (told(case(scheduled(5, 1_499 * n), SMALL, TWO)), ("operations", "wave")),
    "counties": lambda n: (
        told(case(nested_values(5, 797 * n), SMALL, TWO, inside={"county": "region"})),
        ("county", "region"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_no_small_table_gives_a_small_number_away(name: str) -> None:
    blocks, cuts = CASES[name](1)
    whole = joint.attack(blocks, SMALL, cuts, SECRET, exact=True)
    assert whole.blocks > 100
    assert whole.targets > 2_000
    assert (whole.found, whole.impossible) == ([], 0)
    by_views = lp.attack(blocks, SMALL, SECRET)
    assert by_views.found == []


@pytest.mark.parametrize(
    ("rows", "columns", "step"), [(2, 2, 1_499), (2, 3, 700_001)], ids=["two by two", "two by three"]
)
def test_no_table_of_a_named_pair_gives_a_small_number_away(rows: int, columns: int, step: int) -> None:
    blocks = told(case(tables(rows, columns, 5, 2, step), SMALL, TWO, pairs=(("a", "b"),)))
    assert any("a|b" in block.rows for block in blocks)
    found = lp.attack(blocks, SMALL, SECRET)
    assert found.blocks > 100
    assert found.found == []


ARMED = ("arm", "a", "b")


@pytest.mark.parametrize("pairs", [(), (("a", "b"),)], ids=["no pair", "a pair"])
def test_no_attribute_told_with_arms_gives_a_small_number_away(pairs: tuple[tuple[str, str], ...]) -> None:
    blocks = told(case(arms(5, 2, 75_660_141), SMALL, OF_ARMS, pairs=pairs, outcomes=True))
    views = {view for block in blocks for view in block.rows}
    assert {"arm|b", "a|b"} <= views if pairs else {"a|arm", "arm|b"} <= views
    whole = joint.attack(blocks, SMALL, ARMED, SECRET, exact=True)
    assert (whole.found, whole.impossible) == ([], 0)
    assert whole.targets > 30_000
    assert lp.attack(blocks, SMALL, SECRET).found == []


def test_tables_in_a_circle_would_give_single_cells_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arm with a, a with b, b with arm: why one attribute of a pair alone is told with arms."""
    everything = import_module("data.release.views")
    monkeypatch.setattr(everything, "with_arms", lambda names, *_: sorted(names))
    blocks = told(case(arms(5, 2, 63_050_117, 7), SMALL, OF_ARMS, pairs=(("a", "b"),), outcomes=True))
    assert {"a|arm", "arm|b", "a|b"} <= {view for block in blocks for view in block.rows}
    assert joint.attack(blocks, SMALL, ARMED, SECRET, exact=True).found


@pytest.mark.parametrize(
    ("pairs", "inside", "chosen"),
    [
        ((), {}, ["county", "region", "segment", "sex"]),
        ((("region", "segment"),), {}, ["county", "segment", "sex"]),
        ((), {"county": "region"}, ["region", "segment", "sex"]),
        ((("county", "segment"), ("segment", "sex")), {"county": "region"}, ["sex"]),
        ((("region", "absent"),), {}, ["county", "region", "segment", "sex"]),
    ],
)
def test_of_attributes_that_tables_bind_one_alone_is_told_with_arms(
    pairs: tuple[tuple[str, str], ...], inside: dict[str, str], chosen: list[str]
) -> None:
    told_with = import_module("data.release.views").with_arms
    assert told_with(["county", "region", "segment", "sex"], pairs, inside) == chosen


def test_looking_at_the_rows_finds_what_driving_to_both_ends_finds() -> None:
    """The fast way and the thorough way agree, where there is something to find."""
    lines = list(tables(2, 2, 4, 2, 997))
    every = case(lines, 1, TWO)
    blocks = blocks_of(release(every, Told.nothing()).released)
    fast = joint.attack(blocks, SMALL, ("a", "b"), SECRET)
    thorough = joint.attack(blocks, SMALL, ("a", "b"), SECRET, exact=True)
    assert fast.found
    assert sorted(fast.found) == sorted(thorough.found)


@pytest.mark.parametrize("early", [0, 2])
def test_no_figure_moves_by_a_few_from_one_snapshot_to_the_next(early: int) -> None:
    assert steps(100, 5, USUAL, seed=3 + early, early=early) == []


def findings(threshold: int = USUAL) -> dict[str, list[str]]:
    """Everything that the attacks find on random campaigns, by kind."""
    of = case(next(histories(60, 1, 11)), threshold)
    blocks = blocks_of(release(of, Told.nothing()).released)
    return {
        "stated": list(plain.stated(blocks, threshold, SECRET)),
        "derived": lp.attack(blocks, threshold, SECRET).found,
        "narrow": list(plain.narrow(blocks, of.cells, views(of.attributes, ()), threshold)),
        "unnested": list(plain.unnested(blocks, SECRET)),
        "moved": steps(30, 4, threshold, seed=5),
    }


def test_the_whole_rule_leaves_nothing_to_find() -> None:
    assert findings() == {"stated": [], "derived": [], "narrow": [], "unnested": [], "moved": []}


def _no_pools(
    groups: pl.LazyFrame, _columns: list[str], own: list[str], _count: str, _threshold: int
) -> pl.LazyFrame:
    return groups.select(*own, "start", pool=pl.col("start"))


def _itself(count: str, _columns: object) -> list[Quantity]:
    return [Quantity(count, count)]


def _always(*_given: object, **_more: object) -> pl.Expr:
    return pl.lit(True)


def _apart(frame: pl.DataFrame, _groupings: list[str], _block: list[str]) -> pl.DataFrame:
    return frame.with_columns(start=pl.col("place"))


MUTATIONS: dict[str, tuple[list[tuple[object, str, object]], set[str]]] = {
    "pooling": ([(values, "_pools", _no_pools)], {"stated", "derived"}),
    "difference check": (
        [(quantities, "quantities_of", _itself), (times, "quantities_of", _itself)],
        {"stated", "derived"},
    ),
    "width rule": ([(quantities, "_wide", _always)], {"narrow"}),
    "hold rule": ([(standing, "apart", _always), (times, "changed_enough", _always)], {"moved"}),
    "join check": ([(values, "joined", _apart)], {"unnested"}),
}


def forget() -> None:
    """Expressions are kept once they are made; those of a rule with a part taken out are another's."""
    for room in (quantities, times):
        for one in vars(room).values():
            if hasattr(one, "cache_clear"):
                one.cache_clear()


@pytest.fixture
def afresh() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.mark.usefixtures("afresh")
@pytest.mark.parametrize("part", MUTATIONS)
def test_each_part_of_the_rule_is_missed_when_it_is_taken_out(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, kinds = MUTATIONS[part]
    for room, name, instead in places:
        monkeypatch.setattr(room, name, instead)
    found = findings()
    assert {kind for kind in kinds if found[kind]} == kinds
