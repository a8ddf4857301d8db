"""Real files through the whole path: the door answers what the raw file holds, counted by csv alone."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from config.settings import ROOT
from data.answer import Status
from data.codebook import SEVERAL
from data.cubes import Cubes
from data.filters import Filters
from data.measure import measure
from data.periods import Period
from data.snapshot import Lake
from data.viewer import EVERYTHING
from etl.door import import_file
from etl.land import Landed
from etl.refresh import refresh
from tests.conftest import SAMPLES
from tests.feeds import settings_of

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no real samples in {SAMPLES}")
EVER = Filters(period=Period("all_time"))
PUBLISHED = {  # Gerber, Green and Larimer 2008, Table 2
    "Control": (191_243, 29.7), "Civic Duty": (38_218, 31.5), "Hawthorne": (38_204, 32.2),
    "Self": (38_218, 34.5), "Neighbors": (38_201, 37.8),
}  # fmt: skip


def raw(file: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (SAMPLES / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def loaded(folder: Path, file: str, mapping: str) -> tuple[Cubes, Landed]:
    settings = settings_of(folder)
    landed = import_file(settings, SAMPLES / file, ROOT / "etl" / "sources" / f"{mapping}.toml")
    refresh(settings)
    lake = Lake(settings.lake)
    return Cubes(lake, lake.latest()), landed


@pytest.fixture(scope="module")
def gotv(tmp_path_factory: pytest.TempPathFactory) -> Cubes:
    return loaded(tmp_path_factory.mktemp("gotv"), "gotv_mail/gotv.csv", "gotv_mail")[0]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Cubes:
    return loaded(tmp_path_factory.mktemp("bank"), "bank_phone/bank-additional.csv", "bank_phone")[0]


def test_the_trials_arms_are_as_published_and_as_in_the_file(gotv: Cubes) -> None:
    rows = raw("gotv_mail/gotv.csv")
    people = Counter(row["treatment"].strip() for row in rows)
    voters = Counter(row["treatment"].strip() for row in rows if row["voted"].strip().lower() == "yes")
    answer = measure(["assigned", "with_outcome", "outcome_rate"], ("arm",), EVER, EVERYTHING, gotv)
    found = {row.key[0]: row.values for row in answer.rows}
    assert {arm: values["assigned"].value for arm, values in found.items()} == people
    assert {arm: values["with_outcome"].value for arm, values in found.items()} == voters
    told = {
        arm: (values["assigned"].value, round(100 * (values["outcome_rate"].value or 0), 1))
        for arm, values in found.items()
    }
    assert told == PUBLISHED
    held_out = measure(["held_out"], (), EVER, EVERYTHING, gotv).one("held_out")
    assert held_out.value == people["Control"]


def test_the_trial_has_no_message_log_and_shows_no_zero_for_it(gotv: Cubes) -> None:
    names = ["sent", "delivered", "members_opened", "clicked", "reach", "delivered_rate", "cost", "eligible"]
    answer = measure(names, (), EVER, EVERYTHING, gotv)
    assert {answer.one(name).status for name in names} == {Status.NOT_AVAILABLE}
    assert {answer.one(name).value for name in names} == {None}


@pytest.mark.parametrize("attribute", ["sex", "hh_size", "voted_primary_2004"])
def test_the_trials_attributes_count_as_in_the_file(gotv: Cubes, attribute: str) -> None:
    column = {"voted_primary_2004": "p2004"}.get(attribute, attribute)
    people = Counter(row[column].strip().lower() for row in raw("gotv_mail/gotv.csv"))
    voters = Counter(
        row[column].strip().lower()
        for row in raw("gotv_mail/gotv.csv")
        if row["voted"].strip().lower() == "yes"
    )
    answer = measure(["assigned", "with_outcome"], (attribute,), EVER, EVERYTHING, gotv)
    for row in answer.rows:
        if row.key[0] != SEVERAL and row.values["assigned"].shown:
            assert row.values["assigned"].value == people[str(row.key[0])]
            assert row.values["with_outcome"].value in (None, voters[str(row.key[0])])
    shown = [row.values["assigned"].value for row in answer.rows if row.values["assigned"].shown]
    assert sum(value or 0 for value in shown) == sum(people.values())


def test_an_undated_trial_shows_in_all_time_only_and_says_so(gotv: Cubes) -> None:
    answer = measure(["assigned"], (), Filters(period=Period("last_6_months")), EVERYTHING, gotv)
    assert not answer.one("assigned").value
    assert any("without dates" in note for note in answer.notes)


def test_the_banks_calls_count_as_in_the_file(bank: Cubes) -> None:
    rows = raw("bank_phone/bank-additional.csv", ";")
    names = ["sent", "assigned", "with_outcome", "outcome_rate"]
    answer = measure(names, (), EVER, EVERYTHING, bank)
    yes = sum(row["y"] == "yes" for row in rows)
    assert [answer.one(name).value for name in names] == [len(rows), len(rows), yes, yes / len(rows)]
    lacking = measure(["delivered", "opened", "opt_outs", "cost"], (), EVER, EVERYTHING, bank)
    assert {value.status for value in lacking.rows[0].values.values()} == {Status.NOT_AVAILABLE}


@pytest.mark.parametrize("attribute", ["job", "marital", "education"])
def test_the_banks_clients_by_attribute_count_as_in_the_file(bank: Cubes, attribute: str) -> None:
    rows = raw("bank_phone/bank-additional.csv", ";")
    clients = Counter(row[attribute].replace("unknown", "(unknown)") for row in rows)
    yes = Counter(row[attribute].replace("unknown", "(unknown)") for row in rows if row["y"] == "yes")
    answer = measure(["assigned", "with_outcome", "sent"], (attribute,), EVER, EVERYTHING, bank)
    told = 0
    for row in answer.rows:
        for name, truth in (("assigned", clients), ("with_outcome", yes), ("sent", clients)):
            value = row.values[name]
            if value.status is Status.RELEASED and value.shown and row.key[0] != SEVERAL:
                assert value.value == truth[str(row.key[0])]
                told += 1
    assert told > 5


def test_a_vendors_export_with_a_lookup_is_accounted_for(tmp_path: Path) -> None:
    file = "vendor_exports/klaviyo/event.csv"
    cubes, landed = loaded(tmp_path, file, "klaviyo_events")
    events = Counter(row["type"] for row in raw(file))
    assert landed.rows_in == sum(events.values())
    assert landed.loaded == events["Received Email"] == 3
    assert landed.skipped == landed.rows_in - landed.loaded
    answer = measure(["delivered", "opened"], (), EVER, EVERYTHING, cubes)
    assert answer.one("delivered").value is None, "three messages are too few to tell"
    messages = cubes.lake.frame("messages", cubes.snapshot.versions["messages"])
    assert messages["delivered_us"].is_not_null().sum() == 3
