-- One row per brand, platform, grain (week or month) and period with a published number of its users in France: the
-- sums from which people reached at least once are guessed, if who follows whom were a matter of chance.
-- An author's share of the platform is that of the best seen mention. In billionths of a natural logarithm.
-- kind: incremental
-- key: grain, period
with

heard as (
    select
        f.brand, f.source, b.grain, b.period, f.author_number, p.user_count,
        max(f.reach_low) as low, max(f.reach_central) as central, max(f.reach_high) as high
    from fct_mention as f
    inner join bridge_period as b on b.night = f.night
    inner join touched_period as t on t.grain = b.grain and t.period = b.period
    inner join dim_platform as p
        on p.source = f.source and p.since <= b.ends_on and (p.until is null or p.until > b.ends_on)
    where b.grain in ('week', 'month') and f.is_source_complete and f.ownership <> 'owned'
        and f.author_number is not null and f.reach_central is not null
    group by f.brand, f.source, b.grain, b.period, f.author_number, p.user_count
)

select
    brand,
    source,
    grain,
    count(*) as author_count,
    user_count,
    cast(sum(central) as bigint) as plain_sum,
    -- Nobody reaches the whole platform: the share stops short of 1.
    cast(sum(cast(round(1000000000 * ln(1 - least(low / cast(user_count as double), 0.999))) as bigint)) as bigint)
        as missed_low,
    cast(sum(cast(round(1000000000 * ln(1 - least(central / cast(user_count as double), 0.999))) as bigint)) as bigint)
        as missed_central,
    cast(sum(cast(round(1000000000 * ln(1 - least(high / cast(user_count as double), 0.999))) as bigint)) as bigint)
        as missed_high,
    period
from heard
group by brand, source, grain, user_count, period
