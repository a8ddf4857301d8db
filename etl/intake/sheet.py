"""The working sheet: texts of a file, the values read from them, and the first refusal of each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import polars as pl

from config.suggest import near
from etl.intake.cells import Cells, Setting, read_cells
from etl.intake.reader import Rows, dialect
from etl.sources.mapping import Mapping
from etl.sources.problems import MappingError
from etl.sources.rules import NUMERIC, Rule


class Sheet:
    """Reads columns by rules and remembers what is refused or skipped. All series have one entry per row."""

    def __init__(self, rows: Rows, mapping: Mapping, plan_zone: str) -> None:
        self.rows, self.mapping, self.plan_zone = rows, mapping, plan_zone
        self.frame = rows.frame
        self.n = rows.frame.height
        self.setting = Setting(mapping.file.decimal, mapping.zone or plan_zone, plan_zone)
        self.values: dict[str, pl.Series] = {}
        self.notes: list[str] = [*rows.notes]
        self.column = _nulls(self.n)
        self.reason = _nulls(self.n)
        self.skipped = _nulls(self.n)

    def check_columns(self, rules: Iterable[Rule], named: Iterable[tuple[str, str]] = ()) -> None:
        """MappingError that lists every column which the mapping names and the file lacks."""
        wanted = [(rule.where, rule.columns, True) for rule in rules if rule.columns]
        wanted += [(rule.where, (one,), True) for rule in rules for one in (*rule.first_of, *rule.join)]
        wanted += [(where, (one,), True) for where, one in named]
        lacking = [(where, names) for where, names, _ in wanted if not self.found(names)]
        if lacking and len(lacking) == len(wanted) and (len(wanted) > 1 or self.frame.width == 1):
            raise MappingError([self._another_header([names[0] for _, names in lacking])])
        if lacking:
            problems = list(dict.fromkeys(self._lacks(where, names) for where, names in lacking))
            once = [one.partition("; known: ")[0] for one in problems[:-1]]
            raise MappingError([*once, problems[-1]])

    def _another_header(self, names: list[str]) -> str:
        """Said once, and without the line that was read as the header: it may be somebody's row."""
        name, file = self.mapping.path.name, self.rows.file_name
        columns = ", ".join(f'"{one}"' for one in list(dict.fromkeys(names))[:5])
        width = f"{self.frame.width} columns" if self.frame.width > 1 else "one column only"
        if self.mapping.sql is not None or self.mapping.rest is not None:
            lacks = f"has none of the columns that the mapping names ({columns})"
            return (
                f"{name}: {'the answer of [sql] query' if self.mapping.sql else 'a record of [rest]'} {lacks}"
            )
        return (
            f"{name}: the header line of {file} has none of the columns that the mapping names ({columns}"
            f"{', ...' if len(set(names)) > 5 else ''}); it has {width}: "
            "check [file] delimiter, skip_lines and encoding"
        )

    def found(self, names: Iterable[str]) -> str | None:
        """The first of several spellings of a header that the file has."""
        return next((one.strip() for one in names if one.strip() in self.frame.columns), None)

    def _lacks(self, where: str, names: tuple[str, ...]) -> str:
        name = self.mapping.path.name
        twins = [one for one in self.frame.columns if one.split("#")[0] == names[0].strip() and "#" in one]
        if twins:
            said = f'the column "{names[0]}" stands {len(twins)} times; name one of {", ".join(twins)}'
            return f"{name}: {where}: {said} (in {self.rows.file_name})"
        said = " or ".join(f'"{one}"' for one in names)
        hint = near(names[0], self.frame.columns)
        return f"{name}: {where}: {self.rows.file_name} has no column {said}{hint}"

    def text(self, rule: Rule) -> pl.Series:
        """Stripped texts of a rule's cells; null where missing."""
        if rule.constant is not None:
            return pl.select(pl.repeat(rule.constant, self.n, dtype=pl.String)).to_series()
        words = {*self.mapping.file.missing, *rule.missing}
        if rule.join:
            parts = [self._present(one, words) for one in rule.join]
            text = pl.select(pl.concat_str(parts, separator=rule.separator)).to_series()
        else:
            names = rule.first_of or (self.found(rule.columns) or rule.columns[0],)
            parts = [self._present(one, words, rule.type) for one in names]
            text = parts[0] if len(parts) == 1 else pl.select(pl.coalesce(parts)).to_series()
        return text

    def _present(self, name: str, words: set[str], kind: str = "text") -> pl.Series:
        raw = self.frame[name.strip()].str.strip_chars()
        low = sorted({one.strip().lower() for one in words} - {""})
        gone = raw == ""
        if low:
            gone = gone | raw.str.to_lowercase().is_in(low)
        sentinels = [float(one) for one in low if _is_number(one)]
        if sentinels and kind in (*NUMERIC, "bands"):
            gone = gone | raw.cast(pl.Float64, strict=False).is_in(sentinels).fill_null(False)
        return pl.select(pl.when(~gone).then(raw)).to_series()

    def read(self, rule: Rule, name: str, required: bool = False, words: str = "") -> Cells:
        """Read a rule's cells into `values[name]` (instants: name_us, name_day) and refuse the wrong ones."""
        cells = self._cells(rule, words)
        shown = self.shown(rule)
        self.refuse(cells.reason, shown)
        if cells.skip is not None:
            self.skip(cells.skip, f"{shown}: a value that the mapping leaves out")
        if required and not rule.optional:
            empty = cells.absent & cells.reason.is_null()
            if cells.skip is not None:
                empty = empty & ~cells.skip
            self.refuse_where(empty, shown, "no value")
        if cells.day is not None:
            self.values[f"{name}_us"], self.values[f"{name}_day"] = cells.value, cells.day
        else:
            self.values[name] = cells.value
        return cells

    def _cells(self, rule: Rule, words: str) -> Cells:
        if rule.constant is None:
            cells = read_cells(self.text(rule), rule, self.setting, words)
            return cells if rule.default is None else _filled(cells, self._one(rule, rule.default, words))
        one = self._one(rule, rule.constant, words)
        spread = {
            part: _repeat(getattr(one, part), self.n) for part in ("value", "reason", "absent", "day", "skip")
        }
        return Cells(**spread)  # type: ignore[arg-type]

    def _one(self, rule: Rule, text: str, words: str) -> Cells:
        """A constant or a default, read by the rule it belongs to."""
        one = read_cells(pl.Series([text]), rule, self.setting, words)
        if one.reason[0] is not None:
            raise MappingError([f'{self.mapping.path.name}: {rule.where}: "{text}" is {one.reason[0]}'])
        return one

    def shown(self, rule: Rule) -> str:
        """The header that a refusal names."""
        return self.found(rule.columns) or " + ".join(rule.headers) or rule.where

    def refuse(self, reason: pl.Series, column: str) -> None:
        """Refuse rows where `reason` is not null, unless refused before."""
        if reason.null_count() == reason.len():
            return
        new = self.reason.is_null() & reason.is_not_null()
        self.reason = pl.select(pl.coalesce(self.reason, reason)).to_series()
        self.column = pl.select(pl.when(new).then(pl.lit(column)).otherwise(self.column)).to_series()

    def refuse_where(self, mask: pl.Series, column: str, reason: str) -> None:
        """Refuse the rows of a mask for one reason."""
        if mask.any():
            self.refuse(pl.select(pl.when(mask).then(pl.lit(reason))).to_series(), column)

    def skip(self, mask: pl.Series, reason: str) -> None:
        """Leave out the rows of a mask by rule; a skipped row is not refused."""
        if mask.any():
            label = pl.when(mask.fill_null(False)).then(pl.lit(reason)).otherwise(pl.lit(None, pl.String))
            self.skipped = pl.select(pl.coalesce(self.skipped, label)).to_series()

    @property
    def kept(self) -> pl.Series:
        """Rows that are neither refused nor skipped."""
        return self.reason.is_null() & self.skipped.is_null()

    def values_frame(self) -> pl.DataFrame:
        """The values read, with `row`, of the rows that are kept."""
        return pl.DataFrame(
            [self.rows.numbers.alias("row"), *(v.alias(k) for k, v in self.values.items())]
        ).filter(self.kept)

    def refused(self) -> pl.DataFrame:
        """Refused rows in order: row, column, reason, raw; broken rows of the reader included."""
        mask = self.reason.is_not_null() & self.skipped.is_null()
        cells = self.rows.frame.filter(mask)
        parsed = pl.DataFrame({
            "row": self.rows.numbers.filter(mask),
            "column": self.column.filter(mask),
            "reason": self.reason.filter(mask),
            "raw": pl.Series(raw_texts(cells, self.mapping), dtype=pl.String),
        })  # fmt: skip
        broken = pl.DataFrame(
            [(row, None, reason, raw) for row, reason, raw in self.rows.broken],
            schema=parsed.schema,
            orient="row",
        )
        return pl.concat([parsed, broken]).sort("row")

    def skips(self) -> pl.DataFrame:
        """Rows left out by rule: row, reason."""
        mask = self.skipped.is_not_null()
        return pl.DataFrame({"row": self.rows.numbers.filter(mask), "reason": self.skipped.filter(mask)})


