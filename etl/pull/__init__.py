"""Pulls: what is new in a database, an API or a drop folder, through the same intake as a file."""

from __future__ import annotations

from etl.pull.door import Pulled, come, configured, foresee_pull, pull
from etl.pull.keeper import Keeper, pull_scheduled
from etl.pull.tried import tried

__all__ = ["Keeper", "Pulled", "come", "configured", "foresee_pull", "pull", "pull_scheduled", "tried"]
