-- One row per brand, dimension (theme, or a published model of place image), part of it, week or month and its day one.
-- title: Place image
-- unit: 0 to 100
-- definition: 100 * (s + 1) / 2, s the net sentiment toward the territory of what was read of a theme, or of a
--   dimension of a published model (nation and city: Anholt's hexagons; reptrak, bloom) through its themes. Few
--   mentions say little, so s is shrunk to the peer set's (all brands', where there is none) as if it had 30 more. The
--   95 % interval is that of s unshrunk, one author's mentions kept together, made wide enough to hold the score. Posts
--   are no sample of people: this is no survey index. What a model measures by attention is in share_of_voice and
--   attention_share.
-- version: 1
-- grain: week, month
-- minimum_n: 10 scored mentions and 5 authors
-- source: dimensions of Anholt, RepTrak and Bloom; shrinkage a proposal of this project; interval as net_sentiment
with

scored as (
    select
        k.brand, s.model, s.part, k.grain, k.period, k.coverage, s.scored_count, s.low, s.high,
        50 * ((s.sign_sum + 30 * p.peer_net_sentiment) / (s.scored_count + 30.0) + 1) as score
    from known_period as k
    inner join place_score as s on s.brand = k.brand and s.grain = k.grain and s.period = k.period
    inner join place_peer as p
        on p.brand = k.brand and p.grain = k.grain and p.period = k.period and p.model = s.model and p.part = s.part
    where k.dimension = 'all' and k.is_known and s.model not in ('audience', 'emotion', 'sense')
        and s.scored_count >= 10 and s.author_count >= 5
)

select
    brand,
    model as dimension,
    part,
    grain,
    period,
    score as value,
    least(50 * (low + 1), score) as low,
    greatest(50 * (high + 1), score) as high,
    scored_count as n,
    coverage
from scored
