"""Numbers, money, percentages and bands that are written as text, read exactly."""

from __future__ import annotations

import polars as pl

MICROS = 1_000_000
LARGEST = 9_000_000_000_000
_CODE = r"(?:[A-Z]{2,3}|Rs\.?|kr\.?|Fr\.?|zł|Kč)"
_CURRENCY = rf"(?:[A-Z]{{0,3}}[\p{{Sc}}?¤\x{{FFFD}}]|{_CODE})?"


def plain(text: pl.Series, mark: str, money: bool, percent: bool) -> pl.Series:
    """Text of numbers as `-1234.5`; null where it is not a number written with this decimal mark.

    Thousands may be grouped by the other mark, a blank or an apostrophe; parentheses or a minus on
    either side mean negative. Money may carry a currency sign or code; a percentage its sign.
    """
    name, group = "n", "," if mark == "." else r"\."
    frame = text.to_frame(name)
    col = pl.col(name).str.strip_chars()
    if frame.select(col.str.contains(r"^-?[0-9]{1,15}$").all()).item():
        return frame.select(col).to_series()
    point = r"\." if mark == "." else ","
    marked = rf"[0-9]{{1,3}}(?:(?:{group})[0-9]{{2,3}})*(?:{group})[0-9]{{3}}"
    digits = rf"{marked}|[0-9]{{1,3}}(?:[\s'’][0-9]{{3}})+|[0-9]+"
    number = rf"(?:{digits})(?:{point}[0-9]*)?|{point}[0-9]+"
    if not money:
        number += rf"|[0-9]+(?:{point}[0-9]+)?[eE][+-]?[0-9]{{1,3}}"
    before = rf"{_CURRENCY}\s*" if money else ""
    after = rf"\s*{_CURRENCY}" if money else r"\s*(?:%|％)?" if percent else ""
    open_, sign = r"(?P<open>\()?", r"(?P<sign>[-+−])?"
    front = rf"^{open_}\s*{sign}\s*{before}(?P<inner>[-+−])?\s*"
    pattern = front + rf"(?P<number>{number}){after}\s*(?P<tail>-)?\s*(?P<close>\))?$"
    groups = frame.select(col.str.extract_groups(pattern).alias("g")).unnest("g")
    signs = [pl.col(one) for one in ("sign", "inner", "tail")]
    marks = sum((one.is_not_null().cast(pl.Int8) for one in signs), pl.lit(0, pl.Int8))
    negative = pl.col("open").is_not_null() | pl.any_horizontal(
        one.is_in(["-", "−"]).fill_null(False) for one in signs
    )
    sound = (
        pl.col("number").is_not_null()
        & (pl.col("open").is_not_null() == pl.col("close").is_not_null())
        & (marks + pl.col("open").is_not_null().cast(pl.Int8) <= 1)
    )
    cleaned = pl.col("number").str.replace_all(rf"[\s'’]|{group}", "")
    if mark == ",":
        cleaned = cleaned.str.replace(",", ".", literal=True)
    signed = pl.when(negative).then(pl.lit("-") + cleaned).otherwise(cleaned)
    return groups.select(pl.when(sound).then(signed).alias(name)).to_series()


def micros(number: pl.Series) -> pl.Series:
    """Int64 millionths of plain numbers, exact to six places; null from nine million million on."""
    small = number.cast(pl.Float64, strict=False).abs() < LARGEST
    exact = pl.select(pl.when(small).then(number)).to_series().cast(pl.Decimal(38, 6), strict=False)
    return (exact * MICROS).cast(pl.Int64, strict=False)


def units(amount: pl.Series) -> pl.Series:
    """Text of millionths as whole units, exactly: -3200000 is -3.2."""
    digits = amount.abs().cast(pl.String).str.zfill(7)
    sign = pl.select(pl.when(amount < 0).then(pl.lit("-")).otherwise(pl.lit(""))).to_series()
    return shown(sign + digits.str.head(-6) + "." + digits.str.tail(6))


def floats(number: pl.Series) -> pl.Series:
    """Float64 of plain numbers; null where infinite."""
    value = number.cast(pl.Float64, strict=False)
    return value.to_frame("v").select(pl.when(pl.col("v").is_finite()).then(pl.col("v"))).to_series()


def integers(number: pl.Series) -> pl.Series:
    """Int64 of plain numbers without a fraction; null where there is one, or it is beyond 2**53."""
    direct = number.cast(pl.Int64, strict=False)
    if direct.null_count() == number.null_count():
        return direct
    value = floats(number)
    whole = (value.round(0) == value) & (value.abs() < 2**53)
    return pl.select(pl.when(whole).then(value).cast(pl.Int64, strict=False)).to_series()


def banded(value: pl.Series, edges: tuple[float, ...], labels: tuple[str, ...]) -> pl.Series:
    """The label of the band in which each value lies: lower edge <= value < upper edge."""
    names = labels or band_labels(edges)
    bands = [
        pl.when(pl.col("v") < upper).then(pl.lit(name)) for upper, name in zip(edges, names, strict=False)
    ]
    last = pl.when(pl.col("v").is_not_null()).then(pl.lit(names[-1]))
    return value.to_frame("v").select(pl.coalesce(*bands, last).alias("band")).to_series()


def band_labels(edges: tuple[float, ...]) -> tuple[str, ...]:
    """`<18`, `18-34`, ..., `65+`; with a broken edge `0.5 to <1`."""
    whole = all(float(one).is_integer() for one in edges)
    shown = [f"{one:g}" if abs(one) < 1e6 else f"{one:.10g}" for one in edges]
    inner = [
        (f"{low}-{high - 1:.10g}" if high - 1 > edges[n] else low) if whole else f"{low} to <{shown[n + 1]}"
        for n, (low, high) in enumerate(zip(shown, edges[1:], strict=False))
    ]
    return (f"<{shown[0]}", *inner, f"{shown[-1]}+")


def shown(number: pl.Series) -> pl.Series:
    """Plain numbers as one text each: `012.50` and `12.5` are the same attribute value."""
    frame = number.to_frame("n").select(
        pl.col("n")
        .str.replace(r"^(-?)0+(\d)", "${1}${2}")
        .str.replace(r"^(-?)\.", "${1}0.")
        .str.replace(r"(\.\d*?)0+$", "${1}")
        .str.replace(r"\.$", "")
    )
    return frame.to_series()
