-- Which members passed a stage in a slice of a campaign; the marks of the bitmaps.
-- Reads: member_cells.
select distinct campaign, channel, wave, variant, day, s.stage, member
from member_cells as c
join (select 'sent' as stage union all select 'delivered' union all select 'engaged' union all select 'responded'
      union all select 'converted') as s
    on (s.stage = 'sent' and c.sent > 0)
    or (s.stage = 'delivered' and c.delivered > 0)
    or (s.stage = 'engaged' and c.engaged > 0)
    or (s.stage = 'responded' and c.replied > 0)
    or (s.stage = 'converted' and c.members_converted > 0)
where c.linked
