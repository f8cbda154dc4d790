-- One row per brand and tag said together at least 10 times by 5 authors in the last 365 nights: how much more often
-- the tag comes with this brand than with all brands together (pointwise mutual information, Church and Hanks 1990).
with

recent as (
    select b.brand, b.tag_kind, b.tag, b.author_number
    from bridge_mention_tag as b
    inner join dim_date as d on d.night = b.night
    where b.is_counted and d.day_number > (select max(l.day_number) from dim_date as l) - 365
),

pair as (
    select brand, tag_kind, tag, count(*) as n, count(distinct author_number) as author_count
    from recent
    group by brand, tag_kind, tag
),

tag as (
    select tag_kind, tag, sum(n) as n from pair group by tag_kind, tag
),

looked_at as (
    select brand, n from pair where tag_kind = 'read'
)

select
    p.brand,
    p.tag_kind,
    p.tag,
    p.n,
    p.author_count,
    ln(p.n * cast(a.n as double) / (l.n * cast(t.n as double))) / ln(2) as pmi
from pair as p
inner join looked_at as l on l.brand = p.brand
inner join tag as t on t.tag_kind = p.tag_kind and t.tag = p.tag
inner join tag as a on a.tag_kind = 'read'
where p.tag_kind <> 'read' and p.n >= 10 and p.author_count >= 5
