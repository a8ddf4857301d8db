"""Rules that every style sheet of ours keeps."""

from __future__ import annotations

import re

import pytest

from app.files import ASSETS
from ui.theme import DARK, LIGHT, paper

OURS = sorted(file for file in ASSETS.glob("[0-9][0-9]-*.css") if not file.name.startswith("00-"))


@pytest.mark.parametrize("sheet", OURS, ids=lambda file: file.name)
def test_rules_of_width_are_for_screens_alone(sheet: object) -> None:
    """On paper the sheet is narrow, and print.js measures on a screen: both must see the same rules."""
    found = re.findall(r"@media (?!screen and )\((?:min-|max-)?width.*", sheet.read_text())  # type: ignore[attr-defined]
    assert not found, "write `@media screen and (width ...)`"


def test_every_dark_colour_has_one_twin_on_paper() -> None:
    twins = paper()
    assert twins[DARK.ink] == LIGHT.ink
    assert twins[DARK.channels["sms"]] == LIGHT.channels["sms"]
    assert {*DARK.steps, *DARK.channels.values()} <= twins.keys()