def raw_texts(cells: pl.DataFrame, mapping: Mapping) -> list[str]:
    """Rows as they would stand in the file, in its own delimiter and quoting."""
    result = []
    settings = dialect(mapping.file)
    for row in cells.iter_rows():
        text = io.StringIO()
        try:
            csv.writer(text, lineterminator="\n", **settings).writerow(row)
        except csv.Error:
            text.write(mapping.file.delimiter.join(row) + "\n")
        result.append(text.getvalue())
    return result


def _filled(cells: Cells, one: Cells) -> Cells:
    """Missing cells with the default in their place."""
    mask = cells.absent & cells.reason.is_null()
    value = pl.select(pl.when(mask).then(pl.lit(one.value[0])).otherwise(cells.value)).to_series()
    day = cells.day
    if day is not None and one.day is not None:
        day = pl.select(pl.when(mask).then(pl.lit(one.day[0])).otherwise(day)).to_series()
    return Cells(value.cast(cells.value.dtype), cells.reason, cells.absent & ~mask, day, cells.skip)


def _repeat(one: pl.Series | None, n: int) -> pl.Series | None:
    return None if one is None else pl.select(pl.repeat(one[0], n, dtype=one.dtype)).to_series()


def _nulls(n: int) -> pl.Series:
    return pl.select(pl.repeat(None, n, dtype=pl.String)).to_series()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text not in ("nan", "inf", "-inf", "infinity")
