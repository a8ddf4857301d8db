"""A source without dates or messages, as the Overview shows it: arms by outcome rate, and nothing as 0."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import ROOT, Settings
from data.cubes import Cubes, Shelf
from data.filters import Filters
from data.periods import Period
from data.snapshot import Lake
from data.viewer import Viewer
from etl.door import import_file
from etl.refresh import refresh
from pages import overview_arms, overview_campaigns, overview_cards, overview_panels
from tests.conftest import SAMPLES
from tests.drawn import words

PUBLISHED = {
    "Control": ("191,243", "29.7%"),
    "Civic Duty": ("38,218", "31.5%"),
    "Hawthorne": ("38,204", "32.2%"),
    "Self": ("38,218", "34.5%"),
    "Neighbors": ("38,201", "37.8%"),
}
ALL_TIME = Filters(period=Period("all_time"))


@pytest.fixture(scope="module")
def gotv(tmp_path_factory: pytest.TempPathFactory) -> Cubes:
    file = SAMPLES / "gotv_mail" / "gotv.csv"
    if not file.is_file():
        pytest.skip(f"no real sample at {file}")
    folder: Path = tmp_path_factory.mktemp("gotv")
    settings = Settings(var=folder / "var")
    import_file(settings, file, ROOT / "etl" / "sources" / "gotv_mail.toml")
    refresh(settings)
    return Shelf(Lake(settings.lake)).current()


def test_the_default_period_says_where_an_undated_campaign_is(gotv: Cubes, manager: Viewer) -> None:
    said = words(overview_panels.scope(Filters(), [], manager, gotv))
    assert "1 campaign without dates: only in All time." in said
    assert '"href": "/?period=all_time"' in said


def test_the_published_arms_stand_on_the_page(gotv: Cubes, manager: Viewer) -> None:
    said = words(overview_arms.arms(ALL_TIME, manager, gotv))
    for arm, (assigned, rate) in PUBLISHED.items():
        assert f'"{arm}"' in said
        assert assigned in said
        assert rate in said
    assert said.count("held out") == 1


def test_what_the_source_lacks_is_not_available_and_never_zero(gotv: Cubes, manager: Viewer) -> None:
    cards = words(overview_cards.cards(ALL_TIME, manager, gotv))
    assert cards.count("kpi-number is-absent") == 4
    assert "Outcome rate" in cards
    assert '"0"' not in cards
    assert '"0%"' not in cards
    row = words(overview_campaigns.campaigns(ALL_TIME, manager, gotv, {}))
    assert '"0"' not in row
    assert "not available" in row
    for draw in (overview_panels.funnel, overview_panels.channels):
        assert "Not available" in words(draw(ALL_TIME, manager, gotv))
