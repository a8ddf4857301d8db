"""What the models and the publish step make from the landing tables; all of it can be rebuilt."""

from __future__ import annotations

from data.tables.schema import Table, columns

MESSAGES = Table(
    "messages",
    "One message with the earliest time of each stage.",
    columns(
        """
        message_id long! Keyed hash of the message's id.
        campaign text! Campaign id.
        wave text! Wave of the campaign.
        channel text! Channel.
        variant text! Variant of the message.
        member long! Pseudonym of whom it was for: the plan's member, or an unlinked recipient's address.
        linked bool! Whether the plan's member is known.
        recipient long Pseudonym of the address, where one was named.
        send_day int Day of sending, or of the first event where sending is not reported.
        send_date date The same day; partitions the table.
        first_date date Earliest partition of events with an event of it.
        last_date date Latest partition of events with an event of it.
        suppressed_us long Refused before sending.
        sent_us long Handed to the carrier.
        delivered_us long Accepted at the member's end.
        bounced_us long Refused at the member's end.
        bounce_class text hard, soft or block.
        failed_us long Could not be delivered.
        answered_us long Phone call answered.
        voicemail_us long Phone call reached a voicemail box.
        no_answer_us long Phone call not answered.
        printed_us long Letter posted.
        returned_us long Letter came back.
        opened_us long Displayed, by anyone or anything.
        opened_human_us long Displayed by a human.
        clicked_us long A human followed a link.
        replied_us long The member answered.
        replied_positive_us long The member answered yes.
        replied_negative_us long The member answered no, or stop.
        engaged_us long Clicked, replied other than stop, or acted in the app.
        opt_out_us long Asked for no more messages.
        complaint_us long Called it unwanted.
        cost_micros long Cost of the message, where a row states it.
        """
    ),
    ("message_id",),
    ("send_date",),
)

CELL_KEYS = """
        kind text! message, assignment, outcome or aggregate; daypart, response or delay: told apart by slot.
        campaign text! Campaign id.
        wave text! Wave of the campaign.
        channel text! Channel; empty where none applies.
        variant text! Variant of the message.
        arm text! Arm of the experiment, for assignments and outcomes.
        outcome text! Name of the outcome, for outcomes.
        slot text! Weekday and time of sending, time to the response or to the outcome; empty where not known.
        day int Day of sending, or of assignment; null where undated.
        member_profile long! Attributes from the members file, as at assignment.
        profile long! Attributes that the assignment itself states; they go before the others.
"""
CELL_COUNTS = """
        sent long Messages sent.
        delivered long Messages delivered.
        bounced long Messages bounced.
        bounced_hard long Messages bounced for good.
        bounced_soft long Messages bounced for now.
        bounced_block long Messages blocked.
        failed long Texts and pushes that failed.
        suppressed long Messages refused before sending.
        opened long Messages opened by anyone or anything.
        opened_human long Messages opened by a human.
        clicked long Messages clicked by a human.
        replied long Messages answered.
        engaged long? Messages clicked, answered (not stop) or acted upon in the app.
        opt_out long Messages that led to an opt-out.
        complaint long Messages that led to a complaint.
        answered long Calls answered.
        voicemail long Calls that reached voicemail.
        no_answer long Calls not answered.
        printed long Letters posted.
        returned long Letters returned.
        unlinked long Messages whose member is not known.
        cost_micros long Cost of the messages.
        behind_sent long Members behind `sent` in this cell.
        behind_delivered long Members behind `delivered` in this cell.
        behind_bounced long Members behind `bounced`, `failed`, `suppressed` and `returned` in this cell.
        behind_opened long Members behind `opened` in this cell.
        behind_opened_human long Members behind `opened_human` in this cell.
        behind_clicked long Members behind `clicked` in this cell.
        behind_replied long Members behind `replied` in this cell.
        behind_engaged long? Members behind `engaged` in this cell.
        behind_opt_out long Members behind `opt_out` in this cell.
        behind_complaint long Members behind `complaint` in this cell.
        first_sent long? Members behind `sent` whose first in the month lies in this cell.
        first_delivered long? Members behind `delivered` whose first in the month lies in this cell.
        first_bounced long? Members behind `bounced` and the like whose first in the month lies in this cell.
        first_opened long? Members behind `opened` whose first in the month lies in this cell.
        first_opened_human long? Members behind `opened_human` whose first in the month lies in this cell.
        first_clicked long? Members behind `clicked` whose first in the month lies in this cell.
        first_replied long? Members behind `replied` whose first in the month lies in this cell.
        first_engaged long? Members behind `engaged` whose first in the month lies in this cell.
        first_opt_out long? Members behind `opt_out` whose first in the month lies in this cell.
        first_complaint long? Members behind `complaint` whose first in the month lies in this cell.
        members_sent long Members sent to, once per campaign and channel, in the cell of their first message.
        members_delivered long Members delivered to.
        members_opened long Members with any open.
        members_opened_human long Members with a human open.
        members_clicked long Members who clicked.
        members_engaged long Members who clicked, replied (not stop) or acted.
        members_responded long Members who replied.
        members_responded_positive long Members who replied yes.
        members_responded_negative long Members who replied no or stop.
        members_opted_out long Members opting out within 7 days of a delivery.
        members_complained long Members who complained.
        members_converted long Members delivered to whose declared outcome falls inside the window.
        attributed long Outcomes credited to the last delivered message before them.
        eligible long Members eligible.
        contactable long Eligible members with a valid contact point.
        consented long Eligible members who permitted the contact.
        assigned long Members assigned, held out ones included.
        held_out long Members held out.
        with_outcome long Assigned members with the outcome inside the window.
        value_micros long Money of those outcomes.
"""
CELLS = Table(
    "cells",
    "Counts at the finest grain that is kept: facts by send date, with attributes as at assignment.",
    columns(
        CELL_KEYS
        + "        month int! Year and month of `day` as 202611; 0 where undated; partitions the table.\n"
        + CELL_COUNTS
    ),
    (
        "kind",
        "campaign",
        "wave",
        "channel",
        "variant",
        "arm",
        "outcome",
        "slot",
        "day",
        "member_profile",
        "profile",
    ),
    ("month",),
)
CELL_KEY = CELLS.key
COUNTS: tuple[str, ...] = tuple(column.name for column in columns(CELL_COUNTS))

