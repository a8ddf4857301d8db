"""What models, metrics and tables may not do: read undeclared inputs, leave the portable subset, ..."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from config.settings import ROOT
from data.metrics import METRICS, UNION_COLUMNS
from data.snapshot import Lake
from data.tables import COUNTS, COVERAGE, DERIVED, TABLES
from etl import coverage, models
from etl.refresh import refresh
from tests.feeds import load, settings_of
from tests.worlds import deal, world

INPUTS = {
    "events_in",
    "links",
    "messages_in",
    "assignments_in",
    "outcomes_in",
    "statements",
    "terms",
    "prices",
    "slots",
    "zone_offsets",
    "calendar",
    "told_events",
    "told_messages",
    "told_assignments",
    "told_outcomes",
    "told_aggregates",
    "told_campaigns",
    "told_members",
    "told_crosswalk",
}
BIT = re.compile(r"nullif\((\w+\.)?(passed|first) & (\d+), 0\)\) as (?:behind_|first_|members_)?(\w+)")
SAME = {"responded": "replied", "complained": "complaint"}
"""Members who responded are those with a message that was replied to."""
INTERNAL = {name for name in COUNTS if name.startswith(("behind_", "first_"))}
FOREIGN = (
    "date_diff", "datediff", "isodow", "dayofweek", "qualify", "list", "list_agg", "array_agg", "unnest",
    "struct", "epoch", "epoch_us", "strftime", "strptime", "now", "current_date", "current_timestamp",
    "random", "pivot", "unpivot", "exclude", "replace", "ilike", "regexp_matches", "arg_min", "arg_max",
    "median", "mode", "any_value", "hash", "float", "double", "first_value", "asof", "positional", "semi",
    "anti",
)  # fmt: skip


def plain(name: str) -> str:
    """A model's SQL without comments and literals, in lower case."""
    text = re.sub(r"--[^\n]*", "", models.sql(name).lower())
    return re.sub(r"'[^']*'", "''", text)


def read_by(name: str) -> set[str]:
    """The relations that stand after `from` or `join`, without the model's own CTEs."""
    text = plain(name)
    own = set(re.findall(r"(?:with|,)\s*(\w+)\s+as\s*\(", text))
    return set(re.findall(r"\b(?:from|join)\s+([a-z_]\w*)", text)) - own


def declared(name: str) -> set[str]:
    said = " ".join(line[2:] for line in models.sql(name).splitlines() if line.startswith("--"))
    match = re.search(r"Reads: (.*?)\.(?:\s|$)", said)
    assert match, f"{name}.sql must say what it reads: -- Reads: a, b."
    return set(re.findall(r"[a-z_]+", re.sub(r"\([^)]*\)", "", match.group(1))))


@pytest.mark.parametrize("name", models.NAMES)
def test_a_model_reads_what_it_declares_and_that_exists(name: str) -> None:
    earlier = set(models.NAMES[: models.NAMES.index(name)])
    assert read_by(name) == declared(name)
    assert read_by(name) <= INPUTS | earlier


@pytest.mark.parametrize("name", models.NAMES)
def test_a_model_stays_in_the_portable_subset(name: str) -> None:
    words = set(re.findall(r"[a-z_]\w*", plain(name)))
    assert not words & set(FOREIGN), "the same file must run elsewhere through a translator"
    for sign in ("::", "//", "**", "=>", "[", "select *,"):
        assert sign not in plain(name).replace("select\n", "select "), f"{sign} is not portable"
    assert " / " not in plain(name), "counts, never rates; integers divide differently elsewhere"


@pytest.mark.parametrize("name", models.NAMES)
def test_a_ranking_window_settles_every_tie(name: str) -> None:
    """row_number without a unique last key would differ from run to run."""
    unique = re.compile(r"(message_id|assignment_id|outcome_id|event_id|profile|slot)\s*$")
    for order in re.findall(
        r"row_number\(\) over \(\s*partition by .*?order by (.*?)\)\s*(?:as|=)", plain(name), re.S
    ):
        assert unique.search(order.strip()), f"order by {order.strip()}"


def test_a_bit_means_the_same_in_every_model() -> None:
    """`passed` of touches holds what became of a message; a wrong bit would count something else."""
    meant: dict[str, set[int]] = {}
    for name in models.CELLS:
        for _, _, bit, word in BIT.findall(plain(name)):
            meant.setdefault(SAME.get(word, word), set()).add(int(bit))
    assert len(meant) > 20
    # Behind messages that bounced, failed, were suppressed or returned stand the members of one stage.
    assert meant.pop("bounced") == {4, 8192}
    assert all(len(bits) == 1 for bits in meant.values()), meant
    every = [bit for bits in meant.values() for bit in bits]
    assert len(every) == len(set(every)), "two facts share a bit"
    told = " ".join(line for line in models.sql("touches").splitlines() if line.startswith("--"))
    assert all(re.search(rf"\b{bit} [a-z]", told) for bit in every), "touches says what its bits mean"


