"""What is landed from files: append only, each row with the load that brought it."""

from __future__ import annotations

from data.tables.schema import Column, Table, columns

LOADS = Table(
    "loads",
    "One file that was landed whole; a row of any landing table counts only when its load stands here.",
    columns(
        """
        load_id long! Keyed hash of source and file content.
        seq long! Order of landing, from 1.
        source text! Name of the source, from its mapping.
        kind text! Kind of row the file holds.
        file_name text Base name of the file.
        sha256 text! SHA-256 of the file.
        mapping_sha256 text SHA-256 of the mapping it was read with.
        rows_in long! Rows in the file.
        loaded long! Rows of which something new was landed.
        already_present long! Rows that were there before.
        skipped long! Rows that a rule of the mapping leaves out.
        refused long! Rows in quarantine.
        received_us long! When it was landed.
        last_us long Latest instant that a row states.
        provides text Events and facts the source can report, space separated.
        synthetic bool! Whether the rows were made by the sample generator.
        once bool? Whether its source comes once, so that nobody waits for more.
        position text? Where the next pull goes on; null for files.
        remembers bool? Whether rows that it repeats are kept in repeats; null counts as no.
        """
    ),
    ("load_id",),
)

EVENTS = Table(
    "events",
    "One event of one message, as landed, without duplicates.",
    columns(
        """
        event_id long! Keyed hash of the source's own key of the event.
        load_id long! The load that brought it.
        source text! Name of the source.
        event text! Kind of event, from the vocabulary.
        event_us long When it happened; null where the source gives no date.
        event_day int Day it happened, in the reporting zone.
        event_date date The same day; partitions the table.
        message_id long! Keyed hash of the message's id, or of who, campaign, wave, channel and variant.
        member long Pseudonym of the plan's member id, where the row names it.
        recipient long Pseudonym of the address, where the row names it.
        campaign text Campaign id.
        wave text Wave of the campaign.
        channel text Channel of the vocabulary, or a new one.
        variant text Variant of the message.
        detail text Bounce class, reply class or reason.
        machine bool Whether a machine did it (proxy open, scanner click).
        cost_micros long Cost of the message that this row states.
        version_us long For message rows: how new the state is; only the newest state of a message counts.
        row_id long For message rows: hash of the row, which settles equal versions.
        """
    ),
    ("event_id", "message_id"),
    ("event_date",),
)

ASSIGNMENTS = Table(
    "assignments",
    "One statement that a member belongs to a campaign, and in which arm.",
    columns(
        """
        assignment_id long! Keyed hash of the source's own key of the row.
        load_id long! The load that brought it.
        source text! Name of the source.
        campaign text! Campaign id.
        member long! Pseudonym of the member.
        arm text Arm of the experiment, as the source names it.
        holdout bool Whether the arm is held out from outreach.
        assigned bool Whether the member was assigned (treated or held out), not merely eligible.
        assigned_us long When; null where the source gives no date.
        assigned_day int Day of assignment, in the reporting zone.
        eligible bool Whether the member was eligible.
        contactable bool Whether the member had a valid contact point.
        consented bool Whether the member permitted the contact.
        profile long The attributes the row states; see profiles.
        version_us long How new the statement is.
        """
    ),
    ("assignment_id",),
)

OUTCOMES = Table(
    "outcomes",
    "One outcome of one member that did happen.",
    columns(
        """
        outcome_id long! Keyed hash of the source's own key of the row and the outcome.
        load_id long! The load that brought it.
        source text! Name of the source.
        member long! Pseudonym of the member.
        campaign text Campaign the source ties it to; null for claims and labs.
        outcome text! Name of the outcome.
        service_us long When it happened; null where the source gives no date.
        service_day int Day it happened, in the reporting zone.
        value_micros long Money that the row states.
        """
    ),
    ("outcome_id",),
)

BEHAVIOUR = Table(
    "behaviour",
    "One thing that a member did in an app or on a site; kept where tracking is permitted only.",
    columns(
        """
        event_id long! Keyed hash of the source's own key of the event.
        load_id long! The load that brought it.
        source text! Name of the source.
        event text! page_view, feature_usage, task_completion or abandonment.
        event_us long! When it happened.
        event_day int! Day it happened, in the reporting zone.
        member long Pseudonym of the plan's member id, where the event names it.
        recipient long Pseudonym of the address or device, where the event names it.
        campaign text Campaign that it is tied to.
        feature text The page, feature or task.
        """
    ),
    ("event_id",),
)

