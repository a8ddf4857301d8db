"""A process that is gone in the middle of a run: after so many writes to the lake."""

from __future__ import annotations

from typing import Any

import pytest

from etl.commit import Writer


class Crash(BaseException):
    """The process is gone."""


def allow(patched: pytest.MonkeyPatch, writes: int) -> None:
    """Let so many writes pass; after the next one the process is gone, before it where it would publish."""
    left = [writes]
    for name in ("append", "replace", "remove"):
        true = getattr(Writer, name)

        def counted(self: Writer, table: str, *given: Any, _true: Any = true, **more: Any) -> Any:
            done = _true(self, table, *given, **more) if table != "snapshots" or left[0] else None
            left[0] -= 1
            if left[0] < 0:
                raise Crash
            return done

        patched.setattr(Writer, name, counted)
