-- Is the place blamed, or is it only where bad news happened? Tone toward the territory beside the tone of the posts.
-- Le territoire est-il mis en cause, ou seulement le lieu d'une mauvaise nouvelle ? Les deux tons côte à côte.
select
    i.brand,
    i.period as month,
    i.value as toward_territory,
    t.value as tone_of_posts,
    i.value - t.value as difference,
    i.n
from metrics as i
inner join metrics as t on t.brand = i.brand and t.grain = i.grain and t.period = i.period
where i.metric = 'net_sentiment' and t.metric = 'net_sentiment_tone' and i.grain = 'month'
order by i.brand, month
