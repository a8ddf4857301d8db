-- Per member of a campaign and channel: what became of any message (bits as in touches), the first delivery and
-- engagement, whether the outcome fell in the window of the first message delivered, and the slice and attributes
-- of the first message sent: who is counted counts there once, in the cohort of that message.
-- Reads: touches, credits.
with ever as (
    select
        lane, member, bit_or(passed) as passed,
        min(delivered_us) as delivered_us, min(engaged_us) as engaged_us
    from touches
    group by lane, member
),
cohorts as (
    select lane, member, slice, linked, send_day, member_profile, profile
    from (
        select
            t.lane, t.member, t.slice, t.linked, t.send_day, t.member_profile, t.profile,
            row_number() over (
                partition by t.lane, t.member
                order by case when t.sent_us is null then 1 else 0 end, t.sent_us, coalesce(t.send_day, 0),
                    t.message_id
            ) as place
        from touches as t
    ) as ranked
    where place = 1
),
arrived as (
    select lane, member, message_id
    from (
        select
            t.lane, t.member, t.message_id,
            row_number() over (partition by t.lane, t.member order by t.delivered_us, t.message_id) as place
        from touches as t
        join (select distinct lane, member from credits) as c on c.lane = t.lane and c.member = t.member
        where t.delivered_us is not null
    ) as ranked
    where place = 1
),
converted as (
    select a.lane, a.member
    from arrived as a
    join credits as c on c.message_id = a.message_id
)
select
    e.lane, e.member, e.passed, e.delivered_us, e.engaged_us, v.member is not null as converted,
    c.slice, c.linked, c.send_day, c.member_profile, c.profile
from ever as e
join cohorts as c on c.lane = e.lane and c.member = e.member
left join converted as v on v.lane = e.lane and v.member = e.member
