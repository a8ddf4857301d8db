"""Names of the environment's variables, and where the product lies."""

from __future__ import annotations

from pathlib import Path

from config import named

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "REACHBOARD_"


def variable(field: str) -> str:
    """Name of the environment variable of a field."""
    begins = named.BEGINS.get(field)
    return PREFIX + (f"{begins.upper()}<NAME>" if begins else field.upper())


def database_variable(name: str) -> str:
    """Name of the environment variable of a database that mappings pull from."""
    return PREFIX + (named.BEGINS["sql"] + name).upper()


def token_variable(name: str) -> str:
    """Name of the environment variable of a secret that mappings name."""
    return PREFIX + (named.BEGINS["tokens"] + name).upper()
