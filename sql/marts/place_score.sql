-- One row per brand, model of place image ("theme" for our own themes), part of it and month: net sentiment of what was
-- read of it, with a 95 % score interval on the effective number of mentions, as in net_sentiment.
-- kind: view
with

told as (
    select
        brand, 'theme' as model, tag as part, period, scored_count, author_count, positive_count, negative_count,
        scored_author_count, count_square, sign_within
    from agg_tag
    where tag_kind = 'theme' and grain = 'month'
    union all
    select
        brand, model, dimension_name as part, period, scored_count, author_count, positive_count, negative_count,
        scored_author_count, count_square, sign_within
    from agg_dimension
    where grain = 'month'
),

tallied as (
    select
        t.*,
        nullif(cast(scored_count as double), 0) as m,
        (positive_count - negative_count) / nullif(cast(scored_count as double), 0) as s,
        (positive_count + negative_count) / nullif(cast(scored_count as double), 0) as polar,
        cast(count_square as double) / nullif(scored_count, 0) as weight,
        sign_within / 1000000.0 / nullif(scored_count - scored_author_count, 0) as within
    from told as t
),

alike as (
    select
        t.*,
        -- How alike one author's mentions are: 0 as any two, 1 the same; 1, too, where nobody wrote twice.
        coalesce(greatest(least(
            1 - within / nullif((polar - s * s) * m / weight / greatest(m / weight - 1, 0.5), 0), 1), 0), 1) as rho
    from tallied as t
),

effective as (
    select
        a.*,
        -- 3.84146 is 1.95996 squared; half a mention that takes sides is added, or neutral ones alone had no width.
        3.84146 * (1 + rho * (weight - 1)) / m as z,
        (polar * m / (1 + rho * (weight - 1)) + 0.5) / (m / (1 + rho * (weight - 1)) + 0.5) as sides
    from alike as a
)

select
    brand,
    model,
    part,
    scored_count,
    author_count,
    positive_count - negative_count as sign_sum,
    s as net_sentiment,
    least((s - sqrt(greatest(s * s - (1 + z) * (s * s - z * sides), 0))) / (1 + z), s) as low,
    greatest((s + sqrt(greatest(s * s - (1 + z) * (s * s - z * sides), 0))) / (1 + z), s) as high,
    period
from effective
