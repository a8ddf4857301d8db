-- One row per message with the earliest time of each stage; 0 where it happened at no stated time.
-- Reads: events_in (every event of the messages asked for), links (recipient -> its only member).
-- Of message rows only the newest state counts; equal versions are settled by the row's hash. A latest state
-- proves the stages before it: who read, clicked or answered was delivered to, and what arrived was sent.
with newest_version as (
    select message_id, max(version_us) as version_us
    from events_in
    where version_us is not null
    group by message_id
),
newest as (
    select e.message_id, e.version_us, max(e.row_id) as row_id
    from events_in as e
    join newest_version as v on v.message_id = e.message_id and v.version_us = e.version_us
    group by e.message_id, e.version_us
),
stated as (
    select e.*, coalesce(e.event_us, 0) as us
    from events_in as e
    left join newest as n on n.message_id = e.message_id
    where e.version_us is null or (e.version_us = n.version_us and e.row_id = n.row_id)
),
stages as (
    select
        message_id,
        coalesce(min(campaign), '') as campaign,
        coalesce(min(wave), '') as wave,
        coalesce(min(channel), '') as channel,
        coalesce(min(variant), '') as variant,
        min(member) as named_member,
        min(recipient) as recipient,
        coalesce(min(case when event in ('sent', 'attempted', 'printed', 'answered', 'voicemail', 'no_answer')
                     then event_day end), min(event_day)) as send_day,
        min(event_date) as first_date,
        max(event_date) as last_date,
        min(case when event = 'suppressed' then us end) as suppressed_us,
        min(case when event in ('sent', 'attempted', 'printed', 'answered', 'voicemail', 'no_answer')
                   or (version_us is not null and event <> 'suppressed') then us end) as sent_us,
        min(case when event in ('delivered', 'answered', 'voicemail')
                   or (version_us is not null and event in ('opened', 'clicked', 'replied', 'acted'))
                 then us end) as accepted_us,
        min(case when event = 'bounced' then us end) as bounced_us,
        min(case when event = 'bounced' then coalesce(detail, '') end) as bounce_class,
        min(case when event = 'failed' then us end) as failed_us,
        min(case when event = 'answered' then us end) as answered_us,
        min(case when event = 'voicemail' then us end) as voicemail_us,
        min(case when event = 'no_answer' then us end) as no_answer_us,
        min(case when event = 'printed' then us end) as printed_us,
        min(case when event = 'returned' then us end) as returned_us,
        min(case when event = 'opened' then us end) as opened_us,
        min(case when event = 'opened' and not coalesce(machine, false) then us end) as opened_human_us,
        min(case when event = 'clicked' and not coalesce(machine, false) then us end) as clicked_us,
        min(case when event = 'replied' then us end) as replied_us,
        min(case when event = 'replied' and detail = 'positive' then us end) as replied_positive_us,
        min(case when event = 'replied' and detail in ('negative', 'stop') then us end) as replied_negative_us,
        min(case when event = 'acted'
                   or (event = 'clicked' and not coalesce(machine, false))
                   or (event = 'replied' and coalesce(detail, '') <> 'stop') then us end) as engaged_us,
        min(case when event = 'opt_out' then us end) as opt_out_us,
        min(case when event = 'complaint' then us end) as complaint_us,
        max(cost_micros) as cost_micros
    from stated
    group by message_id
)
select
    s.message_id, s.campaign, s.wave, s.channel, s.variant,
    coalesce(s.named_member, l.member, s.recipient, s.message_id) as member,
    coalesce(s.named_member, l.member) is not null as linked,
    s.recipient, s.send_day, s.first_date, s.last_date,
    s.suppressed_us, s.sent_us,
    coalesce(s.accepted_us,
             case when s.printed_us is not null and s.returned_us is null then s.printed_us end) as delivered_us,
    s.bounced_us, s.bounce_class, s.failed_us, s.answered_us, s.voicemail_us, s.no_answer_us,
    s.printed_us, s.returned_us, s.opened_us, s.opened_human_us, s.clicked_us,
    s.replied_us, s.replied_positive_us, s.replied_negative_us, s.engaged_us,
    s.opt_out_us, s.complaint_us, s.cost_micros
from stages as s
left join links as l on l.recipient = s.recipient
