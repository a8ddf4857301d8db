-- Cells of outcomes: assigned members and those with each named outcome, by arm and day of assignment.
-- Reads: assigned, pair_profiles, assignment_outcomes.
select
    'outcome' as kind, a.campaign, '' as wave, '' as channel, '' as variant,
    coalesce(a.arm, '') as arm, o.outcome, '' as slot, a.assigned_day as day,
    coalesce(p.member_profile, 0) as member_profile, coalesce(p.profile, 0) as profile,
    count(*) as assigned,
    sum(case when a.holdout then 1 else 0 end) as held_out,
    sum(o.happened) as with_outcome,
    sum(o.value_micros) as value_micros
from assigned as a
join assignment_outcomes as o on o.campaign = a.campaign and o.member = a.member
left join pair_profiles as p on p.campaign = a.campaign and p.member = a.member
group by a.campaign, coalesce(a.arm, ''), o.outcome, a.assigned_day, coalesce(p.member_profile, 0),
    coalesce(p.profile, 0)
