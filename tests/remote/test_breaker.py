"""A system that fails is tried again ever later, then left alone, and tried once to see."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remote.breaker import MINUTE_US, Circuit, Patience, Standing, begun, failed, succeeded

NOW = 1_790_000_000_000_000
PATIENCE = Patience(failures=3, pause=45, longest=2)


@dataclass(frozen=True)
class System(Standing):
    """A system by its name."""

    name: str


def wait(state: Standing) -> float:
    """Minutes until the next try."""
    assert state.next_us is not None
    return (state.next_us - NOW) / MINUTE_US


def test_it_waits_ever_longer_up_to_a_bound_and_then_for_the_pause() -> None:
    state, waits = System("a"), []
    for _ in range(4):
        state = failed(state, PATIENCE, "x" * 1_000, NOW)
        waits.append((wait(state), state.circuit, len(state.wrong)))
    (first, *_), (second, *_) = waits[:2]
    assert 0.75 <= first <= 1
    assert 1.5 <= second <= 2
    assert waits[2:] == [(45, Circuit.OPEN, 500)] * 2
    unbound = failed(System("a", failures=4), Patience(9, 45), "x", NOW)
    assert 12 <= wait(unbound) <= 16


def test_a_server_that_asks_for_patience_has_it() -> None:
    assert wait(failed(System("a"), PATIENCE, "x", NOW, 300 * MINUTE_US)) == 300


def test_after_the_pause_one_try_decides() -> None:
    state = System("a", circuit=Circuit.OPEN, failures=3)
    tried = begun(state, lambda one: one, NOW)
    assert (tried.circuit, tried.began_us) == (Circuit.HALF_OPEN, NOW)
    assert tried.fails
    assert failed(tried, PATIENCE, "x", NOW).circuit == Circuit.OPEN
    well = succeeded(tried, NOW, NOW + 1)
    assert (well.circuit, well.failures, well.words, well.next_us) == (Circuit.CLOSED, 0, "works", NOW + 1)


def test_a_try_that_ended_without_a_word_was_a_failure() -> None:
    cut = System("a", began_us=NOW - 1)
    again = begun(cut, lambda one: failed(one, PATIENCE, "cut off", NOW), NOW)
    assert (again.failures, again.wrong, again.began_us) == (1, "cut off", NOW)
    assert begun(replace(cut, began_us=None), lambda one: failed(one, PATIENCE, "", NOW), NOW).failures == 0
