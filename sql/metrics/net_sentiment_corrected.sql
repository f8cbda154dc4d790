-- One row per brand, week or month and its day one.
-- title: Net sentiment, corrected for the scorer's known confusions
-- unit: -1 to +1
-- definition: net_sentiment after each answer of the scorer is exchanged for what such answers stood for on labelled
--   mentions: the inverse of its confusion matrix times the shares it gave. Only mentions whose scorer was measured in
--   their language count (n). A scorer that tells negative or positive apart too little (Youden's J under 0.3) is below
--   the noise of the classifier: its mentions are left out, and the figure is unknown where no others are. The interval
--   adds the labelled set's own chance to that of the mentions, one author's posts together.
-- version: 1
-- grain: week, month
-- minimum_n: 30 authors and 30 mentions of a measured scorer
-- source: Rogan and Gladen 1978 in three classes; delta method for the confusion matrix, as Lang and Reiczigel 2014 do
--   for two; Cochran 1977 for authors
with

tallied as (
    select
        k.brand, k.dimension, k.part, k.grain, k.period, k.coverage,
        case when k.is_known then coalesce(c.scored_count, 0) end as n,
        c.scored_author_count as authors,
        (c.truth_positive - c.truth_negative) / 1000.0 as s,
        -- One author of each side is added before the spread is measured.
        c.scored_count + 2.0 as m,
        c.scored_author_count + 2.0 as clusters,
        c.count_square + 2.0 as nn,
        c.truth_square / 1000000.0 + 2 as ss,
        c.truth_count / 1000.0 as sn,
        c.gold_sum / 1000.0 as gold
    from known_period as k
    left join agg_corrected as c on c.brand = k.brand and c.grain = k.grain and c.period = k.period
    where k.dimension = 'all' and k.grain in ('week', 'month')
),

spread as (
    select
        t.*,
        greatest(least(s / nullif(n, 0), 1), -1) as middle,
        s / m as centre,
        greatest(clusters / (clusters - 1) * (ss - 2 * s / m * sn + s / m * s / m * nn), 0) / (m * m) as variance,
        greatest(m * m / nn - 1, 2) as df
    from tallied as t
),

widened as (
    select
        s.*,
        -- Student's 97.5 % point by its Cornish-Fisher expansion.
        sqrt(variance + gold / (m * m))
            * (1.95996 + 2.37227 / df + 2.82250 / (df * df) + 2.55585 / (df * df * df)) as half
    from spread as s
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    case when n >= 30 and authors >= 30 then middle end as value,
    case when n >= 30 and authors >= 30 then greatest(least(centre - half, middle), -1) end as low,
    case when n >= 30 and authors >= 30 then least(greatest(centre + half, middle), 1) end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from widened
