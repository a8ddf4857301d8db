-- One row per member of a campaign: the newest statement, else the earliest assignment.
-- Reads: assignments_in.
select campaign, member, arm, holdout, assigned, assigned_day, eligible, contactable, consented, profile
from (
    select
        a.*,
        row_number() over (
            partition by campaign, member
            order by coalesce(version_us, 0) desc, coalesce(assigned_us, 0), assignment_id
        ) as place
    from assignments_in as a
) as ranked
where place = 1
