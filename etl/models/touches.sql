-- Per message of a campaign: its slice, whose attributes it counts under, and what became of it, one bit each
-- in `passed`:
--     1 sent, 2 delivered, 4 bounced, failed, suppressed or returned, 8 opened, 16 opened by a human, 32 clicked,
--     64 replied, 128 engaged, 256 opted out, 512 complained, 1024 replied yes, 2048 replied no or stop,
--     4096 opted out within seven days, 8192 bounced, 16384 for good, 32768 for now, 65536 blocked, 131072 failed,
--     262144 suppressed, 524288 answered, 1048576 voicemail, 2097152 no answer, 4194304 printed, 8388608 returned.
-- Reads: messages_in, slices, pair_profiles.
select
    m.message_id, s.slice, s.lane, s.lane_month, m.member, m.linked,
    case when m.linked then coalesce(p.member_profile, 0) else 0 end as member_profile,
    case when m.linked then coalesce(p.profile, 0) else 0 end as profile,
    m.send_day, m.sent_us, m.delivered_us, m.engaged_us,
    coalesce(m.cost_micros, case when m.sent_us is not null then s.unit_micros end, 0) as cost_micros,
    case when m.sent_us is not null then 1 else 0 end
    + case when m.delivered_us is not null then 2 else 0 end
    + case when coalesce(m.bounced_us, m.failed_us, m.suppressed_us, m.returned_us) is not null then 4 else 0 end
    + case when m.opened_us is not null then 8 else 0 end
    + case when m.opened_human_us is not null then 16 else 0 end
    + case when m.clicked_us is not null then 32 else 0 end
    + case when m.replied_us is not null then 64 else 0 end
    + case when m.engaged_us is not null then 128 else 0 end
    + case when m.opt_out_us is not null then 256 else 0 end
    + case when m.complaint_us is not null then 512 else 0 end
    + case when m.replied_positive_us is not null then 1024 else 0 end
    + case when m.replied_negative_us is not null then 2048 else 0 end
    + case when coalesce(m.delivered_us, m.sent_us) is not null and m.opt_out_us is not null
            and (m.opt_out_us = 0 or coalesce(m.delivered_us, m.sent_us) = 0
                 or m.opt_out_us - coalesce(m.delivered_us, m.sent_us) <= 604800000000) then 4096 else 0 end
    + case when m.bounced_us is not null then 8192 else 0 end
    + case when m.bounce_class = 'hard' then 16384 else 0 end
    + case when m.bounce_class = 'soft' then 32768 else 0 end
    + case when m.bounce_class = 'block' then 65536 else 0 end
    + case when m.failed_us is not null then 131072 else 0 end
    + case when m.suppressed_us is not null then 262144 else 0 end
    + case when m.answered_us is not null then 524288 else 0 end
    + case when m.voicemail_us is not null then 1048576 else 0 end
    + case when m.no_answer_us is not null then 2097152 else 0 end
    + case when m.printed_us is not null then 4194304 else 0 end
    + case when m.returned_us is not null then 8388608 else 0 end as passed
from messages_in as m
join slices as s on s.campaign = m.campaign and s.channel = m.channel and s.wave = m.wave and s.variant = m.variant
    and s.at_day = coalesce(m.send_day, 2147483647)
left join pair_profiles as p on p.campaign = m.campaign and p.member = m.member
