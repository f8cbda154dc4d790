-- One row per brand, ISO week and source heard in it or the week before: its mentions on the nights complete for all
-- sources, and how it moved the net sentiment: by its weight (mix_effect) and by its own tone (tone_effect).
-- The two effects add up over the sources to the change of net sentiment of all of them together.
with

daily as (
    select s.brand, s.part as source, s.mention_count, s.scored_count, s.positive_count, s.negative_count, d.week
    from agg_brand_source as s
    inner join calendar as c on c.brand = s.brand and c.night = s.period and c.is_complete
    inner join dim_date as d on d.night = s.period
    where s.grain = 'day'
),

weekly as (
    select
        a.brand,
        a.source,
        cast(sum(a.mention_count) as bigint) as mention_count,
        cast(sum(a.scored_count) as bigint) as scored_count,
        sum(a.positive_count - a.negative_count) / nullif(cast(sum(a.scored_count) as double), 0) as tone,
        sum(a.scored_count)
            / nullif(cast(sum(sum(a.scored_count)) over (partition by a.brand, a.week) as double), 0) as weight,
        a.week,
        min(d.day_number) as day_number
    from daily as a
    inner join dim_date as d on d.night = a.week
    group by a.brand, a.source, a.week
),

-- A source heard only the week before has its row too: that it fell silent is a change of weight.
heard as (
    select w.brand, w.source, w.week, w.day_number from weekly as w
    union
    select w.brand, w.source, d.night as week, d.day_number
    from weekly as w
    inner join dim_date as d on d.day_number = w.day_number + 7
    inner join (select distinct brand, week from weekly) as known on known.brand = w.brand and known.week = d.night
),

paired as (
    select
        h.brand,
        h.source,
        w.mention_count,
        p.mention_count as previous_mention_count,
        coalesce(w.weight, 0) as weight,
        -- NULL in the first week there is: nothing to compare it with.
        case when b.brand is not null then coalesce(p.weight, 0) end as previous_weight,
        -- A source silent in one of the two weeks has no tone of its own to change: its whole effect is its weight.
        coalesce(w.tone, p.tone, 0) as tone_now,
        coalesce(p.tone, w.tone, 0) as tone_before,
        h.week
    from heard as h
    left join weekly as w on w.brand = h.brand and w.source = h.source and w.week = h.week
    left join weekly as p on p.brand = h.brand and p.source = h.source and p.day_number = h.day_number - 7
    left join (select distinct brand, day_number from weekly) as b
        on b.brand = h.brand and b.day_number = h.day_number - 7
)

select
    p.brand,
    p.source,
    p.mention_count,
    p.previous_mention_count,
    f.n as scored_count,
    f.value as net_sentiment,
    f.low as net_sentiment_low,
    f.high as net_sentiment_high,
    (p.weight - p.previous_weight) * (p.tone_now + p.tone_before) / 2 as mix_effect,
    (p.weight + p.previous_weight) / 2 * (p.tone_now - p.tone_before) as tone_effect,
    p.week
from paired as p
left join metrics_by_source as f
    on f.brand = p.brand and f.source = p.source and f.grain = 'week' and f.period = p.week
    and f.metric = 'net_sentiment'
where p.mention_count > 0 or p.previous_mention_count > 0
