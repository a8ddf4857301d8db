-- Which members passed which stages in a slice of a campaign, the marks of the bitmaps: bits as in touches, and
-- 16777216 who is counted there as converted.
-- Reads: member_cells, people, slices.
select part, member, bit_or(passed) as passed
from (
    select s.part, c.member, c.passed & 195 as passed
    from member_cells as c
    join slices as s on s.slice = c.slice
    where c.linked
    union all
    select s.part, p.member, 16777216 as passed
    from people as p
    join slices as s on s.slice = p.slice
    where p.linked and p.converted
) as marks
group by part, member
having bit_or(passed) <> 0
