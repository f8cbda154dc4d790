-- One row per brand, dimension (theme, audience, emotion, sense, or a published model of place image), part, week or
-- month and its day one.
-- title: Net sentiment by what is spoken of
-- unit: -1 to +1
-- definition: Net sentiment toward the territory, as net_sentiment, of the mentions in which a theme, an audience, an
--   emotion (experimental) or a sense was read, or a theme of a model's dimension. A mention with two tags counts for
--   each. Only counts are given under 30 authors or 30 scored mentions, and nothing under 10 or 5.
-- version: 1
-- grain: week, month
-- minimum_n: 30 authors and 30 scored mentions
-- source: as net_sentiment; Wilson 1927, Kish 1965, Fleiss and Cuzick 1979
select
    k.brand,
    s.model as dimension,
    s.part,
    k.grain,
    k.period,
    case when s.scored_count >= 30 and s.scored_author_count >= 30 then s.net_sentiment end as value,
    case when s.scored_count >= 30 and s.scored_author_count >= 30 then s.low end as low,
    case when s.scored_count >= 30 and s.scored_author_count >= 30 then s.high end as high,
    case when s.scored_count >= 10 and s.scored_author_count >= 5 then s.scored_count end as n,
    k.coverage
from known_period as k
inner join place_score as s on s.brand = k.brand and s.grain = k.grain and s.period = k.period
where k.dimension = 'all' and k.is_known
