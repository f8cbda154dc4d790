-- One row per brand, grain (week or month), period and member of its peer set, itself included: share of voice with its
-- 95 % interval, and the member's own net sentiment. `is_tied` says that its interval overlaps the brand's.
with

bounded as (
    select
        s.brand, s.peer, s.grain, s.mention_count, s.set_count, s.complete_count,
        s.share as p, s.share_low as low, s.share_high as high, s.period
    from peer_share as s
    where s.grain in ('week', 'month') and s.set_count >= 10
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
