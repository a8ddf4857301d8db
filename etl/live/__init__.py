"""Live counts: follows the journal and the lake, and tells what has happened today within a second or two."""

from __future__ import annotations

from etl.live.follow import follow

__all__ = ["follow"]
