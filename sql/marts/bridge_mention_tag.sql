-- One row per mention and tag read in it: theme, audience, emotion or sense. A mention that was looked at, whether
-- a tag was found or not, also has the row of kind `read`: what shares are taken of.
-- kind: incremental
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
    inner join stg_mention as m on m.post_number = f.post_number and m.brand = f.brand
    where m.themes is not null
),

tagged as (
    select l.*, 'theme' as tag_kind, unnest(string_split(l.themes, ',')) as tag from looked_at as l
    union all
    select l.*, 'audience', unnest(string_split(l.audiences, ',')) from looked_at as l
    union all
    select l.*, 'emotion', unnest(string_split(l.emotions, ',')) from looked_at as l
    union all
    select l.*, 'sense', unnest(string_split(l.senses, ',')) from looked_at as l
    union all
    select l.*, 'read', 'read' from looked_at as l
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
