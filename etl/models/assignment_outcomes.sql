-- Per member of a campaign and outcome that counts there: whether it fell inside the window, its money,
-- and after how many days the first came.
-- Reads: assigned, outcomes_in, terms.
select
    a.campaign, a.member, t.outcome, t.main,
    max(case when o.outcome_id is not null then 1 else 0 end) as happened,
    sum(coalesce(o.value_micros, 0)) as value_micros,
    min(o.service_day - a.assigned_day) as delay_days
from assigned as a
join terms as t on t.campaign = a.campaign
left join outcomes_in as o on o.member = a.member and o.outcome = t.outcome
    and (o.campaign = a.campaign or o.campaign is null)
    and (o.service_day between a.assigned_day and a.assigned_day + t.window_days
         or (o.campaign = a.campaign and (o.service_day is null or a.assigned_day is null)))
where a.assigned
group by a.campaign, a.member, t.outcome, t.main
