-- Per message: which stages it passed, which of them are the member's first in campaign and channel,
-- whether the member converted after it, and whether an outcome is credited to it.
-- Reads: messages_in, outcomes_in, terms.
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
timed as (
    select
        m.*,
        min(sent_us) over w as t_sent,
        min(delivered_us) over w as t_delivered,
        min(opened_us) over w as t_opened,
        min(opened_human_us) over w as t_opened_human,
        min(clicked_us) over w as t_clicked,
        min(engaged_us) over w as t_engaged,
        min(replied_us) over w as t_replied,
        min(replied_positive_us) over w as t_positive,
        min(replied_negative_us) over w as t_negative,
        min(opted_us) over w as t_opted,
        min(complaint_us) over w as t_complaint
    from marked as m
    window w as (partition by campaign, channel, member)
),
firsts as (
    select
        t.*,
        min(case when sent_us = t_sent then message_id end) over w as f_sent,
        min(case when delivered_us = t_delivered then message_id end) over w as f_delivered,
        min(case when opened_us = t_opened then message_id end) over w as f_opened,
        min(case when opened_human_us = t_opened_human then message_id end) over w as f_opened_human,
        min(case when clicked_us = t_clicked then message_id end) over w as f_clicked,
        min(case when engaged_us = t_engaged then message_id end) over w as f_engaged,
        min(case when replied_us = t_replied then message_id end) over w as f_replied,
        min(case when replied_positive_us = t_positive then message_id end) over w as f_positive,
        min(case when replied_negative_us = t_negative then message_id end) over w as f_negative,
        min(case when opted_us = t_opted then message_id end) over w as f_opted,
        min(case when complaint_us = t_complaint then message_id end) over w as f_complaint
    from timed as t
    window w as (partition by campaign, channel, member)
),
candidates as (
    select
        f.message_id, f.campaign, f.member, f.delivered_us, f.f_delivered,
        coalesce(o.service_us, 0) as service_us
    from firsts as f
    join terms as t on t.campaign = f.campaign and t.main
    join outcomes_in as o on o.member = f.member and o.outcome = t.outcome
        and (o.campaign = f.campaign or o.campaign is null)
    where f.linked and f.delivered_us is not null
      and (o.service_day between f.send_day and f.send_day + t.window_days
           or (o.campaign = f.campaign and (o.service_day is null or f.send_day is null)))
),
converted as (
    select distinct message_id from candidates where message_id = f_delivered
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
    c.message_id is not null as converted,
    k.message_id is not null as attributed
from firsts as f
left join converted as c on c.message_id = f.message_id
left join credited as k on k.message_id = f.message_id
