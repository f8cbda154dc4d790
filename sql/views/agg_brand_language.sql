-- One row per brand, language of the posts (column part), grain and period.
select *
from brand_period
where dimension = 'language'
