-- One row per brand, week or month to be replaced and author (a post without a known one is its own): counted mentions,
-- how many are not neutral, how many carry the brand's name, and what they weigh: log(1 + central estimate of reach),
-- in thousandths, of the sources whose figures may be added. Never views, which come later than the tone is told.
-- kind: temp view
with

said as (
    select
        f.brand, b.grain, b.period, coalesce(f.author_number, f.post_number) as cluster_author, f.image_sign,
        case when f.is_by_name then 1 else 0 end as by_name,
        case when f.is_combinable and f.image_sign is not null
            then cast(floor(1000 * ln(1 + f.reach_central) + 0.5) as bigint) end as w
    from fct_mention as f
    inner join bridge_period as b on b.night = f.night
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
    where b.grain in ('week', 'month') and f.is_night_complete and f.ownership <> 'owned'
)

select
    brand, grain, period, cluster_author, count(*) as n, sum(by_name) as named,
    count(case when image_sign <> 0 then 1 end) as polar, coalesce(sum(image_sign), 0) as sign,
    count(case when by_name = 1 then image_sign end) as named_scored,
    count(case when by_name = 1 and image_sign = -1 then 1 end) as named_negative,
    count(w) as weighed,
    cast(coalesce(sum(w), 0) as bigint) as w, cast(coalesce(sum(w * image_sign), 0) as bigint) as ws
from said
group by brand, grain, period, cluster_author
