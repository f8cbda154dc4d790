-- One row per brand, edition of Wikipedia and day: how often people opened the articles on the territory.
select
    brand,
    lang,
    case when views between 0 and 100000000000 then views end as view_count,
    day as night
from raw.attention
