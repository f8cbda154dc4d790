-- Is the image of each territory improving? Net sentiment by month, with its interval and the mentions behind it.
-- L'image du territoire s'améliore-t-elle ? Sentiment net par mois, avec son intervalle et le nombre de mentions.
select brand, period as month, value as net_sentiment, low, high, n
from metrics
where metric = 'net_sentiment' and grain = 'month'
order by brand, month
