-- Every day, wave and variant of a campaign and channel on which a message was sent, numbered so that within a
-- campaign and channel (`lane`) and month (`lane_month`) the numbers go by day, wave and variant, undated ones last.
-- `part` numbers the slices of the bitmaps, which have no days.
-- Reads: messages_in, calendar, prices.
with found as (
    select distinct campaign, channel, wave, variant, send_day as day, coalesce(send_day, 2147483647) as at_day
    from messages_in
    where campaign <> ''
),
dated as (
    select
        f.campaign, f.channel, f.wave, f.variant, f.day, f.at_day,
        coalesce(c.month, 0) as month, u.unit_micros
    from found as f
    left join calendar as c on c.day = f.day
    left join prices as u on u.campaign = f.campaign and u.channel = f.channel
)
select
    campaign, channel, wave, variant, day, at_day, month, unit_micros,
    cast(row_number() over (order by campaign, channel, at_day, wave, variant) as integer) as slice,
    cast(dense_rank() over (order by campaign, channel) as integer) as lane,
    cast(dense_rank() over (order by campaign, channel, month) as integer) as lane_month,
    cast(dense_rank() over (order by campaign, channel, wave, variant, month) as integer) as part
from dated
