"""Pages, wires, clocks and colours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dash import Dash, Input, Output, html

from config.permissions import Permission
from config.vocabulary import CHANNELS
from data.snapshot import NOTHING_PUBLISHED, Snapshot
from state.store import Store
from ui import faces, theme
from ui.clocks import UNKNOWN, clock_words, moment
from ui.page import Page, parse_query
from ui.wires import Wires


@pytest.mark.parametrize(
    ("search", "query"),
    [
        ("?period=last_30&channel=sms%2Cemail", {"period": "last_30", "channel": "sms,email"}),
        ("?a=1&a=2", {"a": "2"}),
        ("", {}),
        (None, {}),
        ({"a": 1}, {}),
        ("?" + "&".join(f"a{n}=1" for n in range(101)), {}),
    ],
)
def test_an_address_becomes_text_by_name(search: object, query: dict[str, str]) -> None:
    assert parse_query(search) == query


def wires() -> Wires:
    return Wires(
        Page("odd", "/", "Odd", Permission.VIEW_DATA, lambda _viewer, _cubes, /, **_query: html.Div())
    )


def test_a_recorded_callback_stays_the_plain_function_it_was() -> None:
    def add(viewer: Any, cubes: Any, value: int) -> tuple[Any, Any, int]:
        return viewer, cubes, value + 1

    recorded = wires().callback(Output("a", "children"), Input("b", "value"))(add)
    assert recorded is add
    assert recorded("viewer", "cubes", 1) == ("viewer", "cubes", 2)


def test_attaching_returns_what_each_output_needs() -> None:
    made = wires()
    made.callback(Output("a", "children"), Input("b", "value"))(lambda *_: "")
    made.callback(Output("c", "data"), Input("b", "value"), needs=Permission.EXPORT)(lambda *_: "")
    made.clientside("function(x) { return x; }", Output("d", "children"), Input("b", "value"))
    for _ in range(2):
        needed = made.attach(Dash("test", pages_folder="", add_log_handler=False), lambda: (None, None))  # type: ignore[arg-type, return-value]
        assert needed == {
            "a.children": {Permission.VIEW_DATA},
            "c.data": {Permission.VIEW_DATA, Permission.EXPORT},
            "d.children": {Permission.VIEW_DATA},
        }


def test_a_callback_that_asks_for_the_store_gets_it_third(tmp_path: Path) -> None:
    made, store, got = wires(), Store(f"sqlite:///{tmp_path / 'state.db'}"), []

    def remember(*values: Any) -> str:
        got.append(values)
        return ""

    made.callback(Output("a", "children"), Input("b", "value"), store=True)(remember)
    made.callback(Output("c", "children"), Input("b", "value"))(remember)
    dashboard = Dash("test", pages_folder="", add_log_handler=False)
    made.attach(dashboard, lambda: ("viewer", "cubes"), store)  # type: ignore[arg-type, return-value]
    for spec in dashboard.callback_map.values():
        spec["callback"].__wrapped__("value")
    assert got == [("viewer", "cubes", store, "value"), ("viewer", "cubes", "value")]


def test_clocks_are_told_in_the_zone_they_were_published_for() -> None:
    clocks = {
        "outreach_through_us": 1_795_197_900_000_000,
        "outcomes_through": {"test": 20000, "visit": 19999},
    }
    words = dict(clock_words(Snapshot(number=1, clocks=clocks, terms={"zone": "America/New_York"})))
    assert words == {
        "Outreach through": "20 Nov 2026, 13:05",
        "Outcomes complete through": "3 Oct 2024",
        "Last load": UNKNOWN,
    }
    assert moment(1_795_197_900_000_000, "UTC") == "20 Nov 2026, 18:05"


def test_before_the_first_publish_there_are_no_clocks() -> None:
    assert clock_words(NOTHING_PUBLISHED) == []


def test_the_faces_of_nothing_do_not_look_alike() -> None:
    shown = [faces.no_data(), faces.withheld(), faces.not_available(), faces.failed("abc")]
    assert len({face.className for face in shown}) == len({str(face.children[0]) for face in shown}) == 4


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        lin = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK])
def test_colours_can_be_read_on_their_ground(palette: theme.Palette) -> None:
    assert set(palette.channels) == {channel.name for channel in CHANNELS}
    for colour in (palette.ink, palette.quiet, palette.better, palette.worse, palette.notice, palette.accent):
        assert contrast(colour, palette.card) >= 4.5, colour
    for channel, colour in palette.channels.items():
        assert contrast(colour, palette.card) >= 3, channel


def test_only_a_known_scheme_is_believed() -> None:
    assert [theme.scheme_of(value) for value in ("dark", "light", None, "<script>", 7)] == [
        "dark",
        *["light"] * 4,
    ]
