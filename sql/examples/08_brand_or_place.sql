-- Do people use the brand's own name, or only the territory's?
-- Les gens emploient-ils le nom de la marque, ou seulement celui du territoire ?
select
    brand,
    period as month,
    by_name_count,
    mention_count,
    by_name_count / nullif(cast(mention_count as double), 0) as share_by_name
from agg_brand_month
order by brand, month
