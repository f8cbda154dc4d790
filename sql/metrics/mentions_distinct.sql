-- One row per brand, dimension, part, grain and period.
-- title: Mentions with copies counted once
-- unit: texts
-- definition: Different texts among the period's mentions: a press release on ten sites, a post and its reposts count
--   once. Texts are the same that differ by links, accounts, accents, case and punctuation only, and mostly those that
--   differ by a few words; below eight words never by a word. A text said in two periods or two sources counts in
--   each, so they cannot be added.
-- version: 1
-- grain: day, week, month, rolling7, rolling28
-- minimum_n: none
-- source: proposal of this project; Broder 1997 for how copies are told
select
    b.brand,
    b.dimension,
    b.part,
    b.grain,
    b.period,
    case when b.mention_count is not null then cast(coalesce(c.text_count, 0) as double) end as value,
    cast(null as double) as low,
    cast(null as double) as high,
    b.mention_count as n,
    b.coverage
from brand_period as b
left join agg_copy as c
    on c.brand = b.brand and c.dimension = b.dimension and c.part = b.part and c.grain = b.grain and c.period = b.period
