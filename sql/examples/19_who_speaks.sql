-- Who carries the mentions: everybody, the partners, or the brand itself?
-- Qui porte les mentions : tout le monde, les partenaires ou la marque elle-même ?
select brand, period as month, earned_count, partner_count, owned_count, earned_share, partner_share, owned_share
from ownership_split
where grain = 'month' and earned_count is not null
order by brand, month
