-- Is the slogan turned against the place more often than the place is criticised without it?
-- Le slogan est-il retourné contre le lieu plus souvent que le lieu n'est critiqué sans lui ?
select
    s.brand,
    s.period as month,
    s.value as negative_with_the_slogan,
    s.low,
    s.high,
    n.value as negative_in_all,
    s.low > n.high as is_clearly_more,
    s.n
from metrics as s
inner join metrics as n on n.brand = s.brand and n.grain = s.grain and n.period = s.period
where s.metric = 'slogan_detournement' and n.metric = 'share_negative' and s.grain = 'month'
order by s.brand, month
