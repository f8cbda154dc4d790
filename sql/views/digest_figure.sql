-- One row per metric, brand and ISO week, named by its Monday: the figure, that of the week before, and their change
-- with its 95 % interval (square-and-add, Newcombe 1998) where both weeks have one.
-- A sum is compared only between two whole weeks; a share or a mean between any two.
with

weekly as (
    select m.metric, m.version, m.brand, m.value, m.low, m.high, m.n, m.coverage, m.period as week, d.day_number
    from metrics as m
    inner join dim_date as d on d.night = m.period
    where m.grain = 'week'
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
    from weekly as w
    left join weekly as p on p.metric = w.metric and p.brand = w.brand and p.day_number = w.day_number - 7
)

select
    metric,
    version,
    brand,
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
    week
from paired
