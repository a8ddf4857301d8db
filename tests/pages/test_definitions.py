"""Definitions: every metric and dimension is there in its own words, and what is said of its use is true."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from dash._utils import to_json

from callbacks.definitions import TOGETHER, wires
from config.permissions import PERMISSIONS, Role
from config.settings import Settings
from data import words as told
from data.cubes import Cubes, Shelf
from data.dictionary import metrics_page
from data.dimensions import DIMENSIONS
from data.filters import Filters
from data.metrics import DEFINED, DEFINITIONS_VERSION, METRICS
from data.periods import Period
from data.snapshot import Lake
from data.viewer import EVERYTHING, Scope, Viewer
from pages import usage
from pages.definitions import PAGE, PARTS, entries, layout, part_of
from pages.definitions_lists import COLUMNS, TABLES
from pages.registry import TABLES as EVERY_TABLE
from pages.table import Table
from tests.drawn import words


@pytest.fixture
def shown(cubes: Cubes, manager: Viewer) -> dict[str, str]:
    """Every entry by its id, as one text."""
    return {entry.id: words(entry) for group in told.GROUPS for entry in entries(group, manager, cubes)}


def whole(viewer: Viewer, cubes: Cubes) -> str:
    """The page with all its parts."""
    return words([layout(viewer, cubes), *(part_of(part, viewer, cubes) for part in PARTS)])


def test_every_metric_stands_on_the_page_once_in_its_own_words(shown: dict[str, str]) -> None:
    assert set(shown) == {f"metric-{name}" for name in METRICS}
    for name, metric in METRICS.items():
        said = shown[f"metric-{name}"]
        for part in (metric.label, metric.meaning, metric.formula, name, told.adds_up(metric)):
            assert json.dumps(part, ensure_ascii=False)[1:-1] in said
        assert (told.WEAK in said) == metric.weak


def test_every_group_has_metrics_and_every_dimension_and_word_is_there(cubes: Cubes, manager: Viewer) -> None:
    assert {told.group_of(metric) for metric in METRICS.values()} == set(told.GROUPS)
    said = whole(manager, cubes)
    for dimension in (*DIMENSIONS.values(), *(cubes.dimension(name) for name in cubes.attributes)):
        assert f'"{dimension.name}"' in said
        assert dimension.meaning
        assert json.dumps(dimension.meaning, ensure_ascii=False) in said
    for listed in (told.CLOCKS, told.FACES, told.GLOSSARY):
        for name, text in listed.items():
            assert name in said
            assert json.dumps(text, ensure_ascii=False) in said


def test_the_terms_in_force_are_those_of_the_snapshot(cubes: Cubes, manager: Viewer) -> None:
    assert f"at least {cubes.snapshot.terms['threshold']} members" in whole(manager, cubes)
    strict = {"threshold": 20, "profile": "strict"}
    assert "at least 20 members" in " ".join(told.release_words(strict))
    assert "strict" in told.sensitivity_words(METRICS["sent"], strict)
    assert "strict" not in told.sensitivity_words(METRICS["sent"], cubes.snapshot.terms)
    assert told.sensitivity_words(METRICS["click_rate"], strict).startswith("Member metric")
    assert f"Definitions version {DEFINITIONS_VERSION}, in force since snapshot" in words(
        layout(manager, cubes)
    )


def test_what_is_said_of_use_is_what_the_tables_answer(cubes: Cubes) -> None:
    found = usage.used_by(cubes)
    assert {page for uses in found.values() for page, _ in uses} <= set(usage.PAGES)
    assert ("compare", "Since launch") in found["members_clicked"]
    filters = Filters(period=Period("all_time"))
    for page, offered in EVERY_TABLE.items():
        for table in offered.values():
            if page != "overview" or not isinstance(table, Table):
                continue
            for metric in table.answer(filters, EVERYTHING, cubes, {}).metrics:
                assert (page, table.title) in found[metric]
    assert all(name in DEFINED for name in found)
    unused = [name for name in METRICS if name not in found]
    assert "bounced_soft" in unused
    assert "click_rate" not in unused


def test_every_page_with_tables_is_known_by_its_title() -> None:
    pages = {
        page for page, offered in EVERY_TABLE.items() if any(isinstance(t, Table) for t in offered.values())
    }
    assert pages <= set(usage.PAGES)


def test_a_page_out_of_the_viewers_reach_is_not_named(cubes: Cubes, manager: Viewer) -> None:
    uses = usage.used_by(cubes)["unlinked"]
    analyst = replace(manager, permissions=frozenset(PERMISSIONS[Role.ANALYST]))
    assert usage.uses_words(uses, analyst)
    assert usage.uses_words(uses, manager) == []


def test_attributes_out_of_scope_are_not_named(cubes: Cubes, manager: Viewer) -> None:
    nothing = replace(manager, scope=Scope(programs=frozenset({"nothing"})))
    assert cubes.attributes

    def named(viewer: Viewer) -> list[str]:
        said = whole(viewer, cubes)
        return [name for name in cubes.attributes if f'"children": "{name}"}}, "type": "Code"' in said]

    assert named(nothing) == []
    assert named(manager) == cubes.attributes


def test_the_file_has_a_row_per_metric(cubes: Cubes, manager: Viewer) -> None:
    listing = TABLES[0].listing(manager, cubes, {})
    assert listing.columns == COLUMNS
    assert [row[1] for row in listing.rows] == list(METRICS)
    assert all(len(row) == len(COLUMNS) for row in listing.rows)
    rate = dict(zip(COLUMNS, listing.rows[list(METRICS).index("click_rate")], strict=True))
    assert (rate["numerator"], rate["denominator"]) == ("members_clicked", "members_delivered")
    assert "Compare: Side by side" in str(rate["used_by"])


def test_the_docs_say_the_same(shown: dict[str, str]) -> None:
    page = metrics_page()
    for metric in METRICS.values():
        assert f"| `{metric.name}` {metric.label} | {metric.meaning}" in page
        assert told.adds_up(metric) in page
    for text in (*told.GLOSSARY.values(), *told.CLOCKS.values(), *told.FACES.values()):
        assert text in page


def test_every_answer_is_short(cubes: Cubes, manager: Viewer) -> None:
    analyst = replace(manager, permissions=frozenset(PERMISSIONS[Role.ANALYST]))
    sizes = {part: len(to_json(part_of(part, analyst, cubes))) for part in PARTS}
    assert max(sizes.values()) <= 14_500, sizes
    assert len(to_json(layout(analyst, cubes))) <= 23_000


def test_an_empty_lake_has_its_definitions_too(settings: Settings, manager: Viewer) -> None:
    empty = Shelf(Lake(settings.lake)).current()
    assert "nothing has been published yet" in words(layout(manager, empty))
    assert len(entries("delivery", manager, empty)) == len(
        [metric for metric in METRICS.values() if told.group_of(metric) == "delivery"]
    )
    assert wires.page is PAGE


def test_every_part_comes_in_one_answer() -> None:
    assert sorted(part for parts in TOGETHER for part in parts) == sorted(PARTS)
