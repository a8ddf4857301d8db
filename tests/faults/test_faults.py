"""A few trials of every fault: nothing that was acknowledged is lost, nothing counts twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.__main__ import ROWS, table
from faults.outcome import Outcome
from faults.sent import Truth, differing, events

TRIALS = {"collector": 3, "loads": 2, "late": 600, "files": 300, "starts": 1, "disk": 16, "stops": 1}


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_it_is_survived(row: object, tmp_path: Path) -> None:
    outcome = row.run(TRIALS[row.name], tmp_path / "place")  # type: ignore[attr-defined]
    assert outcome.survived, outcome.as_json()
    assert outcome.trials >= TRIALS[row.name]


def test_what_is_lost_doubled_or_wrong_is_not_survived() -> None:
    assert Outcome("a", trials=1).survived
    for one in (Outcome("a"), Outcome("a", 1, lost=1), Outcome("a", 1, doubled=1), Outcome("a", 1, wrong=1)):
        assert not one.survived
    assert table([Outcome("a", 1_000, lost=2)]).splitlines()[-1] == "| a | 1,000 | 2 | 0 | 0 | 0 | NO |"


def test_the_truth_is_counted_by_event() -> None:
    import random

    sent = events(random.Random(1), 0, 50)
    truth = Truth()
    truth.add([*sent, *sent])
    assert sum(counts[0] for counts in truth.figures().values()) == 50
    assert sum(map(sum, truth.figures().values())) == len(sent)
    other = Truth()
    other.add(sent[:-1] if sent[-1]["event"] != "sent" else sent)
    assert differing(truth.figures(), other.figures()) <= 1
