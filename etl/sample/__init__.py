"""A plausible health plan's raw outreach files, made from a seed, with what was planted told beside them."""

from __future__ import annotations

from etl.sample.generate import Manifest, generate

__all__ = ["Manifest", "generate"]