MEMBERS = Table(
    "members",
    "One statement of a member's attributes at a day.",
    columns(
        """
        member long! Pseudonym of the member.
        load_id long! The load that brought it.
        as_of_day int Day from which the attributes hold.
        profile long! The attributes; see profiles.
        """
    ),
    ("member", "as_of_day", "profile"),
)

CROSSWALK = Table(
    "crosswalk",
    "One address of one member; an address of two members links nobody.",
    columns(
        """
        recipient long! Pseudonym of the address.
        member long! Pseudonym of the member.
        load_id long! The load that brought it.
        """
    ),
    ("recipient", "member"),
)

PROFILES = Table(
    "profiles",
    "One attribute of one distinct combination of attributes.",
    columns(
        """
        profile long! Keyed hash of the combination.
        load_id long! The load that first brought it.
        attribute text! Name of the attribute.
        value text! Its value.
        """
    ),
    ("profile", "attribute"),
)

AGGREGATES = Table(
    "aggregates",
    "One count that a source had already added up; the latest load of a key wins.",
    columns(
        """
        key long! Keyed hash of source, campaign, wave, channel, variant and day.
        load_id long! The load that brought it.
        source text! Name of the source.
        campaign text! Campaign id.
        wave text Wave of the campaign.
        channel text Channel.
        variant text Variant of the message.
        day int Day of the counts, in the reporting zone.
        measure text! Which count: a column of cells.
        value long! The count, or money in millionths.
        """
    ),
    ("key", "measure"),
)

CAMPAIGNS = Table(
    "campaigns",
    "One version of a campaign's record. Of each field the latest change counts.",
    columns(
        """
        campaign text! Campaign id.
        load_id long! The load that brought it.
        recorded_us long When this version was stated.
        partial bool? Whether the record states changed fields only, as an edit does; null counts as no.
        name text Name.
        program text Program it belongs to.
        line_of_business text Line of business.
        start_day int First day of the schedule.
        end_day int Last day of the schedule.
        outcome text The declared outcome.
        window_days int Days after assignment or delivery in which the outcome counts.
        lag_days int Declared lag of the outcome's source.
        record text! The whole record, as JSON.
        """
    ),
    ("campaign", "recorded_us", "load_id"),
)
REFUSALS = Table(
    "refusals",
    "How many rows of a load were refused or left out, and why; no value of a row.",
    columns(
        """
        load_id long! The load that says so.
        of_load long! The load of the file whose rows they are: itself, or the one that it replays.
        kind text! refused, skipped (left out by a rule), or replayed (taken out of the quarantine again).
        header text Column of the file, as its mapping names it.
        reason text! Why, as a class of reasons.
        rows long! How many rows.
        until_us long Until when the quarantine keeps refused rows.
        """
    ),
    ("load_id", "kind", "header", "reason"),
)
REMEMBERED = (EVENTS, ASSIGNMENTS, OUTCOMES, BEHAVIOUR, MEMBERS, CROSSWALK, AGGREGATES, CAMPAIGNS)
"""The tables whose rows several loads may deliver; each keeps all that did, and goes with the last."""


def _of_all() -> tuple[Column, ...]:
    """Every column of a remembered table, once; a row has those of its own table."""
    named = {c.name: c for table in REMEMBERED for c in table.columns if c.name != "event_date"}
    return tuple(
        c if c.name == "load_id" else Column(c.name, c.type, f"As in the table that `of` names. {c.meaning}")
        for c in named.values()
    )


REPEATS = Table(
    "repeats",
    "A row that the lake held when a later load delivered it, too: it stays when the first is undone.",
    (Column("of", "text", "The table whose row it is.", required=True), *_of_all()),
    (),
    ("of",),
)
UNDONE = Table(
    "undone",
    "One load that was undone: as it stood in loads, by whom, and how many rows went.",
    (
        *LOADS.columns,
        *columns(
            """
            undone_seq long! Order of undoing, among the loads.
            undone_us long! When.
            undone_by text! Who.
            gone long! Rows of landing tables that went.
            stayed long! Rows that stay, since other loads delivered them too.
            stayed_by text The loads that they stand under now, space separated.
            """
        ),
    ),
    ("load_id", "undone_us"),
)
LANDING = (
    EVENTS,
    ASSIGNMENTS,
    OUTCOMES,
    BEHAVIOUR,
    MEMBERS,
    CROSSWALK,
    PROFILES,
    AGGREGATES,
    CAMPAIGNS,
    REFUSALS,
    REPEATS,
)
