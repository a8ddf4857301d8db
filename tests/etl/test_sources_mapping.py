"""Mapping files: every mistake is named with its line, its place and the near miss, before a row is read."""

# ruff: noqa: E501  (mappings and files as they are written)

from __future__ import annotations

from pathlib import Path

import pytest

from etl.intake import MappingError
from etl.sources.mapping import Mapping
from etl.sources.toml import load_mapping

EVENT = """
[source]
name = "log"
kind = "event"
[fields]
event = "event"
member = "member"
campaign = "campaign"
[key]
columns = ["id"]
"""
MEMBER = """
[source]
name = "list"
kind = "member"
[fields]
campaign = { value = "flu" }
[key]
none = true
"""


@pytest.fixture
def load(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(text: str) -> Mapping:
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        return load_mapping(tmp_path / "m.toml")

    return run


def changed(old: str, new: str, text: str = EVENT) -> str:
    assert old in text
    return text.replace(old, new)


WRONG = {
    "not TOML": ("[source", "not valid TOML"),
    "unknown section": (EVENT + "[lookup]\nx = 1\n", r'\[lookup\]: no such section; did you mean "lookups"'),
    "unknown kind": (changed('"event"\n[f', '"evnt"\n[f'), r'kind of row; did you mean "event"'),
    "bad name": (changed('"log"', '"Log file"'), r"\[source\] name: needs an id"),
    "unknown source key": (changed('kind =', 'lable = "x"\nkind ='), r'\[source\] lable: no such key; did you mean "label"'),
    "bad zone": (changed('kind =', 'zone = "Mars/Base"\nkind ='), "not a zone of the tz database"),
    "unknown field": (changed("member =", "membr ="), r'line 7: \[fields\] membr: kind "event" has no field "membr"; did you mean "member"'),
    "field not a rule": (changed('"member"', "7"), "must be a column name in quotes"),
    "no column": (changed('"member"', "{ missing = [] }"), "names no column; give exactly one of"),
    "column and value": (changed('"member"', '{ column = "a", value = "b" }'), "has column and value"),
    "type that does not fit": (changed('"member"', '{ column = "a", type = "money" }'), '"money" is not a type that fits'),
    "recipient without type": (changed("member =", "recipient ="), "needs a type, one of email, phone"),
    "key of another type": (changed('"member"', '{ column = "a", edges = [1] }'), '"edges" is not a key of type "text"; it belongs to type bands'),
    "unknown word": (changed('"event"\nm', '{ column = "e", unknown = "refuze" }\nm'), 'did you mean "refuse"'),
    "event not of the vocabulary": (changed('"event"\nm', '{ column = "e", map = { D = "deliverd" } }\nm'), '"deliverd" is not an event; did you mean "delivered"'),
    "a new event": (changed('"event"\nm', '{ column = "e", unknown = "new" }\nm'), "an event is of the vocabulary"),
    "map given twice": (changed('"event"\nm', '{ column = "e", map = { D = "sent", d = "opened" } }\nm'), "is given twice"),
    "bad date format": (changed("member =", 'at = { column = "a", format = "dd-mm-yyyy" }\nmember ='), "no % directive; did you mean .%d-%m-%Y."),
    "unknown directive": (changed("member =", 'at = { column = "a", format = "%d-%q" }\nmember ='), "%q is not known"),
    "no event": (changed('event = "event"\n', ""), 'kind "event" needs the field event'),
    "no key": (changed('[key]\ncolumns = ["id"]\n', ""), "needs to know what tells two rows apart"),
    "two keys": (changed('columns = ["id"]', "all = true\nnone = true"), "give exactly one of columns"),
    "an optional event": (changed('"event"\nm', '{ column = "e", optional = true }\nm'), 'every row of kind "event" must have a value'),
    "whose": (changed('member = "member"\n', ""), "whose message is it"),
    "delimiter": (EVENT + '[file]\ndelimiter = "||"\n', "expected one character"),
    "encoding": (EVENT + '[file]\nencoding = "latin-99"\n', "is not an encoding"),
    "skip without test": (EVENT + '[[skip]]\ncolumn = "x"\n', "give exactly one of equals"),
    "skip with one bracket": (EVENT + '[skip]\ncolumn = "x"\n', "two brackets"),
    "lookup without file": (EVENT + '[[lookups]]\non = { a = "b" }\ntake = { c = "d" }\n', "needs the name of the second file"),
    "lookup rule": (EVENT + '[[lookups]]\nfile = "x"\non = { a = "b" }\ntake = { c = "d" }\nunmatched = "drop"\n', "'drop', expected refuse or missing"),
    "newer_by of an event": (changed("[fields]", 'newer_by = "x"\n[fields]'), "belongs to kinds message and member"),
    "provides": (changed("[fields]", 'provides = ["send"]\n[fields]'), 'is not a fact; did you mean "sent"'),
    "counts of an event": (EVENT + '[counts]\nsent = "s"\n', r"\[counts\]: belongs to kind aggregate"),
    "reserved attribute": (MEMBER + '[attributes]\nchannel = "c"\n', "is a dimension of its own"),
    "bands without edges": (MEMBER + '[attributes]\na = { column = "a", type = "bands" }\n', "needs edges: rising numbers"),
    "falling edges": (MEMBER + '[attributes]\na = { column = "a", type = "bands", edges = [5, 3] }\n', "rising numbers"),
    "labels": (MEMBER + '[attributes]\na = { column = "a", type = "bands", edges = [5], labels = ["x"] }\n', "needs 2 labels"),
    "both true and false": (MEMBER + '[attributes]\na = { column = "a", type = "bool", true = ["x"], false = ["X"] }\n', "is both true and false"),
}  # fmt: skip


@pytest.mark.parametrize("case", list(WRONG))
def test_each_mistake_is_named(load, case: str) -> None:  # type: ignore[no-untyped-def]
    text, said = WRONG[case]
    with pytest.raises(MappingError, match=said) as caught:
        load(text)
    assert all(problem.startswith("m.toml") for problem in caught.value.problems)


def test_all_mistakes_are_named_at_once(load) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MappingError) as caught:
        load(changed("member =", "membr =").replace('"log"', '"LOG"') + '[file]\ndelimitr = ","\n')
    assert len(caught.value.problems) == 3


def test_a_mistake_in_a_section_of_its_own_is_named_with_its_line(load) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MappingError, match=r"m.toml, line 8: .fields. event.map: .delivrd. is not an event"):
        load(
            changed('event = "event"\n', "").replace(
                "[key]", '[fields.event]\ncolumn = "e"\nmap = { D = "delivrd" }\n[key]'
            )
        )


def test_a_missing_file_is_named_with_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "flu_mail.toml").touch()
    with pytest.raises(MappingError, match=r'no such mapping file; did you mean "flu_mail.toml"'):
        load_mapping(tmp_path / "flumail.toml")


READY = sorted((Path(__file__).parents[2] / "etl" / "sources").glob("*.toml"))


@pytest.mark.parametrize("path", READY, ids=[path.stem for path in READY])
def test_ready_mappings_load_and_are_named_like_their_file(path: Path) -> None:
    assert load_mapping(path).name == path.stem
