"""What may go wrong on the way to a target."""

from __future__ import annotations


class TargetError(Exception):
    """A target that cannot be used or reached: what, where and what to do next, without any secret."""


class Busy(Exception):
    """Another push to the same target is under way."""
