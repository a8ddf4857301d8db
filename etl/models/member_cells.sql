-- Per member and slice: what became of any message there (bits as in touches), and in `first` what became of none
-- in an earlier slice of the month. Firsts of a month add up to members over its days, waves and variants.
-- Reads: touches.
with parts as (
    select
        lane_month, slice, member, linked, member_profile, profile, bit_or(passed & 1023) as passed
    from touches
    group by lane_month, slice, member, linked, member_profile, profile
),
earlier as (
    select
        p.*,
        bit_or(passed) over (
            partition by lane_month, member order by slice, profile
            rows between unbounded preceding and 1 preceding
        ) as before
    from parts as p
)
select
    slice, member, linked, member_profile, profile, passed,
    passed - (passed & coalesce(before, 0)) as first
from earlier
