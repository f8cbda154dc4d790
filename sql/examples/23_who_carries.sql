-- Who carried the brand over half a year, and which places in that ranking are certain?
-- Qui a porté la marque pendant six mois, et quels rangs sont sûrs ?
select
    brand,
    period as month,
    carrier_rank,
    rank_low,
    rank_high,
    coalesce(name, 'author ' || author_number) as carrier,
    role,
    h_repost,
    carrier_count,
    rank_high - rank_low <= 2 as is_certain
from influence
order by brand, month, carrier_rank
