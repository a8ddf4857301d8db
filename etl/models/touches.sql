-- Per message: which stages it passed, whether it is the member's first in campaign and channel, which
-- stages the member ever passed there, and whether an outcome is credited to it.
-- Reads: messages_in, outcomes_in, terms.
-- A member counts once per campaign, channel and stage, in the cohort of the first message sent.
with marked as (
    select
        message_id, campaign, wave, channel, variant, member, linked, send_day, cost_micros,
        suppressed_us, sent_us, delivered_us, bounced_us, bounce_class, failed_us, answered_us, voicemail_us,
        no_answer_us, printed_us, returned_us, opened_us, opened_human_us, clicked_us, replied_us,
        replied_positive_us, replied_negative_us, engaged_us, opt_out_us, complaint_us,
        case when coalesce(delivered_us, sent_us) is not null
              and (opt_out_us = 0 or coalesce(delivered_us, sent_us) = 0
                   or opt_out_us - coalesce(delivered_us, sent_us) <= 604800000000)
             then opt_out_us end as opted_us
    from messages_in
    where campaign <> ''
),
ordered as (
    select
        m.*,
        row_number() over (
            partition by campaign, channel, member
            order by case when sent_us is null then 1 else 0 end, sent_us, coalesce(send_day, 0), message_id
        ) = 1 as first_sent,
        row_number() over (
            partition by campaign, channel, member
            order by case when delivered_us is null then 1 else 0 end, delivered_us, message_id
        ) = 1 and delivered_us is not null as first_delivered
    from marked as m
),
candidates as (
    select
        f.message_id, f.campaign, f.member, f.delivered_us, f.first_delivered,
        coalesce(o.service_us, 0) as service_us
    from ordered as f
    join terms as t on t.campaign = f.campaign and t.main
    join outcomes_in as o on o.member = f.member and o.outcome = t.outcome
        and (o.campaign = f.campaign or o.campaign is null)
    where f.linked and f.delivered_us is not null
      and (o.service_day between f.send_day and f.send_day + t.window_days
           or (o.campaign = f.campaign and (o.service_day is null or f.send_day is null)))
),
converted as (
    select distinct message_id from candidates where first_delivered
),
credited as (
    select message_id
    from (
        select message_id, row_number() over (
            partition by campaign, member order by service_us, delivered_us desc, message_id) as place
        from candidates
    ) as ranked
    where place = 1
)
select
    f.*,
    k.message_id is not null as attributed,
    max(case when f.sent_us is not null then 1 else 0 end) over w as ever_sent,
    max(case when f.delivered_us is not null then 1 else 0 end) over w as ever_delivered,
    max(case when f.opened_us is not null then 1 else 0 end) over w as ever_opened,
    max(case when f.opened_human_us is not null then 1 else 0 end) over w as ever_opened_human,
    max(case when f.clicked_us is not null then 1 else 0 end) over w as ever_clicked,
    max(case when f.engaged_us is not null then 1 else 0 end) over w as ever_engaged,
    max(case when f.replied_us is not null then 1 else 0 end) over w as ever_replied,
    max(case when f.replied_positive_us is not null then 1 else 0 end) over w as ever_positive,
    max(case when f.replied_negative_us is not null then 1 else 0 end) over w as ever_negative,
    max(case when f.opted_us is not null then 1 else 0 end) over w as ever_opted,
    max(case when f.complaint_us is not null then 1 else 0 end) over w as ever_complained,
    max(case when c.message_id is not null then 1 else 0 end) over w as ever_converted
from ordered as f
left join converted as c on c.message_id = f.message_id
left join credited as k on k.message_id = f.message_id
window w as (partition by f.campaign, f.channel, f.member)
