"""Charts as data: hatched parts, gaps that are no zero, axes from zero, and the colours of the theme."""

from __future__ import annotations

import json
import re
from pathlib import Path

from data.answer import Released, Status
from data.metrics import METRICS
from ui.figures import Bucket, trend
from ui.spark import spark
from ui.theme import DARK, LIGHT, palette

CSS = (Path(__file__).parents[2] / "assets" / "40-overview.css").read_text()
JS = (Path(__file__).parents[2] / "assets" / "filters.js").read_text()


def drawn(rates: list[Released], scheme: str = "light") -> dict:
    buckets = [Bucket(f"week {n}", n == 2) for n in range(3)]
    counts = [Released(value, Status.RELEASED, value) for value in (100, 120, 60)]
    return trend(buckets, (METRICS["delivered"], counts), (METRICS["message_click_rate"], rates), scheme)


TOLD = Released(0.05, Status.RELEASED, 5, 100)
HIDDEN = Released(None, Status.WITHHELD)


def test_a_partial_bucket_is_hatched_and_says_so() -> None:
    bars = drawn([TOLD, TOLD, TOLD])["data"][0]
    assert bars["marker"]["pattern"]["shape"] == ["", "", "/"]
    assert bars["customdata"] == ["100", "120", "60 (part of it)"]


def test_a_withheld_rate_is_a_gap_with_a_mark_and_never_a_zero() -> None:
    data = drawn([TOLD, HIDDEN, TOLD])["data"]
    assert data[1]["y"] == [0.05, None, 0.05]
    assert data[1]["connectgaps"] is False
    assert data[2]["x"] == ["week 1"]


def test_where_no_rate_is_reported_no_panel_is_drawn_for_it() -> None:
    absent = Released(None, Status.NOT_AVAILABLE)
    figure = drawn([absent] * 3)
    assert len(figure["data"]) == 1
    assert "yaxis2" not in figure["layout"]


def test_every_axis_starts_at_zero_and_none_shares_a_panel() -> None:
    layout = drawn([TOLD] * 3)["layout"]
    assert layout["yaxis"]["rangemode"] == layout["yaxis2"]["rangemode"] == "tozero"
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1]


def test_a_figure_is_small_and_has_the_colours_of_its_theme() -> None:
    text = json.dumps(drawn([TOLD] * 3, "dark"))
    assert len(text) < 5000
    assert palette("dark").accent in text
    assert palette("light").accent not in text


def test_channels_have_the_same_colour_in_tables_and_charts() -> None:
    for theme, colours in (("light", LIGHT), ("dark", DARK)):
        block = re.findall(rf'\[data-bs-theme="{theme}"\] {{([^}}]*--channel[^}}]*)}}', CSS)[0]
        assert dict(re.findall(r"--channel-(\w+): (#\w+)", block)) == colours.channels


def test_a_sparkline_breaks_where_a_value_is_missing_and_needs_two() -> None:
    assert spark([None, 3.0], "x") is None
    assert spark([0.0, 0.0], "x") is None
    broken = str(spark([1.0, 2.0, None, 4.0, 5.0], "x").style)
    assert broken.count("M") >= 4


def test_the_browser_leaves_out_the_same_defaults_as_the_server() -> None:
    from data.filters import Filters
    from data.periods import DEFAULT_PRESET

    assert f'period: "{DEFAULT_PRESET}"' in JS
    assert f'compare: "{Filters().compare}"' in JS
