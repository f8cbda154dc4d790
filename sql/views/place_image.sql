-- One row per brand, theme and month with at least 10 scored mentions of 5 authors: the score of what posts say of it.
-- Few mentions say little, so the score is shrunk to that of the peer set (all brands, where there is none) as if
-- it had 30 more. Its 95 % interval is that of the unshrunk net sentiment, one author's mentions kept together, and
-- made wide enough to hold the score. Posts are no sample of people: this is no survey index (see dim_theme).
with

theme as (
    select * from place_score where model = 'theme'
),

peer as (
    select m.brand, t.part, t.period, sum(t.sign_sum) / nullif(cast(sum(t.scored_count) as double), 0) as mean
    from theme as t
    inner join bridge_peer as m on m.peer = t.brand
    group by m.brand, t.part, t.period
),

everyone as (
    select part, period, sum(sign_sum) / nullif(cast(sum(scored_count) as double), 0) as mean
    from theme
    group by part, period
),

told as (
    select
        t.*, k.coverage,
        coalesce(p.mean, e.mean) as peers,
        50 * ((t.sign_sum + 30 * coalesce(p.mean, e.mean)) / (t.scored_count + 30.0) + 1) as score
    from theme as t
    inner join everyone as e on e.part = t.part and e.period = t.period
    inner join known_period as k
        on k.brand = t.brand and k.dimension = 'all' and k.grain = 'month' and k.period = t.period
    left join peer as p on p.brand = t.brand and p.part = t.part and p.period = t.period
    where k.is_known and t.scored_count >= 10 and t.author_count >= 5
)

select
    brand,
    part as theme,
    scored_count,
    author_count,
    score as place_score,
    least(50 * (low + 1), score) as place_low,
    greatest(50 * (high + 1), score) as place_high,
    net_sentiment,
    peers as peer_net_sentiment,
    coverage,
    period as month
from told
