"""The parts of a change add up to it, whatever the parts are."""

from __future__ import annotations

import numpy as np
import pytest

from insight.explain import NOT_TOLD, Counts, of_count, of_rate


def drawn(rng: np.random.Generator, names: list[str]) -> dict[str, Counts]:
    """Parts with any denominators, of which some are empty."""
    found = {}
    for name in names:
        bottom = int(rng.integers(0, 500)) if rng.random() > 0.2 else 0
        found[name] = Counts(float(rng.integers(0, bottom + 1)), float(bottom))
    return found


def summed(parts: dict[str, Counts]) -> Counts:
    return Counts(sum(one.top for one in parts.values()), sum(one.bottom for one in parts.values()))


@pytest.mark.parametrize("seed", range(200))
def test_effects_add_up_to_the_change_also_where_parts_are_not_told(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"part {n}" for n in range(int(rng.integers(1, 9)))]
    before, after = drawn(rng, names), drawn(rng, names)
    before["always"], after["always"] = Counts(20.0, 200.0), Counts(60.0, 240.0)
    whole = summed(before), summed(after)
    hidden = [name for name in names if rng.random() < 0.4]
    for name in hidden:
        (before if rng.random() < 0.5 else after).pop(name, None)
    effects = of_rate(whole, before, after)
    change = whole[1].top / whole[1].bottom - whole[0].top / whole[0].bottom
    assert sum(one.both for one in effects) == pytest.approx(change, abs=1e-12)


def test_the_order_of_periods_turns_the_sign_and_nothing_else() -> None:
    rng = np.random.default_rng(1)
    before, after = drawn(rng, ["a", "b", "c"]), drawn(rng, ["a", "b", "c"])
    forward = {one.part: one for one in of_rate((summed(before), summed(after)), before, after)}
    back = {one.part: one for one in of_rate((summed(after), summed(before)), after, before)}
    for part, one in forward.items():
        assert (one.mix, one.rate) == pytest.approx((-back[part].mix, -back[part].rate))


def test_kitagawas_effects_by_hand() -> None:
    """Two parts of rates 10 % and 50 %, of which the second grows from a fifth to half: all of it is mix."""
    before = {"low": Counts(80, 800), "high": Counts(100, 200)}
    after = {"low": Counts(50, 500), "high": Counts(250, 500)}
    effects = of_rate((summed(before), summed(after)), before, after)
    assert sum(one.rate for one in effects) == pytest.approx(0)
    assert sum(one.mix for one in effects) == pytest.approx(0.30 - 0.18)
    same = {"low": Counts(160, 800), "high": Counts(120, 200)}
    effects = of_rate((summed(before), summed(same)), before, same)
    assert [one.rate for one in effects] == pytest.approx([0.8 * 0.1, 0.2 * 0.1])
    assert sum(one.mix for one in effects) == pytest.approx(0)


def test_a_part_that_is_new_changes_the_mix_alone() -> None:
    before, after = {"old": Counts(10, 100)}, {"old": Counts(10, 100), "new": Counts(50, 100)}
    effects = {one.part: one for one in of_rate((summed(before), summed(after)), before, after)}
    assert effects["new"].rate == 0
    assert effects["new"].mix > 0


def test_what_is_withheld_is_a_part_of_its_own() -> None:
    before, after = {"told": Counts(10, 100)}, {"told": Counts(20, 100)}
    effects = of_rate((Counts(15, 130), Counts(31, 140)), before, after)
    assert [one.part for one in effects] == ["told", NOT_TOLD]


def test_counts_add_up() -> None:
    effects = of_count((100.0, 70.0), {"sms": 60.0, "email": 30.0}, {"sms": 20.0, "email": 45.0})
    assert {one.part: one.both for one in effects} == {"sms": -40.0, "email": 15.0, NOT_TOLD: -5.0}
    assert sum(one.both for one in effects) == -30.0


@pytest.mark.parametrize(
    ("whole", "parts"),
    [((Counts(1, 0), Counts(1, 10)), {}), ((Counts(1, 10), Counts(1, 10)), {"a": Counts(1, 11)})],
)
def test_what_cannot_be_is_refused(whole: tuple[Counts, Counts], parts: dict[str, Counts]) -> None:
    with pytest.raises(ValueError, match=r"denominator|more than"):
        of_rate(whole, parts, parts)
