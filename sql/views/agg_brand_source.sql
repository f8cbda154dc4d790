-- One row per brand, source (column part), grain and period, on the nights that source answered in full.
select *
from brand_period
where dimension = 'source'
