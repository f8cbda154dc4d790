-- One row per brand, theme and month with at least 10 scored mentions of 5 authors: the score of what posts say of it.
-- Few mentions say little, so the net sentiment is shrunk to that of the peer set (all brands, where there is none) as
-- if it had 30 mentions more. Posts are no sample of people: this is no survey index. See dim_theme for those models.
with

theme as (
    select * from agg_tag where tag_kind = 'theme' and grain = 'month'
),

peer as (
    select m.brand, t.tag, t.period,
        sum(t.positive_count - t.negative_count) / nullif(cast(sum(t.scored_count) as double), 0) as mean
    from theme as t
    inner join bridge_peer as m on m.peer = t.brand
    group by m.brand, t.tag, t.period
),

everyone as (
    select tag, period, sum(positive_count - negative_count) / nullif(cast(sum(scored_count) as double), 0) as mean
    from theme
    group by tag, period
),

told as (
    select
        t.brand, t.tag, t.scored_count, t.author_count, k.coverage, t.period,
        cast(t.scored_count as double) as n,
        (t.positive_count - t.negative_count) / nullif(cast(t.scored_count as double), 0) as s,
        coalesce(p.mean, e.mean) as peers,
        -- One positive and one negative mention more, or 10 neutral ones would give an interval of no width.
        1.95996 * sqrt(greatest((t.positive_count + t.negative_count + 2.0) / (t.scored_count + 2.0)
            - power((t.positive_count - t.negative_count) / (t.scored_count + 2.0), 2), 0) / (t.scored_count + 2.0))
        as half
    from theme as t
    inner join everyone as e on e.tag = t.tag and e.period = t.period
    inner join known_period as k
        on k.brand = t.brand and k.dimension = 'all' and k.grain = 'month' and k.period = t.period
    left join peer as p on p.brand = t.brand and p.tag = t.tag and p.period = t.period
    where k.is_known and t.scored_count >= 10 and t.author_count >= 5
)

select
    brand,
    tag as theme,
    scored_count,
    author_count,
    50 * ((n * s + 30 * peers) / (n + 30) + 1) as place_score,
    greatest(50 * ((n * (s - half) + 30 * peers) / (n + 30) + 1), 0) as place_low,
    least(50 * ((n * (s + half) + 30 * peers) / (n + 30) + 1), 100) as place_high,
    s as net_sentiment,
    peers as peer_net_sentiment,
    coverage,
    period as month
from told
