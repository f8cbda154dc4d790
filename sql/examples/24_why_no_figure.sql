-- Where a figure is missing, is it for want of collection, or of enough people?
-- Quand un chiffre manque, est-ce faute de collecte, ou faute d'assez de monde ?
select
    metric,
    grain,
    case
        when value is not null then 'known'
        when coverage = 0 then 'nothing was collected'
        when coverage < 1 and grain in ('day', 'rolling7', 'rolling28') then 'nights are missing'
        else 'too few or too young'
    end as answer,
    count(*) as figure_count
from metrics
group by metric, grain, answer
order by metric, grain, answer
