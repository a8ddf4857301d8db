-- What each load stated beside messages: members assigned, outcomes, totals that a source added up, records of
-- campaigns, and the plan's members with their addresses.
-- Reads: told_assignments, told_outcomes, told_aggregates, told_campaigns, told_members, told_crosswalk.
select
    load_id, 'assignments' as kind, campaign, '' as channel, '' as outcome, month,
    count(distinct member) as behind
from told_assignments
group by load_id, campaign, month
union all
select
    load_id, 'outcomes' as kind, coalesce(campaign, '') as campaign, '' as channel, outcome, month,
    count(distinct member) as behind
from told_outcomes
group by load_id, coalesce(campaign, ''), outcome, month
union all
select
    load_id, 'totals' as kind, campaign, coalesce(channel, '') as channel, '' as outcome, month,
    max(value) as behind
from told_aggregates
where measure <> 'cost'
group by load_id, campaign, coalesce(channel, ''), month
union all
select load_id, 'records' as kind, campaign, '' as channel, '' as outcome, 0 as month, count(*) as behind
from told_campaigns
group by load_id, campaign
union all
select
    load_id, 'members' as kind, '' as campaign, '' as channel, '' as outcome, 0 as month,
    count(distinct member) as behind
from (select load_id, member from told_members union all select load_id, member from told_crosswalk) as m
group by load_id
