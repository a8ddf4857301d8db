-- Cells of responses: members engaged by the time from their first delivery to their first engagement in
-- campaign and channel, on the day of their cohort.
-- Reads: people, slices, zone_offsets, slots.
-- The time is not known where either has no date, or a date without a time (a local midnight).
with waits as (
    select
        p.lane, p.send_day as day,
        case when p.delivered_us <> 0 and p.delivered_us <> d.midnight_us
              and (p.delivered_us + d.offset_us) % 86400000000 <> 0
              and p.engaged_us <> 0 and p.engaged_us <> e.midnight_us
              and (p.engaged_us + e.offset_us) % 86400000000 <> 0
             then p.engaged_us - p.delivered_us end as wait_us
    from people as p
    left join zone_offsets as d on d.day_us = p.delivered_us - p.delivered_us % 86400000000
        and p.delivered_us >= d.starts_us and p.delivered_us < d.ends_us
    left join zone_offsets as e on e.day_us = p.engaged_us - p.engaged_us % 86400000000
        and p.engaged_us >= e.starts_us and p.engaged_us < e.ends_us
    where p.linked and p.engaged_us is not null
),
lanes as (
    select distinct lane, campaign, channel from slices
)
select
    'response' as kind, l.campaign, '' as wave, l.channel, '' as variant, '' as arm, '' as outcome,
    coalesce(s.slot, '') as slot, w.day, 0 as member_profile, 0 as profile,
    count(*) as members_engaged
from waits as w
join lanes as l on l.lane = w.lane
left join slots as s on s.cut = 'response_time' and w.wait_us >= s.starts and w.wait_us < s.ends
group by l.campaign, l.channel, coalesce(s.slot, ''), w.day
