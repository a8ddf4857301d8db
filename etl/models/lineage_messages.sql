-- How many messages of a campaign, channel and month of sending each load told of.
-- Reads: told_events (load_id, message_id), told_messages.
select
    t.load_id, 'messages' as kind, m.campaign, m.channel, '' as outcome, m.month,
    count(*) as behind
from (select distinct load_id, message_id from told_events) as t
join told_messages as m on m.message_id = t.message_id
group by t.load_id, m.campaign, m.channel, m.month
