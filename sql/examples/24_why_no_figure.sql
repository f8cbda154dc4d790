-- Where a figure is missing, is it for want of collection, of enough people, of age, or of a look at that age?
-- Quand un chiffre manque, est-ce faute de collecte, d'assez de monde, d'ancienneté, ou d'un relevé à cet âge ?
with

judged as (
    select
        m.*,
        -- What is counted at a fixed age has no n while the period is younger; a sum of it has an n of 0 when posts
        -- were there and nobody looked at them then.
        metric in ('engagement_d1', 'engagement_d7', 'engagement_d28', 'engagement_d1_known', 'engagement_d7_known',
            'engagement_d28_known', 'engagement_rate', 'engagement_rate_followers', 'reach_observed',
            'reach_observed_known', 'virality') as is_aged
    from metrics as m
)

select
    metric,
    grain,
    case
        when value is not null then 'known'
        when coverage = 0 then 'nothing was collected'
        when coverage < 1 and grain in ('day', 'rolling7', 'rolling28') then 'nights are missing'
        when is_aged and n is null then 'too young'
        when n = 0 and metric in ('engagement_d1', 'engagement_d7', 'engagement_d28')
            then 'not looked at near that age'
        else 'too few'
    end as answer,
    count(*) as figure_count
from judged
group by metric, grain, answer
order by metric, grain, answer
