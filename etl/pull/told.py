"""What was pulled and what every scheduled run pulls, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from config.settings import Settings, database_variable
from etl.pull.door import configured
from etl.pull.position import loaded
from etl.sources.problems import IntakeError
from etl.sources.toml import load_mapping


def lines(settings: Settings, loads: pl.DataFrame) -> Iterator[str]:
    """One line for each configured mapping, and for each source that was pulled by hand."""
    pulled = loads.filter(pl.col("position").is_not_null()).sort("seq")
    latest = {str(source): loaded(str(text)) for source, text in pulled.select("source", "position").rows()}
    for path in configured(settings):
        try:
            mapping = load_mapping(path)
        except IntakeError as mistake:
            yield f"  {path.name}: cannot be used: {str(mistake).splitlines()[0]}"
            continue
        if mapping.sql is None:
            yield f"  {path.name}: has no [sql] section, so there is nothing to pull"
            continue
        position = latest.pop(mapping.name, None)
        through = f"through {position.column} {position.value}" if position else "not pulled yet"
        set_ = "" if mapping.sql.database in settings.sql else " (not set)"
        yield (
            f"  {mapping.name:<20} {through}, from {database_variable(mapping.sql.database)}{set_} "
            f"at every scheduled run, by {path.name}"
        )
    for source, position in latest.items():
        yield f"  {source:<20} through {position.column} {position.value}, pulled by hand"
