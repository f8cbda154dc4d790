-- What would the net sentiment be if the classifier's known mistakes were taken out, and how much surer is that?
-- Que serait le sentiment net sans les erreurs connues du classifieur, et avec quelle incertitude ?
select
    r.brand,
    r.period as month,
    r.value as as_counted,
    r.low as as_counted_low,
    r.high as as_counted_high,
    c.value as corrected,
    c.low as corrected_low,
    c.high as corrected_high,
    c.n as measured_count
from metrics as r
inner join metrics as c on c.brand = r.brand and c.grain = r.grain and c.period = r.period
where r.metric = 'net_sentiment' and c.metric = 'net_sentiment_corrected' and r.grain = 'month'
order by r.brand, month
