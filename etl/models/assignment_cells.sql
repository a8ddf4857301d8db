-- Cells of assignments: members by arm and day of assignment, with the declared outcome.
-- Reads: assigned, pair_profiles, assignment_outcomes.
select
    'assignment' as kind, a.campaign, '' as wave, '' as channel, '' as variant,
    coalesce(a.arm, '') as arm, '' as outcome, '' as slot, a.assigned_day as day,
    coalesce(p.member_profile, 0) as member_profile, coalesce(p.profile, 0) as profile,
    sum(case when a.eligible then 1 else 0 end) as eligible,
    -- Both are of those eligible; a source that states no eligibility states it of all.
    sum(case when a.contactable and coalesce(a.eligible, true) then 1 else 0 end) as contactable,
    sum(case when a.consented and coalesce(a.eligible, true) then 1 else 0 end) as consented,
    sum(case when a.assigned then 1 else 0 end) as assigned,
    sum(case when a.assigned and a.holdout then 1 else 0 end) as held_out,
    sum(coalesce(o.happened, 0)) as with_outcome,
    sum(coalesce(o.value_micros, 0)) as value_micros
from assigned as a
left join pair_profiles as p on p.campaign = a.campaign and p.member = a.member
left join assignment_outcomes as o on o.campaign = a.campaign and o.member = a.member and o.main
group by a.campaign, coalesce(a.arm, ''), a.assigned_day, coalesce(p.member_profile, 0), coalesce(p.profile, 0)
