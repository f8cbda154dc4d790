-- Which days stand out, and was it many voices or one text repeated?
-- Quels jours sortent de l'ordinaire, et était-ce beaucoup de voix ou un même texte répété ?
with

daily as (
    select
        brand,
        night,
        count(*) as mention_count,
        count(distinct author_number) as author_count,
        count(distinct coalesce(cluster_number, post_number)) as text_count
    from fct_mention
    where is_night_complete and ownership <> 'owned'
    group by brand, night
),

ranked as (
    select d.*, row_number() over (partition by brand order by mention_count desc, night) as day_rank
    from daily as d
)

select brand, night, mention_count, author_count, text_count
from ranked
where day_rank <= 5
order by brand, day_rank
