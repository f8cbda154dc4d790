-- One row per brand, grain (the last 7 or 28 nights) and night on which they end; NULL until all of them are complete.
select *
from brand_period
where dimension = 'all' and grain in ('rolling7', 'rolling28')
