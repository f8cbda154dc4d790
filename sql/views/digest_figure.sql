-- One row per metric, brand, grain (week or month) and period, named by its first day: the figure, that of the period
-- before, and their change with its 95 % interval (square-and-add, Newcombe 1998) where both have one.
-- A sum is compared only between two whole periods; a share or a mean between any two.
with

told as (
    select
        m.metric, m.version, m.brand, m.grain, m.value, m.low, m.high, m.n, m.coverage, m.period,
        case m.grain when 'week' then b.week else b.month end as previous_period
    from metrics as m
    inner join dim_date as d on d.night = m.period
    -- The night before a period begins says which one that was.
    left join dim_date as b on b.day_number = d.day_number - 1
    where m.grain in ('week', 'month')
        and m.metric in ('net_sentiment', 'reach', 'share_negative', 'share_of_voice', 'unique_authors')
),

paired as (
    select
        w.*,
        p.value as previous_value,
        p.n as previous_n,
        case when w.metric in ('reach', 'unique_authors') then
            case when w.coverage = 1 and p.coverage = 1 then w.value - p.value end
        else w.value - p.value end as change,
        -- The limits of reach are those of its formula, not of chance: they say nothing of a change.
        case when w.metric in ('net_sentiment', 'share_negative', 'share_of_voice') then
            sqrt((w.value - w.low) * (w.value - w.low) + (p.high - p.value) * (p.high - p.value))
        end as below,
        case when w.metric in ('net_sentiment', 'share_negative', 'share_of_voice') then
            sqrt((w.high - w.value) * (w.high - w.value) + (p.value - p.low) * (p.value - p.low))
        end as above
    from told as w
    left join told as p
        on p.metric = w.metric and p.brand = w.brand and p.grain = w.grain and p.period = w.previous_period
)

select
    metric,
    version,
    brand,
    grain,
    value,
    low,
    high,
    n,
    previous_value,
    previous_n,
    change,
    -- Only a sum has a change in per cent: a share that goes from 2 to 3 % has not grown by half in anyone's eyes.
    case when metric in ('reach', 'unique_authors') then change / nullif(previous_value, 0) end as change_share,
    change - below as change_low,
    change + above as change_high,
    coverage,
    change - below > 0 or change + above < 0 as is_clear,
    period
from paired
