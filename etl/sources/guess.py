"""Guesses what the columns of a file mean, from their names and what stands in them; a person decides."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.vocabulary import EVENT_NAMES, folded
from etl.sources.fields import FIELDS, MEASURES
from etl.sources.shape import Shape, event_of, shape_of

NAMES: dict[str, tuple[str, ...]] = {
    "event": ("event", "eventtype", "eventname", "action", "activity", "activitytype", "type", "result",
              "disposition", "eventaction"),
    "status": ("status", "deliverystatus", "messagestatus", "calldisposition", "state"),
    "at": ("at", "time", "timestamp", "datetime", "eventdate", "eventtime", "date", "createdat", "occurredat",
           "eventtimestamp", "activitydate", "sendtime", "eventdatetime", "created", "dateadded", "datesent"),
    "status_at": ("updatedat", "statusat", "endtime", "completedat"),
    "event_id": ("eventid", "id", "uuid", "activityid", "fivetranid"),
    "message_id": ("messageid", "msgid", "messagesid", "sid", "sendid", "dispatchid", "sgmessageid",
                   "jobmessageid", "emailid"),
    "member": ("member", "memberid", "externaluserid", "externalid", "subscriberkey", "contactkey",
               "patientid", "personid", "userid", "memberkey", "mrn", "customerid", "planmemberid"),
    "recipient": ("email", "emailaddress", "recipient", "to", "toaddress", "phone", "phonenumber", "mobile",
                  "mobilenumber", "tophonenumber", "address"),
    "campaign": ("campaign", "campaignid", "campaignname", "campaigntitle", "emailname", "canvasname",
                 "jobid", "mailing", "mailingname", "program", "journeyname", "category"),
    "wave": ("wave", "sendnumber", "batch", "touch", "step", "canvasstepname"),
    "channel": ("channel", "medium", "messagemedium", "messagetype", "channeltype", "contact"),
    "variant": ("variant", "variation", "messagevariation", "messagevariationid", "template", "templateid",
                "version", "contentid", "combinationid", "canvasvariationname"),
    "detail": ("detail", "bounceclass", "bouncetype", "bouncecategory", "replyclass", "reason",
               "bouncereason"),
    "machine": ("machine", "ismachine", "bot", "isbot", "machineopen", "isprefetched"),
    "cost": ("cost", "price", "spend", "amount"),
    "arm": ("arm", "group", "treatment", "testgroup", "experimentgroup", "cell"),
    "holdout": ("holdout", "control", "isholdout", "iscontrol", "heldout"),
    "assigned_at": ("assignedat", "assigneddate", "assignmentdate"),
    "eligible": ("eligible", "iseligible"),
    "contactable": ("contactable", "reachable"),
    "consented": ("consented", "consent", "optedin"),
    "outcome": ("outcome", "outcomename", "measure", "gap"),
    "value": ("value", "paid", "paidamount", "allowedamount"),
    "as_of": ("asof", "asofdate", "effectivedate", "snapshotdate"),
    "day": ("day", "date", "senddate", "reportdate"),
}  # fmt: skip
SERVICE = (
    "servicedate",
    "dateofservice",
    "dos",
    "labdate",
    "claimdate",
    "visitdate",
    "bookingdate",
    "service",
)
ATTRIBUTES = ("region", "county", "state", "segment", "language", "sex", "gender", "age", "ageband",
              "coverage", "plan", "lineofbusiness", "zip", "race", "ethnicity", "risk",
              "risktier")  # fmt: skip
COUNTS: dict[str, tuple[str, ...]] = {
    "sent": ("sent", "sends", "totalsent", "totalemailsends", "emailssent", "messagessent", "totalsends"),
    "delivered": ("delivered", "deliveries", "totaldelivered", "totalemaildelivered", "successfuldeliveries"),
    "opened": ("opens", "opened", "totalopens", "totalemailopens", "totalopened"),
    "clicked": ("clicks", "clicked", "totalclicks", "totalemailclicked"),
    "bounced": ("bounces", "bounced", "totalbounces", "totalemailbounced"),
    "opt_out": ("unsubscribes", "unsubscribed", "optouts", "unsubs", "totalunsubscribes"),
    "complaint": ("complaints", "abusereports", "spamreports", "totalcomplaints"),
    "members_opened": ("uniqueopens", "uniqueemailopens", "uniqueopened"),
    "members_clicked": ("uniqueclicks", "uniqueemailclicks", "uniqueclicked"),
    "cost": ("cost", "spend"),
}  # fmt: skip
SHAPES: dict[str, tuple[str, ...]] = {
    "event": ("event", "text"), "status": ("event", "text"), "at": ("datetime", "date", "epoch"),
    "status_at": ("datetime", "date", "epoch"), "assigned_at": ("datetime", "date"),
    "as_of": ("date", "datetime"), "day": ("date", "datetime"), "recipient": ("email", "phone", "number"),
    "machine": ("bool",), "holdout": ("bool", "text"), "eligible": ("bool",), "contactable": ("bool",),
    "consented": ("bool",), "cost": ("number",), "value": ("number",), "channel": ("channel", "text"),
}  # fmt: skip
"""What a field's texts have to look like; others may look like anything."""


