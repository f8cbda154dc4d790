-- One row per unusual night of a brand and source: its net sentiment and its share of negative mentions beside those
-- of the 56 nights before. `is_shifted` when the usual net sentiment lies outside the night's own 95 % interval.
with

usual as (
    select
        a.brand, a.source, a.night,
        sum(m.scored_count) as scored_count,
        sum(m.positive_count) as positive_count,
        sum(m.negative_count) as negative_count
    from night_alarm as a
    inner join dim_date as d on d.night = a.night
    inner join dim_date as b on b.day_number between d.day_number - 56 and d.day_number - 1
    inner join agg_mention as m
        on m.brand = a.brand and m.grain = 'day' and m.period = b.night
        and m.dimension = case when a.source = '*' then 'all' else 'source' end
        and m.part = case when a.source = '*' then '' else a.source end
    group by a.brand, a.source, a.night
),

tonight as (
    select a.brand, a.source, a.night, m.scored_count, m.negative_count, f.value, f.low, f.high
    from night_alarm as a
    inner join agg_mention as m
        on m.brand = a.brand and m.grain = 'day' and m.period = a.night
        and m.dimension = case when a.source = '*' then 'all' else 'source' end
        and m.part = case when a.source = '*' then '' else a.source end
    left join metric_part as f
        on f.brand = m.brand and f.dimension = m.dimension and f.part = m.part and f.grain = 'day'
        and f.period = m.period and f.metric = 'net_sentiment' and f.is_current
)

select
    t.brand,
    t.source,
    t.value as net_sentiment,
    t.low as net_sentiment_low,
    t.high as net_sentiment_high,
    (u.positive_count - u.negative_count) / nullif(cast(u.scored_count as double), 0) as usual_net_sentiment,
    case when t.value is not null then t.negative_count / nullif(cast(t.scored_count as double), 0) end
        as share_negative,
    u.negative_count / nullif(cast(u.scored_count as double), 0) as usual_share_negative,
    coalesce(
        u.scored_count >= 30 and (
            (u.positive_count - u.negative_count) / nullif(cast(u.scored_count as double), 0) < t.low
            or (u.positive_count - u.negative_count) / nullif(cast(u.scored_count as double), 0) > t.high
        ),
        false
    ) as is_shifted,
    t.night
from tonight as t
left join usual as u on u.brand = t.brand and u.source = t.source and u.night = t.night
