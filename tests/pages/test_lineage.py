"""Volumes and lineage on the Data page: what is told, in what words, and what of it is left out."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest

from callbacks import data_trace
from config.permissions import PERMISSIONS, Role
from data.catalogue import catalogue
from data.cubes import Cubes
from data.periods import day_number
from data.viewer import Scope, Viewer
from pages import data_lineage, data_volumes
from pages.data_page import layout
from pages.data_questions import View, WholePlan
from pages.registry import TABLES
from pages.table import ListTable
from tests.drawn import compact

LIMIT = 20_000


@pytest.fixture
def analyst() -> Viewer:
    return Viewer("an analyst", Role.ANALYST, frozenset(PERMISSIONS[Role.ANALYST]))


@pytest.fixture
def narrow(analyst: Viewer) -> Viewer:
    return Viewer("one", analyst.role, analyst.permissions, Scope(lines=frozenset({"Medicaid"})))


def rows(name: str, viewer: Viewer, cubes: Cubes, **query: str) -> list[dict[str, object]]:
    table = TABLES["data"][name]
    assert isinstance(table, ListTable)
    found = table.listing(viewer, cubes, query)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_a_figure_is_followed_to_files_with_their_checksums(cubes: Cubes, analyst: Viewer) -> None:
    given = {"of": "delivered", "of_campaign": "flu-2026-ma", "of_channel": "email"}
    asked = data_lineage.asked(given, analyst, cubes)
    assert asked is not None
    panel = compact(data_lineage.trace(asked, View(), analyst, cubes))
    known = {row["load_id"]: row for row in catalogue(cubes).loads.iter_rows(named=True)}
    found = rows("lineage", analyst, cubes, **given)
    assert found
    for row in found:
        load = known[row["load_id"]]
        assert (row["sha256"], row["mapping_sha256"]) == (load["sha256"], load["mapping_sha256"])
        assert load["source"] == "sample_email"
        assert load["sha256"] in panel
    for model in ("messages", "message_cells"):
        assert f'"{model}"' in panel
    assert f"snapshot {cubes.snapshot.number}" in panel or f"{cubes.snapshot.number}, published" in panel
    assert len(panel) <= LIMIT


@pytest.mark.parametrize(
    "given",
    [{}, {"of": "nothing"}, {"of": "delivered"}, {"of": "delivered", "of_campaign": "no-such"},
     {"of": 5, "of_campaign": []}],
)  # fmt: skip
def test_what_cannot_be_traced_is_said(given: dict[str, object], cubes: Cubes, analyst: Viewer) -> None:
    assert data_lineage.asked(given, analyst, cubes) is None
    assert "Nothing is published of it" in compact(data_lineage.trace(None, View(), analyst, cubes))


@pytest.mark.parametrize("month", ["202613", "²", "9" * 30, "000000", "-1"])
def test_a_month_that_is_none_is_left_out(month: str, cubes: Cubes, analyst: Viewer) -> None:
    given = {"of": "delivered", "of_campaign": "flu-2026-ma", "of_month": month}
    asked = data_lineage.asked(given, analyst, cubes)
    assert asked is not None
    assert asked.month == 0


def test_a_load_is_followed_to_the_campaigns_that_it_told_of(cubes: Cubes, analyst: Viewer) -> None:
    email = next(
        row["seq"] for row in catalogue(cubes).loads.iter_rows(named=True) if row["source"] == "sample_email"
    )
    panel = compact(data_lineage.touched(str(email), View(), analyst, cubes))
    assert re.search(r"told of \d+ campaigns", panel)
    found = rows("touched", analyst, cubes, load=str(email))
    assert {row["channel"] for row in found} == {"email"}
    assert not {"behind", "rows"} & set(found[0])
    assert "There is no such load" in compact(data_lineage.touched("nothing", View(), analyst, cubes))


def test_volumes_name_the_number_what_is_usual_and_the_day(cubes: Cubes, analyst: Viewer) -> None:
    found = data_volumes.all_of(analyst, cubes)
    assert {"sample_email", "sample_sms"} <= {one.source for one in found}
    panel = compact(data_volumes.panel_of(None, analyst, cubes, "light"))
    odd = [one for one in found if one.days[-1].flag]
    for one in odd:
        assert data_volumes.range_of(one.days[-1]) in panel
    if odd:
        assert data_volumes.title(found).startswith(f"{odd[0].source} is {odd[0].days[-1].flag} on ")
    table = compact(data_volumes.days_of(found[0].key, analyst, cubes))
    assert table.count('"scope":"row"') == len(found[0].days)
    listed = rows("volumes", analyst, cubes)
    assert len(listed) == sum(len(one.days) for one in found)


def test_volumes_of_messages_are_the_released_sums(cubes: Cubes, analyst: Viewer) -> None:
    from data.filters import Filters
    from data.measure import measure
    from data.periods import Period, day_date

    email = next(
        one for one in data_volumes.all_of(analyst, cubes) if one.key == "sample_email|messages sent"
    )
    for day in email.days[-7:]:
        period = Period("custom", day_date(day.day), day_date(day.day))
        told = measure(["sent"], (), Filters(period, "none", channel=("email",)), analyst, cubes).one("sent")
        assert day.number == told.value


def test_a_viewer_of_a_part_sees_nothing_of_the_plan(cubes: Cubes, narrow: Viewer) -> None:
    for wire in data_trace.wires.recorded:
        if callable(wire.function):
            given = [None] * (len(wire.ends) - 1)
            assert not wire.function(narrow, cubes, *given)
    for name in ("lineage", "touched", "volumes"):
        with pytest.raises((WholePlan, LookupError)):
            rows(name, narrow, cubes)
    assert "data-of-metric" not in compact(layout(narrow, cubes))


@pytest.mark.parametrize(("profile", "expected"), [("default", [None, 500, 0]), ("strict", [None, None, 0])])
def test_no_day_is_called_empty_that_something_withheld_may_lie_on(
    profile: str, expected: list[int | None]
) -> None:
    first = day_number(date(2026, 10, 30))
    made = SimpleNamespace(through=first + 2, snapshot=SimpleNamespace(terms={"profile": profile}))
    days = {first: 0, first + 1: 500, first + 2: 0}
    told = data_volumes._without_false_zeros(days, {202610}, made)  # type: ignore[arg-type]
    assert list(told.values()) == expected
