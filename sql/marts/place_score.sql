-- One row per brand, model (theme, audience, emotion or sense for our own tags, else a published model of place image),
-- part of it, grain (week or month) and period: net sentiment of what was read of it, with a 95 % score interval on the
-- effective number of mentions, as in net_sentiment. Without a least n: tag_net_sentiment and image_score have one.
-- kind: view
with

told as (
    select
        brand, tag_kind as model, tag as part, grain, period, scored_count, author_count, positive_count,
        negative_count, scored_author_count, count_square, sign_within
    from agg_tag
    where tag_kind <> 'read'
    union all
    select
        brand, model, dimension_name as part, grain, period, scored_count, author_count, positive_count,
        negative_count, scored_author_count, count_square, sign_within
    from agg_dimension
),

tallied as (
    select
        t.*,
        nullif(cast(scored_count as double), 0) as m,
        (positive_count - negative_count) / nullif(cast(scored_count as double), 0) as s,
        (positive_count + negative_count) / nullif(cast(scored_count as double), 0) as polar,
        cast(count_square as double) / nullif(scored_count, 0) as weight,
        -- 1 over the effective number of authors who wrote more than once.
        (count_square - 2 * scored_count + scored_author_count)
            / nullif(power(scored_count - scored_author_count, 2), 0) as alone,
        sign_within / 1000000.0 / nullif(scored_count - scored_author_count, 0) as within
    from told as t
),

guessed as (
    select
        t.*,
        within / nullif(polar - s * s, 0) as apart,
        1 - within / nullif(polar - s * s, 0) * (1 - weight / m) as guess
    from tallied as t
),

alike as (
    select
        g.*,
        -- How alike one author's mentions are: 0 as any two, 1 the same; 1, too, where nobody wrote twice. The variance
        -- around the sample's own mean is too small, by the effective number as guessed. One author alone cannot tell
        -- how alike an author's mentions are: 0.2 is the least then.
        1 - greatest(least(coalesce(apart * (1 - (1 + greatest(least(guess, 1), 0) * (weight - 1)) / m), 0), 1), 0)
            * (1 - 0.2 * coalesce(alone * alone, 0)) as rho
    from guessed as g
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
    grain,
    scored_count,
    scored_author_count,
    author_count,
    positive_count - negative_count as sign_sum,
    s as net_sentiment,
    least((s - sqrt(greatest(s * s - (1 + z) * (s * s - z * sides), 0))) / (1 + z), s) as low,
    greatest((s + sqrt(greatest(s * s - (1 + z) * (s * s - z * sides), 0))) / (1 + z), s) as high,
    period
from effective
