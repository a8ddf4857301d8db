"""An entry as one line in words: what somebody did, of what, under which filters."""

from __future__ import annotations

from typing import Any

from ledger.entry import What

KINDS: dict[What, str] = {
    What.BEGIN: "Chains begun",
    What.CHECKPOINT: "Checkpoints",
    What.SIGN_IN: "Sign-ins",
    What.SIGN_OUT: "Sign-outs",
    What.SESSION: "Sessions ended by others",
    What.DENIED: "Denials",
    What.VIEW: "Figures looked at",
    What.EXPORT: "Exports",
    What.LOAD: "Loads",
    What.UNDO: "Loads undone",
    What.REPLAY: "Replays",
    What.MAPPING: "Mappings",
    What.TOTALS: "Platform totals",
    What.DEFINITION: "Definitions",
    What.RECORD: "Campaign records",
    What.NOTE: "Notes",
    What.ALERT: "Alerts",
    What.REPORT: "Reports",
    What.VIEWS: "Saved views",
    What.TERMS: "Terms of release",
    What.ROLE: "Roles",
    What.KEY: "Keys",
    What.KEY_PLACE: "Keys from a new address",
    What.RESTORE: "Restores",
}
DONE = {
    "make": "made", "revoke": "revoked", "change": "changed", "undo": "took back", "write": "wrote",
    "remove": "took away", "restore": "brought back", "bring": "brought", "ask": "asked for",
    "approve": "approved", "withdraw": "took back", "done": "had", "load": "asked to load", "keep": "kept",
    "check": "looked at", "discarded": "discarded",
    "acknowledge": "acknowledged", "comment": "commented", "snooze": "snoozed", "resolve": "resolved",
    "judge": "judged", "wake": "woke", "issue": "issued", "reopen": "reopened", "schedule": "scheduled",
    "take": "took", "send": "sent", "pause": "paused", "resume": "resumed", "fail": "could not send",
    "save": "saved", "rename": "renamed", "default": "made the default", "no default": "made no default",
    "share": "shared",
}  # fmt: skip
PLACES = {
    "overview": "the Overview", "campaign": "the Campaign page", "compare": "Compare",
    "data": "the Data page", "ledger": "the ledger", "api/live": "live counts by the API",
}  # fmt: skip


def told(line: dict[str, Any]) -> str:
    """What the line says, without who and when."""
    what = line.get("what", "")
    tell = _TELL.get(what)
    words = str(tell(line, line.get("about", {})) if tell else what)
    times = line.get("times", 1)
    return words + (f", {times:,} times more" if times > 1 else "")


def _view(line: dict[str, Any], _about: dict[str, Any]) -> str:
    place = PLACES.get(line.get("place", ""), line.get("place", ""))
    return ": ".join(one for one in (f"looked at {place}", line.get("words", "")) if one)


def _export(line: dict[str, Any], about: dict[str, Any]) -> str:
    place, form = line.get("place", ""), str(about.get("format", "")).upper()
    rows = line.get("rows")
    if place.startswith("api/"):
        return _joined(f"asked the API for {place.removeprefix('api/')}", line.get("words"), _rows(rows))
    verb = {"start": "took", "done": "was given all of", "fetch": "fetched the file of"}
    did = verb.get(str(about.get("do")), f"export {about.get('do')}:")
    return _joined(f"{did} {about.get('name', place)} as {form}", line.get("words"), _rows(rows))


def _rows(rows: object) -> str:
    return "" if not isinstance(rows, int) else f"{rows:,} row{'' if rows == 1 else 's'}"


def _load(line: dict[str, Any], about: dict[str, Any]) -> str:
    did = {
        "bring": "brought a file",
        "check": "asked to have a file looked at",
        "discarded": "discarded a file",
    }
    do = str(about.get("do"))
    if do in did or "name" not in about:
        return f"{did.get(do, 'asked to load a file')} ({about.get('id', '')})"
    return _joined(f"loaded {about['name']}", _rows(line.get("rows")), f"load {about.get('number', '')}")


def _of_load(noun: str) -> Any:
    def tell(_line: dict[str, Any], about: dict[str, Any]) -> str:
        do = str(about.get("do"))
        if do == "done":
            return f"{noun} of load {about.get('number')} done"
        return f"{DONE.get(do, do)} the {noun} of load {about.get('number')}"

    return tell


def _denied(line: dict[str, Any], about: dict[str, Any]) -> str:
    return _joined(f"was denied {line.get('place', '')}", str(about.get("how", "")))


def _changed(noun: str) -> Any:
    def tell(line: dict[str, Any], about: dict[str, Any]) -> str:
        did = DONE.get(str(about.get("do")), "changed")
        name = about.get("name") or about.get("fields") or about.get("number") or ""
        turn = f"{about['was']} to {about['is']}" if "was" in about else str(about.get("is", ""))
        of = ", ".join(line.get("campaigns", ()))
        return _joined(
            f"{did} {noun} {name}".strip(), turn, of and f"campaign {of}", str(about.get("day", ""))
        )

    return tell


def _joined(*parts: str | None) -> str:
    return " · ".join(one for one in parts if one)


_TELL: dict[str, Any] = {
    What.BEGIN: lambda _line, about: f"a process began: {about.get('process', '')}",
    What.CHECKPOINT: lambda _line, about: f"checkpoint {about.get('number')} signed",
    What.SIGN_IN: lambda _line, about: f"signed in ({about.get('how', '')})",
    What.SIGN_OUT: lambda _line, about: f"signed out ({str(about.get('how', '')).replace('_', ' ')})",
    What.SESSION: lambda _line, about: f"ended the session of {about.get('name', '')}",
    What.DENIED: _denied,
    What.VIEW: _view,
    What.EXPORT: _export,
    What.LOAD: _load,
    What.UNDO: _of_load("undoing"),
    What.REPLAY: _of_load("replay"),
    What.MAPPING: _changed("the mapping of"),
    What.TOTALS: _changed("platform totals"),
    What.DEFINITION: _changed("the definitions"),
    What.RECORD: _changed("the record:"),
    What.NOTE: _changed("note"),
    What.ALERT: _changed("alert"),
    What.REPORT: _changed("the report"),
    What.VIEWS: _changed("the view"),
    What.TERMS: _changed("the terms of release"),
    What.ROLE: _changed("the role of"),
    What.KEY: _changed("the key"),
    What.KEY_PLACE: lambda line, _about: f"used the key {line.get('key', '')} from an address new today",
    What.RESTORE: lambda _line, _about: "restored a backup",
}