def test_every_model_file_is_named_and_said() -> None:
    assert {path.stem for path in models.FOLDER.glob("*.sql")} == set(models.NAMES)
    assert all(len(models.summary(name)) > 20 for name in models.NAMES)


def test_every_count_is_a_metric_or_internal() -> None:
    used = {column for metric in METRICS.values() for column in metric.facts}
    assert set(COUNTS) - used == INTERNAL
    assert used <= set(COUNTS)
    assert {m.numerator for m in METRICS.values() if m.is_union} <= set(UNION_COLUMNS)


def test_coverage_speaks_of_counts_only() -> None:
    every = " ".join(coverage.STAGES) + " machine holdout assigned eligible contactable consented cost"
    internal = {"acted", "machine", "holdout"}
    assert coverage.facts(every) - internal <= set(COUNTS) - INTERNAL
    assert set(coverage.OF_OUTCOMES) <= set(COUNTS)
    assert [column.name for column in COVERAGE.columns] == list(COVERAGE.key)


def test_every_metric_says_what_it_is() -> None:
    defined = tomllib.loads((ROOT / "data" / "metrics.toml").read_text(encoding="utf-8"))
    assert list(defined) == list(METRICS)
    labels = [metric.label for metric in METRICS.values()]
    assert len(labels) == len(set(labels)), "two metrics of one label cannot be told apart"
    for metric in METRICS.values():
        assert metric.meaning.endswith("."), metric.name
        assert metric.is_ratio == bool(metric.denominator), metric.name


def _called(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {func.attr for func in calls if isinstance(func, ast.Attribute)}
    return names | {func.id for func in calls if isinstance(func, ast.Name)}


def test_only_the_commit_module_writes_the_lake() -> None:
    writes = {
        "write_deltalake",
        "write_parquet",
        "sink_parquet",
        "write_delta",
        "write_table",
        "vacuum",
        "restore",
    }
    rooms = [path.parent for path in ROOT.glob("*/__init__.py")]
    found = {
        str(path.relative_to(ROOT)): sorted(_called(path) & writes)
        for room in rooms
        for path in room.rglob("*.py")
        if _called(path) & writes and path != ROOT / "etl" / "commit.py"
    }
    # An export is a file of its own, and totals that were taken away come back in the state store.
    for elsewhere in ("exports/formats.py", "pages/data_totals.py"):
        found.pop(elsewhere, None)
    # The command named restore unpacks a backup; no table is rolled back.
    assert found in ({}, {"etl/commands.py": ["restore", "vacuum"]}), "write through etl.commit.Writer"


def test_tables_are_written_as_they_are_defined(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    load(settings, deal(world(0, 12, 3, days=20), 1, 1))
    refresh(settings)
    written = {path.parent.name for path in settings.lake.glob("*/_delta_log")}
    elsewhere = {"behaviour", "repeats", "undone"}
    assert written == set(TABLES) - elsewhere, "every table but those of live events and of undoing"
    for name in sorted(written):
        table = DeltaTable(str(settings.lake / name))
        arrow = pa.schema(table.schema().to_arrow())
        defined = TABLES[name]
        assert [(field.name, _plain(field.type)) for field in arrow] == [
            (field.name, field.type) for field in defined.schema
        ], name
        assert tuple(table.metadata().partition_columns) == defined.partition, name
    assert {table.name for table in DERIVED} <= written


def _plain(kind: pa.DataType) -> pa.DataType:
    views = {pa.string_view(): pa.string(), pa.large_string(): pa.string(), pa.binary_view(): pa.binary()}
    return views.get(kind, kind)


def test_keys_are_unique_in_every_table(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    for half in (deal(world(0, 25, 3, days=20), 1, 2), deal(world(0, 25, 3, days=20), 2, 2)):
        load(settings, half)
        refresh(settings)
    lake = Lake(settings.lake)
    for table in TABLES.values():
        if table.name in ("crosswalk", "members", "aggregates", "campaigns"):
            continue  # their keys may stand again under another load
        frame = lake.frame(table.name)
        assert frame.select(table.key).is_duplicated().sum() == 0, table.name
