-- One row per unusual night of a brand and source ("*" is all together): what was seen, what is usual, and what moved.
-- `cause`: definition (a source joined or left), viral_post (one text makes half of the excess), definition again
-- (other rules found the mentions than those of the nights before), sentiment (the tone left its usual level, by the
-- same scorer), source_mix (one source of several makes four fifths of it), else volume.
-- Nights that are not complete are silent. `detail` is a JSON object, all of it whole numbers, names and lists.
with

part as (
    select
        brand, source, night,
        sum(case when state <> 'asked' then excess else 0 end) as changed,
        max(abs(excess)) as largest,
        count(case when state = 'asked' then 1 end) as asked_count,
        string_agg('"' || part || '": ' || cast(cast(round(excess) as bigint) as varchar), ', ' order by part)
            as excess_list,
        string_agg(case when state = 'joined' then '"' || part || '"' end, ', ' order by part) as joined_list,
        string_agg(case when state = 'left' then '"' || part || '"' end, ', ' order by part) as left_list
    from anomaly_source
    group by brand, source, night
),

moved as (
    select
        a.*,
        a.mention_count - a.usual_count as excess,
        p.changed, p.largest, p.asked_count, p.excess_list, p.joined_list, p.left_list,
        coalesce(v.share, 0) as viral_share,
        t.share_negative, t.usual_share_negative, t.net_sentiment, t.usual_net_sentiment,
        coalesce(c.is_rules_changed, false) as is_rules_changed,
        coalesce(c.is_scorer_changed, false) as is_scorer_changed,
        coalesce(t.is_shifted, false) and not coalesce(c.is_scorer_changed, false) as is_shifted
    from night_alarm as a
    left join part as p on p.brand = a.brand and p.source = a.source and p.night = a.night
    left join anomaly_post as v on v.brand = a.brand and v.source = a.source and v.night = a.night and v.rank = 1
    left join anomaly_tone as t on t.brand = a.brand and t.source = a.source and t.night = a.night
    left join anomaly_version as c on c.brand = a.brand and c.source = a.source and c.night = a.night
)

select
    brand,
    night,
    source,
    direction,
    mention_count as observed,
    usual_count as usual,
    usual_high as high,
    p,
    q,
    author_count as authors,
    case
        when abs(changed) >= 0.5 * abs(excess) then 'definition'
        when viral_share * mention_count >= 0.5 * excess and direction = 'up' then 'viral_post'
        when is_rules_changed then 'definition'
        when is_shifted then 'sentiment'
        when source = '*' and asked_count > 1 and largest >= 0.8 * abs(excess) then 'source_mix'
        else 'volume'
    end as cause,
    '{"excess": ' || cast(cast(round(excess) as bigint) as varchar)
        || ', "excess_by_source": {' || coalesce(excess_list, '')
        || '}, "joined": [' || coalesce(joined_list, '') || '], "left": [' || coalesce(left_list, '')
        || '], "viral_percent": ' || cast(cast(round(100 * viral_share) as bigint) as varchar)
        || ', "negative_percent": '
        || coalesce(cast(cast(round(100 * share_negative) as bigint) as varchar), 'null')
        || ', "usual_negative_percent": '
        || coalesce(cast(cast(round(100 * usual_share_negative) as bigint) as varchar), 'null')
        || ', "net_sentiment_percent": '
        || coalesce(cast(cast(round(100 * net_sentiment) as bigint) as varchar), 'null')
        || ', "usual_net_sentiment_percent": '
        || coalesce(cast(cast(round(100 * usual_net_sentiment) as bigint) as varchar), 'null')
        || ', "rules_changed": ' || case when is_rules_changed then 'true' else 'false' end
        || ', "scorer_changed": ' || case when is_scorer_changed then 'true' else 'false' end
        || ', "tone_shifted": ' || case when is_shifted then 'true' else 'false' end
        || ', "new_level": ' || case when is_restart then 'true' else 'false' end || '}' as detail
from moved
