"""Cells read by their rules: numbers, dates, booleans, bands, maps and sentinels as real files write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from etl.intake import Batch, MappingError

Intake = Callable[..., Batch]
MEMBER = """
[source]
name = "list"
kind = "member"
[file]
delimiter = ";"
{file}
[fields]
campaign = {{ value = "flu" }}
{fields}
[attributes]
{attributes}
[key]
none = true
"""


def attribute(intake: Intake, rule: str, cells: list[str], file: str = "") -> list[str | None]:
    """Values of an attribute `x` read by a rule from cells; refused rows are left out."""
    mapping = MEMBER.format(file=file, fields="", attributes=f"x = {rule}")
    batch = intake(mapping, "c;other\n" + "".join(f'"{cell}";o\n' for cell in cells))
    profiles = dict(batch.tables["profiles"].select("profile", "value").iter_rows())
    return [profiles.get(one) for one in batch.tables["assignments"]["profile"]]


def refusals(intake: Intake, rule: str, cells: list[str], file: str = "") -> list[str]:
    mapping = MEMBER.format(file=file, fields="", attributes=f"x = {rule}")
    batch = intake(mapping, "c;other\n" + "".join(f'"{cell}";o\n' for cell in cells))
    assert batch.refused["column"].unique().to_list() in ([], ["c"])
    return batch.refused["reason"].to_list()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("15%", "15%"), (" 15 % ", "15%"), ("7.50%", "7.5%"), ("15", "15%"), ("-2%", "-2%"), ("0%", "0%"),
    ],
)  # fmt: skip
def test_percentages_as_text(intake: Intake, cell: str, value: str) -> None:
    assert attribute(intake, '{ column = "c", type = "percent" }', [cell]) == [value]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (" ? 69.91 ", "69.91"), ("$1,234.50", "1234.5"), ("USD 12", "12"), ("12 €", "12"), ("(3.20)", "-3.2"),
        ("-$5", "-5"), ("5.00-", "-5"), ("−0.015", "-0.015"), ("1 234", "1234"), ("R$ 7", "7"),
        ("1'234.5", "1234.5"),
    ],
)  # fmt: skip
def test_money_as_text(intake: Intake, cell: str, value: str) -> None:
    assert attribute(intake, '{ column = "c", type = "money" }', [cell]) == [value]


@pytest.mark.parametrize(
    ("cell", "value"), [("1.234,56", "1234.56"), ("0,5", "0.5"), ("12", "12"), ("1.234.567", "1234567")]
)
def test_the_decimal_mark_of_the_file(intake: Intake, cell: str, value: str) -> None:
    assert attribute(intake, '{ column = "c", type = "number" }', [cell], 'decimal = ","') == [value]


@pytest.mark.parametrize("cell", ["1,23", "1.2.3", "12abc", "--5", "(-5)", "1,2345", "", "e5", "1e999"])
def test_what_is_no_number_is_refused_not_guessed(intake: Intake, cell: str) -> None:
    expected = [] if cell == "" else ['not a number written with the decimal mark "."']
    assert refusals(intake, '{ column = "c", type = "number" }', [cell]) == expected


def test_whole_numbers(intake: Intake) -> None:
    rule = '{ column = "c", type = "int" }'
    assert attribute(intake, rule, ["007", "1,234", "12.0", "-3"]) == ["7", "1234", "12", "-3"]
    assert (
        refusals(intake, rule, ["12.5", "9e99"])
        == ['not a whole number written with the decimal mark "."'] * 2
    )


@pytest.mark.parametrize(
    ("sign", "value"), [("keep", "-5"), ("negate", "5"), ("absolute", "5"), ("refuse", None)]
)
def test_sign_rules(intake: Intake, sign: str, value: str | None) -> None:
    rule = f'{{ column = "c", type = "number", sign = "{sign}" }}'
    assert attribute(intake, rule, ["-5"]) == ([value] if value else [])


BANDS = '{ column = "c", type = "bands", edges = [18, 35, 50, 65] }'


@pytest.mark.parametrize(
    ("cell", "band"),
    [
        ("17", "<18"),
        ("18", "18-34"),
        ("34.9", "18-34"),
        ("35", "35-49"),
        ("64", "50-64"),
        ("65", "65+"),
        ("", None),
    ],
)
def test_bands(intake: Intake, cell: str, band: str | None) -> None:
    assert attribute(intake, BANDS, [cell]) == [band]


def test_bands_read_percentages_and_money_and_take_labels(intake: Intake) -> None:
    rule = '{ column = "c", type = "bands", edges = [10, 20], labels = ["low", "mid", "high"] }'
    assert attribute(intake, rule, ["5%", "$15", "1,000"]) == ["low", "mid", "high"]
    assert attribute(intake, '{ column = "c", type = "bands", edges = [0.5, 1] }', ["0.7"]) == ["0.5 to <1"]


@pytest.mark.parametrize("cell", ["999", " 999 ", "999.0", "Unknown", "n/a", ""])
def test_sentinels_are_missing(intake: Intake, cell: str) -> None:
    rule = '{ column = "c", type = "bands", edges = [7], missing = ["999"] }'
    assert attribute(intake, rule, [cell], 'missing = ["unknown", "N/A"]') == [None]


def test_a_sentinel_of_one_column_is_a_value_of_another(intake: Intake) -> None:
    mapping = MEMBER.format(
        file="", fields="", attributes='a = { column = "c", missing = ["999"] }\nb = { column = "c" }'
    )
    batch = intake(mapping, "c\n999\n")
    assert batch.tables["profiles"].select("attribute", "value").rows() == [("b", "999")]


@pytest.mark.parametrize(
    ("rule", "cells", "values"),
    [
        ("", ["Yes", "NO", "t", "0", "", "1.0"], ["yes", "no", "yes", "no", None, "yes"]),
        ("invert = true", ["No", "Yes"], ["yes", "no"]),
        ('true = ["J", "ja"], false = ["nein", "N"]', ["JA", "nein", "n"], ["yes", "no", "no"]),
        ('true = ["no-show"], invert = true', ["No-Show", "no"], ["no", "yes"]),
        ('true = ["Control"], unknown = false', ["control", "Self", "x"], ["yes", "no", "no"]),
        ('unknown = "missing"', ["maybe", "yes"], [None, "yes"]),
        ('map = { Goog = true }, match = "contains", unknown = false', ["google proxy", "x"], ["yes", "no"]),
        ('default = false', ["", "yes"], ["no", "yes"]),
    ],
)  # fmt: skip
def test_booleans_in_several_spellings(
    intake: Intake, rule: str, cells: list[str], values: list[str | None]
) -> None:
    extra = f", {rule}" if rule else ""
    assert attribute(intake, f'{{ column = "c", type = "bool"{extra} }}', cells) == values


def test_an_unknown_boolean_is_refused_with_the_near_miss(intake: Intake) -> None:
    assert refusals(intake, '{ column = "c", type = "bool" }', ["yess"]) == [
        'neither true nor false; near "yes"'
    ]


@pytest.mark.parametrize(
    ("unknown", "values"),
    [
        ("new", ["a", "Zeta"]),
        ("other", ["a", "other"]),
        ("missing", ["a", None]),
        ("refuse", ["a"]),
        ("skip", ["a"]),
    ],
)
def test_value_maps_and_the_rule_for_the_unknown(
    intake: Intake, unknown: str, values: list[str | None]
) -> None:
    rule = f'{{ column = "c", map = {{ ALPHA = "a" }}, unknown = "{unknown}" }}'
    assert attribute(intake, rule, ["Alpha", "Zeta"]) == values


def test_an_unknown_value_is_refused_with_the_near_miss_but_never_quoted(intake: Intake) -> None:
    rule = '{ column = "c", map = { Delivered = "d" } }'
    assert refusals(intake, rule, ["Deliverd", "secret@name.org"]) == [
        'a value that the mapping does not know; near "delivered"',
        "a value that the mapping does not know",
    ]


def test_spellings_of_channels_are_known_and_new_ones_are_kept(intake: Intake) -> None:
    mapping = MEMBER.format(file="", fields='channel = "c"\nsent = { value = true }', attributes="")
    cells = [
        "E-Mail",
        "email ",
        "Text Message",
        "SMS",
        "Direct mail",
        "cellular",
        "Carrier Pigeon",
        "carrier  pigeon",
    ]
    batch = intake(mapping, "c\n" + "\n".join(cells) + "\n")
    assert batch.tables["events"]["channel"].to_list() == [
        "email", "email", "sms", "sms", "mail", "phone", "carrier_pigeon", "carrier_pigeon",
    ]  # fmt: skip


def when(
    intake: Intake, rule: str, cell: str, zone: str = "America/New_York", source: str = ""
) -> tuple[str, str] | str:
    """(instant in UTC, local day) of a cell read as assigned_at, or the reason of its refusal."""
    mapping = MEMBER.format(file="", fields=f"assigned_at = {rule}", attributes="")
    mapping = mapping.replace('kind = "member"', f'kind = "member"\n{source}')
    batch = intake(mapping, f'c\n"{cell}"\n', zone=zone)
    if batch.refused.height:
        return str(batch.refused["reason"][0])
    row = batch.tables["assignments"].row(0, named=True)
    instant = datetime.fromtimestamp(row["assigned_us"] / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return instant, date.fromordinal(date(1970, 1, 1).toordinal() + row["assigned_day"]).isoformat()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-03-01T02:00:00Z", ("2026-03-01 02:00:00", "2026-02-28")),
        ("2026-03-01 02:00:00.123 UTC", ("2026-03-01 02:00:00", "2026-02-28")),
        ("2026-03-01T02:00:00+05:30", ("2026-02-28 20:30:00", "2026-02-28")),
        ("2026-03-01 23:30", ("2026-03-02 04:30:00", "2026-03-01")),
        ("2026-07-01 23:30:00", ("2026-07-02 03:30:00", "2026-07-01")),
        ("2026-03-01", ("2026-03-01 05:00:00", "2026-03-01")),
    ],
)
def test_iso_instants_and_the_local_day(intake: Intake, cell: str, expected: tuple[str, str]) -> None:
    assert when(intake, '{ column = "c" }', cell) == expected


@pytest.mark.parametrize("cell", ["2026-03-02T00:00:00Z", "2026-03-02 23:59", "2026-03-02T00:30:00+05:30"])
def test_a_date_is_the_day_as_it_is_written(intake: Intake, cell: str) -> None:
    found = when(intake, '{ column = "c", type = "date" }', cell, source='zone = "Asia/Tokyo"')
    assert found == ("2026-03-02 05:00:00", "2026-03-02")
    assert when(intake, '{ column = "c", type = "date" }', "2026-03-02T25:00:00Z").startswith("not a date")


def test_an_hour_that_clocks_skip_or_repeat(intake: Intake) -> None:
    assert when(intake, '{ column = "c" }', "2026-03-08 02:30:00") == ("2026-03-08 07:30:00", "2026-03-08")
    assert when(intake, '{ column = "c" }', "2026-11-01 01:30:00") == ("2026-11-01 05:30:00", "2026-11-01")


@pytest.mark.parametrize(
    ("rule", "cell", "expected"),
    [
        ('format = "%d-%m-%Y"', "02-03-2026", ("2026-03-02 05:00:00", "2026-03-02")),
        ('format = "%d.%m.%y %H:%M"', "02.03.26 9:05", ("2026-03-02 14:05:00", "2026-03-02")),
        ('format = "%m/%d/%Y %I:%M %p"', "3/2/2026 9:05 PM", ("2026-03-03 02:05:00", "2026-03-02")),
        ('format = ["%d/%m/%Y", "iso"]', "2026-03-02", ("2026-03-02 05:00:00", "2026-03-02")),
        ('format = "epoch"', "1772416800.5", ("2026-03-02 02:00:00", "2026-03-01")),
        ('format = "epoch_ms"', "1772416800000", ("2026-03-02 02:00:00", "2026-03-01")),
        ('zone = "UTC"', "2026-03-02 02:00", ("2026-03-02 02:00:00", "2026-03-01")),
        ('type = "date"', "2026-03-02 02:00", ("2026-03-02 05:00:00", "2026-03-02")),
        ('value = 2026-03-02', "x", ("2026-03-02 05:00:00", "2026-03-02")),
    ],
)  # fmt: skip
def test_dates_in_a_stated_format(intake: Intake, rule: str, cell: str, expected: tuple[str, str]) -> None:
    column = "" if rule.startswith("value") else 'column = "c", '
    assert when(intake, f"{{ {column}{rule} }}", cell) == expected


def test_the_zone_of_the_source_holds_where_a_text_has_no_offset(intake: Intake) -> None:
    found = when(intake, '{ column = "c" }', "2026-03-02 00:30", source='zone = "Europe/Berlin"')
    assert found == ("2026-03-01 23:30:00", "2026-03-01")


@pytest.mark.parametrize(
    ("rule", "cell", "reason"),
    [
        ('{ column = "c", format = "%d-%m-%Y" }', "31-02-2026", "not a date and time in the format %d-%m-%Y"),
        ('{ column = "c", format = "%d-%m-%Y" }', "2026-03-02", "not a date and time in the format %d-%m-%Y"),
        ('{ column = "c", type = "date" }', "yesterday", "not a date in the format ISO 8601"),
        ('{ column = "c" }', "0206-03-02", "a date outside 1900 to 2100"),
        ('{ column = "c", format = "epoch" }', "1772416800000", "a date outside 1900 to 2100"),
        ('{ column = "c" }', "", "no value"),
    ],
)
def test_wrong_dates_are_refused(intake: Intake, rule: str, cell: str, reason: str) -> None:
    assert when(intake, rule, cell) == reason


def test_first_of_join_default_and_two_spellings_of_a_header(intake: Intake) -> None:
    attributes = (
        'a = { first_of = ["x", "y"] }\n'
        'b = { join = ["x", "y"], separator = "/" }\n'
        'c = { column = ["Z", "z"], default = "none" }'
    )
    batch = intake(MEMBER.format(file="", fields="", attributes=attributes), "x;y;z\n;2;3\n1;2;\n")
    rows = batch.tables["profiles"].sort("row", "attribute").select("row", "attribute", "value").rows()
    assert rows == [(1, "a", "2"), (1, "c", "3"), (2, "a", "1"), (2, "b", "1/2"), (2, "c", "none")]


def test_a_constant_that_does_not_fit_is_an_error_of_the_mapping(intake: Intake) -> None:
    mapping = MEMBER.format(file="", fields='assigned_at = { value = "soon" }', attributes="")
    with pytest.raises(MappingError, match=r'\[fields\] assigned_at: "soon" is not a date and time'):
        intake(mapping, "c\n1\n")
