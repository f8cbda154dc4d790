-- One row per post and moment of observation. A count that the platform did not give is NULL; interactions are the
-- sum of those it gave, NULL when it gave none. Counts below zero or above a hundred billion are unknown.
with

counted as (
    select
        post_key as post_number,
        case when likes between 0 and 100000000000 then likes end as like_count,
        case when reposts between 0 and 100000000000 then reposts end as repost_count,
        case when replies between 0 and 100000000000 then replies end as reply_count,
        case when quotes between 0 and 100000000000 then quotes end as quote_count,
        case when views between 0 and 100000000000 then views end as view_count,
        observed_at,
        night
    from raw.engagement
)

select
    post_number,
    case when coalesce(like_count, repost_count, reply_count, quote_count) is not null
        then coalesce(like_count, 0) + coalesce(repost_count, 0) + coalesce(reply_count, 0) + coalesce(quote_count, 0)
    end as interactions,
    case when coalesce(repost_count, quote_count) is not null
        then coalesce(repost_count, 0) + coalesce(quote_count, 0)
    end as shares,
    view_count,
    observed_at,
    night
from counted
