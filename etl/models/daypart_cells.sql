-- Cells of messages by the weekday and time of day of sending, in the reporting zone.
-- Reads: touches, zone_offsets, slots, calendar.
-- A local midnight to the microsecond is how a date without a time is landed: its time of day is not known.
with placed as (
    select
        t.campaign, t.channel, t.send_day, t.member, t.sent_us, t.delivered_us, t.opened_us, t.opened_human_us,
        t.clicked_us, t.replied_us, t.engaged_us, t.opt_out_us,
        case when t.sent_us <> 0 and t.sent_us <> z.midnight_us
              and (t.sent_us + z.offset_us) % 86400000000 <> 0
             -- The first Monday of this calendar is three days before its epoch.
             then (t.sent_us + z.offset_us + 259200000000) % 604800000000 end as week_us
    from touches as t
    left join zone_offsets as z on t.sent_us >= z.starts_us and t.sent_us < z.ends_us
),
people as (
    select
        p.campaign, p.channel, p.send_day, coalesce(s.slot, '') as slot, p.member,
        coalesce(min(d.month), 0) as month,
        count(p.sent_us) as sent,
        count(p.delivered_us) as delivered,
        count(p.opened_us) as opened,
        count(p.opened_human_us) as opened_human,
        count(p.clicked_us) as clicked,
        count(p.replied_us) as replied,
        count(p.engaged_us) as engaged,
        count(p.opt_out_us) as opt_out
    from placed as p
    left join slots as s on s.cut = 'daypart' and p.week_us >= s.starts and p.week_us < s.ends
    left join calendar as d on d.day = p.send_day
    group by p.campaign, p.channel, p.send_day, s.slot, p.member
),
placed_people as (
    select
        p.*,
        row_number() over (
            partition by p.campaign, p.channel, p.member, p.month order by p.send_day, p.slot
        ) as place
    from people as p
),
firsts as (
    select
        p.*,
        case when sent > 0 and place = min(case when sent > 0 then place end) over w
             then 1 else 0 end as first_sent,
        case when delivered > 0 and place = min(case when delivered > 0 then place end) over w
             then 1 else 0 end as first_delivered,
        case when opened > 0 and place = min(case when opened > 0 then place end) over w
             then 1 else 0 end as first_opened,
        case when opened_human > 0 and place = min(case when opened_human > 0 then place end) over w
             then 1 else 0 end as first_opened_human,
        case when clicked > 0 and place = min(case when clicked > 0 then place end) over w
             then 1 else 0 end as first_clicked,
        case when replied > 0 and place = min(case when replied > 0 then place end) over w
             then 1 else 0 end as first_replied,
        case when engaged > 0 and place = min(case when engaged > 0 then place end) over w
             then 1 else 0 end as first_engaged,
        case when opt_out > 0 and place = min(case when opt_out > 0 then place end) over w
             then 1 else 0 end as first_opt_out
    from placed_people as p
    window w as (partition by p.campaign, p.channel, p.member, p.month)
)
select
    'daypart' as kind, campaign, '' as wave, channel, '' as variant, '' as arm, '' as outcome, slot,
    send_day as day, 0 as member_profile, 0 as profile,
    sum(sent) as sent, sum(delivered) as delivered, sum(opened) as opened, sum(opened_human) as opened_human,
    sum(clicked) as clicked, sum(replied) as replied, sum(engaged) as engaged, sum(opt_out) as opt_out,
    sum(case when sent > 0 then 1 else 0 end) as behind_sent,
    sum(case when delivered > 0 then 1 else 0 end) as behind_delivered,
    sum(case when opened > 0 then 1 else 0 end) as behind_opened,
    sum(case when opened_human > 0 then 1 else 0 end) as behind_opened_human,
    sum(case when clicked > 0 then 1 else 0 end) as behind_clicked,
    sum(case when replied > 0 then 1 else 0 end) as behind_replied,
    sum(case when engaged > 0 then 1 else 0 end) as behind_engaged,
    sum(case when opt_out > 0 then 1 else 0 end) as behind_opt_out,
    sum(first_sent) as first_sent,
    sum(first_delivered) as first_delivered,
    sum(first_opened) as first_opened,
    sum(first_opened_human) as first_opened_human,
    sum(first_clicked) as first_clicked,
    sum(first_replied) as first_replied,
    sum(first_engaged) as first_engaged,
    sum(first_opt_out) as first_opt_out
from firsts
group by campaign, channel, send_day, slot
