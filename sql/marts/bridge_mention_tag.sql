-- One row per mention and tag read in it: theme, audience, emotion or sense. A mention that was looked at, whether
-- a tag was found or not, also has the row of kind `read`: what shares are taken of.
-- kind: incremental
-- twin: by month
-- key: night
with

looked_at as (
    select
        f.post_number,
        f.brand,
        f.author_number,
        f.image_sign,
        f.is_night_complete and f.ownership <> 'owned' as is_counted,
        f.night,
        m.themes,
        m.audiences,
        m.emotions,
        m.senses
    from fct_mention as f
    inner join touched_night as t on t.night = f.night
    inner join stg_mention as m on m.post_number = f.post_number and m.brand = f.brand and m.night = f.night
    where m.themes is not null
),

-- No kind has more than 16 tags; splitting by place reads the same in every engine.
place as (
    select v.n
    from (values (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15), (16)) as v (n)
),

kind as (
    select l.*, 'theme' as tag_kind, l.themes as tags from looked_at as l where l.themes <> ''
    union all
    select l.*, 'audience', l.audiences from looked_at as l where l.audiences <> ''
    union all
    select l.*, 'emotion', l.emotions from looked_at as l where l.emotions <> ''
    union all
    select l.*, 'sense', l.senses from looked_at as l where l.senses <> ''
    union all
    select l.*, 'read', 'read' from looked_at as l
),

tagged as (
    select k.*, split_part(k.tags, ',', p.n) as tag
    from kind as k
    inner join place as p on p.n <= length(k.tags) - length(replace(k.tags, ',', '')) + 1
)

select
    post_number,
    author_number,
    brand,
    tag_kind,
    tag,
    image_sign,
    is_counted,
    night
from tagged
where tag <> ''
