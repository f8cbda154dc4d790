-- Which themes took a larger part of the talk this week than in the weeks before?
-- Quels thèmes prennent cette semaine plus de place que les semaines précédentes ?
with

told as (
    select
        t.*,
        avg(share) over (
            partition by brand, tag order by week rows between 4 preceding and 1 preceding
        ) as share_before,
        max(week) over (partition by brand) as last_week
    from tag_week as t
    where tag_kind = 'theme'
)

select brand, tag as theme, week, mention_count, share, share_before, share - share_before as change
from told
where week = last_week and share_before is not null
order by brand, change desc
