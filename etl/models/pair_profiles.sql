-- The attributes of each (campaign, member) as at assignment, or as at the first send without one.
-- Reads: assigned, messages_in, statements (the members file: member, as_of_day, profile).
-- The latest statement up to that day counts; where all are later, the earliest.
with first_sends as (
    select campaign, member, min(send_day) as send_day
    from messages_in
    where linked
    group by campaign, member
),
pairs as (
    select campaign, member from assigned
    union
    select campaign, member from first_sends
),
dated as (
    select
        p.campaign, p.member,
        coalesce(a.assigned_day, f.send_day) as at_day,
        coalesce(a.profile, 0) as profile
    from pairs as p
    left join assigned as a on a.campaign = p.campaign and a.member = p.member
    left join first_sends as f on f.campaign = p.campaign and f.member = p.member
),
placed as (
    select
        d.campaign, d.member, d.profile,
        coalesce(s.profile, 0) as member_profile,
        row_number() over (
            partition by d.campaign, d.member
            order by
                case when s.as_of_day is null or s.as_of_day <= d.at_day then 0 else 1 end,
                case when s.as_of_day <= d.at_day then -s.as_of_day else coalesce(s.as_of_day, 0) end,
                s.profile
        ) as place
    from dated as d
    left join statements as s on s.member = d.member
)
select campaign, member, member_profile, profile
from placed
where place = 1
