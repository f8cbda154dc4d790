-- One row per brand, source ("*" is all together) and night that is unusual: no day in 740 is, by chance alone, and at
-- most one in ten of those found is expected to be a false alarm (Benjamini and Hochberg 1995, over all brands and
-- sources of the night, in both directions). At least 10 mentions of 5 authors, or 10 usual ones that did not come.
-- kind: incremental
-- key: night
-- touched: tested_night
with

tested as (
    select
        n.*,
        -- Each brand and source is tested in two directions; the other one's p is above one half and never ranks first.
        2.0 * count(*) over (partition by n.night) as test_count,
        row_number() over (partition by n.night order by n.p, n.brand, n.source) as place
    from night_test as n
    inner join tested_night as t on t.night = n.night
    where n.p is not null
),

adjusted as (
    select
        t.*,
        least(min(t.p * t.test_count / t.place) over (
            partition by t.night order by t.place rows between current row and unbounded following
        ), 1.0) as q
    from tested as t
)

select
    brand,
    source,
    direction,
    mention_count,
    author_count,
    usual_count,
    usual_low,
    usual_high,
    p,
    q,
    is_restart,
    night
from adjusted
where is_flagged and q <= 0.1
    and (direction = 'up' and mention_count >= 10 and author_count >= 5 or direction = 'down' and usual_count >= 10)
