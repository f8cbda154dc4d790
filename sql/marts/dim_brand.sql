-- One row per brand: those listened to, and those that only the past mentions.
-- kind: table
with

known as (
    select
        brand,
        name,
        territory,
        insee,
        level,
        since,
        true as is_listened
    from raw.brand
),

mentioned as (
    select distinct m.brand
    from stg_mention as m
    where m.is_accepted
),

forgotten as (
    select
        m.brand,
        m.brand as name,
        cast(null as varchar) as territory,
        cast(null as varchar) as insee,
        cast(null as varchar) as level,
        cast(null as date) as since,
        false as is_listened
    from mentioned as m
    left join known as k on k.brand = m.brand
    where k.brand is null
)

select * from known
union all
select * from forgotten
