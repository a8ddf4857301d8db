-- The messages delivered to a member in whose window the declared outcome fell, with the instant of the outcome.
-- Reads: touches, slices, terms, outcomes_in.
select
    f.message_id, s.campaign, f.lane, f.slice, f.member, f.member_profile, f.profile, f.delivered_us,
    min(coalesce(o.service_us, 0)) as service_us
from touches as f
join slices as s on s.slice = f.slice
join terms as t on t.campaign = s.campaign and t.main
join outcomes_in as o on o.member = f.member and o.outcome = t.outcome
    and (o.campaign = s.campaign or o.campaign is null)
where f.linked and f.delivered_us is not null
  and (o.service_day between f.send_day and f.send_day + t.window_days
       or (o.campaign = s.campaign and (o.service_day is null or f.send_day is null)))
group by f.message_id, s.campaign, f.lane, f.slice, f.member, f.member_profile, f.profile, f.delivered_us
