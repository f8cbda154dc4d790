-- One row per peer set and member: a brand's peer set is the brand itself and those of the peers
-- its file names that are listened to as well.
-- kind: table
select
    b.brand,
    b.brand as peer
from dim_brand as b
inner join (select distinct brand from raw.brand_peer) as p on p.brand = b.brand

union

select
    p.brand,
    p.peer
from raw.brand_peer as p
inner join dim_brand as b on b.brand = p.peer