REACH = Table(
    "reach",
    "Which members passed a stage, as a bitmap over member_index.",
    columns(
        """
        campaign text! Campaign id.
        channel text! Channel.
        wave text! Wave.
        variant text! Variant.
        month int! Year and month of sending; 0 where undated.
        stage text! sent, delivered, engaged, responded or converted.
        members blob! Roaring bitmap of positions in member_index.
        """
    ),
    ("campaign", "channel", "wave", "variant", "month", "stage"),
)

MEMBER_INDEX = Table(
    "member_index",
    "The position of a member in bitmaps; never reused.",
    columns(
        """
        member long! Pseudonym of the member.
        position long! Position in every bitmap.
        """
    ),
    ("member",),
)

COVERAGE = Table(
    "coverage",
    "What the sources of a campaign and channel can report; anything else is not available there.",
    columns(
        """
        campaign text! Campaign id.
        channel text! Channel; empty for facts without one.
        fact text! A column of cells.
        origin text! rows of members, or counts that a source had added up.
        """
    ),
    ("campaign", "channel", "fact", "origin"),
)

SIGHTINGS = Table(
    "sightings",
    "Which source told of a campaign and channel, and whether of known members; coverage follows from it.",
    columns(
        """
        campaign text Campaign id.
        channel text Channel.
        source text Name of the source.
        linked bool Whether the plan's members behind those messages are known.
        """
    ),
    ("campaign", "channel", "source", "linked"),
)

LINEAGE = Table(
    "lineage",
    "Which load told of which campaign, channel and month. Only what enough stand behind is shown.",
    columns(
        """
        load_id long! The load.
        kind text! messages, assignments, outcomes, totals (a source's own), records or members.
        campaign text! Campaign id; empty for outcomes that no source ties to one, and for members.
        channel text! Channel, for messages and totals; else empty.
        outcome text! Name of the outcome, for outcomes; else empty.
        month int! Year and month: of sending, of assignment, of the outcome; 0 where undated.
        behind long! Messages or members that the load told of; never shown.
        """
    ),
    ("load_id", "kind", "campaign", "channel", "outcome", "month"),
)

TERMS = Table(
    "terms",
    "The outcomes that count for a campaign, and how.",
    columns(
        """
        campaign text! Campaign id.
        outcome text! Name of the outcome.
        main bool! Whether it is the declared one.
        tied bool! Whether the source itself ties it to the campaign.
        window_days int! Days in which it counts.
        lag_days int! Declared lag of its source.
        """
    ),
    ("campaign", "outcome"),
)

PRICES = Table(
    "prices",
    "The unit cost of a message, from the campaign's record.",
    columns(
        """
        campaign text! Campaign id.
        channel text! Channel.
        unit_micros long! Cost of one message sent.
        """
    ),
    ("campaign", "channel"),
)

SNAPSHOTS = Table(
    "snapshots",
    "One published state of the lake: the versions of its tables, its clocks and what it was made from.",
    columns(
        """
        snapshot long! Number of the snapshot, from 1.
        published_us long! When it was published.
        load_seq long! Latest load that it contains.
        versions text! Delta version of each table, as JSON.
        clocks text! The clocks, as JSON.
        definitions text! Version of the metric definitions.
        terms text! Threshold, profile and zone it was released under, as JSON.
        """
    ),
    ("snapshot",),
)
CHECKS = Table(
    "checks",
    "What each check of the last run found, also where it stopped the publish.",
    columns(
        """
        name text! Name of the check.
        meaning text! What it means when it finds something.
        blocking bool! Whether it stops the publish.
        whole bool! Whether it looks at everything; else at the messages that the run touched.
        bad_rows long! How many rows it found.
        checked_us long! When it ran.
        failing_since_us long When it first found something; null where it found nothing.
        """
    ),
    ("name",),
)
MODELLED = (MESSAGES, CELLS, REACH, MEMBER_INDEX, SIGHTINGS, COVERAGE, LINEAGE, TERMS, PRICES)
