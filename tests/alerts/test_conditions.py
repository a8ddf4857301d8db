"""What counts as wrong with the loading: each rule fires on its fault, and on nothing that is usual."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from alerts import conditions
from alerts.conditions import Kind
from data.catalogue import Catalogue
from data.clocks import DAY_US
from data.pulls import PullState
from data.records import BROWSER
from data.runs import RunRecord
from data.snapshot import Snapshot
from data.tables import TABLES
from etl.intake.batch import POLARS
from remote.breaker import Circuit
from state.incidents import Found

TODAY = 20_000
NOW = TODAY * DAY_US + 12 * 3_600_000_000


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column.name: POLARS[column.type] for column in TABLES[name].columns}
    return pl.DataFrame(rows, schema=schema)


def came(number: int, source: str, day: int, rows: int, refused: int, **more: Any) -> dict[str, Any]:
    """A load of a source, received on a day, of data of that day."""
    return {
        "load_id": number, "seq": number, "source": source, "kind": "event", "file_name": "f.csv",
        "sha256": "x", "mapping_sha256": "y", "rows_in": rows, "loaded": rows - refused,
        "already_present": 0, "skipped": 0, "refused": refused, "received_us": day * DAY_US,
        "last_us": day * DAY_US, "provides": "sent", "synthetic": False, "position": None, **more,
    }  # fmt: skip


def known(
    loads: list[dict[str, Any]], runs: list[RunRecord] | None = None, published_us: int = 0, **more: Any
) -> Catalogue:
    newest = frame("loads", loads).sort("seq", descending=True)
    snapshot, empty = Snapshot(1, published_us, 0, {}, {}, "", {}), frame("refusals", [])
    return Catalogue(
        snapshot, newest, frame("undone", []), more.get("refusals", empty),
        more.get("checks", frame("checks", [])), runs or [], frame("terms", []),
    )  # fmt: skip


def found(of: Catalogue, *standing: str, pulled: tuple[PullState, ...] = ()) -> dict[str, Found]:
    return {one.key: one for one in conditions.of_loading(of, pulled, standing, NOW)}


def daily(shares: list[float], rows: int = 1_000, source: str = "mail") -> list[dict[str, Any]]:
    """A load on each of the last days, the last today, of which such shares were refused."""
    first = TODAY - len(shares) + 1
    return [came(n, source, first + n, rows, round(rows * share)) for n, share in enumerate(shares)]


def run(ended: str, kind: str = "scheduled", words: str = "") -> RunRecord:
    return RunRecord(NOW, 1.0, kind, ended, words, 1)


def test_all_is_well() -> None:
    assert not found(known(daily([0.01] * 9), [run("published"), run("failed")]))
    assert not found(known([]))


def test_the_last_run_counts_and_a_pull_is_none() -> None:
    wrong = found(
        known([], [run("failed", "pull"), run("failed", words="It failed: OSError."), run("published")])
    )
    assert wrong["run"].kind is Kind.RUN
    assert wrong["run"].words.startswith("It failed: OSError.")
    assert not found(known([], [run("nothing new"), run("failed")]))


def test_a_blocked_publish_names_the_checks_and_no_number() -> None:
    check = {
        "name": "cells_unique", "meaning": "A cell must stand once.", "blocking": True, "whole": True,
        "bad_rows": 7, "checked_us": NOW, "failing_since_us": NOW,
    }  # fmt: skip
    one = found(known([], checks=frame("checks", [check]), published_us=NOW - 1))["publish"]
    assert one.words == ("A cell must stand once. (cells_unique) All figures are those of the last snapshot.")
    assert not found(known([], checks=frame("checks", [check]), published_us=NOW + 1))


@pytest.mark.parametrize(
    ("shares", "fires"),
    [
        ([0.01] * 8 + [0.05], True),
        ([0.01] * 8 + [0.049], False),  # below one in twenty
        ([0.04] * 8 + [0.119], False),  # not three times what is usual
        ([0.04] * 8 + [0.12], True),
        ([0.5] * 8 + [0.9], False),  # it always was so: a mapping, no incident
        ([0.5] * 8 + [1.0], True),  # but not that nothing is left of it
        ([0.24], False),
        ([0.25], True),  # never came before
        ([0.0, 0.3, 0.0], False),  # what came since is read as ever
    ],
)
def test_a_refusal_spike(shares: list[float], fires: bool) -> None:
    assert ("refusals:mail" in found(known(daily(shares)))) == fires


def test_a_spike_speaks_of_shares_and_ends_well_below_where_it_began() -> None:
    spike = known(daily([0.01] * 8 + [0.06]))
    words = found(spike)["refusals:mail"].words
    assert "6% of the rows were refused; usually it is 1%" in words
    assert "1,000" not in words
    edge = known(daily([0.01] * 8 + [0.04]))
    assert "refusals:mail" not in found(edge)
    assert "refusals:mail" in found(edge, "refusals:mail"), "what stands ends at half of it"
    assert "refusals:mail" not in found(known(daily([0.01] * 8 + [0.02])), "refusals:mail")


def test_few_rows_old_rows_edits_and_mended_rows_are_no_spike() -> None:
    assert not found(known(daily([0.9], rows=199)))
    assert "refusals:mail" not in found(known([came(1, "mail", TODAY - 7, 1_000, 900)]))
    assert not found(known([came(1, BROWSER, TODAY, 1_000, 900)]))
    replay = came(2, "mail", TODAY, 900, 0)
    taken = {
        "load_id": 2,
        "of_load": 1,
        "kind": "replayed",
        "header": None,
        "reason": "malformed",
        "rows": 900,
    }
    first = came(1, "mail", TODAY, 1_000, 900)
    assert found(known([first]))
    assert not found(known([first, replay], refusals=frame("refusals", [taken])))


def test_many_small_loads_of_a_day_are_one_day() -> None:
    live = [came(n, "app", TODAY, 20, 10) for n in range(30)]
    assert "refusals:app" in found(known(live))


def test_a_load_that_does_not_add_up() -> None:
    wrong = found(known([came(1, "mail", TODAY, 10, 0, loaded=9)]))
    assert wrong["sum:mail"].kind is Kind.MISMATCH


def test_a_source_that_is_left_alone_is_told_without_what_it_said() -> None:
    secret = "crm.toml: nothing answers at db.plan.example for M12345"
    state = PullState("crm.toml", source="crm", circuit=Circuit.OPEN, failures=5, wrong=secret)
    one = found(known([]), pulled=(state,))["pull:crm"]
    assert one.words == "The source crm is left alone for a while. The Data page says why."
    again = replace(state, circuit=Circuit.HALF_OPEN, failures=6)
    assert set(found(known([]), pulled=(again,))) == {"pull:crm"}, "one try more is the same incident"
    assert not found(known([]), pulled=(replace(state, circuit=Circuit.CLOSED, failures=1),))


def test_a_dropped_file_that_is_not_what_it_should_be_is_a_mismatch() -> None:
    reason = "has 7 rows, and the count that came with it says 8"
    state = PullState("labs.toml", source="labs", files=(("M12345.csv", reason),))
    one = found(known([]), pulled=(state,))["file:labs"]
    assert one.kind is Kind.MISMATCH
    assert "M12345" not in one.words + one.title
    assert "7" not in one.words


def test_a_quiet_source_is_one_that_used_to_come() -> None:
    weekly = [came(n, "labs", TODAY - 52 + 7 * n, 500, 0) for n in range(5)]
    assert found(known(weekly))["quiet:labs"].words == (
        "The source labs usually brings something new every 7 days, and has brought nothing for more than 3 "
        "times as long."
    )
    assert not found(known([came(9, "labs", TODAY - 1, 500, 0), *weekly]))


def test_a_source_that_came_once_or_thrice_is_never_quiet() -> None:
    assert not found(known([came(1, "once", TODAY - 300, 500, 0)]))
    assert not found(known([came(n, "few", TODAY - 300 + n, 500, 0) for n in range(3)]))


def test_each_rule_is_in_the_words_of_its_thresholds() -> None:
    assert set(conditions.RULES) == set(Kind)
    assert "5%" in conditions.RULES[Kind.REFUSALS]
