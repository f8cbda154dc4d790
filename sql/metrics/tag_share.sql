-- One row per brand, dimension (theme, audience, emotion, sense), tag, week or month and its day one.
-- title: Share of what is spoken of
-- unit: share of the mentions looked at
-- definition: Mentions in which the theme, the audience, the emotion (experimental) or the sense was read, divided by
--   all that were looked at, which n counts. A mention may have several tags, so that shares do not add up to 1; a tag
--   that nobody used has no row. 95 % Wilson interval on the effective number of mentions: as many as would tell as
--   much if each came from another author, by how alike one author's mentions are here.
-- version: 1
-- grain: week, month
-- minimum_n: 30 authors and 30 mentions looked at, 5 authors and 10 mentions with the tag
-- source: Wilson 1927; Kish 1965 for the effective number, Fleiss and Cuzick 1979 for how alike an author's
--   mentions are
with

tallied as (
    select
        k.brand, a.tag_kind as dimension, a.tag as part, k.grain, k.period, k.coverage,
        r.mention_count as n,
        r.voice_count as authors,
        a.mention_count >= 10 and a.author_count >= 5 as is_told,
        nullif(cast(r.mention_count as double), 0) as m,
        a.mention_count / nullif(cast(r.mention_count as double), 0) as p,
        cast(r.mention_square as double) / nullif(r.mention_count, 0) as weight,
        -- 1 over the effective number of authors who wrote more than once.
        (r.mention_square - 2 * r.mention_count + r.voice_count)
            / nullif(power(r.mention_count - r.voice_count, 2), 0) as alone,
        a.tag_within / 1000000.0 / nullif(r.mention_count - r.voice_count, 0) as within
    from known_period as k
    inner join agg_tag as a on a.brand = k.brand and a.grain = k.grain and a.period = k.period
    inner join agg_tag as r
        on r.brand = a.brand and r.tag_kind = 'read' and r.grain = a.grain and r.period = a.period
    where k.dimension = 'all' and k.is_known and a.tag_kind <> 'read'
),

guessed as (
    select
        t.*,
        within / nullif(p * (1 - p), 0) as apart,
        1 - within / nullif(p * (1 - p), 0) * (1 - weight / m) as guess
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

bounded as (
    -- 3.84146 is 1.95996 squared.
    select a.*, 3.84146 * (1 + rho * (weight - 1)) / m as z, n >= 30 and authors >= 30 and is_told as is_enough
    from alike as a
)

select
    brand,
    dimension,
    part,
    grain,
    period,
    case when is_enough then p end as value,
    case when is_enough then greatest(least((p + z / 2 - sqrt(z * p * (1 - p) + z * z / 4)) / (1 + z), p), 0) end
        as low,
    case when is_enough then least(greatest((p + z / 2 + sqrt(z * p * (1 - p) + z * z / 4)) / (1 + z), p), 1) end
        as high,
    case when n >= 10 and authors >= 5 then n end as n,
    coverage
from bounded
