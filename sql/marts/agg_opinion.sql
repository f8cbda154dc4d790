-- One row per brand, week or month and its day one: sums over authors for the shares that one author must not carry.
-- An author's weight is cut down to 5 % of the sum of all weights after the cut (below 20 authors there is no such cut:
-- NULL). Whole numbers, so that any order of addition gives the same figure. Squares, products and sums within authors,
-- these in millionths, as in agg_author.
-- kind: incremental
-- twin: by month
-- key: grain, period
-- fan: 2
with

ranked as (
    select
        a.*,
        row_number() over (partition by brand, grain, period order by w desc, cluster_author) as place,
        sum(w) over (
            partition by brand, grain, period
            order by w desc, cluster_author rows between unbounded preceding and current row
        ) as heavier,
        sum(w) over (partition by brand, grain, period) as total
    from opinion_author as a
),

-- With the k heaviest authors cut to c: c = 0.05 * (k * c + what the others weigh). The first k that cuts enough.
cut as (
    select
        brand, grain, period,
        cast(floor(min(case when w <= ceiling then ceiling end)) as bigint) as cap
    from (
        select r.*, 0.05 * (total - heavier + w) / (1 - 0.05 * (place - 1)) as ceiling
        from ranked as r
        where place <= 20
    ) as heaviest
    group by brand, grain, period
),

capped as (
    select
        a.*,
        case when c.cap is not null then cast(least(a.w, c.cap) as bigint) end as cw,
        case when c.cap is not null and a.w > 0
            then cast(floor(a.ws * (least(a.w, c.cap) / cast(a.w as double)) + 0.5) as bigint)
        end as cws
    from opinion_author as a
    inner join cut as c on c.brand = a.brand and c.grain = a.grain and c.period = a.period
)

select
    brand, grain,
    cast(sum(n) as bigint) as mention_count, count(*) as author_count, cast(sum(n * n) as bigint) as count_square,
    cast(sum(named) as bigint) as by_name_count,
    cast(sum(named_scored) as bigint) as named_scored_count,
    cast(sum(named_negative) as bigint) as named_negative_count,
    count(case when named_scored > 0 then 1 end) as named_author_count,
    cast(sum(named_scored * named_scored) as bigint) as named_square,
    cast(sum(polar) as bigint) as polar_count, cast(sum(sign) as bigint) as polar_sum,
    count(case when polar > 0 then 1 end) as polar_author_count,
    cast(sum(polar * polar) as bigint) as polar_square, cast(sum(sign * sign) as bigint) as polar_sign_square,
    cast(sum(sign * polar) as bigint) as polar_sign_count,
    cast(sum(round(1000000.0 * (named - named * named / cast(n as double)))) as bigint) as named_within,
    cast(coalesce(sum(round(1000000.0 * (named_negative
        - named_negative * named_negative / nullif(cast(named_scored as double), 0)))), 0) as bigint)
        as named_negative_within,
    cast(coalesce(sum(round(1000000.0 * (polar - sign * sign / nullif(cast(polar as double), 0)))), 0) as bigint)
        as polar_within,
    cast(sum(weighed) as bigint) as weighed_count, count(case when cw > 0 then 1 end) as weighed_author_count,
    cast(sum(cw) as double) as weight_sum, cast(sum(cws) as double) as weighted_sum,
    cast(sum(cw * cw) as double) as weight_square, cast(sum(cws * cws) as double) as weighted_square,
    cast(sum(cws * cw) as double) as weighted_weight,
    period
from capped
group by brand, grain, period
