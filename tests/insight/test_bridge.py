"""The bridge adds up, finds the reasons that fit, and shows nothing that released figures do not tell."""

from __future__ import annotations

import random

import pytest

from data.answer import Released, Status
from data.metrics import METRICS
from insight.bridge import WAYS, Bound, Verdict, bridge, needed

THRESHOLD = 11


def told(**values: float | None) -> dict[str, Released]:
    """Released values; None is withheld. What is not named is not available."""
    found = {name: Released(None, Status.NOT_AVAILABLE, reason="nobody reports it") for name in METRICS}
    for name, value in values.items():
        status = Status.WITHHELD if value is None else Status.RELEASED
        found[name] = Released(value, status, value)
    return found


def test_the_same_number_agrees() -> None:
    found = bridge("sent", 1000, told(sent=1000), protected=0)
    assert (found.verdict, found.theirs, found.rest, found.ours) == (Verdict.AGREES, 1000, 0, 1000)
    assert bridge("sent", 1005, told(sent=1000), protected=0).verdict is Verdict.AGREES, "half a percent"
    assert bridge("sent", 1006, told(sent=1000), protected=0).verdict is Verdict.UNEXPLAINED


def test_a_reason_that_fits_is_named_with_its_number() -> None:
    found = bridge("sent", 1130, told(sent=1000, suppressed=130, bounced=40), protected=0)
    assert found.verdict is Verdict.EXPLAINED
    assert [(step.amount, "refused before sending" in step.words) for step in found.steps] == [(130, True)]
    assert found.rest == 0


def test_two_reasons_may_fit_together_and_the_fewest_are_taken() -> None:
    both = bridge("sent", 1090, told(sent=1000, suppressed=130, bounced=40), protected=0)
    assert sorted(step.amount for step in both.steps) == [-40, 130]
    one = bridge(
        "delivered", 1100, told(delivered=1000, bounced=100, bounced_soft=60, failed=40), protected=0
    )
    assert [step.amount for step in one.steps] == [100], "not 60 and 40"


def test_a_small_difference_that_is_a_reason_to_the_message_is_told_so() -> None:
    found = bridge("sent", 1004, told(sent=1000, suppressed=4), protected=0)
    assert (found.verdict, found.rest) == (Verdict.EXPLAINED, 0)


def test_a_rest_is_not_explained_away() -> None:
    found = bridge("sent", 1500, told(sent=1000, suppressed=130), protected=0, bounds=[Bound("refused", 200)])
    assert (found.verdict, found.rest, found.may) == (Verdict.UNEXPLAINED, 500, ())


def test_bounds_may_explain_a_rest_on_their_side_only() -> None:
    more, less, unknown = Bound("refused", 90), Bound("first and last day", 90, False), Bound("late", None)
    high = bridge("sent", 1080, told(sent=1000), protected=0, bounds=[more, less])
    assert (high.verdict, high.may) == (Verdict.POSSIBLE, (more,))
    low = bridge("sent", 920, told(sent=1000), protected=0, bounds=[more, less])
    assert (low.verdict, low.may) == (Verdict.POSSIBLE, (less,))
    assert bridge("sent", 9999, told(sent=1000), protected=0, bounds=[unknown]).verdict is Verdict.POSSIBLE
    assert bridge("sent", 10, told(sent=1000), protected=0, bounds=[unknown]).verdict is Verdict.UNEXPLAINED


@pytest.mark.parametrize("ours", [None, "missing"])
def test_nothing_of_theirs_is_shown_beside_what_is_not_told(ours: object) -> None:
    values = told(clicked=None) if ours is None else told()
    found = bridge("clicked", 3, values, protected=THRESHOLD)
    assert (found.theirs, found.rest, found.ours, found.steps) == (None, None, None, ())
    assert found.verdict in (Verdict.WITHHELD, Verdict.NOT_AVAILABLE)


def test_a_part_of_ours_is_not_held_against_all_of_theirs() -> None:
    values = told(sent=1000) | {"sent": Released(900, Status.PARTIAL, 900, reason="a month is withheld")}
    found = bridge("sent", 1000, values, protected=0)
    assert (found.verdict, found.theirs, found.reason) == (Verdict.WITHHELD, None, "a month is withheld")


@pytest.mark.parametrize("theirs", [1, 10, 41, 43, 50, 52, 32])
def test_small_differences_and_small_numbers_are_not_shown(theirs: float) -> None:
    found = bridge("clicked", theirs, told(clicked=42), protected=THRESHOLD)
    assert (found.theirs, found.rest) == (None, None)
    assert "Fewer than 11" in found.reason


def test_what_members_did_is_shown_to_the_next_ten() -> None:
    found = bridge("clicked", 167, told(clicked=142), protected=THRESHOLD)
    assert (found.theirs, found.rest, found.ours, found.rounded) == (170, 20, 142, True)
    same = bridge("clicked", 142, told(clicked=142), protected=THRESHOLD)
    assert (same.theirs, same.rest, same.rounded) == (142, 0, False)


def test_no_bridge_gives_a_small_number_away() -> None:
    """Whatever they count: from what is shown nobody computes a number of theirs, or a rest, of 1 to 10."""
    rng = random.Random(11)
    for _ in range(3000):
        name = rng.choice(("opened", "clicked", "opt_outs", "members_clicked", "members_opened", "replied"))
        ours = told(**{one: rng.choice((None, 0, rng.randrange(11, 400))) for one in needed([name])})
        theirs = float(rng.randrange(0, 400))
        found = bridge(name, theirs, ours, protected=THRESHOLD)
        if found.ours is None or found.theirs is None:
            assert found.theirs is None
            assert found.rest is None
            continue
        assert theirs == found.ours or abs(theirs - found.ours) >= THRESHOLD
        assert theirs == 0 or theirs >= THRESHOLD
        assert theirs == found.ours or found.theirs % 10 == 0
        assert all(abs(step.amount) >= THRESHOLD for step in found.steps)


def test_every_shown_bridge_adds_up() -> None:
    rng = random.Random(7)
    for _ in range(3000):
        name = rng.choice(tuple(WAYS))
        ours = told(**{one: rng.randrange(0, 500) for one in needed([name])})
        found = bridge(name, float(rng.randrange(0, 700)), ours, protected=0)
        assert found.theirs is not None
        assert found.rest is not None
        assert found.theirs - sum(step.amount for step in found.steps) - found.rest == found.ours


def test_the_ways_name_metrics_that_exist() -> None:
    assert set(needed(WAYS)) <= set(METRICS)
