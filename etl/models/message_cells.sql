-- Cells of messages: what became of them, the members behind it, and of the members of each cohort what ever did.
-- Reads: touches, member_cells, people, credits, slices.
with counts as (
    select
        slice, member_profile, profile,
        count(nullif(passed & 1, 0)) as sent,
        count(nullif(passed & 2, 0)) as delivered,
        count(nullif(passed & 8192, 0)) as bounced,
        count(nullif(passed & 16384, 0)) as bounced_hard,
        count(nullif(passed & 32768, 0)) as bounced_soft,
        count(nullif(passed & 65536, 0)) as bounced_block,
        count(nullif(passed & 131072, 0)) as failed,
        count(nullif(passed & 262144, 0)) as suppressed,
        count(nullif(passed & 8, 0)) as opened,
        count(nullif(passed & 16, 0)) as opened_human,
        count(nullif(passed & 32, 0)) as clicked,
        count(nullif(passed & 64, 0)) as replied,
        count(nullif(passed & 128, 0)) as engaged,
        count(nullif(passed & 256, 0)) as opt_out,
        count(nullif(passed & 512, 0)) as complaint,
        count(nullif(passed & 524288, 0)) as answered,
        count(nullif(passed & 1048576, 0)) as voicemail,
        count(nullif(passed & 2097152, 0)) as no_answer,
        count(nullif(passed & 4194304, 0)) as printed,
        count(nullif(passed & 8388608, 0)) as returned,
        sum(case when linked then 0 else 1 end) as unlinked,
        sum(cost_micros) as cost_micros
    from touches
    group by slice, member_profile, profile
),
behind as (
    select
        slice, member_profile, profile,
        count(nullif(passed & 1, 0)) as behind_sent,
        count(nullif(passed & 2, 0)) as behind_delivered,
        count(nullif(passed & 4, 0)) as behind_bounced,
        count(nullif(passed & 8, 0)) as behind_opened,
        count(nullif(passed & 16, 0)) as behind_opened_human,
        count(nullif(passed & 32, 0)) as behind_clicked,
        count(nullif(passed & 64, 0)) as behind_replied,
        count(nullif(passed & 128, 0)) as behind_engaged,
        count(nullif(passed & 256, 0)) as behind_opt_out,
        count(nullif(passed & 512, 0)) as behind_complaint,
        count(nullif(first & 1, 0)) as first_sent,
        count(nullif(first & 2, 0)) as first_delivered,
        count(nullif(first & 4, 0)) as first_bounced,
        count(nullif(first & 8, 0)) as first_opened,
        count(nullif(first & 16, 0)) as first_opened_human,
        count(nullif(first & 32, 0)) as first_clicked,
        count(nullif(first & 64, 0)) as first_replied,
        count(nullif(first & 128, 0)) as first_engaged,
        count(nullif(first & 256, 0)) as first_opt_out,
        count(nullif(first & 512, 0)) as first_complaint
    from member_cells
    group by slice, member_profile, profile
),
cohorts as (
    select
        slice, member_profile, profile,
        count(nullif(passed & 1, 0)) as members_sent,
        count(nullif(passed & 2, 0)) as members_delivered,
        count(nullif(passed & 8, 0)) as members_opened,
        count(nullif(passed & 16, 0)) as members_opened_human,
        count(nullif(passed & 32, 0)) as members_clicked,
        count(nullif(passed & 128, 0)) as members_engaged,
        count(nullif(passed & 64, 0)) as members_responded,
        count(nullif(passed & 1024, 0)) as members_responded_positive,
        count(nullif(passed & 2048, 0)) as members_responded_negative,
        count(nullif(passed & 4096, 0)) as members_opted_out,
        count(nullif(passed & 512, 0)) as members_complained,
        sum(case when converted then 1 else 0 end) as members_converted
    from people
    where linked
    group by slice, member_profile, profile
),
credited as (
    select slice, member_profile, profile, count(*) as attributed
    from (
        select
            slice, member_profile, profile,
            row_number() over (
                partition by campaign, member order by service_us, delivered_us desc, message_id
            ) as place
        from credits
    ) as ranked
    where place = 1
    group by slice, member_profile, profile
)
select
    'message' as kind, s.campaign, s.wave, s.channel, s.variant, '' as arm, '' as outcome, '' as slot, s.day,
    c.member_profile, c.profile,
    c.sent, c.delivered, c.bounced, c.bounced_hard, c.bounced_soft, c.bounced_block, c.failed, c.suppressed, c.opened, c.opened_human,
    c.clicked, c.replied, c.engaged, c.opt_out, c.complaint, c.answered, c.voicemail, c.no_answer, c.printed, c.returned,
    c.unlinked, c.cost_micros,
    b.behind_sent, b.behind_delivered, b.behind_bounced, b.behind_opened, b.behind_opened_human,
    b.behind_clicked, b.behind_replied, b.behind_engaged, b.behind_opt_out, b.behind_complaint,
    b.first_sent, b.first_delivered, b.first_bounced, b.first_opened, b.first_opened_human,
    b.first_clicked, b.first_replied, b.first_engaged, b.first_opt_out, b.first_complaint,
    m.members_sent, m.members_delivered, m.members_opened, m.members_opened_human, m.members_clicked,
    m.members_engaged, m.members_responded, m.members_responded_positive, m.members_responded_negative,
    m.members_opted_out, m.members_complained, m.members_converted, k.attributed
from counts as c
join slices as s on s.slice = c.slice
join behind as b on b.slice = c.slice and b.member_profile = c.member_profile and b.profile = c.profile
left join cohorts as m on m.slice = c.slice and m.member_profile = c.member_profile and m.profile = c.profile
left join credited as k on k.slice = c.slice and k.member_profile = c.member_profile and k.profile = c.profile