@dataclass(frozen=True)
class Column:
    """A column of the file, and what it most likely means: a field, `count NAME`, `attribute NAME`, `address
    TYPE`, a stage, or nothing. `score` from 0 to 1."""

    name: str
    shape: Shape
    means: str = ""
    score: float = 0.0
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Guess:
    """What a file most likely is."""

    kind: str
    columns: tuple[Column, ...]

    def meaning(self, field: str) -> Column | None:
        return next((one for one in self.columns if one.means == field), None)


def guess(header: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> Guess:
    """The kind of a file and what its columns mean; `kind` where somebody has chosen it."""
    shapes = [shape_of([row[at] for row in rows if at < len(row)]) for at in range(len(header))]
    chosen = kind if kind in FIELDS else kind_of(header, shapes)
    scored = sorted(
        (
            (score, -at, means)
            for at, name in enumerate(header)
            for means, score in _candidates(name, shapes[at], chosen).items()
        ),
        reverse=True,
    )
    means: dict[int, tuple[str, float]] = {}
    for score, place, meaning in scored:
        if -place not in means and meaning not in {taken for taken, _ in means.values()}:
            means[-place] = (meaning, score)
    columns = tuple(
        Column(name, shapes[at], *means.get(at, ("", 0.0)), _words(means.get(at, ("",))[0], shapes[at]))
        for at, name in enumerate(header)
    )
    return Guess(chosen, columns)


def kind_of(header: Sequence[str], shapes: Sequence[Shape]) -> str:
    """The kind of row that a file most likely holds."""

    def best(*fields: str) -> float:
        return max((_score(one, name, shape) for one in fields for name, shape in named), default=0.0)

    named = list(zip(header, shapes, strict=True))
    plain = [folded(name) for name in header]
    counts = sum(_count_of(name) != "" and shape.kind == "number" for name, shape in named)
    stages = sum(_stage_of(name) != "" and (shape.dated or shape.kind == "bool") for name, shape in named)
    attributes = sum(any(word in name for word in ATTRIBUTES) for name in plain)
    who, campaign = best("member", "recipient"), best("campaign")
    if {"id", "name"} <= set(plain) and who < 0.5 and {"startdate", "enddate", "start", "end"} & set(plain):
        return "campaigns"
    if counts >= 2 and best("event") < 0.9:
        return "aggregate"
    if best("event") >= 0.9 and best("event") > best("status") and best("at") >= 0.5:
        return "event"
    if best("outcome") >= 0.9 or any(name in SERVICE for name in plain):
        return "outcome"
    if best("arm", "holdout") >= 0.9 and who:
        return "member"
    if (stages >= 2 or best("status") >= 0.9) and (best("message_id") or who):
        return "message"
    if who and attributes and campaign < 0.9:
        return "members"
    return "event"


def _candidates(name: str, shape: Shape, kind: str) -> dict[str, float]:
    fields = [one.name for one in FIELDS[kind]]
    found = {one: _score(one, name, shape) for one in fields if one not in EVENT_NAMES}
    if kind == "outcome" and folded(name) in SERVICE and shape.dated:
        found["at"] = 1.0
    if kind in ("message", "member") and (stage := _stage_of(name)) and (shape.dated or shape.kind == "bool"):
        found[stage] = 0.95
    if kind == "aggregate" and (measure := _count_of(name)) and shape.kind == "number":
        found[f"count {measure}"] = 1.0
    if kind == "members" and shape.kind in ("email", "phone") and found.get("member", 0) < 0.9:
        found[f"address {shape.kind}"] = 0.95
    if kind in ("member", "members") and any(word in folded(name) for word in ATTRIBUTES):
        found[f"attribute {_plain(name)}"] = 0.6
    if kind == "campaigns":
        found = {_plain(name): 0.9} if _plain(name) in CAMPAIGN_KEYS else {}
    return {means: score for means, score in found.items() if score >= 0.5}


CAMPAIGN_KEYS = (
    "id", "name", "program", "line_of_business", "start", "end", "outcome", "window_days", "lag_days",
)  # fmt: skip


def _score(field: str, name: str, shape: Shape) -> float:
    """How likely a column is a field: by its name, and whether its texts can be that."""
    fits = SHAPES.get(field)
    if fits and shape.kind not in (*fits, "empty"):
        return 0.0
    plain, known = folded(name), NAMES.get(field, ())
    if plain in known:
        by_name = 1.0 - 0.02 * known.index(plain)
    else:
        by_name = 0.6 if any(len(one) > 4 and one in plain for one in known) else 0.0
    if shape.kind == field and shape.filled:
        return max(by_name, 0.9)
    if field == "recipient" and shape.kind == "email":
        return max(by_name, 0.85)
    return by_name - (0.4 if shape.kind == "empty" else 0.0)


def _stage_of(name: str) -> str:
    plain = re.sub(r"(at|time|date|on|timestamp|datetime)$", "", folded(name))
    found = event_of(plain) if plain else ""
    return found if plain and folded(found) and len(plain) > 3 else ""


def _count_of(name: str) -> str:
    plain = folded(name)
    known = {spelt: measure for measure, names in COUNTS.items() for spelt in names}
    found = known.get(plain, "")
    return found if found in (*MEASURES, "") else ""


def _words(means: str, shape: Shape) -> dict[str, str]:
    """What the words of a column of events mean."""
    if means not in ("event", "status"):
        return {}
    return {word: event_of(word) for word in shape.words}


def _plain(name: str) -> str:
    """A column's name as the name of an attribute."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "attribute"
