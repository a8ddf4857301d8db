"""Where somebody goes on to after signing in: a path of this server, and nowhere else."""

from __future__ import annotations

LONGEST = 2_000


def next_path(wanted: str | None) -> str:
    """A path on this server to go on to; anything that could lead elsewhere becomes the start page."""
    if not wanted or not wanted.startswith("/") or not wanted.isprintable() or len(wanted) > LONGEST:
        return "/"
    return "/" if wanted.startswith("//") or "\\" in wanted else wanted
