"""Texts: what people type, bounded and without characters that nobody sees; what a spreadsheet may read."""

from __future__ import annotations

import unicodedata

LINE, PARAGRAPH, NOTE = 200, 4000, 500
# Marks that turn the reading direction: with them a text can look like another one.
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# What a spreadsheet takes for the start of a formula; the wide signs are those of East Asian keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class TextRefused(ValueError):
    """A text that is too long, or holds characters that must not be stored; its words say which."""


def typed(text: str, limit: int = LINE, *, lines: bool = False) -> str:
    """The text trimmed, with `\\n` for every line break; `TextRefused` where it cannot be stored.

    `lines`: whether it may have more than one line.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not lines and "\n" in plain:
        raise TextRefused("more than one line; write it in one")
    hidden = [sign for sign in plain if _hidden(sign)]
    if hidden:
        raise TextRefused(
            f"a character that nobody sees (U+{ord(hidden[0]):04X}); type it instead of pasting it"
        )
    if len(plain) > limit:
        raise TextRefused(f"{len(plain):,} characters; at most {limit:,} fit")
    return plain


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _hidden(sign: str) -> bool:
    if sign in "\n\t":
        return False
    return sign in _TURNING or unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn")
