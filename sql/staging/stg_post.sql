-- One row per post that has at least one candidate mention: the store's facts, renamed, without text or names.
-- A count below zero or above a hundred billion is a platform's mistake and becomes unknown.
-- Halves are rounded up: what `round` does with them depends on the engine.
select
    post_key as post_number,
    author_key as author_number,
    cluster_key as cluster_number,
    coalesce(near_key, cluster_key) as near_number,
    source,
    coalesce(lang, 'und') as lang,
    kind,
    ownership,
    reach_version,
    case when followers between 0 and 100000000000 then followers end as follower_count,
    cast(case when reach_low between 0 and 1e11 then floor(reach_low + 0.5) end as bigint) as reach_low,
    cast(case when reach_central between 0 and 1e11 then floor(reach_central + 0.5) end as bigint) as reach_central,
    cast(case when reach_high between 0 and 1e11 then floor(reach_high + 0.5) end as bigint) as reach_high,
    created_at,
    night
from raw.post
