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
    a.brand,
    a.source,
    a.direction,
    a.mention_count,
    a.author_count,
    a.usual_count,
    a.usual_low,
    a.usual_high,
    a.p,
    a.q,
    a.is_restart,
    a.night
from adjusted as a
-- A source that is all there is would say the same twice.
left join night_test as o
    on o.brand = a.brand and o.night = a.night and o.source = '*' and a.source <> '*'
    and o.mention_count = a.mention_count and o.p = a.p
where o.brand is null and a.is_flagged and a.q <= 0.1
    and (a.direction = 'up' and a.mention_count >= 10 and a.author_count >= 5
        or a.direction = 'down' and a.usual_count >= 10)
