"""Intake: raw files to checked, pseudonymous rows; what is wrong is refused with row, column and reason."""

from __future__ import annotations

from etl.intake.batch import Batch
from etl.intake.reading import interpret, provides, read
from etl.intake.report import report
from etl.sources.problems import IntakeError, MappingError

__all__ = ["Batch", "IntakeError", "MappingError", "interpret", "provides", "read", "report"]
