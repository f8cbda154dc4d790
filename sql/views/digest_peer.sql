-- One row per brand, grain (week or month), period and member of its peer set, itself included: share of voice with its
-- 95 % Wilson interval, and the member's own net sentiment. `is_tied` says that its interval overlaps the brand's.
with

shared as (
    select
        a.brand, a.peer, a.grain, a.mention_count, a.set_count, a.complete_count,
        a.mention_count / nullif(cast(a.set_count as double), 0) as p,
        cast(a.set_count as double) as m,
        a.period
    from agg_peer as a
    where a.grain in ('week', 'month') and a.set_count >= 10
),

bounded as (
    select
        s.*,
        greatest(least(
            (p + 1.92073 / m - 1.95996 * sqrt(p * (1 - p) / m + 0.960365 / (m * m))) / (1 + 3.84146 / m), p), 0)
        as low,
        least(greatest(
            (p + 1.92073 / m + 1.95996 * sqrt(p * (1 - p) / m + 0.960365 / (m * m))) / (1 + 3.84146 / m), p), 1)
        as high
    from shared as s
)

select
    b.brand,
    b.peer,
    b.grain,
    d.name,
    b.mention_count,
    b.set_count,
    b.complete_count,
    b.p as share,
    b.low as share_low,
    b.high as share_high,
    f.value as net_sentiment,
    f.low as net_sentiment_low,
    f.high as net_sentiment_high,
    f.n as scored_count,
    b.low <= own.high and own.low <= b.high as is_tied,
    b.period
from bounded as b
inner join bounded as own
    on own.brand = b.brand and own.peer = b.brand and own.grain = b.grain and own.period = b.period
inner join dim_brand as d on d.brand = b.peer
left join metrics as f
    on f.brand = b.peer and f.grain = b.grain and f.period = b.period and f.metric = 'net_sentiment'
