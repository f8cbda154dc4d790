-- One row per brand, dimension, part, grain and period.
-- title: Net tone of the posts
-- unit: -1 to +1
-- definition: (positive - negative) / scored mentions, by the tone of the whole post, whatever it is about:
--   bad news that happens in a place counts against it here. Kept beside net_sentiment for comparison with
--   other suites. Same interval.
-- version: 2
-- replaced: its interval as net_sentiment
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
        tone_within / 1000000.0 / nullif(tone_scored_count - tone_author_count, 0) as within
    from brand_period
),

alike as (
    select
        t.*,
        -- How alike one author's mentions are: 0 as any two, 1 the same; 1, too, where nobody wrote twice.
        -- The variance of a mention is corrected for being taken around the sample's own mean.
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
