"""Pulls: rows of a database, by a query and a cursor, through the same intake as the rows of a file."""

from __future__ import annotations

from etl.pull.door import Pulled, configured, foresee_pull, pull
from etl.pull.schedule import pull_all

__all__ = ["Pulled", "configured", "foresee_pull", "pull", "pull_all"]
