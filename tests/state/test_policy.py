"""The terms of release only go up: whoever asks, however many at once, and the history keeps every raise."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from itertools import product

import pytest
import sqlalchemy as sa

from config.settings import Settings
from config.text import TextRefused
from state.policy import LEAST, MOST, PROFILES, Terms, TermsRefused, checked, in_force, strictest
from state.store import Store
from state.tables import RELEASE_POLICY

SOME = [Terms(threshold, profile) for threshold, profile in product((11, 12, 30, 400), PROFILES)]


@pytest.fixture
def store(state_url: str) -> Iterator[Store]:
    made = Store(state_url)
    yield made
    made.close()


def test_every_raise_stays_in_the_history_newest_first(store: Store) -> None:
    assert store.policies() == []
    first = store.set_policy(25, "default", "Ann", "  New rule of the state ")
    second = store.set_policy(25, "strict", "Bo", "Audit")
    again = Store(store.database.url)
    assert again.policies() == [second, first]
    again.close()
    assert (first.before, first.terms, first.reason) == (LEAST, Terms(25, "default"), "New rule of the state")
    assert (second.before, second.terms, second.by) == (first.terms, Terms(25, "strict"), "Bo")
    assert second.at_us > first.at_us > 1_700_000_000_000_000


@pytest.mark.parametrize(
    ("threshold", "profile", "words"),
    [
        (
            24,
            "strict",
            "24 protects less than the 25 that stands; nothing was changed.*choose 25 or more",
        ),
        (30, "default", "strict profile stands already.*nothing was changed.*choose strict"),
        (25, "strict", r"stands already \(threshold 25, strict profile\); nothing was changed. Raise"),
        (30, "none", "no such profile; nothing was changed. Choose default or strict"),
        (0, "strict", "whole number from 25 to 1,000; nothing was changed. Type one, such as 26"),
        (MOST + 1, "strict", "whole number from 25 to 1,000"),
        (True, "strict", "whole number"),
        (30.5, "strict", "whole number"),
        ("30", "strict", "whole number"),
    ],
)
def test_what_protects_less_or_changes_nothing_is_refused_in_words(
    store: Store, threshold: int, profile: str, words: str
) -> None:
    store.set_policy(25, "strict", "Ann", "why")
    with pytest.raises(TermsRefused, match=words):
        store.set_policy(threshold, profile, "Bo", "why")
    assert [policy.by for policy in store.policies()] == ["Ann"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 201, "two\nlines", "bell\x07"])
def test_a_raise_without_a_reason_that_can_be_read_is_none(store: Store, reason: str) -> None:
    with pytest.raises(TextRefused):
        store.set_policy(25, "strict", "Ann", reason)
    assert store.policies() == []


def test_what_settings_or_the_last_publish_hold_is_no_raise_either(store: Store) -> None:
    held = Terms(40, "strict")
    for threshold, profile in ((30, "strict"), (41, "default"), (40, "strict")):
        with pytest.raises(TermsRefused):
            store.set_policy(threshold, profile, "Ann", "why", held)
    assert store.set_policy(41, "strict", "Ann", "why", held).before == held
    beyond = Terms(2 * MOST, "default")
    assert checked(2 * MOST, "strict", beyond) == Terms(2 * MOST, "strict")


def test_the_highest_of_all_rows_counts_whatever_the_last_one_says(store: Store) -> None:
    store.set_policy(50, "strict", "Ann", "why")
    with store.database.writing() as connection:
        row = {**dataclasses.asdict(store.policies()[0]), "id": 2, "threshold": 11, "profile": "default"}
        connection.execute(sa.insert(RELEASE_POLICY).values(row))
    assert in_force(Settings(), store.policies(), {}) == Terms(50, "strict")
    with pytest.raises(TermsRefused, match="less than the 50"):
        store.set_policy(49, "strict", "Bo", "why")


def test_raises_at_once_never_lower_each_other(store: Store) -> None:
    store.open()
    refused: list[int] = []

    def raise_to(threshold: int) -> None:
        try:
            store.set_policy(threshold, "default", "Ann", "why")
        except TermsRefused:
            refused.append(threshold)

    threads = [threading.Thread(target=raise_to, args=(n,)) for n in (40, 12, 33, 21, 40, 27, 15, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = store.policies()[::-1]
    assert [one.before for one in made] == [LEAST, *(one.terms for one in made[:-1])]
    assert all(one.terms.covers(one.before) and one.terms != one.before for one in made)
    assert made[-1].threshold == 40
    assert len(made) + len(refused) == 8


@pytest.mark.parametrize("held", SOME, ids=str)
def test_nothing_that_is_accepted_protects_less(held: Terms) -> None:
    for asked in SOME:
        more = asked.threshold >= held.threshold and (asked.profile, held.profile) != ("default", "strict")
        if more and asked != held:
            assert checked(asked.threshold, asked.profile, held) == asked == strictest(held, asked)
        else:
            with pytest.raises(TermsRefused):
                checked(asked.threshold, asked.profile, held)


def test_of_setting_policy_and_last_publish_the_strictest_is_in_force(store: Store) -> None:
    store.set_policy(30, "default", "Ann", "why")
    policies = store.policies()
    assert in_force(Settings(), policies, {}) == Terms(30, "default")
    assert in_force(Settings(threshold=20, profile="strict"), policies, {}) == Terms(30, "strict")
    assert in_force(Settings(threshold=60), policies, {"threshold": 40, "profile": "strict"}) == Terms(
        60, "strict"
    )
    assert in_force(Settings(), [], {"threshold": 40, "profile": "strict"}) == Terms(40, "strict")


def test_the_least_is_what_the_settings_allow_at_least() -> None:
    assert Terms(Settings().threshold, Settings().profile) == LEAST
    with pytest.raises(ValueError, match="threshold"):
        Settings(threshold=LEAST.threshold - 1)
