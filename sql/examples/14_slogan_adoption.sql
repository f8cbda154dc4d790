-- Which share of those who speak of the place take up the brand's own words, and has it grown since the month before?
-- Quelle part de ceux qui parlent du lieu reprend les mots de la marque, et a-t-elle grandi depuis le mois précédent ?
select
    a.brand,
    a.period as month,
    a.value as adoption,
    a.low,
    a.high,
    b.value as month_before,
    a.low > b.high as has_clearly_grown,
    a.n
from metrics as a
inner join dim_date as d on d.night = a.period
left join dim_date as e on e.day_number = d.day_number - 1
left join metrics as b on b.brand = a.brand and b.metric = a.metric and b.grain = a.grain and b.period = e.month
where a.metric = 'slogan_adoption' and a.grain = 'month'
order by a.brand, month
