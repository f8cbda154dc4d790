-- One row per scorer of the tone toward the territory, language and answer it may give: what such an answer is worth,
-- by its confusions on labelled mentions. Of 1000 such answers `truth_negative` stand for negative mentions and so on:
-- a column of the inverted confusion matrix, so that their mean over mentions estimates the true shares. `gold_*` is
-- what the few labelled mentions of one true tone add to the variance of net sentiment (delta method), for a share 1.
-- youden: the lower of sensitivity + specificity - 1 for negative and for positive; under 0.3 nothing is corrected.
-- kind: table
with

counted as (
    select
        scorer, lang, truth, cast(sum(answer_count) as double) as n,
        sum(case when told = 'negative' then answer_count else 0 end) / cast(sum(answer_count) as double) as neg,
        sum(case when told = 'neutral' then answer_count else 0 end) / cast(sum(answer_count) as double) as neu,
        sum(case when told = 'positive' then answer_count else 0 end) / cast(sum(answer_count) as double) as pos
    from raw.confusion
    group by scorer, lang, truth
),

-- a to i is the matrix of answers (rows: negative, neutral, positive) given truths (columns, in the same order).
matrix as (
    select
        n.scorer, n.lang, n.n as n_neg, u.n as n_neu, p.n as n_pos,
        n.neg as a, u.neg as b, p.neg as c, n.neu as d, u.neu as e, p.neu as f, n.pos as g, u.pos as h, p.pos as i,
        n.neg * (u.neu * p.pos - p.neu * u.pos) - u.neg * (n.neu * p.pos - p.neu * n.pos)
        + p.neg * (n.neu * u.pos - u.neu * n.pos) as det,
        least(
            n.neg - (u.neg * u.n + p.neg * p.n) / (u.n + p.n), p.pos - (u.pos * u.n + n.pos * n.n) / (u.n + n.n)
        ) as youden
    from counted as n
    inner join counted as u on u.scorer = n.scorer and u.lang = n.lang and u.truth = 'neutral'
    inner join counted as p on p.scorer = n.scorer and p.lang = n.lang and p.truth = 'positive'
    where n.truth = 'negative'
),

inverted as (
    select m.*, 'negative' as told, -1 as sign,
        (e * i - f * h) / det as t_neg, (f * g - d * i) / det as t_neu, (d * h - e * g) / det as t_pos
    from matrix as m
    where det > 0.01
    union all
    select m.*, 'neutral', 0, (c * h - b * i) / det, (a * i - c * g) / det, (b * g - a * h) / det
    from matrix as m
    where det > 0.01
    union all
    select m.*, 'positive', 1, (b * f - c * e) / det, (c * d - a * f) / det, (a * e - b * d) / det
    from matrix as m
    where det > 0.01
),

learnt as (
    select
        v.*,
        sum((t_pos - t_neg) * (t_pos - t_neg) * case told when 'negative' then a when 'neutral' then d else g end)
            over (partition by scorer, lang) / n_neg - 1 / n_neg as g_neg,
        sum((t_pos - t_neg) * (t_pos - t_neg) * case told when 'negative' then b when 'neutral' then e else h end)
            over (partition by scorer, lang) / n_neu as g_neu,
        sum((t_pos - t_neg) * (t_pos - t_neg) * case told when 'negative' then c when 'neutral' then f else i end)
            over (partition by scorer, lang) / n_pos - 1 / n_pos as g_pos
    from inverted as v
)

-- Rounded: the last bits of a sum of fractions depend on the order of addition.
select
    scorer, lang, told, sign,
    cast(floor(1000 * t_neg + 0.5) as bigint) as truth_negative,
    cast(floor(1000 * t_neu + 0.5) as bigint) as truth_neutral,
    cast(floor(1000 * t_pos + 0.5) as bigint) as truth_positive,
    cast(cast(g_neg as decimal(18, 9)) as double) as gold_negative,
    cast(cast(g_neu as decimal(18, 9)) as double) as gold_neutral,
    cast(cast(g_pos as decimal(18, 9)) as double) as gold_positive,
    cast(cast(youden as decimal(18, 9)) as double) as youden,
    youden >= 0.3 as is_usable
from learnt
