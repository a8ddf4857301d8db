"""The parts of a request: JSON and forms by types, with refusals that name a field and never a value."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from email.utils import parseaddr
from typing import NoReturn, TypeVar
from urllib.parse import parse_qsl, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from collect.webhooks.notice import Notice, Reading, Refusal, derived

LONGEST = 2_000
FIELDS = 1_000
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class Unreadable(Exception):
    """A body that is not what the vendor sends; says which vendor and what is wrong, without any of it."""


class Wrong(Exception):
    """An element that cannot be used: the vendor's field and the reason."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column, self.reason = column, reason


Coded = TypeVar("Coded")


def known(table: Mapping[str, Coded], word: str, column: str) -> Coded:
    """What a vendor's table says of a word of its field `column`; `Wrong` where it does not know it."""
    code = table.get(word)
    if code is None:
        raise Wrong(column, "a word that the table does not know")
    return code


@dataclass(frozen=True)
class Request:
    """A request as it came: raw body, headers (names in any case), and the public URL it was posted to."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    url: str = field(default="", repr=False)

    def header(self, name: str) -> str:
        """The value of a header, empty where it is missing."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")


class Part:
    """An object of a payload, read by name and type; several names stand in order of preference."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, *names: str) -> str:
        """The first that is there, as text; numbers too. Empty where none is."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, list) and value and isinstance(value[0], str):
                value = value[0]
            if value is not None and value != "":
                return _text(name, value)
        return ""

    def maybe(self, name: str) -> str:
        """A text; empty where there is none that can be used."""
        try:
            return self.text(name)
        except Wrong:
            return ""

    def must(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if not value:
            raise Wrong(name, "is missing")
        return value

    def texts(self, *names: str) -> tuple[str, ...]:
        """A list of texts, or one text, of the first name that is there."""
        for name in names:
            value = self.values.get(name)
            if isinstance(value, list):
                return tuple(_text(name, one) for one in value)
            if value is not None and value != "":
                return (_text(name, value),)
        return ()

    def listed(self, name: str) -> tuple[str, ...]:
        """A list of texts, or a text that holds one as JSON, or one text."""
        value = self.values.get(name)
        found = _maybe_json(value) if isinstance(value, str) and value.startswith("[") else None
        return Part({name: found}).texts(name) if isinstance(found, list) else self.texts(name)

    def flag(self, name: str) -> bool | None:
        """True, false, or not said."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        word = str(value).lower()
        if word in ("true", "1", "false", "0"):
            return word in ("true", "1")
        raise Wrong(name, "is neither true nor false")

    def part(self, name: str) -> Part:
        """An object inside; empty where it is missing."""
        value = self.values.get(name)
        if value is None or value == []:
            return Part({})
        if not isinstance(value, dict):
            raise Wrong(name, "is no object")
        return Part(value)

    def parts(self, name: str) -> list[Part]:
        """A list of objects; empty where it is missing."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise Wrong(name, "is no list of objects")
        return [Part(one) for one in value]

    def pairs(self, name: str) -> dict[str, str]:
        """The sender's own arguments: an object, or a text that holds one; anything else is one argument."""
        value = self.values.get(name)
        if isinstance(value, str) and value:
            found = _maybe_json(value)
            value = found if isinstance(found, dict) else {name: value}
        return as_texts(value) if isinstance(value, dict) else {}

    def rest(self, known: Collection[str]) -> dict[str, str]:
        """What the sender added at the top level: all fields whose names are not the vendor's."""
        return as_texts({key: value for key, value in self.values.items() if key not in known})


def as_texts(values: Mapping[str, object]) -> dict[str, str]:
    """Arguments as texts; what is no text is JSON, nulls are left out."""
    return {
        _text("argument", key): _sound("argument", value) if isinstance(value, str) else compact(value)
        for key, value in values.items()
        if value is not None and key
    }


def compact(value: object) -> str:
    """A value as JSON in ASCII; empty where it is nested beyond reason."""
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), default=_plain)
    except RecursionError:
        return ""


