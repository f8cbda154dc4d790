-- One row per brand, dimension (all, language), part, grain and period with at least one day asked for: page views of
-- the articles on the territory, by edition of Wikipedia, and how many of its days are known.
-- kind: incremental
-- key: grain, period
with

opened as (
    select a.brand, a.lang, b.grain, b.night_count, b.period, a.view_count
    from stg_attention as a
    inner join bridge_period as b on b.night = a.night
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
)

select
    brand, 'language' as dimension, lang as part, grain,
    cast(coalesce(sum(view_count), 0) as bigint) as view_count,
    count(view_count) as known_count,
    cast(min(night_count) as bigint) as asked_count,
    period
from opened
where grain in ('day', 'week', 'month')
group by brand, lang, grain, period

union all

select
    brand, 'all' as dimension, '' as part, grain,
    cast(coalesce(sum(view_count), 0) as bigint) as view_count,
    count(view_count) as known_count,
    cast(min(night_count) * count(distinct lang) as bigint) as asked_count,
    period
from opened
group by brand, grain, period
