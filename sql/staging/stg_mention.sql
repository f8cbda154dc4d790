-- One row per post and brand, accepted or refused: the tone as a sign, +1, 0 or -1, and NULL where it was not scored.
-- `image_sign` is the tone toward the territory; a mention not about the territory is neutral to it, and where only
-- the tone of the whole post is known that one stands in.
select
    post_key as post_number,
    brand,
    territory,
    sense,
    label as tone,
    toward,
    matcher,
    scorer,
    themes,
    audiences,
    emotions,
    senses,
    score as tone_score,
    toward_score,
    case label when 'positive' then 1 when 'neutral' then 0 when 'negative' then -1 end as tone_sign,
    case coalesce(toward, label)
        when 'positive' then 1
        when 'neutral' then 0
        when 'not_about' then 0
        when 'negative' then -1
    end as image_sign,
    accepted as is_accepted,
    by_brand_name as is_by_name,
    night
from raw.mention
