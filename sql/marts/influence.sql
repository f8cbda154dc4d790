-- One row per brand, month (its first day) and author who carried the brand over the 180 nights up to its end, as
-- `rayonner influence` found them; authors that the store has forgotten are left out. Only accounts that the brand file
-- registers have a name. Nobody is listed whom fewer than 5 others repeated, quoted, answered or
-- addressed.
-- kind: table
with

known as (
    select f.brand, f.author_number, max(case when f.ownership = 'owned' then 1 else 0 end) as owned,
        max(case when f.ownership = 'partner' then 1 else 0 end) as partner
    from fct_mention as f
    inner join (select distinct brand, author_key from raw.influence) as i
        on i.brand = f.brand and i.author_key = f.author_number
    group by f.brand, f.author_number
),

registered as (
    select brand, author_number, min(role) as role, min(name) as name
    from dim_account
    where author_number is not null
    group by brand, author_number
)

select
    i.brand,
    i.author_key as author_number,
    coalesce(r.name, case when k.owned = 1 then b.name end) as name,
    coalesce(r.role, case when k.owned = 1 then 'owned' when k.partner = 1 then 'partner' end) as role,
    i.pagerank,
    i.rank as carrier_rank,
    i.rank_low,
    i.rank_high,
    i.h_repost,
    i.community,
    i.posts as n,
    i.carriers as carrier_count,
    i.period
from raw.influence as i
inner join known as k on k.brand = i.brand and k.author_number = i.author_key
inner join dim_brand as b on b.brand = i.brand
left join registered as r on r.brand = i.brand and r.author_number = i.author_key
