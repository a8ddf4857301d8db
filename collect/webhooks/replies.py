"""What members answer to a text, by a table of words: stop, help, positive, negative or other."""

from __future__ import annotations

import re

# English and Spanish. Any of the stop words alone is an opt-out, and so is one of the phrases in a sentence.
WORDS: dict[str, str] = {
    **dict.fromkeys(
        ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "remove"), "stop"
    ),
    **dict.fromkeys(("alto", "baja", "cancelar", "parar", "salir"), "stop"),
    **dict.fromkeys(("help", "info", "ayuda"), "help"),
    **dict.fromkeys(("yes", "y", "yep", "yeah", "ok", "okay", "sure", "book"), "positive"),
    **dict.fromkeys(("si", "sí", "claro"), "positive"),
    **dict.fromkeys(("no", "n", "nope", "never"), "negative"),
}
PHRASES: dict[str, str] = {
    "opt out": "stop",
    "opt me out": "stop",
    "stop texting": "stop",
    "stop messaging": "stop",
    "stop sending": "stop",
    "unsubscribe me": "stop",
    "remove me": "stop",
    "do not text": "stop",
    "don't text": "stop",
    "no more messages": "stop",
    "no thanks": "negative",
    "no thank you": "negative",
    "no gracias": "negative",
    "not now": "negative",
    "yes please": "positive",
}


def reply_class(text: str) -> str:
    """The class of a reply. An opt-out wins; what is longer than three words is other."""
    words = re.findall(r"[\w']+", text.lower().replace("’", "'"))
    said = " ".join(words)
    found = {kind for phrase, kind in PHRASES.items() if f" {phrase} " in f" {said} "}
    for kind in ("stop", "negative", "positive"):
        if kind in found:
            return kind
    if len(words) <= 2 and any(WORDS.get(word) == "stop" for word in words):
        return "stop"
    kind = WORDS.get(words[0], "other") if 0 < len(words) <= 3 else "other"
    return kind if kind != "stop" else "other"
