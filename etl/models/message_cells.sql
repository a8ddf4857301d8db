-- Cells of messages: everything that a member did in a cell, added over members.
-- Reads: member_cells.
select
    'message' as kind, campaign, wave, channel, variant, '' as arm, '' as outcome, '' as slot, day,
    member_profile, profile,
    sum(sent) as sent, sum(delivered) as delivered, sum(bounced) as bounced,
    sum(bounced_hard) as bounced_hard, sum(bounced_soft) as bounced_soft, sum(bounced_block) as bounced_block,
    sum(failed) as failed, sum(suppressed) as suppressed,
    sum(opened) as opened, sum(opened_human) as opened_human, sum(clicked) as clicked, sum(replied) as replied,
    sum(engaged) as engaged,
    sum(opt_out) as opt_out, sum(complaint) as complaint,
    sum(answered) as answered, sum(voicemail) as voicemail, sum(no_answer) as no_answer,
    sum(printed) as printed, sum(returned) as returned, sum(unlinked) as unlinked,
    sum(cost_micros) as cost_micros,
    sum(case when sent > 0 then 1 else 0 end) as behind_sent,
    sum(case when delivered > 0 then 1 else 0 end) as behind_delivered,
    sum(case when bounced + failed + suppressed + returned > 0 then 1 else 0 end) as behind_bounced,
    sum(case when opened > 0 then 1 else 0 end) as behind_opened,
    sum(case when opened_human > 0 then 1 else 0 end) as behind_opened_human,
    sum(case when clicked > 0 then 1 else 0 end) as behind_clicked,
    sum(case when replied > 0 then 1 else 0 end) as behind_replied,
    sum(case when engaged > 0 then 1 else 0 end) as behind_engaged,
    sum(case when opt_out > 0 then 1 else 0 end) as behind_opt_out,
    sum(case when complaint > 0 then 1 else 0 end) as behind_complaint,
    sum(members_sent) as members_sent, sum(members_delivered) as members_delivered,
    sum(members_opened) as members_opened, sum(members_opened_human) as members_opened_human,
    sum(members_clicked) as members_clicked, sum(members_engaged) as members_engaged,
    sum(members_responded) as members_responded,
    sum(members_responded_positive) as members_responded_positive,
    sum(members_responded_negative) as members_responded_negative,
    sum(members_opted_out) as members_opted_out, sum(members_complained) as members_complained,
    sum(members_converted) as members_converted, sum(attributed) as attributed
from member_cells
group by campaign, wave, channel, variant, day, member_profile, profile
