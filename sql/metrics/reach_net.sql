-- One row per brand, platform, week or month and its day one.
-- title: People reached at least once, guessed
-- unit: people in France on the platform
-- definition: N * (1 - product over authors of (1 - r / N)), r the estimate of the author's best seen mention and N the
--   platform's monthly users in France, published and dated (dim_platform). It takes followers for drawn at random,
--   which fans of one place are not: an upper guess, to be read beside the plain sum, reach. low and high are those of
--   the estimate. Unknown where no number of users was published for the time.
-- version: 1
-- grain: week, month
-- minimum_n: 10 authors
-- source: independence formula, a proposal of this project
select
    k.brand,
    k.dimension,
    k.part,
    k.grain,
    k.period,
    case when k.is_known and r.author_count >= 10
        then r.user_count * (1 - exp(r.missed_central / 1000000000.0)) end as value,
    case when k.is_known and r.author_count >= 10
        then r.user_count * (1 - exp(r.missed_low / 1000000000.0)) end as low,
    case when k.is_known and r.author_count >= 10
        then r.user_count * (1 - exp(r.missed_high / 1000000000.0)) end as high,
    case when k.is_known and r.author_count >= 5 then r.author_count end as n,
    k.coverage
from known_period as k
left join agg_net_reach as r
    on r.brand = k.brand and r.source = k.part and r.grain = k.grain and r.period = k.period
where k.dimension = 'source' and k.grain in ('week', 'month')
