-- Cells of messages by the weekday and time of day of sending, in the reporting zone.
-- Reads: touches, slices, zone_offsets, slots.
-- A local midnight to the microsecond is how a date without a time is landed: its time of day is not known.
with placed as (
    select
        t.lane, t.lane_month, t.send_day, t.member, t.passed,
        case when t.sent_us <> 0 and t.sent_us <> z.midnight_us
              and (t.sent_us + z.offset_us) % 86400000000 <> 0
             -- The first Monday of this calendar is three days before its epoch.
             then (t.sent_us + z.offset_us + 259200000000) % 604800000000 end as week_us
    from touches as t
    left join zone_offsets as z on z.day_us = t.sent_us - t.sent_us % 86400000000
        and t.sent_us >= z.starts_us and t.sent_us < z.ends_us
),
people as (
    select
        p.lane, p.lane_month, p.send_day, coalesce(s.slot, '') as slot, p.member, bit_or(p.passed & 1023) as passed,
        count(nullif(p.passed & 1, 0)) as sent,
        count(nullif(p.passed & 2, 0)) as delivered,
        count(nullif(p.passed & 8, 0)) as opened,
        count(nullif(p.passed & 16, 0)) as opened_human,
        count(nullif(p.passed & 32, 0)) as clicked,
        count(nullif(p.passed & 64, 0)) as replied,
        count(nullif(p.passed & 128, 0)) as engaged,
        count(nullif(p.passed & 256, 0)) as opt_out
    from placed as p
    left join slots as s on s.cut = 'daypart' and s.step = p.week_us - p.week_us % 3600000000
        and p.week_us >= s.starts and p.week_us < s.ends
    group by p.lane, p.lane_month, p.send_day, coalesce(s.slot, ''), p.member
),
earlier as (
    select
        p.*,
        bit_or(passed) over (
            partition by lane_month, member order by send_day, slot
            rows between unbounded preceding and 1 preceding
        ) as before
    from people as p
),
firsts as (
    select e.*, passed - (passed & coalesce(before, 0)) as first
    from earlier as e
),
lanes as (
    select distinct lane, campaign, channel from slices
),
cells as (
    select
        lane, slot, send_day,
        sum(sent) as sent,
        sum(delivered) as delivered,
        sum(opened) as opened,
        sum(opened_human) as opened_human,
        sum(clicked) as clicked,
        sum(replied) as replied,
        sum(engaged) as engaged,
        sum(opt_out) as opt_out,
        count(nullif(passed & 1, 0)) as behind_sent,
        count(nullif(passed & 2, 0)) as behind_delivered,
        count(nullif(passed & 8, 0)) as behind_opened,
        count(nullif(passed & 16, 0)) as behind_opened_human,
        count(nullif(passed & 32, 0)) as behind_clicked,
        count(nullif(passed & 64, 0)) as behind_replied,
        count(nullif(passed & 128, 0)) as behind_engaged,
        count(nullif(passed & 256, 0)) as behind_opt_out,
        count(nullif(first & 1, 0)) as first_sent,
        count(nullif(first & 2, 0)) as first_delivered,
        count(nullif(first & 8, 0)) as first_opened,
        count(nullif(first & 16, 0)) as first_opened_human,
        count(nullif(first & 32, 0)) as first_clicked,
        count(nullif(first & 64, 0)) as first_replied,
        count(nullif(first & 128, 0)) as first_engaged,
        count(nullif(first & 256, 0)) as first_opt_out
    from firsts
    group by lane, send_day, slot
)
select
    'daypart' as kind, l.campaign, '' as wave, l.channel, '' as variant, '' as arm, '' as outcome, c.slot,
    c.send_day as day, 0 as member_profile, 0 as profile,
    c.sent, c.delivered, c.opened, c.opened_human, c.clicked, c.replied, c.engaged, c.opt_out,
    c.behind_sent, c.behind_delivered, c.behind_opened, c.behind_opened_human, c.behind_clicked,
    c.behind_replied, c.behind_engaged, c.behind_opt_out,
    c.first_sent, c.first_delivered, c.first_opened, c.first_opened_human, c.first_clicked,
    c.first_replied, c.first_engaged, c.first_opt_out
from cells as c
join lanes as l on l.lane = c.lane
