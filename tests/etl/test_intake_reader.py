"""Reading raw files: every row is counted once, a broken one is refused, and its neighbours survive."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.identify import Pseudonyms
from etl.intake import Batch, IntakeError, MappingError, read
from etl.intake.reader import UNREADABLE, parse
from etl.sources.tables import FileSpec
from etl.sources.toml import load_mapping

Intake = Callable[..., Batch]
MAPPING = """
[source]
name = "log"
kind = "event"
[fields]
event = "event"
at = "at"
member = "member"
campaign = "campaign"
cost = "cost"
[key]
columns = ["id"]
"""
HEADER = "id,event,at,member,campaign,cost\n"


def row(n: int) -> str:
    return f"{n},sent,2026-03-01T10:00:00Z,M{n},flu,0.02\n"


def reasons(batch: Batch) -> dict[int, str]:
    return dict(zip(batch.refused["row"], batch.refused["reason"], strict=True))


def test_a_row_with_too_few_or_too_many_fields_is_refused_and_says_so(intake: Intake) -> None:
    batch = intake(MAPPING, HEADER + row(1) + "2,sent\n" + row(3) + row(4)[:-1] + ",extra\n" + row(5))
    assert reasons(batch) == {2: "2 fields where the header has 6", 4: "7 fields where the header has 6"}
    assert batch.tables["events"]["row"].to_list() == [1, 3, 5]
    assert batch.refused["raw"].to_list()[0] == "2,sent\n"


def test_a_quote_that_is_never_closed_costs_one_row(intake: Intake) -> None:
    batch = intake(MAPPING, HEADER + row(1) + '2,"sent,2026\n' + "".join(row(n) for n in range(3, 9)))
    assert reasons(batch) == {2: "a quote is opened and never closed"}
    assert batch.rows_in == 8


def test_two_stray_quotes_cost_two_rows_not_those_between(intake: Intake) -> None:
    text = HEADER + row(1) + '2,"sent,x\n' + row(3) + row(4) + '5,"sent,x\n' + row(6)
    batch = intake(MAPPING, text)
    assert set(reasons(batch)) == {2, 5}
    assert batch.tables["events"]["row"].to_list() == [1, 3, 4, 6]


def test_a_line_break_inside_quotes_is_no_new_row(intake: Intake) -> None:
    batch = intake(MAPPING, HEADER + '1,sent,2026-03-01T10:00:00Z,M1,"flu\n2026",0.02\n' + row(2))
    assert batch.rows_in == 2
    assert batch.tables["events"]["campaign"].to_list() == ["flu\n2026", "flu"]


def test_bad_bytes_refuse_their_row_only(intake: Intake) -> None:
    batch = intake(
        MAPPING, (HEADER + row(1)).encode() + b"2,sent,2026-03-01T10:00:00Z,M\xff2,flu,1\n" + row(3).encode()
    )
    assert reasons(batch) == {2: UNREADABLE}


def test_the_encoding_of_the_mapping_is_used(intake: Intake) -> None:
    mapping = MAPPING.replace("[fields]", '[file]\nencoding = "latin-1"\n[fields]')
    batch = intake(mapping, (HEADER + row(1).replace("flu", "Grippe-Frühjahr")).encode("latin-1"))
    assert batch.tables["events"]["campaign"].to_list() == ["Grippe-Frühjahr"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("\ufeff" + HEADER + row(1), id="byte order mark"),
        pytest.param((HEADER + row(1)).replace("\n", "\r\n"), id="windows line ends"),
        pytest.param((HEADER + row(1)).replace("\n", "\r"), id="old mac line ends"),
        pytest.param("\n\n" + HEADER + "\n" + row(1) + "\n\n", id="blank lines"),
        pytest.param(HEADER.replace("at,", '" at ",') + row(1), id="header with a leading blank"),
        pytest.param(HEADER + row(1).rstrip("\n"), id="no line end at the end"),
    ],
)
def test_harmless_habits_of_files(intake: Intake, raw: str) -> None:
    batch = intake(MAPPING, raw)
    assert batch.rows_in == batch.tables["events"].height == 1


def test_a_file_without_rows_is_an_empty_batch(intake: Intake) -> None:
    batch = intake(MAPPING, HEADER)
    assert batch.rows_in == 0
    assert batch.tables["events"].height == 0


def test_an_empty_file_is_an_error_that_says_so(intake: Intake) -> None:
    with pytest.raises(IntakeError, match="is empty: no header line"):
        intake(MAPPING, "")


def test_a_missing_column_is_an_error_with_the_near_miss(intake: Intake) -> None:
    with pytest.raises(
        MappingError, match=r'\[fields\] campaign: rows.csv has no column "campaign"; did you mean "campain"'
    ):
        intake(MAPPING, HEADER.replace("campaign", "campain") + row(1))


def test_a_wrong_delimiter_is_suspected(intake: Intake) -> None:
    with pytest.raises(MappingError, match=r"check \[file\] delimiter"):
        intake(MAPPING, (HEADER + row(1)).replace(",", ";"))


def test_a_column_that_stands_twice_must_be_named_by_number(intake: Intake) -> None:
    text = HEADER.replace("cost", "at") + row(1)
    mapping = MAPPING.replace('cost = "cost"\n', "")
    with pytest.raises(MappingError, match="stands 2 times; name one of at#1, at#2"):
        intake(mapping, text)
    assert intake(mapping.replace('at = "at"', 'at = "at#1"'), text).tables["events"].height == 1


def test_a_file_without_header_has_its_columns_named(intake: Intake) -> None:
    names = ", ".join(f'"{one}"' for one in HEADER.strip().split(","))
    mapping = MAPPING.replace("[fields]", f"[file]\ncolumns = [{names}]\nskip_lines = 1\n[fields]")
    assert intake(mapping, "exported on Monday\n" + row(1)).tables["events"].height == 1


def test_no_such_file(tmp_path: Path, pseudonyms: Pseudonyms) -> None:
    (tmp_path / "m.toml").write_text(MAPPING)
    (tmp_path / "events.csv").touch()
    with pytest.raises(IntakeError, match=r"no such file; did you mean \"events.csv\""):
        read(tmp_path / "event.csv", load_mapping(tmp_path / "m.toml"), pseudonyms, "UTC")


CLEAN = (
    HEADER + "".join(row(n) for n in range(1, 30)) + '30,"sent",2026-03-01,"M ""30""",flu,"1,000.5"\n'
).encode()
CHANGES = st.lists(
    st.tuples(
        st.integers(0, len(CLEAN)),
        st.integers(0, 3),
        st.binary(max_size=4) | st.sampled_from([b'"', b",", b"\n", b"\r"]),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, keep_header=st.booleans())
def test_mutated_bytes_never_crash_and_every_row_is_somewhere(
    changes: list[tuple[int, int, bytes]],
    keep_header: bool,
    pseudonyms: Pseudonyms,
    accounted: Callable[[Batch], Batch],
) -> None:
    raw = CLEAN
    for place, drop, new in changes:
        at = max(place, len(HEADER)) if keep_header else place
        raw = raw[:at] + new + raw[at + drop :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes(raw)
        (Path(folder) / "m.toml").write_text(MAPPING)
        try:
            batch = read(path, load_mapping(Path(folder) / "m.toml"), pseudonyms, "Europe/Berlin")
        except IntakeError:
            assert not keep_header
            return
    accounted(batch)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["utf-8", "latin-1", "utf-16", "cp1252", "utf-7"]))
def test_any_bytes_parse_or_are_refused_in_words(raw: bytes, encoding: str) -> None:
    try:
        rows = parse(raw, FileSpec(encoding=encoding), "x.csv")
    except IntakeError:
        return
    assert rows.frame.height + len(rows.broken) == rows.rows_in
    assert rows.numbers.len() == rows.frame.height


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ((HEADER + row(1)).encode("utf-16"), 'say encoding = "utf-16"'),
        (b"PK\x03\x04rest", "an Excel workbook"),
        (b"\x1f\x8b\x08rest", "unpack it first"),
    ],
)
def test_a_file_that_is_no_text_is_told_by_its_first_bytes(intake: Intake, raw: bytes, said: str) -> None:
    with pytest.raises(IntakeError, match=said):
        intake(MAPPING, raw)
