"""Values stand in the order people expect."""

from __future__ import annotations

import pytest

from data.ordering import in_order


@pytest.mark.parametrize(
    "expected",
    [
        ["<18", "18-34", "35-49", "50-64", "65-74", "75+", "(unknown)"],
        ["Chinese", "English", "Spanish", "Vietnamese", "Other", "(unknown)"],
        ["Wave 1", "Wave 2", "Wave 10"],
        ["under 1 hour", "1 to 4 hours", "4 to 24 hours", "(several together)"],
        ["A", "b", "C", "(none)"],
    ],
)
def test_values_in_order(expected: list[str]) -> None:
    assert in_order(reversed(expected)) == expected
