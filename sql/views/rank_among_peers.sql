-- One row per brand, metric, grain (week, month, rolling28) and period: its place among its peer set, itself included,
-- the highest value first. Members whose intervals overlap are ties: between rank_low and rank_high no order can be
-- told. `peers` is how many others have a value.
with

figure as (
    select
        b.brand, b.peer, m.grain, m.period, m.metric, m.value, m.low, m.high
    from metrics as m
    inner join bridge_peer as b on b.peer = m.brand
    where m.metric in ('net_sentiment', 'share_negative') and m.grain in ('week', 'month', 'rolling28')
        and m.value is not null

    union all

    select
        s.brand, s.peer, s.grain, s.period, 'share_of_voice' as metric,
        s.share as value, s.share_low as low, s.share_high as high
    from peer_share as s
    where s.set_count >= 10
        and (s.grain in ('week', 'month') or s.grain = 'rolling28' and s.complete_count = s.night_count)
)

select
    f.brand,
    f.grain,
    f.period,
    f.metric,
    f.value,
    f.low,
    f.high,
    cast(1 + count(case when o.low > f.high then 1 end) as bigint) as rank_low,
    cast(1 + count(o.peer) - count(case when o.high < f.low then 1 end) as bigint) as rank_high,
    coalesce(string_agg(case when o.low <= f.high and o.high >= f.low then o.peer end, ', ' order by o.peer), '')
        as tied_with,
    cast(count(o.peer) as bigint) as peers
from figure as f
left join figure as o
    on o.brand = f.brand and o.grain = f.grain and o.period = f.period and o.metric = f.metric and o.peer <> f.brand
where f.peer = f.brand
group by f.brand, f.grain, f.period, f.metric, f.value, f.low, f.high
