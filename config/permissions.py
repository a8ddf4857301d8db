"""Who may do what: the permissions, the roles, and the one table between them."""

from __future__ import annotations

from enum import StrEnum

from config.settings import variable


class Permission(StrEnum):
    """What a page, a callback or a route may ask of its viewer."""

    ENTER = "enter"
    VIEW_CAMPAIGNS = "view_campaigns"
    EXPORT = "export"
    EDIT_CAMPAIGNS = "edit_campaigns"
    HANDLE_ALERTS = "handle_alerts"
    ISSUE_REPORTS = "issue_reports"
    APPROVE_REPORTS = "approve_reports"
    VIEW_DATA = "view_data"
    RECONCILE = "reconcile"
    REPLAY_ROWS = "replay_rows"
    LOAD_DATA = "load_data"
    VIEW_PRIVACY = "view_privacy"
    SET_RELEASE = "set_release"
    VIEW_LEDGER = "view_ledger"
    ADMINISTER = "administer"
    SEND_EVENTS = "send_events"
    VIEW_METRICS = "view_metrics"


class Role(StrEnum):
    """What a signed-in person is at the plan, or a system that asks by a key."""

    MANAGER = "manager"
    EXECUTIVE = "executive"
    ANALYST = "analyst"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"
    SOURCE = "source"
    MONITOR = "monitor"


SYSTEMS = (Role.SOURCE, Role.MONITOR)
PEOPLE = tuple(role for role in Role if role not in SYSTEMS)
"""The roles that people have; systems ask by a key alone."""
MEANINGS: dict[Permission, str] = {
    Permission.ENTER: "Open Reachboard: its frame, and how fresh the data are.",
    Permission.VIEW_CAMPAIGNS: "See released figures of campaigns.",
    Permission.EXPORT: "Download released figures as files.",
    Permission.EDIT_CAMPAIGNS: "Change campaign records, and write notes beside the figures.",
    Permission.HANDLE_ALERTS: "Acknowledge, comment, snooze, resolve and judge alerts on figures.",
    Permission.ISSUE_REPORTS: "Issue a report under an ID, comment it, schedule it and send it.",
    Permission.APPROVE_REPORTS: "Approve a report, or take an approval back.",
    Permission.VIEW_DATA: "See sources, loads, checks and why rows were refused.",
    Permission.RECONCILE: "Bring a sending platform's own totals, and take them away again.",
    Permission.REPLAY_ROWS: "Have refused rows read again by the mapping as it is now; nobody sees a row.",
    Permission.LOAD_DATA: "Bring files of rows and load them, and undo a load; nobody sees a row of others.",
    Permission.VIEW_PRIVACY: "See how members are protected: the terms of release, and who raised them.",
    Permission.SET_RELEASE: "Raise the terms of release, threshold and profile; nobody may lower them.",
    Permission.VIEW_LEDGER: "See who looked at figures, took them out or changed something.",
    Permission.ADMINISTER: "Make and revoke keys of the API; see the settings in force, and who may do what.",
    Permission.SEND_EVENTS: "Send live events to the collector.",
    Permission.VIEW_METRICS: "Read how the server does, as numbers for a monitoring system; no figure.",
}

DUTIES: dict[Role, str] = {
    Role.MANAGER: "Runs campaigns: reads, filters and downloads their figures, and keeps their records.",
    Role.EXECUTIVE: "Reads the figures; takes no data away.",
    Role.ANALYST: "Rebuilds the figures: downloads them, sees where they come from, reconciles them.",
    Role.PRIVACY_OFFICER: "Sees how members are protected, raises the terms and reads the ledger.",
    Role.ADMINISTRATOR: "Keeps sources and settings; may not export, set terms or read the ledger.",
    Role.SOURCE: "A system that sends events by its key; it reads nothing, and nobody signs in as it.",
    Role.MONITOR: "A monitoring system that reads /metrics by its key, and nothing else.",
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MANAGER: frozenset(
        {
            Permission.ENTER,
            Permission.VIEW_CAMPAIGNS,
            Permission.EXPORT,
            Permission.EDIT_CAMPAIGNS,
            Permission.HANDLE_ALERTS,
            Permission.ISSUE_REPORTS,
            Permission.APPROVE_REPORTS,
        }
    ),
    Role.EXECUTIVE: frozenset({Permission.ENTER, Permission.VIEW_CAMPAIGNS, Permission.APPROVE_REPORTS}),
    Role.ANALYST: frozenset(
        {
            Permission.ENTER,
            Permission.VIEW_CAMPAIGNS,
            Permission.EXPORT,
            Permission.HANDLE_ALERTS,
            Permission.ISSUE_REPORTS,
            Permission.VIEW_DATA,
            Permission.RECONCILE,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset(
        {
            Permission.ENTER,
            Permission.VIEW_CAMPAIGNS,
            Permission.VIEW_DATA,
            Permission.VIEW_PRIVACY,
            Permission.SET_RELEASE,
            Permission.VIEW_LEDGER,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ENTER,
            Permission.VIEW_CAMPAIGNS,
            Permission.EDIT_CAMPAIGNS,
            Permission.HANDLE_ALERTS,
            Permission.VIEW_DATA,
            Permission.RECONCILE,
            Permission.REPLAY_ROWS,
            Permission.LOAD_DATA,
            Permission.VIEW_PRIVACY,
            Permission.ADMINISTER,
            Permission.VIEW_METRICS,
        }
    ),
    Role.SOURCE: frozenset({Permission.SEND_EVENTS}),
    Role.MONITOR: frozenset({Permission.VIEW_METRICS}),
}


def role_label(role: Role) -> str:
    """The role as people read it: `Privacy officer`."""
    return role.value.replace("_", " ").capitalize()


_HEAD = f"""\
# Roles and permissions

Written by `make docs` from `config/permissions.py`, the one table of who may do what.

A page names the permission it needs. That hides its link, guards its layout and guards each of its callbacks;
whoever lacks it is answered as if the page did not exist. Routes that no list names are refused.

The demo sign-in (`{variable("demo")}`) offers one demo user per role, on this machine alone, and a manager
for each line of business that `{variable("demo_lines")}` names: row scope hides the campaigns of all others.
`docs/access.md` is the whole matrix.
"""


def permissions_page() -> str:
    """Text of docs/permissions.md."""
    roles = list(Role)
    table = [
        "| Permission | Lets its holder | " + " | ".join(role_label(role) for role in roles) + " |",
        "|---|---|" + ":-:|" * len(roles),
    ]
    for permission in Permission:
        marks = ["yes" if permission in PERMISSIONS[role] else "–" for role in roles]
        table.append(f"| `{permission}` | {MEANINGS[permission]} | {' | '.join(marks)} |")
    duties = [f"| {role_label(role)} | {DUTIES[role]} |" for role in roles]
    return "\n".join([_HEAD, *table, "", "| Role | Duty |", "|---|---|", *duties, ""])
