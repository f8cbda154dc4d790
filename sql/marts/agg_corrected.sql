-- One row per brand, week or month and its day one: the sums from which the net sentiment corrected for the scorer's
-- known confusions is computed. Only mentions whose scorer was measured in their language and can be corrected count.
-- kind: incremental
-- twin: by month
-- key: grain, period
-- fan: 2
with

worth as (
    select
        f.brand, b.grain, b.period, coalesce(f.author_number, f.post_number) as cluster_author, s.scorer, s.lang,
        s.truth_negative, s.truth_neutral, s.truth_positive, s.gold_negative, s.gold_neutral, s.gold_positive
    from fct_mention as f
    inner join bridge_period as b on b.night = f.night
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
    inner join dim_scorer as s
        on s.scorer = split_part(f.scorer, '+', 2) and s.lang = f.lang and s.sign = f.image_sign
    where b.grain in ('week', 'month') and f.is_night_complete and f.ownership <> 'owned' and s.is_usable
),

by_author as (
    select brand, grain, period, cluster_author, count(*) as n, sum(truth_positive - truth_negative) as s
    from worth
    group by brand, grain, period, cluster_author
),

authors as (
    select
        brand, grain, period, sum(n) as scored_count, count(*) as scored_author_count,
        sum(s) as truth_sum, sum(n * n) as count_square, sum(s * s) as truth_square, sum(s * n) as truth_count
    from by_author
    group by brand, grain, period
),

by_scorer as (
    select
        brand, grain, period, scorer, lang, cast(sum(truth_negative) as bigint) as negative_sum,
        cast(sum(truth_positive) as bigint) as positive_sum, greatest(sum(truth_neutral), 0) / 1000.0 as u,
        -- A share below zero is chance: it adds no variance of its own.
        greatest(sum(truth_negative), 0) / 1000.0 as m, greatest(sum(truth_positive), 0) / 1000.0 as p,
        min(gold_negative) as gold_m, min(gold_neutral) as gold_u, min(gold_positive) as gold_p
    from worth
    group by brand, grain, period, scorer, lang
),

scorers as (
    select
        brand, grain, period, sum(negative_sum) as negative_sum, sum(positive_sum) as positive_sum,
        -- A whole number, so that any order of addition gives the same figure.
        sum(cast(floor(1000 * (m * m * gold_m + u * u * gold_u + p * p * gold_p) + 0.5) as bigint)) as gold_sum
    from by_scorer
    group by brand, grain, period
)

select
    a.brand, a.grain,
    cast(a.scored_count as bigint) as scored_count,
    cast(a.scored_author_count as bigint) as scored_author_count,
    cast(s.negative_sum as bigint) as truth_negative,
    cast(s.positive_sum as bigint) as truth_positive,
    cast(a.count_square as bigint) as count_square,
    cast(a.truth_square as bigint) as truth_square,
    cast(a.truth_count as bigint) as truth_count,
    cast(s.gold_sum as bigint) as gold_sum,
    a.period
from authors as a
inner join scorers as s on s.brand = a.brand and s.grain = a.grain and s.period = a.period
