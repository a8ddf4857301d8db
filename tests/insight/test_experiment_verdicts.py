"""The words: when an arm works, harms, is not shown to do anything, or cannot be told of."""

from __future__ import annotations

import pytest

from insight.experiments import Arm, Reading, Verdict, difference, judge, verdict
from insight.experiments.groups import in_groups
from insight.experiments.verdicts import would_show
from tests.conftest import SAMPLES

GOTV = SAMPLES / "gotv_mail" / "gotv.csv"
CONTROL = Arm("Holdout", 5_000, 500, control=True)


def word(hits: int, n: int = 10_000, control: Arm = CONTROL, **more: object) -> Verdict:
    arm = Arm("Outreach", n, hits)
    return verdict(difference(arm, control), arm, control, **more)  # type: ignore[arg-type]


def test_beyond_chance_an_arm_works_or_harms() -> None:
    assert word(1_200) is Verdict.WORKS
    assert word(800) is Verdict.HARMFUL
    assert word(1_200, higher=False) is Verdict.HARMFUL
    assert word(800, higher=False) is Verdict.WORKS


def test_within_chance_large_arms_have_no_evidence_and_small_ones_are_too_small() -> None:
    assert word(1_010) is Verdict.NO_EVIDENCE
    small = Arm("Holdout", 500, 50, control=True)
    assert word(101, 1_000, small) is Verdict.TOO_SMALL
    arm = Arm("Outreach", 1_000, 101)
    shows = would_show(difference(arm, small), arm, small)
    assert word(101, 1_000, small, smallest=shows + 0.001) is Verdict.NO_EVIDENCE
    assert word(101, 1_000, small, smallest=shows - 0.001) is Verdict.TOO_SMALL


def test_few_expected_outcomes_are_too_small_whatever_the_test_says() -> None:
    assert word(30, 200, Arm("Holdout", 20, 0, control=True)) is Verdict.TOO_SMALL


def test_a_broken_guardrail_vetoes() -> None:
    assert word(1_200, vetoed=True) is Verdict.HARMFUL
    assert word(1_010, vetoed=True) is Verdict.HARMFUL


def test_a_p_corrected_for_several_arms_decides() -> None:
    assert word(1_110) is Verdict.WORKS
    assert word(1_110, p=0.07) is Verdict.NO_EVIDENCE


def test_the_top_arm_wins_only_if_it_beats_the_second() -> None:
    close = judge([Arm("A", 5_000, 650), Arm("B", 5_000, 640)], CONTROL, Reading.FIXED)
    assert [one.verdict for one in close.comparisons] == [Verdict.WORKS, Verdict.WORKS]
    assert close.winner is None
    assert "B may be as good" in close.why
    clear = judge([Arm("A", 5_000, 750), Arm("B", 5_000, 600)], CONTROL, Reading.FIXED)
    assert clear.winner == "A"
    lower = judge([Arm("A", 5_000, 250), Arm("B", 5_000, 400)], CONTROL, Reading.FIXED, higher=False)
    assert lower.winner == "A"
    idle = judge([Arm("A", 5_000, 510), Arm("B", 5_000, 500)], CONTROL, Reading.FIXED)
    assert idle.winner is None
    assert judge([Arm("A", 5_000, 750)], CONTROL, Reading.FIXED).winner is None


def test_what_runs_is_read_more_carefully_than_what_ended() -> None:
    arm = Arm("A", 5_000, 590)
    fixed = judge([arm], CONTROL, Reading.FIXED).comparisons[0]
    running = judge([arm], CONTROL, Reading.SEQUENTIAL, planned=10_000).comparisons[0]
    assert fixed.verdict is Verdict.WORKS
    assert running.verdict in (Verdict.NO_EVIDENCE, Verdict.TOO_SMALL)
    assert running.found.low < fixed.found.low < fixed.found.high < running.found.high
    assert running.fixed == fixed.fixed


def test_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be"):
        Arm("A", 10, 11)
    with pytest.raises(ValueError, match="without members"):
        difference(Arm("A", 10, 1), Arm("Holdout", 0, 0, control=True))


@pytest.mark.skipif(not GOTV.is_file(), reason=f"the published trial is not here: {GOTV}")
def test_the_trial_of_gerber_green_and_larimer_gives_its_published_table() -> None:
    """APSR 2008, table 2: control 29.7 %, civic duty 31.5, Hawthorne 32.2, self 34.5, neighbors 37.8."""
    import polars as pl

    rows = (
        pl.read_csv(GOTV, columns=["treatment", "voted"])
        .group_by("treatment")
        .agg(pl.len(), hits=(pl.col("voted").str.to_lowercase() == "yes").sum())
    )
    arms = {name.strip(): Arm(name.strip(), n, hits) for name, n, hits in rows.iter_rows()}
    control = arms.pop("Control")
    published = {"Civic Duty": 31.5, "Hawthorne": 32.2, "Self": 34.5, "Neighbors": 37.8}
    assert round(100 * control.rate, 1) == 29.7
    assert {name: round(100 * arm.rate, 1) for name, arm in arms.items()} == published
    judged = judge(list(arms.values()), control, Reading.FIXED)
    assert {one.verdict for one in judged.comparisons} == {Verdict.WORKS}
    assert judged.winner == "Neighbors"
    found = next(one for one in judged.comparisons if one.arm.name == "Neighbors")
    assert found.found.estimate == pytest.approx(0.081, abs=5e-4)
    assert found.found.low > 0.075
    assert "ignores households" in str(difference.__doc__)


def test_groups_of_an_attribute_are_corrected_for_how_many_there_are() -> None:
    north = ("North", Arm("Outreach", 2_000, 260), Arm("Holdout", 2_000, 200, control=True))
    others = [(name, Arm("Outreach", 2_000, 205), Arm("Holdout", 2_000, 200, control=True)) for name in "EWS"]
    empty = ("Unknown", Arm("Outreach", 0, 0), Arm("Holdout", 10, 1, control=True))
    found = in_groups([north, *others, empty])
    assert [one.group for one in found] == ["North", "E", "W", "S"]
    assert found[0].found.p < found[0].hochberg <= found[0].holm == pytest.approx(4 * found[0].found.p)
    assert found[0].verdict is Verdict.WORKS
    alone = in_groups([("North", Arm("Outreach", 2_000, 242), Arm("Holdout", 2_000, 200, control=True))])
    among = in_groups(
        [("North", Arm("Outreach", 2_000, 242), Arm("Holdout", 2_000, 200, control=True)), *others]
    )
    assert alone[0].verdict is Verdict.WORKS
    assert among[0].verdict is not Verdict.WORKS
