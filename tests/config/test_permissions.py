"""Roles and permissions: one table that leaves nobody and nothing out."""

from __future__ import annotations

import pytest

from config.permissions import (
    DUTIES,
    MEANINGS,
    PEOPLE,
    PERMISSIONS,
    SYSTEMS,
    Permission,
    Role,
    permissions_page,
)  # fmt: skip


def test_every_role_and_permission_is_described_and_used() -> None:
    assert set(PERMISSIONS) == set(DUTIES) == set(Role)
    assert set(MEANINGS) == set(Permission)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_may_enter(role: Role) -> None:
    assert Permission.ENTER in PERMISSIONS[role]


@pytest.mark.parametrize("role", SYSTEMS)
def test_a_system_may_do_one_thing(role: Role) -> None:
    assert len(PERMISSIONS[role]) == 1


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.PRIVACY_OFFICER, Role.ADMINISTRATOR])
def test_who_only_reads_or_keeps_takes_nothing_away(role: Role) -> None:
    assert Permission.EXPORT not in PERMISSIONS[role]


def test_the_page_says_what_the_table_holds() -> None:
    row = next(line for line in permissions_page().splitlines() if line.startswith("| `export`"))
    assert [cell.strip() for cell in row.split("|")[3:-1]] == ["yes", "–", "yes", "–", "–", "–", "–"]
