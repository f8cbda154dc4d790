-- One row per platform and published figure of how many people in France use it in a month, with where it was read.
-- kind: table
select
    source,
    user_count,
    origin,
    since,
    lead(since) over (partition by source order by since) as until
from raw.platform_users
