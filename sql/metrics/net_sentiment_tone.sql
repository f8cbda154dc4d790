-- One row per brand, dimension, part, grain and period.
-- title: Net tone of the posts
-- unit: -1 to +1
-- definition: (positive - negative) / scored mentions, by the tone of the whole post, whatever it is about:
--   bad news that happens in a place counts against it here. Kept beside net_sentiment for comparison with
--   other suites. Same interval.
-- version: 3
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: 30 authors and 30 scored mentions
-- source: as net_sentiment
with

tallied as (
    select
        brand, dimension, part, grain, period, coverage,
        tone_scored_count as n,
        tone_author_count as authors,
        nullif(cast(tone_scored_count as double), 0) as m,
        (tone_positive_count - tone_negative_count) / nullif(cast(tone_scored_count as double), 0) as s,
        (tone_positive_count + tone_negative_count) / nullif(cast(tone_scored_count as double), 0) as polar,
        cast(tone_count_square as double) / nullif(tone_scored_count, 0) as weight,
        -- 1 over the effective number of authors who wrote more than once.
        (tone_count_square - 2 * tone_scored_count + tone_author_count)
            / nullif(power(tone_scored_count - tone_author_count, 2), 0) as alone,
        tone_within / 1000000.0 / nullif(tone_scored_count - tone_author_count, 0) as within
    from brand_period
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
),

bounded as (
    select
        e.*,
        s / (1 + z) as centre,
        sqrt(greatest(s * s - (1 + z) * (s * s - z * sides), 0)) / (1 + z) as half
    from effective as e
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    -- Half-width is 0.2 at 30 mentions, and fewer than 30 authors are persons rather than an opinion.
    case when n >= 30 and authors >= 30 then s end as value,
    case when n >= 30 and authors >= 30 then least(centre - half, s) end as low,
    case when n >= 30 and authors >= 30 then greatest(centre + half, s) end as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from bounded
