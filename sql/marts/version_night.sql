-- One row per brand, night, source, language, version of the rules that found a mention and of the scorer that read
-- its tone: how many mentions. The brand's own posts are left out.
-- kind: incremental
-- twin: by month
-- key: night
select
    f.brand,
    f.source,
    f.lang,
    f.matcher,
    f.scorer,
    count(*) as mention_count,
    f.night
from fct_mention as f
inner join touched_night as t on t.night = f.night
where f.ownership <> 'owned'
group by f.brand, f.source, f.lang, f.matcher, f.scorer, f.night
