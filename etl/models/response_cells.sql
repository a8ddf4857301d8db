-- Cells of responses: members engaged by the time from their first delivery to their first engagement in
-- campaign and channel, on the day of their cohort.
-- Reads: touches, zone_offsets, slots.
-- The time is not known where either has no date, or a date without a time (a local midnight).
with people as (
    select
        campaign, channel, member,
        max(case when first_sent then send_day end) as day,
        min(delivered_us) as delivered_us,
        min(engaged_us) as engaged_us
    from touches
    where linked
    group by campaign, channel, member
),
waits as (
    select
        p.campaign, p.channel, p.day,
        case when p.delivered_us <> 0 and p.delivered_us <> d.midnight_us
              and (p.delivered_us + d.offset_us) % 86400000000 <> 0
              and p.engaged_us <> 0 and p.engaged_us <> e.midnight_us
              and (p.engaged_us + e.offset_us) % 86400000000 <> 0
             then p.engaged_us - p.delivered_us end as wait_us
    from people as p
    left join zone_offsets as d on p.delivered_us >= d.starts_us and p.delivered_us < d.ends_us
    left join zone_offsets as e on p.engaged_us >= e.starts_us and p.engaged_us < e.ends_us
    where p.engaged_us is not null
)
select
    'response' as kind, w.campaign, '' as wave, w.channel, '' as variant, '' as arm, '' as outcome,
    coalesce(s.slot, '') as slot, w.day, 0 as member_profile, 0 as profile,
    count(*) as members_engaged
from waits as w
left join slots as s on s.cut = 'response_time' and w.wait_us >= s.starts and w.wait_us < s.ends
group by w.campaign, w.channel, s.slot, w.day
