-- Cells of delays: assigned members with the declared outcome, by arm and by the days from the assignment
-- to the first of them.
-- Reads: assigned, assignment_outcomes, slots.
select
    'delay' as kind, a.campaign, '' as wave, '' as channel, '' as variant, coalesce(a.arm, '') as arm,
    '' as outcome, coalesce(s.slot, '') as slot, a.assigned_day as day, 0 as member_profile, 0 as profile,
    count(*) as with_outcome
from assigned as a
join assignment_outcomes as o on o.campaign = a.campaign and o.member = a.member
    and o.main and o.happened = 1
left join slots as s on s.cut = 'outcome_time' and o.delay_days >= s.starts and o.delay_days < s.ends
group by a.campaign, coalesce(a.arm, ''), coalesce(s.slot, ''), a.assigned_day
