-- Per member and cell: how many messages passed each stage there; whether it is the first cell of the month in
-- which any did; and, in the cell of the first message sent, which stages the member ever passed in campaign
-- and channel.
-- Reads: touches, pair_profiles, prices, calendar.
-- Firsts of a month add up to members over the days, waves and variants of that month.
with parts as (
    select
        t.campaign, t.wave, t.channel, t.variant, t.send_day as day, t.member, t.linked,
        case when t.linked then coalesce(p.member_profile, 0) else 0 end as member_profile,
        case when t.linked then coalesce(p.profile, 0) else 0 end as profile,
        count(t.sent_us) as sent,
        count(t.delivered_us) as delivered,
        count(t.bounced_us) as bounced,
        sum(case when t.bounce_class = 'hard' then 1 else 0 end) as bounced_hard,
        sum(case when t.bounce_class = 'soft' then 1 else 0 end) as bounced_soft,
        sum(case when t.bounce_class = 'block' then 1 else 0 end) as bounced_block,
        count(t.failed_us) as failed,
        count(t.suppressed_us) as suppressed,
        count(t.opened_us) as opened,
        count(t.opened_human_us) as opened_human,
        count(t.clicked_us) as clicked,
        count(t.replied_us) as replied,
        count(t.opt_out_us) as opt_out,
        count(t.complaint_us) as complaint,
        count(t.answered_us) as answered,
        count(t.voicemail_us) as voicemail,
        count(t.no_answer_us) as no_answer,
        count(t.printed_us) as printed,
        count(t.returned_us) as returned,
        sum(case when t.linked then 0 else 1 end) as unlinked,
        sum(coalesce(t.cost_micros, case when t.sent_us is not null then u.unit_micros end, 0)) as cost_micros,
        sum(case when t.linked and t.first_sent then t.ever_sent else 0 end) as members_sent,
        sum(case when t.linked and t.first_sent then t.ever_delivered else 0 end) as members_delivered,
        sum(case when t.linked and t.first_sent then t.ever_opened else 0 end) as members_opened,
        sum(case when t.linked and t.first_sent then t.ever_opened_human else 0 end) as members_opened_human,
        sum(case when t.linked and t.first_sent then t.ever_clicked else 0 end) as members_clicked,
        sum(case when t.linked and t.first_sent then t.ever_engaged else 0 end) as members_engaged,
        sum(case when t.linked and t.first_sent then t.ever_replied else 0 end) as members_responded,
        sum(case when t.linked and t.first_sent then t.ever_positive else 0 end) as members_responded_positive,
        sum(case when t.linked and t.first_sent then t.ever_negative else 0 end) as members_responded_negative,
        sum(case when t.linked and t.first_sent then t.ever_opted else 0 end) as members_opted_out,
        sum(case when t.linked and t.first_sent then t.ever_complained else 0 end) as members_complained,
        sum(case when t.linked and t.first_sent then t.ever_converted else 0 end) as members_converted,
        sum(case when t.attributed then 1 else 0 end) as attributed,
        count(t.engaged_us) as engaged,
        coalesce(min(d.month), 0) as month
    from touches as t
    left join pair_profiles as p on p.campaign = t.campaign and p.member = t.member
    left join prices as u on u.campaign = t.campaign and u.channel = t.channel
    left join calendar as d on d.day = t.send_day
    group by t.campaign, t.wave, t.channel, t.variant, t.send_day, t.member, t.linked, p.member_profile, p.profile
),
placed as (
    select
        p.*,
        row_number() over (
            partition by p.campaign, p.channel, p.member, p.month order by p.day, p.wave, p.variant, p.profile
        ) as place
    from parts as p
)
select
    p.*,
    case when sent > 0 and place = min(case when sent > 0 then place end) over w
         then 1 else 0 end as first_sent,
    case when delivered > 0 and place = min(case when delivered > 0 then place end) over w
         then 1 else 0 end as first_delivered,
    case when bounced + failed + suppressed + returned > 0 and place = min(case when bounced + failed + suppressed + returned > 0 then place end) over w
         then 1 else 0 end as first_bounced,
    case when opened > 0 and place = min(case when opened > 0 then place end) over w
         then 1 else 0 end as first_opened,
    case when opened_human > 0 and place = min(case when opened_human > 0 then place end) over w
         then 1 else 0 end as first_opened_human,
    case when clicked > 0 and place = min(case when clicked > 0 then place end) over w
         then 1 else 0 end as first_clicked,
    case when replied > 0 and place = min(case when replied > 0 then place end) over w
         then 1 else 0 end as first_replied,
    case when engaged > 0 and place = min(case when engaged > 0 then place end) over w
         then 1 else 0 end as first_engaged,
    case when opt_out > 0 and place = min(case when opt_out > 0 then place end) over w
         then 1 else 0 end as first_opt_out,
    case when complaint > 0 and place = min(case when complaint > 0 then place end) over w
         then 1 else 0 end as first_complaint
from placed as p
window w as (partition by p.campaign, p.channel, p.member, p.month)
