-- One row per mention and dimension (all, source, language) on the nights that the replaced periods need.
-- Only complete nights count; for one source, the nights it answered in full. The brand's own accounts are counted
-- apart. Figures that a source's terms forbid to add to others' stay in that source's part.
-- kind: temp view
with

needed as (
    select distinct b.night
    from bridge_period as b
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
),

dimension as (
    select 'all' as dimension union all select 'source' union all select 'language'
)

select
    f.*,
    d.dimension,
    case d.dimension when 'source' then f.source when 'language' then f.lang else '' end as part,
    case when f.ownership = 'owned' then 0 else 1 end as own,
    case when f.ownership = 'owned' then null else f.image_sign end as image,
    case when f.ownership = 'owned' then null else f.tone_sign end as mood,
    f.ownership <> 'owned' and (d.dimension = 'source' or f.is_combinable) as is_addable
from fct_mention as f
inner join needed as n on n.night = f.night
cross join dimension as d
where case when d.dimension = 'source' then f.is_source_complete else f.is_night_complete end
