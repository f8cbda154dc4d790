-- One row per unusual night of a brand and source: whether other rules, or another version of the brand's file, found
-- its mentions, or another scorer read their tone, than those of the 56 nights before. Mentions kept before the file's
-- version was are not compared. Two mixes of versions are the same by the sum of the smaller of their
-- shares (one minus the distance in variation); below one half they are others. Scorers are compared within each
-- language, since a night with more English is no change of scorer.
with

tally as (
    select a.brand, a.source, a.night, v.lang, v.matcher, v.scorer,
        sum(case when v.night = a.night then v.mention_count else 0 end) as n,
        sum(case when v.night < a.night then v.mention_count else 0 end) as usual_n
    from night_alarm as a
    inner join dim_date as d on d.night = a.night
    inner join dim_date as b on b.day_number between d.day_number - 56 and d.day_number
    inner join version_night as v on v.brand = a.brand and v.night = b.night and (a.source = '*' or v.source = a.source)
    group by a.brand, a.source, a.night, v.lang, v.matcher, v.scorer
),

version as (
    select brand, source, night, 'rules' as changed, '' as lang, matcher as version,
        sum(n) as n, sum(usual_n) as usual_n
    from tally
    where matcher like '%+%'
    group by brand, source, night, matcher

    union all

    select brand, source, night, 'scorer', lang, scorer, sum(n), sum(usual_n)
    from tally
    where scorer is not null
    group by brand, source, night, lang, scorer
),

compared as (
    select
        v.*,
        cast(sum(n) over (partition by brand, source, night, changed, lang) as double) as lang_n,
        cast(sum(usual_n) over (partition by brand, source, night, changed, lang) as double) as lang_usual_n
    from version as v
),

shared as (
    select brand, source, night, changed,
        sum(least(n, usual_n * lang_n / lang_usual_n)) / sum(n) as share
    from compared
    where lang_n > 0 and lang_usual_n > 0
    group by brand, source, night, changed
)

select
    brand,
    source,
    max(case when changed = 'rules' and share < 0.5 then 1 else 0 end) = 1 as is_rules_changed,
    max(case when changed = 'scorer' and share < 0.5 then 1 else 0 end) = 1 as is_scorer_changed,
    night
from shared
group by brand, source, night
