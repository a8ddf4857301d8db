"""A real trial cut into small groups: what is told of each gives no few of its people away."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from config.settings import Settings
from data.release import OPERATIONAL
from data.snapshot import Lake
from etl.door import import_file
from etl.refresh import refresh
from tests.attacks import lp, plain
from tests.attacks.holdings import blocks_of
from tests.conftest import SAMPLES
from tests.feeds import settings_of

TRIAL = SAMPLES / "gotv_mail" / "gotv.csv"
PEOPLE, OF_EACH = 12_000, 300
MAPPING = """
[source]
name = "small_trial"
kind = "member"
[fields]
campaign = "part"
arm = "treatment"
holdout = { column = "treatment", type = "bool", true = ["Control"], unknown = false }
[attributes]
hh_size = { column = "hh_size", type = "int" }
age_band = { column = "age", type = "bands", edges = [18, 35, 50, 65] }
sex = "sex"
n_general = { column = "n_general", type = "int" }
[outcomes.voted]
column = "voted"
type = "bool"
[key]
none = true
"""
pytestmark = pytest.mark.skipif(not TRIAL.is_file(), reason=f"no real sample {TRIAL}")


def cut_up(folder: Path) -> Path:
    """Every so many people of the trial as a campaign of their own."""
    path = folder / "trial.csv"
    with TRIAL.open(encoding="utf-8", newline="") as raw, path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictReader(raw)
        writer = csv.DictWriter(out, [*(rows.fieldnames or ()), "part"])
        writer.writeheader()
        for number, row in enumerate(rows):
            if number == PEOPLE:
                break
            writer.writerow({**row, "part": f"part-{number // OF_EACH}"})
    return path


@pytest.fixture(scope="module", params=["default", "strict"])
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("trial")
    mapping = folder / "small_trial.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    made = settings_of(folder / "var", profile=request.param, pairs=(("age_band", "sex"),))
    assert not import_file(made, cut_up(folder), mapping).refused
    refresh(made)
    return made


def test_no_few_people_of_a_small_group_can_be_derived(settings: Settings) -> None:
    lake = Lake(settings.lake)
    versions = lake.latest().versions
    released = lake.frame("released", versions["released"])
    blocks = blocks_of(released, lake.frame("cells", versions["cells"]))
    free = OPERATIONAL if settings.profile == "default" else frozenset[str]()
    assert {"arm", "sex", "age_band|sex"} <= set(released["view"]), "some of every cut must be told"
    assert list(plain.stated(blocks, settings.threshold, free)) == []
    found = lp.attack(blocks, settings.threshold, free)
    assert found.blocks > 30
    assert found.targets > 500
    assert found.found == []