def elements(vendor: str, request: Request) -> list[object]:
    """The elements of a JSON array; one object is an array of one."""
    value = parsed(vendor, request.body)
    if not isinstance(value, list | dict):
        raise Unreadable(f"{vendor}: the body is neither an object nor an array")
    return value if isinstance(value, list) else [value]


def parsed(vendor: str, body: bytes | str) -> object:
    """JSON with exact numbers; Unreadable where it is none."""
    try:
        text = body if isinstance(body, str) else body.decode("utf-8-sig")
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError):
        raise Unreadable(f"{vendor}: the body is no JSON") from None


def is_form(request: Request) -> bool:
    """Whether the body is a form of either kind."""
    return parse_options_header(request.header("Content-Type"))[0] in (URLENCODED, MULTIPART)


def pairs_of(vendor: str, request: Request) -> list[tuple[str, str]]:
    """The fields of a form in their order, blank ones too."""
    kind, options = parse_options_header(request.header("Content-Type"))
    try:
        if kind == MULTIPART:
            return _multipart(request.body, options)
        body = request.body.decode("ascii")
        return parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except (ValueError, HTTPException):
        raise Unreadable(f"{vendor}: the body is no form") from None


def form(vendor: str, request: Request) -> Part:
    """A form as a part; a field that comes more than once is a list."""
    values: dict[str, object] = {}
    for name, value in pairs_of(vendor, request):
        before = values.get(name)
        values[name] = (
            value if before is None else [*(before if isinstance(before, list) else [before]), value]
        )
    return Part(values)


def collected(found: Iterable[object], read: Callable[[Part], Notice | list[Notice]]) -> Reading:
    """Read element by element: what one refuses does not stop the others."""
    notices: list[Notice] = []
    refused: list[Refusal] = []
    for index, element in enumerate(found):
        try:
            if not isinstance(element, dict):
                raise Wrong("", "the element is no object")
            said = read(Part(element))
            notices += said if isinstance(said, list) else [said]
        except Wrong as wrong:
            refused.append(Refusal(index, wrong.column, wrong.reason, compact(element)))
    return Reading(tuple(notices), tuple(refused))


def derived_id(
    event: Part, vendor: str, word: str, message_id: str = "", recipient: str = "", at_us: int | None = None,
    link: str = "",
) -> str:  # fmt: skip
    """The id of an event whose vendor gives none: of what happened when to which message.

    Where it names no message or no time, of all that it says.
    """
    if message_id and at_us is not None:
        return derived(vendor, word, message_id, recipient, str(at_us), link)
    return derived(vendor, word, compact(event.values))


def address(text: str, column: str) -> str:
    """The address in `Name <address>`; empty where there is none to be told."""
    return _text(column, parseaddr(text)[1]) if "<" in text else text


def without_query(url: str) -> str:
    """A link without query and fragment, which may name somebody."""
    try:
        split = urlsplit(url)
    except ValueError:
        return ""
    return f"{split.scheme}://{split.netloc.rpartition('@')[2]}{split.path}" if split.netloc else ""


def _multipart(body: bytes, options: dict[str, str]) -> list[tuple[str, str]]:
    parser = FormDataParser(max_form_parts=FIELDS, silent=False)
    _, fields, _ = parser.parse(io.BytesIO(body), MULTIPART, len(body), options)
    return list(fields.items(multi=True))


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise Wrong(name, "is no text")
        value = str(value)
    if len(value) > LONGEST:
        raise Wrong(name, "is too long")
    return _sound(name, value)


def _sound(name: str, text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Wrong(name, "holds half a character") from None
    return text


def _maybe_json(text: str) -> object:
    try:
        return parsed("", text)
    except Unreadable:
        return None


def _plain(value: object) -> object:
    if not isinstance(value, Decimal):
        raise TypeError
    return float(value)


def _no_number(_word: str) -> NoReturn:
    raise ValueError
