-- Does the conversation rest on a few authors? Share of each brand's mentions made by its five most active ones.
-- La conversation tient-elle à quelques auteurs ? Part des mentions dues aux cinq auteurs les plus actifs.
with

by_author as (
    select brand, author_number, count(*) as mention_count
    from fct_mention
    where is_night_complete and ownership <> 'owned' and author_number is not null
    group by brand, author_number
),

ranked as (
    select
        a.*,
        row_number() over (partition by brand order by mention_count desc, author_number) as author_rank
    from by_author as a
)

select
    brand,
    count(*) as author_count,
    cast(sum(mention_count) as bigint) as mention_count,
    sum(case when author_rank <= 5 then mention_count else 0 end) / cast(sum(mention_count) as double) as top5_share
from ranked
group by brand
having count(*) >= 5
order by top5_share desc, brand
